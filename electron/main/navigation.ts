import { signal, type Signal } from './signal.ts';

/** Where a notification, the tray or a link asked to go. */
export interface Destination {
  readonly serial: number;
  readonly ticketId: string | null;
  readonly transferId: string | null;
  /** Somebody calls: whose card the window shows. */
  readonly call: { readonly phone: string } | null;
  readonly settings: boolean;
}

export interface Navigation {
  readonly destination: Signal<Destination>;
  go(ticketId: string | null): void;
  call(phone: string): void;
  settings(): void;
  /** The window is there. A page that loads again, or another account, does not go there once more. */
  taken(serial: number): void;
}

const nowhere = { ticketId: null, transferId: null, call: null, settings: false } as const;

export function createNavigation(): Navigation {
  const destination = signal<Destination>({ serial: 0, ...nowhere });
  const next = (to: Omit<Partial<Destination>, 'serial'>): void =>
    destination.set({ ...nowhere, ...to, serial: destination.value.serial + 1 });
  return {
    destination,
    go: (ticketId) => next({ ticketId }),
    call: (phone) => next({ call: { phone } }),
    settings: () => next({ settings: true }),
    taken(serial) {
      if (destination.value.serial === serial) destination.set({ serial, ...nowhere });
    },
  };
}
