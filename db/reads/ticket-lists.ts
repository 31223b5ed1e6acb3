import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ticketRowView } from '../../shared/bridge/views.ts';
import type { Account } from '../../shared/domain/people.ts';
import { seesEverything, seesOthersTickets } from '../../shared/domain/permissions.ts';
import { type ListName, listStatuses } from '../../shared/domain/ticket-state.ts';
import type { Reader } from '../open.ts';
import { accounts, customers, tickets, transfers } from '../schema/tables.ts';
import { type DueMoments, type DuePart, duePart, dueParts, nextKindOf } from './due.ts';

export type TicketRowView = z.infer<typeof ticketRowView>;
export type SortColumn = 'next' | 'number' | 'subject' | 'customer' | 'status' | 'due' | 'updated' | 'priority' | 'category';

export interface ListQuery {
  readonly list: ListName;
  readonly due: DuePart;
  readonly sort: SortColumn;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

const queuedCount = sql<number>`EXISTS (SELECT 1 FROM outbox q WHERE q.ticket_id = ${tickets.id} AND q.state = 'queued')`;
const hasDraft = sql<number>`EXISTS (SELECT 1 FROM draft d WHERE d.form = 'ticket:' || ${tickets.id})`;
const isUnseen = sql<number>`EXISTS (SELECT 1 FROM unseen u WHERE u.ticket_id = ${tickets.id})`;

const order: Readonly<Record<SortColumn, SQL>> = {
  next: sql`${tickets.nextAt}`,
  number: sql`${tickets.number}`,
  subject: sql`${tickets.subject}`,
  customer: sql`${customers.name}`,
  status: sql`${tickets.status}`,
  due: sql`${tickets.dueAt}`,
  updated: sql`${tickets.updatedAt}`,
  priority: sql`CASE ${tickets.priority} WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END`,
  category: sql`${tickets.category}`,
};

const kept = sql`${tickets.deletedAt} IS NULL`;

/** Which tickets a list holds. The cache holds only what this account may see. */
function inList(me: Account, list: Exclude<ListName, 'transferred'>): SQL {
  if (list !== 'all') return and(eq(tickets.assigneeId, me.id), inArray(tickets.status, [...listStatuses[list]]), kept)!;
  if (!seesOthersTickets(me)) return sql`0`;
  return seesEverything(me) ? kept : and(inArray(tickets.groupId, [...me.groupIds]), kept)!;
}

/** The numbers in the nav; by the same conditions as the lists. */
export function countLists(db: Reader, me: Account): Record<ListName, number> {
  const number = sql<number>`count(*)`;
  const count = (list: Exclude<ListName, 'transferred'>): number => db.select({ n: number }).from(tickets).where(inList(me, list)).get()!.n;
  const given = db.select({ n: number }).from(transfers).where(eq(transfers.fromId, me.id)).get()!.n;
  return { pending: count('pending'), processing: count('processing'), resolved: count('resolved'), transferred: given, all: count('all') };
}

export interface ListPage {
  readonly rows: TicketRowView[];
  readonly total: number;
  readonly due: Record<DuePart, number>;
}

/** One page of a list of my tickets, with the counts of its four parts in the same answer. */
export function readList(db: Reader, me: Account, query: ListQuery, moments: DueMoments): ListPage {
  if (query.list === 'transferred') return readTransferred(db, me, query);
  const where = inList(me, query.list);
  const counts = Object.fromEntries(
    dueParts.map((part) => [part, sql<number>`count(*) FILTER (WHERE ${duePart(part, moments)})`]),
  ) as Record<DuePart, SQL<number>>;
  const due = db.select(counts).from(tickets).where(where).get() as Record<DuePart, number>;
  const column = order[query.sort];
  const rows = db
    .select({
      ticket: tickets,
      customerName: customers.name,
      assigneeName: accounts.name,
      pending: queuedCount,
      draft: hasDraft,
      unseen: isUnseen,
    })
    .from(tickets)
    .leftJoin(customers, eq(customers.id, tickets.customerId))
    .leftJoin(accounts, eq(accounts.id, tickets.assigneeId))
    .where(and(where, duePart(query.due, moments)))
    // What has no value stands last either way; the id keeps equal rows in place.
    .orderBy(sql`${column} IS NULL`, query.descending ? desc(column) : asc(column), desc(tickets.updatedAt), asc(tickets.id))
    .limit(query.limit)
    .offset(query.offset)
    .all();
  return {
    rows: rows.map(({ ticket, customerName, assigneeName, ...marks }) => ({
      id: ticket.id,
      number: ticket.number,
      subject: ticket.subject,
      customerName: customerName ?? '',
      status: ticket.status,
      priority: ticket.priority,
      category: ticket.category,
      source: ticket.source,
      nextAt: ticket.nextAt,
      nextKind: nextKindOf(ticket),
      dueAt: ticket.dueAt,
      updatedAt: ticket.updatedAt,
      assigneeName: assigneeName ?? '',
      pending: marks.pending === 1,
      draft: marks.draft === 1,
      unseen: marks.unseen === 1,
      transfer: null,
    })),
    total: due[query.due],
    due,
  };
}

/** 已转派: tickets as they were when I gave them away, newest first unless sorted otherwise. */
function readTransferred(db: Reader, me: Account, query: ListQuery): ListPage {
  const total = countLists(db, me).transferred;
  const field = (name: string): SQL => sql`json_extract(${transfers.snapshot}, ${`$.ticket.${name}`})`;
  const by: Partial<Record<SortColumn, SQL>> = {
    number: field('number'),
    subject: field('subject'),
    customer: sql`json_extract(${transfers.snapshot}, '$.customerName')`,
    status: field('status'),
    category: field('category'),
  };
  const column = by[query.sort] ?? sql`${transfers.at}`;
  const rows = db
    .select({
      transfer: transfers,
      toName: accounts.name,
      pending: sql<number>`EXISTS (SELECT 1 FROM outbox q WHERE q.command_id = ${transfers.id} AND q.state = 'queued')`,
    })
    .from(transfers)
    .leftJoin(accounts, eq(accounts.id, transfers.toId))
    .where(eq(transfers.fromId, me.id))
    .orderBy(query.descending ? desc(column) : asc(column), asc(transfers.id))
    .limit(query.limit)
    .offset(query.offset)
    .all();
  return {
    rows: rows.map(({ transfer, toName, pending }) => {
      const { ticket, customerName } = transfer.snapshot;
      return {
        id: transfer.ticketId,
        number: ticket.number,
        subject: ticket.subject,
        customerName,
        status: ticket.status,
        priority: ticket.priority,
        category: ticket.category,
        source: ticket.source,
        nextAt: null,
        nextKind: null,
        dueAt: ticket.dueAt,
        updatedAt: transfer.at,
        assigneeName: toName ?? '',
        pending: pending === 1,
        draft: false,
        unseen: false,
        transfer: { id: transfer.id, toName: toName ?? '', at: transfer.at, reason: transfer.reason },
      };
    }),
    total,
    due: { all: total, overdue: 0, soon: 0, today: 0, later: 0 },
  };
}
