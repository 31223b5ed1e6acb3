import { asc, sql } from 'drizzle-orm';
import { decide, type DecisionState, decideRecord } from '../../shared/domain/commands/index.ts';
import { ticketAudience } from '../../shared/domain/permissions.ts';
import { isOpen } from '../../shared/domain/ticket-state.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { Callback, Customer, Parameters, Ticket, TicketEvent } from '../../shared/domain/tickets.ts';
import type { Id } from '../../shared/lib/ids.ts';
import type { ImportRow, OperationOutput } from '../../shared/protocol/operations.ts';
import { addContacts } from '../store/contacts.ts';
import { loadRows } from '../store/load-rows.ts';
import { type CustomerRow, type TicketRow, toCustomer, toTicket } from '../store/rows.ts';
import { customer, ticket } from '../store/schema.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import { customerAudience } from '../sync/customer-audience.ts';
import { type FeedEntry, takeNumbers, writeFeed } from '../sync/feed.ts';
import { maySeeCustomer } from '../sync/load.ts';
import { derivedId } from './derived-id.ts';
import type { Recognised } from './recognise.ts';
import type { OfficeDeps, Work } from './work.ts';

interface Wanted {
  readonly rows: readonly Recognised[];
  readonly tickets: boolean;
  readonly owned: boolean;
  readonly groupId: Id;
  readonly parameters: Parameters;
}

/** One row, decided. */
interface Arrival {
  readonly was: CustomerRow | null;
  /** The customer from now on; null: as it was. */
  readonly customer: Customer | null;
  readonly ticket: Ticket | null;
  readonly events: readonly TicketEvent[];
  readonly callbacks: readonly Callback[];
}

const nothingMore = { ticket: null, events: [], callbacks: [] } as const;

/** Makes the customers and tickets of a file by the same rules as one by one, and writes them together. */
export async function bringIn(deps: OfficeDeps, w: Work, wanted: Wanted): Promise<OperationOutput<'import.commit'>> {
  const { tx } = w;
  const known = wanted.rows.flatMap((r) => (r.verdict === 'known' ? [r.customerId!] : []));
  const customers = new Map((await holdAll(tx, customer, 'id', known)).map((row) => [row.id, row]));
  const tickets = Map.groupBy(await holdAll(tx, ticket, 'customer_id', known), (row) => row.customerId);
  const arrivals: Arrival[] = [];
  let left = 0;
  for (const row of wanted.rows) {
    const arrival = decideRow(deps, w, wanted, row, customers, tickets);
    if (arrival === null) left++;
    else arrivals.push(arrival);
  }
  await write(w, arrivals, tickets);
  return {
    customers: arrivals.filter((a) => a.was === null).length,
    tickets: arrivals.filter((a) => a.ticket !== null).length,
    known: arrivals.filter((a) => a.was !== null).length,
    left,
  };
}

/** null: it stays outside. */
function decideRow(
  deps: OfficeDeps,
  { actor, now }: Work,
  { tickets: withTickets, owned, groupId, parameters }: Wanted,
  row: Recognised,
  customers: ReadonlyMap<Id, CustomerRow>,
  tickets: ReadonlyMap<Id, readonly TicketRow[]>,
): Arrival | null {
  if (row.verdict === 'twin') return null;
  const { value } = row;
  const was = row.verdict === 'known' ? customers.get(row.customerId!)! : null;
  const customerId = row.customerId ?? deps.ids();
  const wantsTicket = withTickets && value.subject !== '';
  const ticketId = derivedId('ticket', customerId, value.subject, value.description);
  const siblings = tickets.get(customerId) ?? [];
  if (was !== null && (!wantsTicket || siblings.some((t) => t.id === ticketId))) return { was, customer: null, ...nothingMore };
  const facts = factsOf(value);
  if (!wantsTicket) {
    const args = { ...facts, source: 'desktop', owned, unique: false } as const;
    const state = { customer: null, holdsTicket: false, ticketGroups: [], searches: [], phrases: [], parameters, ...lookups };
    const made = decideRecord(state, { id: deps.ids(), kind: 'addCustomer', subjectId: customerId, args, occurredAt: now }, actor, now);
    if (!made.ok) return null;
    return { was, customer: { ...(made.value[0]!.row as Customer), groupId }, ...nothingMore };
  }
  if (was !== null && !maySeeCustomer(actor, was)) return null;
  const state: DecisionState = {
    ticket: null,
    customer: was === null ? null : toCustomer(was),
    callbacks: [],
    attachments: [],
    events: [],
    parameters,
    fields: [],
    openElsewhere: siblings.filter((t) => isOpen(t)).length,
    ...lookups,
    account: () => actor,
  };
  const { subject, description, category } = value;
  const args = {
    customerId,
    ...(was === null && { customer: facts }),
    subject,
    description,
    category,
    nature: 'question',
    priority: 'normal',
    source: 'desktop',
    groupId,
    assigneeId: owned ? actor.id : null,
  } as const;
  const made = decide(state, { id: deps.ids(), kind: 'create', ticketId, args, occurredAt: now }, actor, now);
  if (!made.ok) return null;
  const first = { ...made.value.event, receivedAt: now };
  const begun: Arrival = { was, customer: made.value.customer ?? null, ticket: made.value.ticket, events: [first], callbacks: [] };
  if (value.callbackAt === undefined) return begun;
  const known = { ...state, ticket: made.value.ticket, customer: made.value.customer ?? state.customer, events: [first] };
  return { ...begun, ...callBack(deps, known, actor, value.callbackAt, now) };
}

/** 预约回访 of a new ticket. Where none can be set (nobody's ticket, a time gone by), a note keeps the time. */
function callBack(
  deps: OfficeDeps,
  state: DecisionState & { readonly ticket: Ticket },
  actor: Account,
  dueAt: number,
  now: number,
): Pick<Arrival, 'ticket' | 'events' | 'callbacks'> {
  const base = { ticketId: state.ticket.id, occurredAt: now };
  const set = decide(
    state,
    { ...base, id: deps.ids(), kind: 'scheduleCallback', args: { callbackId: deps.ids(), dueAt, note: '' } },
    actor,
    now,
  );
  const note = `预约回访 / Callback: ${new Date(dueAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const next = set.ok ? set : decide(state, { ...base, id: deps.ids(), kind: 'note', args: { note } }, actor, now);
  if (!next.ok) return { ticket: state.ticket, events: state.events, callbacks: [] };
  const { ticket: after, event, callbacks } = next.value;
  return { ticket: after, events: [...state.events, { ...event, receivedAt: now }], callbacks };
}

// Contacts are compared for the whole file at once.
const lookups = { account: () => null, twinOf: () => null };

const factsOf = ({ name, phones, emails, address, tier }: ImportRow) => ({ name, phones, emails, address, tier });

async function write(
  { tx, said: tell }: Work,
  arrivals: readonly Arrival[],
  tickets: ReadonlyMap<Id, readonly TicketRow[]>,
): Promise<void> {
  const numbers = await nextNumbers(tx, arrivals.filter((a) => a.ticket !== null).length);
  const newTickets: (Ticket & { audience: readonly string[] })[] = [];
  const newCustomers: (Customer & { audience: readonly string[] })[] = [];
  const changed: object[] = [];
  const entries: FeedEntry[] = [];
  const events: { readonly event: TicketEvent; readonly at: number }[] = [];
  for (const { was, customer: next, ticket: made, events: said } of arrivals) {
    const of = next ?? (was === null ? null : toCustomer(was));
    if (of === null || (next === null && made === null)) continue;
    if (made !== null) {
      const audience = ticketAudience(made, of);
      for (const event of said) events.push({ event, at: entries.length });
      entries.push({ kind: 'ticket', id: made.id, before: [], after: audience });
      newTickets.push({ ...made, number: numbers.shift()!, audience });
    }
    const others = (tickets.get(of.id) ?? []).map(toTicket);
    const audience = customerAudience(of, made === null ? others : [...others, made], was?.audience ?? []);
    if (was === null) newCustomers.push({ ...of, audience });
    else changed.push({ id: of.id, owner_id: of.ownerId, updated_at: of.updatedAt, audience });
    entries.push({ kind: 'customer', id: of.id, before: was?.audience ?? [], after: audience });
  }
  await loadRows(tx, 'customer', newCustomers);
  await addContacts(tx, newCustomers);
  if (changed.length > 0)
    await rowsOf(
      tx,
      sql`UPDATE customer c SET owner_id = r.owner_id, updated_at = r.updated_at, audience = r.audience
          FROM jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) AS r (id text, owner_id text, updated_at bigint, audience text[])
          WHERE c.id = r.id`,
    );
  await loadRows(tx, 'ticket', newTickets);
  await loadRows(
    tx,
    'callback',
    arrivals.flatMap((a) => a.callbacks),
  );
  if (entries.length === 0) return;
  const first = await takeNumbers(tx, entries.length);
  await loadRows(
    tx,
    'ticket_event',
    events.map(({ event, at }) => ({ ...event, seq: first + at })),
  );
  await writeFeed(tx, first, entries);
  tell(first + entries.length - 1, entries);
}

async function nextNumbers(tx: Orm, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await rowsOf<{ n: number | string }>(
    tx,
    sql`SELECT nextval('ticket_number') AS n FROM generate_series(1, ${count}::integer)`,
  );
  return rows.map((row) => Number(row.n));
}

/** Rows that belong to these customers, held, in the order of their ids. */
async function holdAll<T extends typeof customer | typeof ticket>(
  tx: Orm,
  from: T,
  column: 'id' | 'customer_id',
  customerIds: readonly Id[],
): Promise<T['$inferSelect'][]> {
  if (customerIds.length === 0) return [];
  const wanted = sql`SELECT jsonb_array_elements_text(${JSON.stringify(customerIds)}::jsonb)`;
  const rows = await tx
    .select()
    .from(from as typeof ticket)
    .where(sql`${sql.identifier(column)} IN (${wanted})`)
    .orderBy(asc(from.id))
    .for('update');
  return rows as T['$inferSelect'][];
}
