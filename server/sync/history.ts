import { sql } from 'drizzle-orm';
import { type Orm, rowsOf, type Store } from '../store/store.ts';
import { readEpoch, turnEpoch } from './epoch.ts';

/** What a device says of its rows; devices before protocol 3 say less. */
export interface Known {
  readonly epoch?: string | null | undefined;
  readonly seen?: number | undefined;
  readonly mark?: number | null | undefined;
}

export interface Head {
  readonly seq: number;
  /** null: nothing stands there. */
  readonly mark: number | null;
}

export interface History {
  readonly epoch: string;
  readonly head: Head;
  /** The device has seen what this database never had: it is older than it was. */
  readonly wentBack: boolean;
}

/** Where the database stands, read at one instant, and whether that goes on from what a device has seen. */
export async function readHistory(orm: Orm, known: Known): Promise<History> {
  const { seen = 0, mark = null } = known;
  type Big = number | string | null;
  const [row] = await rowsOf<{ epoch: string; head: Big; mark: Big; there: Big; oldest: Big }>(
    orm,
    sql`SELECT e.value AS epoch, h.seq AS head, f.mark AS mark, s.mark AS there, (SELECT min(seq) FROM feed) AS oldest
        FROM feed_head h JOIN meta e ON e.key = 'epoch'
        LEFT JOIN feed f ON f.seq = h.seq LEFT JOIN feed s ON s.seq = ${seen}::bigint`,
  );
  if (row === undefined) throw new Error('feed_head or the epoch is missing');
  const big = (value: Big): number | null => (value === null ? null : Number(value));
  const head: Head = { seq: Number(row.head), mark: big(row.mark) };
  const oldest = big(row.oldest);
  // What is older than the feed can neither be shown nor be disproved.
  const differs = mark !== null && oldest !== null && seen >= oldest && big(row.there) !== mark;
  return { epoch: row.epoch, head, wentBack: known.epoch === row.epoch && (seen > head.seq || differs) };
}

/**
 * Before a device's commands are decided. @returns the epoch that holds for them; another one than the device's if that
 * has ended, or ends with this @throws JustTurnedError
 */
export async function meetDevice(store: Store, accountId: string, known: Known, now: number): Promise<string> {
  const { epoch, wentBack } = await readHistory(store.orm, known);
  if (!wentBack) return epoch;
  await turnEpoch(store, epoch, 'device', now, accountId);
  return readEpoch(store.orm);
}
