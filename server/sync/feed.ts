import { eq, sql } from 'drizzle-orm';
import type { Audience } from '../../shared/domain/permissions.ts';
import { feed, type FeedKind } from '../store/schema.ts';
import { loadRows } from '../store/load-rows.ts';
import { type Orm, rowsOf } from '../store/store.ts';

export interface FeedEntry {
  readonly kind: FeedKind;
  readonly id: string;
  readonly before: Audience;
  readonly after: Audience;
}

/** Kinds that every account may see. */
export const publicKinds: readonly FeedKind[] = ['account', 'group', 'parameters', 'field'];

/** The tag that every account holds, for rows of which only some are public. */
export const everyone = '*';

/** Kinds of which an account has its own and the public ones, though it may see everything of the others. */
export const personalKinds: readonly FeedKind[] = ['search', 'phrase'];

/**
 * Takes `count` numbers of the feed and with them the right to write it until the transaction ends, so numbers are
 * committed in their order and no reader can pass one that comes later (SY4). Take them late: others wait.
 * @returns the first of them
 */
export async function takeNumbers(tx: Orm, count: number): Promise<number> {
  const [row] = await rowsOf<{ seq: number | string }>(tx, sql`UPDATE feed_head SET seq = seq + ${count} WHERE id = 1 RETURNING seq`);
  if (row === undefined) throw new Error('feed_head is empty');
  return Number(row.seq) - count + 1;
}

const FEW = 20;

/** @returns the mark of the last one; null: the feed is empty */
export async function writeFeed(tx: Orm, first: number, entries: readonly FeedEntry[]): Promise<number | null> {
  const rows = entries.map((e, i) => ({ seq: first + i, kind: e.kind, subjectId: e.id, before: e.before, after: e.after }));
  // Many at once are a single argument each; an import brings thousands.
  if (rows.length > FEW) await loadRows(tx, 'feed', rows);
  if (rows.length === 0 || rows.length > FEW) return readMark(tx, first + rows.length - 1);
  const values = rows.map((r) => ({ ...r, before: [...r.before], after: [...r.after] }));
  const marks = await tx.insert(feed).values(values).returning({ seq: feed.seq, mark: feed.mark });
  return marks.find((m) => m.seq === first + rows.length - 1)!.mark;
}

/** null: nothing stands at this number. */
export async function readMark(orm: Orm, seq: number): Promise<number | null> {
  const [row] = await orm.select({ mark: feed.mark }).from(feed).where(eq(feed.seq, seq));
  return row?.mark ?? null;
}

export async function readHead(orm: Orm): Promise<number> {
  const [row] = await rowsOf<{ seq: number | string }>(orm, sql`SELECT seq FROM feed_head WHERE id = 1`);
  return Number(row?.seq ?? 0);
}

export const sameAudience = (a: Audience, b: Audience): boolean => a.length === b.length && a.every((tag) => b.includes(tag));
