import { and, asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { queueItem } from '../../shared/bridge/views.ts';
import { isRecordKind } from '../../shared/domain/commands/index.ts';
import type { Reader } from '../reader.ts';
import { outbox } from '../schema/tables.ts';
import { getRow } from '../writes/rows.ts';

type QueueItem = z.infer<typeof queueItem> & { readonly callbackId: string | null };

/** Commands that wait for the server, oldest first; of one ticket or of all. */
export function readQueue(db: Reader, ticketId: string | null = null): QueueItem[] {
  const where = ticketId === null ? eq(outbox.state, 'queued') : and(eq(outbox.state, 'queued'), eq(outbox.subjectId, ticketId));
  return db
    .select()
    .from(outbox)
    .where(where)
    .orderBy(asc(outbox.position))
    .all()
    .map((row) => ({ ...viewQueued(db, row), callbackId: (row.args as { callbackId?: string }).callbackId ?? null }));
}

export const ofCustomer: readonly string[] = ['addCustomer', 'editCustomer', 'restoreCustomer'];

/** A command of the queue as the screens show it. */
export function viewQueued(db: Reader, row: typeof outbox.$inferSelect): z.infer<typeof queueItem> {
  const ofTicket = !isRecordKind(row.kind);
  const ticket = ofTicket ? getRow(db, 'ticket', row.subjectId) : null;
  return {
    commandId: row.commandId,
    kind: row.kind,
    ticketId: ofTicket ? row.subjectId : null,
    customerId: ofCustomer.includes(row.kind) ? row.subjectId : null,
    number: ticket?.number ?? row.number,
    subject: row.subject !== '' ? row.subject : (ticket?.subject ?? ''),
    occurredAt: row.occurredAt,
    attempts: row.attempts,
  };
}
