import type { Reader } from '../../db/reader.ts';
import { readMeta, writeMeta } from '../../db/reads/meta.ts';
import type { PullResponse } from '../../shared/protocol/wire.ts';

/** What the server has told this device of its own place: enough to notice that it is another history (SPEC 14). */
export interface Known {
  readonly epoch: string | null;
  /** The furthest place in the feed, from pages and answers; 0: none. */
  readonly seen: number;
  /** Of that place; null: from a server, or in a cache, that knew of no marks. */
  readonly mark: number | null;
}

export function readKnown(db: Reader): Known {
  const mark = readMeta(db, 'mark');
  // A cache of an older app has a cursor alone.
  const seen = readMeta(db, 'seen') ?? readMeta(db, 'cursor') ?? 0;
  return { epoch: readMeta(db, 'epoch'), seen: Number(seen), mark: mark === null ? null : Number(mark) };
}

/** A place counts if it is further than the last one. One without a mark does not take the place of one with. */
export const afterSeeing = (known: Known, seq: number, mark: number | null): Known =>
  seq < known.seen || (mark === null && known.mark !== null) ? known : { ...known, seen: seq, mark };

/** Keeps a place that counts. */
export function noteSeen(db: Reader, seq: number, mark: number | null): void {
  const before = readKnown(db);
  const known = afterSeeing(before, seq, mark);
  if (known === before) return;
  writeMeta(db, 'seen', String(seq));
  writeMeta(db, 'mark', mark === null ? null : String(mark));
}

/** The place that a page stands for: its rows may be newer than its cursor. */
export const headOf = (page: PullResponse): { readonly seq: number; readonly mark: number | null } =>
  page.head ?? { seq: page.cursor, mark: page.mark };

/** With its epoch ends what was known of it. */
export function forgetSeen(db: Reader): void {
  writeMeta(db, 'seen', null);
  writeMeta(db, 'mark', null);
}
