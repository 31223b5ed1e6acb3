import type { OpenTicket } from './view-store.ts';

/** What the list on screen can tell the rest of the window. One list is shown at a time. */
export interface ListCursor {
  /** The one to go on with when `ticketId` is done: below it, else above. */
  nextAfter(ticketId: string): OpenTicket | null;
  focus(): void;
}

const none: ListCursor = { nextAfter: () => null, focus: () => undefined };
let current = none;

export const listCursor = (): ListCursor => current;

/** @returns gives the place back. */
export function offerListCursor(cursor: ListCursor): () => void {
  current = cursor;
  return () => {
    if (current === cursor) current = none;
  };
}
