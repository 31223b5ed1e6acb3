import { and, asc, inArray, isNull, sql } from 'drizzle-orm';
import { nextAtOf, openStatuses } from '../../shared/domain/ticket-state.ts';
import type { Callback, Ticket } from '../../shared/domain/tickets.ts';
import { type TicketRow, toTicket } from '../store/rows.ts';
import { callback, customer, ticket } from '../store/schema.ts';
import { loadRows } from '../store/load-rows.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import type { FeedEntry } from '../sync/feed.ts';
import { takeNumbers, writeFeed } from '../sync/feed.ts';
import type { OfficeDeps, Work } from './work.ts';

const CHUNK = 1000;
const isOpenRow = and(inArray(ticket.status, [...openStatuses]), isNull(ticket.deletedAt));

/** An open ticket and the deadline that it would get. */
export interface Retimed {
  readonly row: TicketRow;
  readonly dueAt: number | null;
}

/** The deadline after 工单期限 changed: moved by the difference, gone, or the first one, from now on. */
function nextDue(dueAt: number | null, was: number | null, ttl: number | null, now: number): number | null {
  if (ttl === was) return dueAt;
  if (ttl === null) return null;
  if (dueAt === null) return now + ttl;
  // It was given while there was a 工单期限, and nobody knows any more which.
  return was === null ? dueAt : dueAt + ttl - was;
}

/** What a change of 工单期限 would do to open tickets. */
export async function planRetime(
  tx: Orm,
  was: number | null,
  ttl: number | null,
  now: number,
): Promise<{ open: number; moves: readonly Retimed[] }> {
  const rows = await tx.select().from(ticket).where(isOpenRow).orderBy(asc(ticket.id));
  const moves = rows.map((row) => ({ row, dueAt: nextDue(row.dueAt, was, ttl, now) })).filter((m) => m.dueAt !== m.row.dueAt);
  return { open: rows.length, moves };
}

/** Moves the deadlines of all open tickets, each with its line in 操作记录. */
export async function retime(deps: OfficeDeps, w: Work, was: number | null, ttl: number | null): Promise<readonly Retimed[]> {
  const { tx, now, actor } = w;
  if (was === ttl) return [];
  // As every command does it: customers first.
  await tx
    .select({ id: customer.id })
    .from(customer)
    .where(inArray(customer.id, tx.select({ id: ticket.customerId }).from(ticket).where(isOpenRow)))
    .orderBy(asc(customer.id))
    .for('update');
  const { moves } = await planRetime(tx, was, ttl, now);
  const callbacks = await openCallbacks(tx);
  const updates = moves.map(({ row, dueAt }) => {
    const next: Ticket = { ...toTicket(row), dueAt };
    return { id: row.id, due_at: dueAt, next_at: nextAtOf(next, callbacks.get(row.id) ?? []) };
  });
  for (let i = 0; i < updates.length; i += CHUNK)
    await rowsOf(
      tx,
      sql`UPDATE ticket t SET due_at = r.due_at, next_at = r.next_at, updated_at = ${now}, version = t.version + 1
          FROM jsonb_to_recordset(${JSON.stringify(updates.slice(i, i + CHUNK))}::jsonb) AS r (id text, due_at bigint, next_at bigint)
          WHERE t.id = r.id`,
    );
  if (moves.length === 0) return moves;
  const entries = moves.map(({ row }): FeedEntry => ({ kind: 'ticket', id: row.id, before: row.audience, after: row.audience }));
  const first = await takeNumbers(tx, entries.length);
  await loadRows(
    tx,
    'ticket_event',
    moves.map(({ row, dueAt }, i) => ({
      id: deps.ids(),
      ticketId: row.id,
      actorId: actor.id,
      command: 'retime',
      note: '',
      changes: { dueAt: { from: row.dueAt, to: dueAt } },
      occurredAt: now,
      receivedAt: now,
      seq: first + i,
    })),
  );
  await writeFeed(tx, first, entries);
  w.said(first + entries.length - 1, entries);
  return moves;
}

async function openCallbacks(tx: Orm): Promise<ReadonlyMap<string, readonly Callback[]>> {
  const rows = await tx.select().from(callback).where(isNull(callback.outcome));
  return Map.groupBy(rows, (c) => c.ticketId);
}
