import { create } from 'zustand';
import type { Refusal } from '../../shared/domain/commands/refusal.ts';
import type { Ticked } from './view-store.ts';

/** Work that is about to be given to somebody. */
export interface Giving {
  /** Open ones and those of the pool: they are assigned. */
  readonly open: readonly Ticked[];
  /** Finished ones with open callbacks: those are handed over. */
  readonly finished: readonly Ticked[];
}

/** What needs a reason first, or at least takes one. */
export interface Asking {
  readonly kind: 'withdraw' | 'reviewBack';
  readonly tickets: readonly Ticked[];
}

/** How the same command on several tickets went, if some were refused. */
export interface Outcome {
  readonly what: string;
  readonly saved: number;
  readonly refused: readonly { readonly ticket: Ticked; readonly refusal: Refusal }[];
}

interface OfficeState {
  readonly giving: Giving | null;
  readonly asking: Asking | null;
  readonly outcome: Outcome | null;
  /** 下班 was asked for: what is left is shown first. */
  readonly leaving: boolean;
  give(giving: Giving | null): void;
  ask(asking: Asking | null): void;
  tell(outcome: Outcome | null): void;
  leave(leaving: boolean): void;
}

/** The dialogs of whoever gives out work; one at a time. */
export const useOffice = create<OfficeState>()((set) => ({
  giving: null,
  asking: null,
  outcome: null,
  leaving: false,
  give: (giving) => set({ giving }),
  ask: (asking) => set({ asking }),
  tell: (outcome) => set({ outcome }),
  leave: (leaving) => set({ leaving }),
}));
