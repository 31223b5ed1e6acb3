import type { Reader } from '../../db/reader.ts';
import { readMeta, writeMeta } from '../../db/reads/meta.ts';

/** What the server has told this device of its own place: enough to notice that it is another history (SPEC 14). */
interface Known {
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

/** Keeps a place if it is further than the last one. One without a mark does not take the place of one with. */
export function noteSeen(db: Reader, seq: number, mark: number | null): void {
  const known = readKnown(db);
  if (seq < known.seen || (mark === null && known.mark !== null)) return;
  writeMeta(db, 'seen', String(seq));
  writeMeta(db, 'mark', mark === null ? null : String(mark));
}

/** With its epoch ends what was known of it. */
export function forgetSeen(db: Reader): void {
  writeMeta(db, 'seen', null);
  writeMeta(db, 'mark', null);
}
