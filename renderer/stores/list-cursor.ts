import type { OpenTicket } from './view-store.ts';

/** What a key can do to the ticked rows, or to the one under the cursor. */
export type RowAct = 'claim' | 'assign' | 'withdraw' | 'reviewClose' | 'reviewBack' | 'export';

/** What the list on screen can tell the rest of the window. One list is shown at a time. */
export interface ListCursor {
  /** The one to go on with when `ticketId` is done: below it, else above. */
  nextAfter(ticketId: string): OpenTicket | null;
  focus(): void;
  /** @returns whether this list does that at all. */
  act(act: RowAct): boolean;
  /** Whether conditions, columns and saved searches apply to it. */
  readonly narrows: boolean;
}

const none: ListCursor = { nextAfter: () => null, focus: () => undefined, act: () => false, narrows: false };
let current = none;

export const listCursor = (): ListCursor => current;

/** @returns gives the place back. */
export function offerListCursor(cursor: Pick<ListCursor, 'nextAfter' | 'focus'> & Partial<ListCursor>): () => void {
  const whole = { ...none, ...cursor };
  current = whole;
  return () => {
    if (current === whole) current = none;
  };
}
