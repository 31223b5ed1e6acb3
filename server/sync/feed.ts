import { eq, sql } from 'drizzle-orm';
import type { Audience } from '../../shared/domain/permissions.ts';
import { feed, type FeedKind } from '../store/schema.ts';
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

const CHUNK = 500;

/** Writes entries under the numbers from `first` on, each with its tags. @returns their marks */
export async function writeFeed(tx: Orm, first: number, entries: readonly FeedEntry[]): Promise<number[]> {
  const marks: number[] = [];
  for (let i = 0; i < entries.length; i += CHUNK) {
    const part = entries
      .slice(i, i + CHUNK)
      .map((e, n) => ({ seq: first + i + n, kind: e.kind, subject_id: e.id, before: e.before, after: e.after, tags: tagsOf(e) }));
    const written = await rowsOf<{ mark: number | string }>(
      tx,
      sql`WITH entry AS (
            SELECT * FROM jsonb_to_recordset(${JSON.stringify(part)}::jsonb)
              AS e (seq bigint, kind text, subject_id text, before text[], after text[], tags text[])
          ), tagged AS (
            INSERT INTO feed_tag (tag, seq) SELECT t.tag, e.seq FROM entry e CROSS JOIN LATERAL unnest(e.tags) AS t (tag)
          ), written AS (
            INSERT INTO feed (seq, kind, subject_id, before, after)
              SELECT seq, kind, subject_id, before, after FROM entry RETURNING seq, mark
          )
          SELECT mark FROM written ORDER BY seq`,
    );
    for (const { mark } of written) marks.push(Number(mark));
  }
  return marks;
}

/** Under what readers look for an entry. */
const tagsOf = ({ kind, before, after }: FeedEntry): readonly string[] =>
  publicKinds.includes(kind) ? [everyone] : [...new Set([...before, ...after])];

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
