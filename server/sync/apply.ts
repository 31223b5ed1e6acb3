import { asc, eq, inArray, sql } from 'drizzle-orm';
import { type Change, type Command, decide, type DecisionState, type Refusal } from '../../shared/domain/commands/index.ts';
import type { Account, Actor, SystemActor } from '../../shared/domain/people.ts';
import { audienceOf, overlaps, seesEverything, ticketAudience } from '../../shared/domain/permissions.ts';
import type { Customer, Ticket } from '../../shared/domain/tickets.ts';
import { type CustomerRow, storedCustomer, storedTicket, type TicketRow, toAccount, toCustomer, toEvent, toTicket } from '../store/rows.ts';
import { account, callback, customer, parameter, staffGroup, ticket, ticketEvent, transfer } from '../store/schema.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import { customerAudience } from './customer-audience.ts';
import { type FeedEntry, sameAudience, takeNumbers, writeFeed } from './feed.ts';

/** Who asks: an account, looked up in the transaction that decides, or the server itself or a channel. */
export type Asker = { readonly accountId: string } | SystemActor;

export type Applied =
  | { readonly status: 'applied'; readonly seq: number; readonly entries: readonly FeedEntry[] }
  | { readonly status: 'refused'; readonly refusal: Refusal };

interface Loaded {
  readonly actor: Actor;
  readonly state: DecisionState;
  readonly customerRow: CustomerRow | null;
  readonly ticketRow: TicketRow | null;
  /** All tickets of the customer but this one. */
  readonly siblings: readonly TicketRow[];
}

/** Decides one command on what stands in the database and writes what follows from it, in the caller's transaction. */
export async function applyCommand(tx: Orm, command: Command, asker: Asker, now: number): Promise<Applied> {
  const loaded = await load(tx, command, asker);
  if (!('actor' in loaded)) return { status: 'refused', refusal: loaded };
  const decision = decide(loaded.state, command, loaded.actor, now);
  if (!decision.ok) return { status: 'refused', refusal: decision.error };
  return write(tx, loaded, decision.value, now);
}

async function load(tx: Orm, command: Command, asker: Asker): Promise<Loaded | Refusal> {
  const accounts = await loadAccounts(tx, command, asker);
  const actor: Actor | null = 'accountId' in asker ? (accounts.get(asker.accountId) ?? null) : asker;
  if (actor === null) return { code: 'not-allowed' };

  if (command.kind === 'create' && !(await groupExists(tx, command.args.groupId))) return { code: 'bad-arguments', detail: 'args.groupId' };

  // The customer first, then its tickets: whoever changes one of them holds the customer, so nobody waits crosswise.
  const customerId = command.kind === 'create' ? command.args.customerId : await customerOf(tx, command.ticketId);
  const [customerRow = null] = customerId === null ? [] : await tx.select().from(customer).where(eq(customer.id, customerId)).for('update');
  // A customer that the account may not see must be neither opened nor overwritten by a known id.
  if (command.kind === 'create' && customerRow !== null && !maySeeCustomer(actor, customerRow)) return { code: 'customer-missing' };
  const ticketRows =
    customerRow === null
      ? []
      : await tx.select().from(ticket).where(eq(ticket.customerId, customerRow.id)).orderBy(asc(ticket.id)).for('update');
  let ticketRow = ticketRows.find((t) => t.id === command.ticketId) ?? null;
  if (ticketRow === null && command.kind === 'create') {
    [ticketRow = null] = await tx.select().from(ticket).where(eq(ticket.id, command.ticketId));
  }
  const known = ticketRow !== null;
  const callbacks = known ? await tx.select().from(callback).where(eq(callback.ticketId, command.ticketId)) : [];
  const events = known
    ? await tx
        .select()
        .from(ticketEvent)
        .where(eq(ticketEvent.ticketId, command.ticketId))
        .orderBy(asc(ticketEvent.seq), asc(ticketEvent.receivedAt), asc(ticketEvent.id))
    : [];
  const [parameters] = await tx.select().from(parameter);
  if (parameters === undefined) throw new Error('parameters are missing');
  return {
    actor,
    customerRow,
    ticketRow,
    siblings: ticketRows.filter((t) => t.id !== command.ticketId),
    state: {
      ticket: ticketRow === null ? null : toTicket(ticketRow),
      customer: customerRow === null ? null : toCustomer(customerRow),
      callbacks,
      events: events.map(toEvent),
      parameters: parameters.value,
      account: (id) => accounts.get(id) ?? null,
    },
  };
}

/** The actor and everyone whom the command names, held as they are until the transaction ends (S21). */
async function loadAccounts(tx: Orm, command: Command, asker: Asker): Promise<Map<string, Account>> {
  const ids = new Set<string>();
  if ('accountId' in asker) ids.add(asker.accountId);
  if (command.kind === 'assign' || command.kind === 'transfer') ids.add(command.args.toId);
  if (command.kind === 'create' && command.args.assigneeId !== null) ids.add(command.args.assigneeId);
  if (ids.size === 0) return new Map();
  const rows = await tx
    .select()
    .from(account)
    .where(inArray(account.id, [...ids]))
    .orderBy(asc(account.id))
    .for('share');
  return new Map(rows.map((row) => [row.id, toAccount(row)]));
}

// qa and admin may create in any group, so the rules alone do not notice one that does not exist.
const groupExists = async (tx: Orm, id: string): Promise<boolean> => (await tx.$count(staffGroup, eq(staffGroup.id, id))) > 0;

async function customerOf(tx: Orm, ticketId: string): Promise<string | null> {
  const [row] = await tx.select({ customerId: ticket.customerId }).from(ticket).where(eq(ticket.id, ticketId));
  return row?.customerId ?? null;
}

const maySeeCustomer = (actor: Actor, row: CustomerRow): boolean =>
  seesEverything(actor) || overlaps(audienceOf(actor as Account), row.audience);

async function write(tx: Orm, loaded: Loaded, change: Change, now: number): Promise<Applied> {
  const entries: FeedEntry[] = [];
  const customerNow: Customer | null = change.customer ?? loaded.state.customer;
  const isNew = loaded.ticketRow === null;
  const next: Ticket = isNew ? { ...change.ticket, number: await nextNumber(tx) } : change.ticket;

  // The customer before its ticket, which refers to it.
  if (customerNow !== null) {
    const before = loaded.customerRow?.audience ?? [];
    const after = customerAudience(customerNow, [next, ...loaded.siblings.map(toTicket)], before);
    if (change.customer !== undefined || !sameAudience(before, after)) {
      const row = storedCustomer(customerNow, after);
      await tx.insert(customer).values(row).onConflictDoUpdate({ target: customer.id, set: row });
      entries.push({ kind: 'customer', id: customerNow.id, before, after });
    }
  }

  const row = storedTicket(next, ticketAudience(next, customerNow));
  if (isNew) await tx.insert(ticket).values(row);
  else await tx.update(ticket).set(row).where(eq(ticket.id, row.id));
  entries.unshift({ kind: 'ticket', id: row.id, before: loaded.ticketRow?.audience ?? [], after: row.audience });

  for (const sibling of loaded.siblings) {
    // A customer that becomes invalid takes its other tickets out of the pool, too.
    const after = ticketAudience(toTicket(sibling), customerNow);
    if (sameAudience(sibling.audience, after)) continue;
    await tx
      .update(ticket)
      .set({ audience: [...after] })
      .where(eq(ticket.id, sibling.id));
    entries.push({ kind: 'ticket', id: sibling.id, before: sibling.audience, after });
  }

  for (const c of change.callbacks) await tx.insert(callback).values(c).onConflictDoUpdate({ target: callback.id, set: c });

  if (change.transfer !== undefined) {
    const { fromId, snapshot } = change.transfer;
    const audience = [`a:${fromId}`, `g:${snapshot.ticket.groupId}`];
    await tx.insert(transfer).values({ ...change.transfer, audience });
    entries.push({ kind: 'transfer', id: change.transfer.id, before: [], after: audience });
  }

  const first = await takeNumbers(tx, entries.length);
  await tx.insert(ticketEvent).values({ ...change.event, receivedAt: now, seq: first });
  await writeFeed(tx, first, entries);
  return { status: 'applied', seq: first + entries.length - 1, entries };
}

async function nextNumber(tx: Orm): Promise<number> {
  const [row] = await rowsOf<{ n: number | string }>(tx, sql`SELECT nextval('ticket_number') AS n`);
  return Number(row!.n);
}
