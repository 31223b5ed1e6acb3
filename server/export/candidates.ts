import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Filterable } from '../../shared/domain/filter/matches.ts';
import { type ListName, listStatuses } from '../../shared/domain/ticket-state.ts';
import type { Transfer } from '../../shared/domain/tickets.ts';
import { toCustomer, toEvent, toTicket, toTransfer } from '../store/rows.ts';
import { callback, customer, ticket, ticketEvent, transfer } from '../store/schema.ts';
import type { Orm } from '../store/store.ts';
import { textArray, type View } from '../sync/view.ts';
import { older } from '../sync/window.ts';

/** One ticket with all that an export may ask or show of it. */
export type Candidate = Filterable;

/** What beside the ticket is needed; the rest stays empty, and unread. */
export interface Needs {
  readonly customers: boolean;
  readonly callbacks: boolean;
  readonly events: boolean;
}

/** Rows of one query: enough to keep the database busy, few enough to hold. */
export const BATCH = 500;

const inPool = sql`${ticket.status} = 'released'
  AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.id = ${ticket.customerId} AND c.invalid_at IS NOT NULL)`;

/** What a list holds, as on the device. */
function inList({ account, everything }: View, list: Exclude<ListName, 'transferred'>): SQL | undefined {
  const ofMyGroups = everything ? undefined : sql`${ticket.groupId} = ANY(${textArray(account.groupIds)})`;
  switch (list) {
    case 'pending':
    case 'processing':
    case 'resolved':
      return and(eq(ticket.assigneeId, account.id), inArray(ticket.status, [...listStatuses[list]]));
    case 'pool':
      return and(inPool, ofMyGroups);
    case 'all':
      return ofMyGroups;
    case 'review':
      return and(eq(ticket.status, 'resolved'), ofMyGroups);
    case 'expired':
      return and(inPool, isNotNull(ticket.expiredFrom), ofMyGroups);
  }
}

const listed = (view: View, list: Exclude<ListName, 'transferred'>): SQL | undefined =>
  and(view.where(ticket.audience), isNull(ticket.deletedAt), inList(view, list));

/** All of a list where nothing else is asked of its tickets: then they need not be read. */
export const readWholeList = (
  orm: Orm,
  view: View,
  list: Exclude<ListName, 'transferred'>,
): Promise<{ id: string; number: number | null }[]> =>
  orm.select({ id: ticket.id, number: ticket.number }).from(ticket).where(listed(view, list));

/** The next of a list behind `after`, by id. */
export async function readList(
  orm: Orm,
  view: View,
  list: Exclude<ListName, 'transferred'>,
  after: string,
  needs: Needs,
): Promise<Candidate[]> {
  const rows = await orm
    .select()
    .from(ticket)
    .where(and(listed(view, list), gt(ticket.id, after)))
    .orderBy(asc(ticket.id))
    .limit(BATCH);
  return complete(orm, rows, needs);
}

/** Where a walk from the newest to the oldest goes on. */
export interface Behind {
  readonly updatedAt: number;
  readonly id: string;
}

/** Tickets that devices no longer hold, newest first; of a list, or of a customer, or with these ids. @param start of the window */
export async function readOlder(
  orm: Orm,
  view: View,
  of: { readonly list: Exclude<ListName, 'transferred'> } | { readonly customerId: string } | { readonly ids: readonly string[] },
  behind: Behind | null,
  start: number,
  needs: Needs,
): Promise<Candidate[]> {
  const which = 'list' in of ? inList(view, of.list) : 'ids' in of ? inArray(ticket.id, [...of.ids]) : eq(ticket.customerId, of.customerId);
  const rows = await orm
    .select()
    .from(ticket)
    .where(
      and(
        view.where(ticket.audience),
        isNull(ticket.deletedAt),
        older(ticket, start),
        which,
        behind === null
          ? undefined
          : sql`(${ticket.updatedAt} < ${behind.updatedAt} OR (${ticket.updatedAt} = ${behind.updatedAt} AND ${ticket.id} < ${behind.id}))`,
      ),
    )
    .orderBy(desc(ticket.updatedAt), desc(ticket.id))
    .limit(BATCH);
  return complete(orm, rows, needs);
}

/** Those of `ids` that the account may see now. */
export async function readTickets(orm: Orm, view: View, ids: readonly string[], needs: Needs): Promise<Candidate[]> {
  const rows = await orm
    .select()
    .from(ticket)
    .where(and(view.where(ticket.audience), isNull(ticket.deletedAt), inArray(ticket.id, [...ids])));
  return complete(orm, rows, needs);
}

async function complete(orm: Orm, rows: readonly (typeof ticket.$inferSelect)[], needs: Needs): Promise<Candidate[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((t) => t.id);
  const customerIds = [...new Set(rows.map((t) => t.customerId))];
  const customerRows = needs.customers ? await orm.select().from(customer).where(inArray(customer.id, customerIds)) : [];
  const customers = new Map(customerRows.map((c) => [c.id, toCustomer(c)]));
  const isOpen = and(inArray(callback.ticketId, ids), isNull(callback.outcome));
  const callbackRows = needs.callbacks ? await orm.select().from(callback).where(isOpen) : [];
  const callbacks = Map.groupBy(callbackRows, (c) => c.ticketId);
  const ofThese = orm.select().from(ticketEvent).where(inArray(ticketEvent.ticketId, ids));
  const eventRows = needs.events ? await ofThese.orderBy(asc(ticketEvent.seq), asc(ticketEvent.receivedAt), asc(ticketEvent.id)) : [];
  const events = Map.groupBy(eventRows, (e) => e.ticketId);
  return rows.map((row) => ({
    ticket: toTicket(row),
    customer: customers.get(row.customerId) ?? null,
    callbacks: callbacks.get(row.id) ?? [],
    events: (events.get(row.id) ?? []).map(toEvent),
  }));
}

/** 已转派: tickets as they were when the account gave them away. Ids are those of the transfers. */
export async function readTransferred(orm: Orm, view: View, after: string): Promise<{ id: string; candidate: Candidate }[]> {
  const rows = await orm
    .select()
    .from(transfer)
    .where(and(eq(transfer.fromId, view.account.id), gt(transfer.id, after)))
    .orderBy(asc(transfer.id))
    .limit(BATCH);
  return rows.map((row) => ({ id: row.id, candidate: asGiven(toTransfer(row)) }));
}

export async function readTransfers(orm: Orm, view: View, ids: readonly string[]): Promise<{ id: string; candidate: Candidate }[]> {
  const rows = await orm
    .select()
    .from(transfer)
    .where(and(eq(transfer.fromId, view.account.id), inArray(transfer.id, [...ids])));
  return rows.map((row) => ({ id: row.id, candidate: asGiven(toTransfer(row)) }));
}

/** Of the customer a sender still knows the name alone. */
const asGiven = ({ snapshot }: Transfer): Candidate => ({
  ticket: snapshot.ticket,
  customer: {
    id: snapshot.ticket.customerId,
    name: snapshot.customerName,
    phones: [],
    emails: [],
    address: '',
    tier: '',
    ownerId: null,
    groupId: null,
    source: 'desktop',
    invalidReleases: 0,
    invalidAt: null,
    invalidBy: null,
    releasedBy: [],
    createdAt: 0,
    updatedAt: 0,
  },
  callbacks: [],
  events: snapshot.events,
});
