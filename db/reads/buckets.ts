import { and, asc, eq, gte, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { reminderRow } from '../../shared/bridge/views.ts';
import type { BucketCode, Window } from '../../shared/domain/reminders/buckets.ts';
import { bucketCodes } from '../../shared/domain/reminders/buckets.ts';
import { openStatuses } from '../../shared/domain/ticket-state.ts';
import type { Reader } from '../reader.ts';
import { accounts, callbacks, customers, tickets } from '../schema/tables.ts';
import { watched } from '../statements.ts';

export type ReminderRowView = z.infer<typeof reminderRow>;

/** Whose callbacks and deadlines: one account or several. */
export type Holders = readonly string[];

const callbacksOf = (holders: Holders, { from, to }: Window): SQL =>
  and(inArray(callbacks.assigneeId, [...holders]), isNull(callbacks.outcome), gte(callbacks.dueAt, from), lt(callbacks.dueAt, to))!;

/** Deadlines of open tickets, and, unless only those are wanted, of those that expired in these hands and lie in the pool since. */
const deadlinesOf = (holders: Holders, { from, to }: Window, openOnly: boolean): SQL =>
  and(
    gte(tickets.dueAt, from),
    lt(tickets.dueAt, to),
    isNull(tickets.deletedAt),
    or(
      and(inArray(tickets.assigneeId, [...holders]), inArray(tickets.status, [...openStatuses])),
      openOnly ? undefined : and(inArray(tickets.expiredFrom, [...holders]), eq(tickets.status, 'released')),
    ),
  )!;

export type BucketCounts = Record<BucketCode, { total: number; overdue: number }>;

const holder = 'IN (SELECT value FROM json_each(@holders))';
const whole = 'due_at >= @past30From AND due_at < @next7To';
const open = `(${openStatuses.map((status) => `'${status}'`).join(', ')})`;
const counts = bucketCodes
  .map(
    (code) => `count(*) FILTER (WHERE due_at >= @${code}From AND due_at < @${code}To),
      count(*) FILTER (WHERE due_at >= @${code}From AND due_at < min(@${code}To, @now) AND open)`,
  )
  .join(', ');

const openCallbacks = `callback WHERE assignee_id ${holder} AND outcome IS NULL`;
const openDeadlines = `ticket WHERE assignee_id ${holder} AND status IN ${open} AND deleted_at IS NULL`;

/** By the same conditions as the lists behind them. As text, so that it is compiled once: screens ask with every change. Each part is read in an index. */
const bucketCounts = `SELECT ${counts} FROM (
  SELECT due_at, 1 AS open FROM ${openCallbacks} AND ${whole}
  UNION ALL SELECT due_at, 1 FROM ${openDeadlines} AND ${whole}
  UNION ALL SELECT due_at, 0 FROM ticket WHERE expired_from ${holder} AND +status = 'released' AND deleted_at IS NULL AND ${whole})`;

/** The six counts, in one pass. */
export function countBuckets(db: Reader, holders: Holders, windows: Readonly<Record<BucketCode, Window>>, now: number): BucketCounts {
  const values: Record<string, string | number> = { holders: JSON.stringify(holders), now };
  for (const code of bucketCodes) {
    values[`${code}From`] = windows[code].from;
    values[`${code}To`] = windows[code].to;
  }
  const found = watched(db, () => db.$client.prepare(bucketCounts).raw().get(values) as number[]);
  return Object.fromEntries(bucketCodes.map((code, i) => [code, { total: found[2 * i]!, overdue: found[2 * i + 1]! }])) as BucketCounts;
}

/** How many callbacks and deadlines of a window are past and still open. */
export const countOverdue = (db: Reader, holders: Holders, { from, to }: Window, now: number): number =>
  watched(db, () => {
    const end = Math.min(to, now);
    return db.$client
      .prepare(overdue)
      .pluck()
      .get({ holders: JSON.stringify(holders), from, end }) as number;
  });

const past = 'due_at >= @from AND due_at < @end';
const overdue = `SELECT (SELECT count(*) FROM ${openCallbacks} AND ${past})
  + (SELECT count(*) FROM ${openDeadlines} AND ${past})`;

/**
 * Rows of one bucket, by time.
 * @param first only so many, and none of the pool; null: all
 */
export function readBucket(db: Reader, holders: Holders, window: Window, now: number, first: number | null = null): ReminderRowView[] {
  // As SQLite understands it: no limit.
  const most = first ?? -1;
  const pending = sql<number>`EXISTS (SELECT 1 FROM outbox q WHERE q.subject_id = ${tickets.id} AND q.state = 'queued')`;
  const due = db
    .select({ callback: callbacks, ticket: tickets, customerName: customers.name, assigneeName: accounts.name, pending })
    .from(callbacks)
    .innerJoin(tickets, eq(tickets.id, callbacks.ticketId))
    .leftJoin(customers, eq(customers.id, callbacks.customerId))
    .leftJoin(accounts, eq(accounts.id, callbacks.assigneeId))
    .where(callbacksOf(holders, window))
    .orderBy(asc(callbacks.dueAt))
    .limit(most)
    .all();
  const expiring = db
    .select({ ticket: tickets, customerName: customers.name, assigneeName: accounts.name, pending })
    .from(tickets)
    .leftJoin(customers, eq(customers.id, tickets.customerId))
    .leftJoin(accounts, eq(accounts.id, sql`coalesce(${tickets.assigneeId}, ${tickets.expiredFrom})`))
    .where(deadlinesOf(holders, window, first !== null))
    .orderBy(asc(tickets.dueAt))
    .limit(most)
    .all();
  const rows: ReminderRowView[] = [
    ...due.map((r) => ({
      key: `callback:${r.callback.id}`,
      kind: 'callback' as const,
      at: r.callback.dueAt,
      ticketId: r.ticket.id,
      callbackId: r.callback.id,
      number: r.ticket.number,
      subject: r.ticket.subject,
      customerName: r.customerName ?? '',
      assigneeId: r.callback.assigneeId,
      assigneeName: r.assigneeName ?? '',
      status: r.ticket.status,
      overdue: r.callback.dueAt < now,
      pending: r.pending === 1,
    })),
    ...expiring.map((r) => ({
      key: `expiry:${r.ticket.id}`,
      kind: 'expiry' as const,
      at: r.ticket.dueAt!,
      ticketId: r.ticket.id,
      callbackId: null,
      number: r.ticket.number,
      subject: r.ticket.subject,
      customerName: r.customerName ?? '',
      assigneeId: r.ticket.assigneeId ?? r.ticket.expiredFrom,
      assigneeName: r.assigneeName ?? '',
      status: r.ticket.status,
      overdue: r.ticket.dueAt! < now && r.ticket.status !== 'released',
      pending: r.pending === 1,
    })),
  ];
  rows.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
  return first === null ? rows : rows.slice(0, first);
}
