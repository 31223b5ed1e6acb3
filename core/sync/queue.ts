import { and, asc, eq, inArray, lt, lte, ne, notInArray, or, sql } from 'drizzle-orm';
import type { Cache } from '../../db/open.ts';
import { oncePer } from '../../db/once.ts';
import type { Reader } from '../../db/reader.ts';
import { readMeta, writeMeta } from '../../db/reads/meta.ts';
import { outbox } from '../../db/schema/tables.ts';
import { reapplyQueue, restoreBase, toCommand } from '../../db/writes/optimistic.ts';
import { creating, subjectsOf as commandSubjects } from '../../shared/domain/commands/index.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { PushResult } from '../../shared/protocol/wire.ts';
import { noteSeen } from './known.ts';

export type QueuedRow = typeof outbox.$inferSelect;

/** What a command hangs on: if one could not be decided, those after it with a subject in common wait with it. */
export const subjectsOf = (row: QueuedRow): string[] => commandSubjects(toCommand(row));

/** An `attach` whose bytes are not with the server yet. */
export interface Waiting {
  readonly ticketId: string;
  readonly position: number;
}

export interface BatchLimits {
  readonly count: number;
  /** Of their arguments as JSON; one command is taken whatever its size. */
  readonly bytes: number;
}

/** The oldest commands that the server has not answered, in the order in which they were given; none of the `held` subjects. */
export function nextBatch(
  db: Reader,
  limits: BatchLimits,
  held: ReadonlySet<string> = new Set(),
  waiting: readonly Waiting[] = [],
): QueuedRow[] {
  const apart = [...held];
  const rows = db
    .select()
    .from(outbox)
    .where(
      and(
        eq(outbox.state, 'queued'),
        // Neither what waits for its bytes, nor what was done to the same ticket after it.
        ...waiting.map((w) => or(ne(outbox.subjectId, w.ticketId), lt(outbox.position, w.position))),
        notInArray(outbox.subjectId, apart),
        or(notInArray(outbox.kind, [...creating]), notInArray(sql`json_extract(${outbox.args}, '$.customerId')`, apart)),
      ),
    )
    .orderBy(asc(outbox.position))
    .limit(limits.count)
    .all();
  let bytes = 0;
  const over = rows.findIndex((row) => (bytes += Buffer.byteLength(JSON.stringify(row.args))) > limits.bytes);
  return over < 0 ? rows : rows.slice(0, Math.max(1, over));
}

export function countAttempt(cache: Cache, ids: readonly string[]): void {
  cache.transaction((db) =>
    db
      .update(outbox)
      .set({ attempts: sql`${outbox.attempts} + 1` })
      .where(inArray(outbox.commandId, [...ids]))
      .run(),
  );
}

const answering = oncePer((db) => ({
  queued: db
    .select({ position: outbox.position, subjectId: outbox.subjectId })
    .from(outbox)
    .where(and(eq(outbox.commandId, sql.placeholder('id')), eq(outbox.state, 'queued')))
    .prepare(),
  taken: db
    .update(outbox)
    .set({ state: 'acked', seq: sql`${sql.placeholder('seq')}` })
    .where(eq(outbox.position, sql.placeholder('position')))
    .prepare(),
}));

export interface Recorded {
  readonly tickets: ReadonlySet<string>;
  /** So many have been taken or refused. */
  readonly decided: number;
  /** Any of them: the effects of those that follow were worked out anew. */
  readonly refused: boolean;
}

/**
 * Records what the server said, in one transaction. What it refused loses its effect here and waits, with its text, for
 * the agent. @param epoch of the server that answered; null: nobody answered
 */
export function recordResults(
  cache: Cache,
  results: readonly PushResult[],
  me: Account,
  now: number,
  epoch: string | null = null,
): Recorded {
  return cache.transaction((db) => {
    // The answers belong to it, even if no page has come yet: should the next one bring another, they are void (SPEC 14).
    if (epoch !== null && readMeta(db, 'epoch') === null) writeMeta(db, 'epoch', epoch);
    const touched = new Set<string>();
    let decided = 0;
    let refused = false;
    const { queued, taken } = answering(db);
    for (const result of results) {
      const row = queued.get({ id: result.id });
      if (row === undefined || result.status === 'failed') continue;
      decided += 1;
      touched.add(row.subjectId);
      if (result.status === 'applied') {
        taken.run({ position: row.position, seq: result.seq });
        noteSeen(db, result.seq, result.mark ?? null);
      } else {
        refused = true;
        db.update(outbox).set({ state: 'refused', refusal: result.refusal, refusedAt: now }).where(eq(outbox.position, row.position)).run();
      }
    }
    if (refused) {
      restoreBase(db);
      reapplyQueue(db, me, now);
    }
    return { tickets: touched, decided, refused };
  });
}

/** How long the server's backups may lag behind what it once answered. */
const KEEP_DONE_MS = 7 * 86_400_000;

/**
 * What the server has and this device has seen is done with, and kept for a while. @param now device time, epoch ms
 * @returns which commands
 */
export function settleAcked(db: Reader, cursor: number, now: number): Pick<QueuedRow, 'kind' | 'subjectId'>[] {
  const settled = db
    .update(outbox)
    .set({ state: 'done', doneAt: now })
    .where(and(eq(outbox.state, 'acked'), lte(outbox.seq, cursor)))
    .returning({ kind: outbox.kind, subjectId: outbox.subjectId })
    .all();
  db.delete(outbox)
    .where(and(eq(outbox.state, 'done'), lt(outbox.doneAt, now - KEEP_DONE_MS)))
    .run();
  return settled;
}

/**
 * The server was restored from a backup (SY14): all that it once took goes to it again, in the old order. What it still
 * knows it answers as before (SY2). @returns how many
 */
export const requeueTaken = (db: Reader): number =>
  db
    .update(outbox)
    .set({ state: 'queued', seq: null, doneAt: null })
    .where(inArray(outbox.state, ['acked', 'done']))
    .run().changes;

export const countByState = (db: Reader, ...states: readonly QueuedRow['state'][]): number =>
  db
    .select({ n: sql<number>`count(*)` })
    .from(outbox)
    .where(inArray(outbox.state, [...states]))
    .get()?.n ?? 0;

/** Commands whose effect here is still the device's own: the server has not said it in rows. */
export const countUndone = (db: Reader): number => countByState(db, 'queued', 'acked');
