import { and, asc, eq, ne, type SQL, sql } from 'drizzle-orm';
import { anyOf } from '../store/any-of.ts';
import { readRows } from '../store/read-rows.ts';
import { readParameters } from '../store/parameters.ts';
import { toAccount, toCustomer, toEvent, toTicket, toTransfer, type TicketRow } from '../store/rows.ts';
import { account, attachment, callback, customer, staffGroup, ticket, ticketEvent, transfer } from '../store/schema.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import { readMark } from './feed.ts';
import type { Head } from './history.ts';
import { addPersonal, personal } from './personal-rows.ts';
import { type Place, writePlace } from './place.ts';
import { noRows, type Page, type Rows } from './page.ts';
import type { View } from './view.ts';
import { inWindow } from './window.ts';

const rank = sql`rank`;

/** The page at `place`, the first one without. @param start of the window of finished tickets, epoch ms; 0: all of them */
export async function readSnapshot(tx: Orm, view: View, place: Place | null, head: Head, limit: number, start: number): Promise<Page> {
  const cursor = place?.cursor ?? head.seq;
  const rows = noRows();
  if (place === null) await addDirectory(tx, view, rows);
  let next: Place | null = place ?? { phase: 't', cursor, rank: 0, updatedAt: Number.MAX_SAFE_INTEGER, id: '' };
  const total = next.phase === 't' ? await countTickets(tx, view, start) : null;
  // A phase that is through with less than the page leaves the rest of it to the next one.
  let room = limit;
  while (next !== null && room > 0) {
    const step: Step = await readStep(tx, view, next, rows, room, start);
    room -= step.taken;
    next = step.next;
  }
  return {
    mode: 'snapshot',
    cursor,
    mark: place === null ? head.mark : await readMark(tx, cursor),
    after: next === null ? null : writePlace(next),
    more: false,
    total,
    rows,
    evict: { tickets: [], customers: [] },
  };
}

interface Step {
  readonly taken: number;
  readonly next: Place | null;
}

function readStep(tx: Orm, view: View, place: Place, rows: Rows, room: number, start: number): Promise<Step> {
  switch (place.phase) {
    case 't':
      return readTickets(tx, view, place, rows, room, start);
    case 'c':
      return readChanged(tx, view, place, rows, room);
    case 'u':
      return readCustomers(tx, view, place, rows, room, start);
    case 'x':
      return readTransfers(tx, view, place, rows, room);
  }
}

async function readTickets(
  tx: Orm,
  view: View,
  place: Extract<Place, { phase: 't' }>,
  rows: Rows,
  room: number,
  start: number,
): Promise<Step> {
  const behind = sql`(${rank} > ${place.rank} OR (${rank} = ${place.rank} AND
    (${ticket.updatedAt} < ${place.updatedAt} OR (${ticket.updatedAt} = ${place.updatedAt} AND ${ticket.id} > ${place.id}))))`;
  const found = await tx
    .select()
    .from(ticket)
    .where(and(view.where(ticket.audience), behind, inWindow(ticket, start)))
    .orderBy(asc(rank), sql`${ticket.updatedAt} DESC`, asc(ticket.id))
    .limit(room);
  await addTickets(tx, found, rows);
  const last = found.at(-1);
  if (found.length < room || last === undefined) return { taken: found.length, next: { phase: 'c', cursor: place.cursor, id: '' } };
  const lastRank = ['pending', 'processing', 'waiting'].includes(last.status) ? 0 : 1;
  return {
    taken: found.length,
    next: { phase: 't', cursor: place.cursor, rank: lastRank, updatedAt: last.updatedAt, id: last.id },
  };
}

/**
 * What changed since the snapshot's start may have moved across the pages and been missed by all of them. Deltas bring
 * only the events behind the cursor, so it is sent here in full.
 */
async function readChanged(tx: Orm, view: View, place: Extract<Place, { phase: 'c' }>, rows: Rows, room: number): Promise<Step> {
  const found = await tx
    .select()
    .from(ticket)
    .where(
      and(
        view.where(ticket.audience),
        sql`${ticket.id} > ${place.id}`,
        sql`${ticket.id} IN (SELECT subject_id FROM feed WHERE kind = 'ticket' AND seq > ${place.cursor})`,
      ),
    )
    .orderBy(asc(ticket.id))
    .limit(room);
  await addTickets(tx, found, rows);
  const last = found.at(-1);
  const through = found.length < room || last === undefined;
  return { taken: found.length, next: { phase: through ? 'u' : 'c', cursor: place.cursor, id: through ? '' : last.id } };
}

const t = { id: sql`t.id`, status: sql`t.status`, updatedAt: sql`t.updated_at` };

async function readCustomers(
  tx: Orm,
  view: View,
  place: Extract<Place, { phase: 'u' }>,
  rows: Rows,
  room: number,
  start: number,
): Promise<Step> {
  const found = await tx
    .select()
    .from(customer)
    .where(
      and(
        view.where(customer.audience),
        sql`${customer.id} > ${place.id}`,
        sql`NOT EXISTS (SELECT 1 FROM ticket t WHERE t.customer_id = ${customer.id} AND ${view.where(sql`t.audience`)} AND ${inWindow(t, start)})`,
      ),
    )
    .orderBy(asc(customer.id))
    .limit(room);
  rows.customers.push(...(found.map(toCustomer) as Rows['customers']));
  const last = found.at(-1);
  const through = found.length < room || last === undefined;
  return { taken: found.length, next: { phase: through ? 'x' : 'u', cursor: place.cursor, id: through ? '' : last.id } };
}

async function readTransfers(tx: Orm, view: View, place: Extract<Place, { phase: 'x' }>, rows: Rows, room: number): Promise<Step> {
  const found = await tx
    .select()
    .from(transfer)
    .where(and(view.where(transfer.audience), ne(transfer.fromId, view.account.id), sql`${transfer.id} > ${place.id}`))
    .orderBy(asc(transfer.id))
    .limit(room);
  rows.transfers.push(...(found.map(toTransfer) as Rows['transfers']));
  const last = found.at(-1);
  const through = found.length < room || last === undefined;
  return { taken: found.length, next: through ? null : { phase: 'x', cursor: place.cursor, id: last.id } };
}

/** What the first page needs to be usable: who there is, the rules, what the account keeps, and its own 已转派. */
async function addDirectory(tx: Orm, view: View, rows: Rows): Promise<void> {
  rows.accounts = (await tx.select().from(account).orderBy(asc(account.staffNo))).map(toAccount) as Rows['accounts'];
  rows.groups = await tx.select().from(staffGroup).orderBy(asc(staffGroup.id));
  rows.parameters = await readParameters(tx);
  await addPersonal(tx, view, rows, personal);
  const mine = await tx.select().from(transfer).where(eq(transfer.fromId, view.account.id)).orderBy(asc(transfer.id));
  rows.transfers.push(...(mine.map(toTransfer) as Rows['transfers']));
}

/** Tickets with all that hangs on them. */
export async function addTickets(
  tx: Orm,
  found: readonly TicketRow[],
  rows: Rows,
  only: { readonly events?: SQL; readonly customersOf?: ReadonlySet<string> } = {},
): Promise<void> {
  if (found.length === 0) return;
  const ids = found.map((t) => t.id);
  rows.tickets.push(...(found.map(toTicket) as Rows['tickets']));
  rows.callbacks.push(...(await readRows(tx, callback, sql`WHERE ${anyOf(callback.ticketId, ids)} ORDER BY due_at`)));
  rows.attachments.push(...(await readRows(tx, attachment, sql`WHERE ${anyOf(attachment.ticketId, ids)} ORDER BY id`)));
  const wantedEvents = only.events === undefined ? sql`` : sql` AND ${only.events}`;
  const events = await readRows(
    tx,
    ticketEvent,
    sql`WHERE ${anyOf(ticketEvent.ticketId, ids)}${wantedEvents} ORDER BY seq, received_at, id`,
  );
  rows.events.push(...(events.map(toEvent) as Rows['events']));
  const have = new Set(rows.customers.map((c) => c.id));
  const wanted = found.filter((t) => only.customersOf === undefined || only.customersOf.has(t.id)).map((t) => t.customerId);
  const missing = [...new Set(wanted)].filter((id) => !have.has(id));
  if (missing.length === 0) return;
  const customers = await readRows(tx, customer, sql`WHERE ${anyOf(customer.id, missing)}`);
  rows.customers.push(...(customers.map(toCustomer) as Rows['customers']));
}

async function countTickets(tx: Orm, view: View, start: number): Promise<number> {
  const [row] = await rowsOf<{ n: number | string }>(
    tx,
    sql`SELECT count(*) AS n FROM ticket WHERE ${view.where(ticket.audience)} AND ${inWindow(ticket, start)}`,
  );
  return Number(row?.n ?? 0);
}
