import { and, asc, eq, inArray, isNull, lte } from 'drizzle-orm';
import type { Command } from '../../shared/domain/commands/index.ts';
import { openStatuses } from '../../shared/domain/ticket-state.ts';
import type { IdSource } from '../../shared/lib/ids.ts';
import { sweepFiles } from '../attachments/files.ts';
import { forgetOldCalls } from '../calls/receive-call.ts';
import { errorFields } from '../logger.ts';
import { sweepImports } from '../office/import.ts';
import { forgetOldAttempts } from '../sessions/throttle.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { readParameters } from '../store/parameters.ts';
import { ticket } from '../store/schema.ts';
import { type PushDeps, runOnce } from '../sync/push.ts';

const DAY = 86_400_000;
const BATCH = 100;
/** Among instances, only one does what is due. */
const DUE_LOCK = 7_310_002;

export interface DueReport {
  readonly expired: number;
  readonly closed: number;
}

/** Carries out what time brings: deadlines that have passed, and resolved tickets that nobody contested. */
export async function runDue(push: PushDeps, ids: IdSource, sessions: Sessions, now: number): Promise<DueReport> {
  const report = { expired: 0, closed: 0 };
  const at: PushDeps = { ...push, clock: { now: () => now } };
  await push.store.alone(DUE_LOCK, async () => {
    report.expired = await drain(at, ids, 'expire', now);
    report.closed = await drain(at, ids, 'autoClose', now);
    await sessions.sweep();
    await forgetOldAttempts(push.store, now);
    await sweepImports(push.store, now);
    await sweepFiles(push.store, now);
    await forgetOldCalls(push.store, now);
  });
  return report;
}

async function drain(push: PushDeps, ids: IdSource, kind: 'expire' | 'autoClose', now: number): Promise<number> {
  let done = 0;
  for (;;) {
    const due = kind === 'expire' ? await pastDeadline(push, now) : await longResolved(push, now);
    let progress = 0;
    for (const { id } of due) {
      const command = { id: ids(), kind, ticketId: id, args: {}, occurredAt: now } as Command;
      try {
        // Decided anew inside: somebody may have touched it since it was found.
        const result = await runOnce(push, command, { role: 'system' }, null);
        if (result.status === 'applied') progress++;
      } catch (error) {
        push.logger.error('job-failed', { kind, ticketId: id, ...errorFields(error) });
      }
    }
    done += progress;
    if (due.length < BATCH || progress === 0) return done;
  }
}

const pastDeadline = (push: PushDeps, now: number): Promise<{ id: string }[]> =>
  push.store.orm
    .select({ id: ticket.id })
    .from(ticket)
    .where(and(inArray(ticket.status, [...openStatuses]), isNull(ticket.deletedAt), lte(ticket.dueAt, now)))
    .orderBy(asc(ticket.dueAt))
    .limit(BATCH);

async function longResolved(push: PushDeps, now: number): Promise<{ id: string }[]> {
  const { resolvedAutoCloseDays } = await readParameters(push.store.orm);
  return push.store.orm
    .select({ id: ticket.id })
    .from(ticket)
    .where(and(eq(ticket.status, 'resolved'), isNull(ticket.deletedAt), lte(ticket.resolvedAt, now - resolvedAutoCloseDays * DAY)))
    .orderBy(asc(ticket.resolvedAt))
    .limit(BATCH);
}
