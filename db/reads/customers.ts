import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { customerCard, customerRowView } from '../../shared/bridge/views.ts';
import { decide, type Command, leadsCustomer, mayEditCustomer, type Refusal } from '../../shared/domain/commands/index.ts';
import { maskPhone } from '../../shared/domain/contacts.ts';
import type { Account } from '../../shared/domain/people.ts';
import { mayAssign } from '../../shared/domain/permissions.ts';
import { findDigits, spokenRanges } from '../../shared/domain/search/match-text.ts';
import { digitsOf, wordsOf } from '../../shared/domain/search/words.ts';
import type { Customer } from '../../shared/domain/tickets.ts';
import { compiled } from '../compiled.ts';
import type { Reader } from '../reader.ts';
import { accounts, callbacks, customers, groups, tickets } from '../schema/tables.ts';
import { watched } from '../statements.ts';
import { searchedRows } from '../writes/search-index.ts';
import { readParameters, readTicketState, readTies } from './decision-state.ts';
import { nameOf } from './ticket-detail.ts';
import { readTicketRows } from './ticket-rows.ts';

export type CustomerRowView = z.infer<typeof customerRowView>;
export type CustomerCard = z.infer<typeof customerCard>;
export type CustomerView = 'mine' | 'invalid' | 'free' | 'all';
export type CustomerSort = 'name' | 'updated' | 'tier' | 'open' | 'callback';

export interface CustomerQuery {
  readonly view: CustomerView;
  readonly text: string;
  readonly sort: CustomerSort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

const openTickets = sql`FROM ticket t WHERE t.customer_id = ${customers.id}
  AND t.status IN ('pending', 'processing', 'waiting') AND t.deleted_at IS NULL`;
const openOf = sql<number>`(SELECT count(*) ${openTickets})`;
const ticketsOf = sql<number>`(SELECT count(*) FROM ticket t WHERE t.customer_id = ${customers.id} AND t.deleted_at IS NULL)`;
const nextCallback = sql<number | null>`(SELECT min(c.due_at) FROM callback c JOIN ticket t ON t.id = c.ticket_id
  WHERE t.customer_id = ${customers.id} AND c.outcome IS NULL)`;
const queued = sql<number>`EXISTS (SELECT 1 FROM outbox q WHERE q.state = 'queued' AND (q.subject_id = ${customers.id}
  OR q.subject_id IN (SELECT t.id FROM ticket t WHERE t.customer_id = ${customers.id})))`;

const columns: Readonly<Record<CustomerSort, SQL>> = {
  name: sql`${customers.name}`,
  updated: sql`${customers.updatedAt}`,
  tier: sql`nullif(${customers.tier}, '')`,
  open: openOf,
  callback: nextCallback,
};

/** Which customers a view holds. The cache holds only what this account may see. */
function inView(me: Account, view: CustomerView): SQL {
  switch (view) {
    case 'mine':
      return sql`(${customers.ownerId} = ${me.id} AND ${customers.invalidAt} IS NULL)`;
    case 'invalid':
      // A leader looks after those of the whole group.
      return mayAssign(me)
        ? sql`${customers.invalidAt} IS NOT NULL`
        : sql`(${customers.invalidAt} IS NOT NULL AND ${customers.invalidBy} = ${me.id})`;
    case 'free':
      return sql`(${customers.ownerId} IS NULL AND ${customers.invalidAt} IS NULL AND NOT EXISTS (SELECT 1 ${openTickets}))`;
    case 'all':
      return sql`1`;
  }
}

export interface CustomerPage {
  readonly rows: CustomerRowView[];
  readonly total: number;
  readonly counts: Record<CustomerView, number>;
}

const count = (db: Reader, where: SQL | undefined): number =>
  db
    .select({ n: sql<number>`count(*)` })
    .from(customers)
    .where(where)
    .get()!.n;

export function readCustomers(db: Reader, me: Account, query: CustomerQuery): CustomerPage {
  const words = searchedRows('customer', wordsOf(query.text)) ?? undefined;
  const where = and(inView(me, query.view), words);
  const column = columns[query.sort];
  const order = [sql`${column} IS NULL`, query.descending ? desc(column) : asc(column), asc(customers.name), asc(customers.id)];
  const rows = selectCustomers(db, { where, order, limit: query.limit, offset: query.offset });
  const counts = countViews(db, me);
  const total = words === undefined ? counts[query.view] : count(db, where);
  return { rows: rows.map((row) => viewCustomer(db, row, query.text)), total, counts };
}

const views = ['mine', 'invalid', 'free', 'all'] as const;

/** All four in one pass. */
const countViews = (db: Reader, me: Account): Record<CustomerView, number> =>
  watched(db, () => {
    const { statement, values } = compiled(db, JSON.stringify(['customers', me.id, me.role]), () => {
      const counts = views.map((view) => sql`count(*) FILTER (WHERE ${inView(me, view)})`);
      return sql`SELECT ${sql.join(counts, sql`, `)} FROM ${customers}`;
    });
    const found = statement.raw().get(...values) as number[];
    return Object.fromEntries(views.map((view, i) => [view, found[i]!])) as Record<CustomerView, number>;
  });

/** The two views that the nav counts, without a look at everybody's customers. */
export const countOwnCustomers = (db: Reader, me: Account): { readonly mine: number; readonly invalid: number } => ({
  mine: count(db, inView(me, 'mine')),
  invalid: count(db, inView(me, 'invalid')),
});

/** For the palette: own ones first, then by name. */
export function findCustomers(db: Reader, me: Account, text: string, limit: number): { rows: CustomerRowView[]; total: number } {
  const where = searchedRows('customer', wordsOf(text));
  if (where === null) return { rows: [], total: 0 };
  const rows = selectCustomers(db, { where, order: ownFirst(me.id), limit });
  return { rows: rows.map((row) => viewCustomer(db, row, text)), total: count(db, where) };
}

/** Some by their ids: own ones first, then by name. */
export const readCustomerRows = (db: Reader, ids: readonly string[], meId: string, limit: number): CustomerRowView[] =>
  selectCustomers(db, { where: inArray(customers.id, [...ids]), order: ownFirst(meId), limit }).map((row) => viewCustomer(db, row, ''));

const ownFirst = (meId: string): SQL[] => [sql`${customers.ownerId} IS NOT ${meId}`, asc(customers.name), asc(customers.id)];

interface Wanted {
  readonly where: SQL | undefined;
  readonly order: readonly SQL[];
  readonly limit: number;
  readonly offset?: number;
}

/** First which ones: what is counted of a customer would otherwise be counted of all that are put in order. */
function selectCustomers(db: Reader, { limit, offset = 0, order, where }: Wanted) {
  const ids = db
    .select({ id: customers.id })
    .from(customers)
    .where(where)
    .orderBy(...order)
    .limit(limit)
    .offset(offset)
    .all()
    .map(({ id }) => id);
  return db
    .select({
      customer: customers,
      ownerName: accounts.name,
      groupName: groups.name,
      open: openOf,
      tickets: ticketsOf,
      nextCallbackAt: nextCallback,
      pending: queued,
    })
    .from(customers)
    .leftJoin(accounts, eq(accounts.id, customers.ownerId))
    .leftJoin(groups, eq(groups.id, customers.groupId))
    .where(inArray(customers.id, ids))
    .orderBy(...order)
    .all();
}

type Selected = ReturnType<typeof selectCustomers>[number];

function viewCustomer(db: Reader, row: Selected, text: string): CustomerRowView {
  const { customer } = row;
  const phone = customer.phones[0] ?? '';
  return {
    id: customer.id,
    name: customer.name,
    phone: readParameters(db).maskPhones ? maskPhone(phone) : phone,
    tier: customer.tier,
    address: customer.address,
    source: customer.source,
    ownerId: customer.ownerId,
    ownerName: row.ownerName ?? '',
    groupName: row.groupName ?? '',
    invalidReleases: customer.invalidReleases,
    invalidAt: customer.invalidAt,
    openTickets: row.open,
    tickets: row.tickets,
    nextCallbackAt: row.nextCallbackAt,
    updatedAt: customer.updatedAt,
    pending: row.pending === 1,
    hits: hitsOf(customer, text),
  };
}

function hitsOf(customer: Customer, text: string): CustomerRowView['hits'] {
  const hits: CustomerRowView['hits'] = [];
  for (const word of wordsOf(text)) {
    const note = (field: CustomerRowView['hits'][number]['field'], value: string, ranges: [number, number][] | null): void => {
      if (ranges !== null && ranges.length > 0) hits.push({ field, text: value, ranges });
    };
    note('name', customer.name, spokenRanges(word, customer.name));
    const digits = digitsOf(word);
    for (const phone of customer.phones) if (digits === word) note('phone', phone, findDigits(phone, digits));
    for (const email of customer.emails) note('email', email, spokenRanges(word, email));
    note('address', customer.address, spokenRanges(word, customer.address));
  }
  return hits;
}

/** All that is known of a customer; null: not on this device. */
export function readCustomerCard(db: Reader, customerId: string, me: Account, now: number): CustomerCard | null {
  const [found] = selectCustomers(db, { where: eq(customers.id, customerId), order: [asc(customers.id)], limit: 1 });
  if (found === undefined) return null;
  const { customer } = found;
  const ties = readTies(db, customerId, me);
  const leads = leadsCustomer(ties, customer, me);
  const { hits: _, phone: _phone, nextCallbackAt: _next, openTickets: _open, tickets: _tickets, ...row } = viewCustomer(db, found, '');
  return {
    ...row,
    phones: [...customer.phones],
    emails: [...customer.emails],
    maskPhones: readParameters(db).maskPhones,
    invalidByName: customer.invalidBy === null ? '' : nameOf(db, customer.invalidBy),
    tickets: readTicketRows(db, {
      where: () => and(eq(tickets.customerId, customerId), sql`${tickets.deletedAt} IS NULL`)!,
      order: [desc(tickets.updatedAt), asc(tickets.id)],
      limit: 200,
    }),
    callbacks: readCallbacks(db, customerId),
    mayEdit: mayEditCustomer(ties, customer, me),
    mayRestore: leads && customer.invalidAt !== null,
    mayOwn: leads,
    claim: claimOf(db, customer, me, now),
  };
}

function readCallbacks(db: Reader, customerId: string): CustomerCard['callbacks'] {
  const rows = db
    .select({ callback: callbacks, subject: tickets.subject, assigneeName: accounts.name })
    .from(callbacks)
    .innerJoin(tickets, eq(tickets.id, callbacks.ticketId))
    .leftJoin(accounts, eq(accounts.id, callbacks.assigneeId))
    .where(eq(tickets.customerId, customerId))
    .all();
  const open = rows.filter((r) => r.callback.outcome === null).sort((a, b) => a.callback.dueAt - b.callback.dueAt);
  const closed = rows.filter((r) => r.callback.outcome !== null).sort((a, b) => b.callback.dueAt - a.callback.dueAt);
  const waiting = new Set(
    rows.length === 0
      ? []
      : db.all<{ id: string }>(sql`SELECT json_extract(args, '$.callbackId') AS id FROM outbox WHERE state = 'queued'`).map((r) => r.id),
  );
  return [...open, ...closed].map(({ callback: c, subject, assigneeName }) => ({
    id: c.id,
    dueAt: c.dueAt,
    note: c.note,
    outcome: c.outcome,
    outcomeNote: c.outcomeNote,
    snoozes: c.snoozes,
    pending: waiting.has(c.id),
    ticketId: c.ticketId,
    subject,
    assigneeName: assigneeName ?? '',
  }));
}

/** The ticket of this customer that lies in the pool and moved last; null: none. */
export const poolTicketOf = (db: Reader, customerId: string): string | null =>
  db
    .select({ id: tickets.id })
    .from(tickets)
    .where(and(eq(tickets.customerId, customerId), eq(tickets.status, 'released'), sql`${tickets.deletedAt} IS NULL`))
    .orderBy(desc(tickets.updatedAt), asc(tickets.id))
    .limit(1)
    .get()?.id ?? null;

/** What 领取 would do, by asking the rule itself. */
function claimOf(db: Reader, customer: Customer, me: Account, now: number): CustomerCard['claim'] {
  const ticketId = poolTicketOf(db, customer.id);
  const command: Command =
    ticketId === null
      ? { id: NIL, kind: 'claimCustomer', ticketId: NIL, args: { customerId: customer.id, subject: 'x' }, occurredAt: now }
      : { id: NIL, kind: 'claim', ticketId, args: {}, occurredAt: now };
  const decision = decide(readTicketState(db, command.ticketId, customer.id), command, me, now);
  if (decision.ok) return { ok: true, ticketId };
  const refusal: Refusal = decision.error;
  return { ok: false, refusal: refusal.code };
}
const NIL = '00000000-0000-7000-8000-000000000000';

/** Names that customers' groups have, for choices. */
export const readTiers = (db: Reader): string[] =>
  db
    .selectDistinct({ tier: customers.tier })
    .from(customers)
    .where(sql`${customers.tier} <> ''`)
    .orderBy(asc(customers.tier))
    .all()
    .map((r) => r.tier);
