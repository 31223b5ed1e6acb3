import { and, asc, gt, type SQL, sql } from 'drizzle-orm';
import { anyOf } from '../store/any-of.ts';
import { readRows } from '../store/read-rows.ts';
import { readParameters } from '../store/parameters.ts';
import { toAccount, toCustomer, toTransfer } from '../store/rows.ts';
import { account, customer, feed, type FeedKind, staffGroup, ticket, ticketEvent, transfer } from '../store/schema.ts';
import type { Orm } from '../store/store.ts';
import { personalKinds } from './feed.ts';
import type { Head } from './history.ts';
import { noRows, type Page, type Rows } from './page.ts';
import { addPersonal } from './personal-rows.ts';
import { addTickets } from './snapshot.ts';
import type { View } from './view.ts';
import { surelyHeldSince } from './window.ts';

/** What happened to one thing behind the cursor. */
interface Touched {
  /** The account saw it at the cursor. */
  readonly sawAtFirst: boolean;
  /** The account saw it at some time since, so it may be told that it is gone. */
  saw: boolean;
}

/** The changes behind `cursor`, at most `limit` of those that concern the account; rows as they are now. */
export async function readDelta(tx: Orm, view: View, cursor: number, head: Head, limit: number, now: number): Promise<Page> {
  const found = await tx
    .select()
    .from(feed)
    .where(view.everything ? gt(feed.seq, cursor) : sql`${feed.seq} IN (${numbersFor(view, cursor, limit)})`)
    .orderBy(asc(feed.seq))
    .limit(limit);
  // Fewer than asked for: the rest up to the head does not concern the account.
  const reached = found.length < limit ? head : found.at(-1)!;
  const touched = group(found, view);
  const rows = noRows();
  const evict = { tickets: [] as string[], customers: [] as string[] };
  await addDirectoryChanges(tx, touched, rows);
  await addPersonal(tx, view, rows, {
    fields: touched.field.size > 0,
    searches: touched.search.size > 0,
    phrases: touched.phrase.size > 0,
  });
  await addChangedCustomers(tx, view, touched, rows, evict.customers);
  await addChangedTickets(tx, view, touched, cursor, rows, evict.tickets, now);
  const transfers = [...touched.transfer.keys()];
  if (transfers.length > 0) {
    const visible = await tx
      .select()
      .from(transfer)
      .where(and(anyOf(transfer.id, transfers), view.where(transfer.audience)));
    rows.transfers = visible.map(toTransfer) as Rows['transfers'];
  }
  return { mode: 'delta', cursor: reached.seq, mark: reached.mark, after: null, more: reached.seq < head.seq, total: null, rows, evict };
}

/** Tag by tag, so that what concerns others is not read, and no more of each than the page can hold. */
const numbersFor = (view: View, cursor: number, limit: number): SQL => sql`
  SELECT one.seq FROM unnest(${sql.param(view.tags)}::text[]) AS held (tag) CROSS JOIN LATERAL (
    SELECT t.seq FROM feed_tag t WHERE t.tag = held.tag AND t.seq > ${cursor} ORDER BY t.seq LIMIT ${limit}) AS one`;

type ByKind = Record<FeedKind, Map<string, Touched>>;

function group(found: readonly (typeof feed.$inferSelect)[], view: View): ByKind {
  const out: ByKind = {
    ticket: new Map(),
    customer: new Map(),
    account: new Map(),
    group: new Map(),
    parameters: new Map(),
    transfer: new Map(),
    field: new Map(),
    search: new Map(),
    phrase: new Map(),
  };
  for (const row of found) {
    if (personalKinds.includes(row.kind) && !view.holds(row.before) && !view.holds(row.after)) continue;
    // An empty `before` is a thing that did not exist.
    const saw = row.before.length > 0 && view.sees(row.before);
    const known = out[row.kind].get(row.subjectId);
    if (known === undefined) out[row.kind].set(row.subjectId, { sawAtFirst: saw, saw });
    else known.saw ||= saw;
  }
  return out;
}

async function addDirectoryChanges(tx: Orm, touched: ByKind, rows: Rows): Promise<void> {
  const accounts = [...touched.account.keys()];
  if (accounts.length > 0)
    rows.accounts = (await tx.select().from(account).where(anyOf(account.id, accounts))).map(toAccount) as Rows['accounts'];
  // All of them: one that was removed shows by its absence.
  if (touched.group.size > 0) rows.groups = await tx.select().from(staffGroup).orderBy(asc(staffGroup.id));
  if (touched.parameters.size > 0) rows.parameters = await readParameters(tx);
}

async function addChangedCustomers(tx: Orm, view: View, touched: ByKind, rows: Rows, evict: string[]): Promise<void> {
  const ids = [...touched.customer.keys()];
  if (ids.length === 0) return;
  const found = await readRows(tx, customer, sql`WHERE ${anyOf(customer.id, ids)}`);
  const visible = found.filter((c) => view.sees(c.audience));
  rows.customers.push(...(visible.map(toCustomer) as Rows['customers']));
  evict.push(...gone(touched.customer, visible));
}

async function addChangedTickets(
  tx: Orm,
  view: View,
  touched: ByKind,
  cursor: number,
  rows: Rows,
  evict: string[],
  now: number,
): Promise<void> {
  const ids = [...touched.ticket.keys()];
  if (ids.length === 0) return;
  const found = await readRows(tx, ticket, sql`WHERE ${anyOf(ticket.id, ids)}`);
  const visible = found.filter((t) => view.sees(t.audience));
  const seen = visible.filter((t) => touched.ticket.get(t.id)?.sawAtFirst === true).map((t) => t.id);
  const held = await surelyHeld(tx, seen, cursor, surelyHeldSince(now));
  const fresh = visible.filter((t) => !held.has(t.id)).map((t) => t.id);
  // Of what the device has, the new events; of what it has not, all of them.
  await addTickets(tx, visible, rows, {
    events: sql`(${ticketEvent.seq} > ${cursor} OR ${anyOf(ticketEvent.ticketId, fresh)})`,
    customersOf: new Set(fresh),
  });
  evict.push(...gone(touched.ticket, visible));
}

/** Those of `ids` that a device with this cursor has: it has seen them, and they were not yet old enough to be let go. */
async function surelyHeld(tx: Orm, ids: readonly string[], cursor: number, since: number): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectDistinct({ id: ticketEvent.ticketId })
    .from(ticketEvent)
    .where(
      and(
        anyOf(ticketEvent.ticketId, ids),
        sql`${ticketEvent.seq} <= ${cursor}`,
        sql`coalesce(${ticketEvent.receivedAt}, ${ticketEvent.occurredAt}) >= ${since}`,
      ),
    );
  return new Set(rows.map((r) => r.id));
}

function gone(touched: ReadonlyMap<string, Touched>, visible: readonly { readonly id: string }[]): string[] {
  const still = new Set(visible.map((v) => v.id));
  return [...touched].filter(([id, t]) => t.saw && !still.has(id)).map(([id]) => id);
}
