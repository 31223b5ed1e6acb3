import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Cache, Reader } from '../../db/open.ts';
import { outbox } from '../../db/schema/tables.ts';
import { reapplyQueue, restoreBase } from '../../db/writes/optimistic.ts';
import type { Command } from '../../shared/domain/commands/index.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { PushResult } from '../../shared/protocol/wire.ts';

export type QueuedRow = typeof outbox.$inferSelect;

export const toCommand = (row: QueuedRow): Command =>
  ({ id: row.commandId, kind: row.kind, ticketId: row.ticketId, args: row.args, occurredAt: row.occurredAt }) as Command;

/** The oldest commands that the server has not answered, in the order in which they were given. */
export const nextBatch = (db: Reader, size: number): QueuedRow[] =>
  db.select().from(outbox).where(eq(outbox.state, 'queued')).orderBy(asc(outbox.position)).limit(size).all();

export function countAttempt(cache: Cache, ids: readonly string[]): void {
  cache.transaction((db) =>
    db
      .update(outbox)
      .set({ attempts: sql`${outbox.attempts} + 1` })
      .where(inArray(outbox.commandId, [...ids]))
      .run(),
  );
}

/**
 * Records what the server said, in one transaction. What it refused loses its effect here and waits, with its text, for
 * the agent. @returns the tickets that changed on screen and whether anything was decided.
 */
export function recordResults(cache: Cache, results: readonly PushResult[], me: Account, now: number): { tickets: Set<string>; decided: number } {
  return cache.transaction((db) => {
    const touched = new Set<string>();
    let decided = 0;
    let refused = false;
    for (const result of results) {
      const row = db
        .select()
        .from(outbox)
        .where(and(eq(outbox.commandId, result.id), eq(outbox.state, 'queued')))
        .get();
      if (row === undefined || result.status === 'failed') continue;
      decided += 1;
      touched.add(row.ticketId);
      if (result.status === 'applied') {
        db.update(outbox).set({ state: 'acked', seq: result.seq }).where(eq(outbox.position, row.position)).run();
      } else {
        refused = true;
        db.update(outbox)
          .set({ state: 'refused', refusal: result.refusal, refusedAt: now })
          .where(eq(outbox.position, row.position))
          .run();
      }
    }
    if (refused) {
      restoreBase(db);
      reapplyQueue(db, me);
    }
    return { tickets: touched, decided };
  });
}

export const countByState = (db: Reader, state: 'queued' | 'refused'): number =>
  db
    .select({ n: sql<number>`count(*)` })
    .from(outbox)
    .where(eq(outbox.state, state))
    .get()?.n ?? 0;
