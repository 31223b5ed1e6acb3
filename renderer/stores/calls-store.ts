import { create } from 'zustand';

export interface Call {
  readonly phone: string;
  /** When it came, epoch ms. */
  readonly at: number;
  /** Tickets that say so already. */
  readonly linked: readonly string[];
}

interface CallsState {
  /** The call on screen; `ask`: the agent is typing whose; null: neither. */
  readonly shown: Call | 'ask' | null;
  /** Somebody calls: replaces the one on screen. */
  ring(phone: string, at: number): void;
  /** The agent types a number. */
  ask(): void;
  link(ticketId: string): void;
  close(): void;
}

/** 来电: one at a time, as on a telephone. */
export const useCalls = create<CallsState>()((set) => ({
  shown: null,
  ring: (phone, at) => set({ shown: { phone, at, linked: [] } }),
  ask: () => set({ shown: 'ask' }),
  link: (ticketId) =>
    set(({ shown }) => (shown === null || shown === 'ask' ? {} : { shown: { ...shown, linked: [...shown.linked, ticketId] } })),
  close: () => set({ shown: null }),
}));
