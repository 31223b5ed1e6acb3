import { signal, type Signal } from './signal.ts';

/** Where a notification or the tray asked to go. */
export interface Destination {
  readonly serial: number;
  readonly ticketId: string | null;
  readonly transferId: string | null;
}

export interface Navigation {
  readonly destination: Signal<Destination>;
  go(ticketId: string | null): void;
}

export function createNavigation(): Navigation {
  const destination = signal<Destination>({ serial: 0, ticketId: null, transferId: null });
  return {
    destination,
    go: (ticketId) => destination.set({ serial: destination.value.serial + 1, ticketId, transferId: null }),
  };
}
