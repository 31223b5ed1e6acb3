import { asc, eq, sql } from 'drizzle-orm';
import { type Change, type Command, decide, type DecisionState, type Refusal } from '../../shared/domain/commands/index.ts';
import { contactKeys } from '../../shared/domain/contacts.ts';
import type { CustomField } from '../../shared/domain/custom-fields.ts';
import type { Actor } from '../../shared/domain/people.ts';
import { ticketAudience } from '../../shared/domain/permissions.ts';
import { isOpen } from '../../shared/domain/ticket-state.ts';
import type { Ticket } from '../../shared/domain/tickets.ts';
import { readParameters } from '../store/parameters.ts';
import { type CustomerRow, storedTicket, type TicketRow, toCustomer, toEvent, toTicket } from '../store/rows.ts';
import { attachment, callback, customField, staffGroup, ticket, ticketEvent, transfer } from '../store/schema.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import { arrivedFiles } from '../attachments/files.ts';
import { type FeedEntry, takeNumbers, writeFeed } from './feed.ts';
import { type Asker, holdCustomer, loadPeople, maySeeCustomer } from './load.ts';
import { saveCustomer, showTickets } from './save-customer.ts';
import { holdContacts, type TwinOf } from './twins.ts';

export type Applied =
  | { readonly status: 'applied'; readonly seq: number; readonly mark: number | null; readonly entries: readonly FeedEntry[] }
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
  if (command.kind !== 'attach') return write(tx, loaded, decision.value, now);
  const files = await arrivedFiles(tx, decision.value.attachments ?? []);
  return files.ok ? write(tx, loaded, { ...decision.value, attachments: files.value }, now) : { status: 'refused', refusal: files.error };
}

async function load(tx: Orm, command: Command, asker: Asker): Promise<Loaded | Refusal> {
  const { actor, all: accounts } = await loadPeople(tx, command, asker);
  if (actor === null) return { code: 'not-allowed' };

  if (command.kind === 'create' && !(await groupExists(tx, command.args.groupId))) return { code: 'bad-arguments', detail: 'args.groupId' };
  const twinOf = await twinsFor(tx, command);

  const creates = command.kind === 'create' || command.kind === 'claimCustomer';
  const customerId = creates ? command.args.customerId : await customerOf(tx, command.ticketId);
  const { customerRow, ticketRows } = await holdCustomer(tx, customerId);
  // A customer that the account may not see must be neither opened nor overwritten by a known id.
  if (creates && customerRow !== null && !maySeeCustomer(actor, customerRow)) return { code: 'customer-missing' };
  let ticketRow = ticketRows.find((t) => t.id === command.ticketId) ?? null;
  if (ticketRow === null && creates) {
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
  const attachments = known ? await tx.select().from(attachment).where(eq(attachment.ticketId, command.ticketId)) : [];
  const siblings = ticketRows.filter((t) => t.id !== command.ticketId);
  return {
    actor,
    customerRow,
    ticketRow,
    siblings,
    state: {
      ticket: ticketRow === null ? null : toTicket(ticketRow),
      customer: customerRow === null ? null : toCustomer(customerRow),
      callbacks,
      attachments,
      events: events.map(toEvent),
      parameters: await readParameters(tx),
      fields: await fieldsFor(tx, command),
      openElsewhere: siblings.filter((t) => isOpen(t)).length,
      twinOf,
      account: (id) => accounts.get(id) ?? null,
    },
  };
}

async function twinsFor(tx: Orm, command: Command): Promise<TwinOf> {
  if (command.kind !== 'create' || command.args.customer?.unique !== true) return () => null;
  const { phones, emails = [] } = command.args.customer;
  return holdContacts(tx, contactKeys({ phones, emails }), command.args.customerId);
}

/** Definitions, for the commands whose rule looks at them. */
async function fieldsFor(tx: Orm, command: Command): Promise<readonly CustomField[]> {
  const needed = command.kind === 'create' || command.kind === 'update' || command.kind === 'resolve';
  return needed ? tx.select().from(customField) : [];
}

// qa and admin may create in any group, so the rules alone do not notice one that does not exist. Held: it must not go meanwhile.
const groupExists = async (tx: Orm, id: string): Promise<boolean> =>
  (await tx.select().from(staffGroup).where(eq(staffGroup.id, id)).for('share')).length > 0;

async function customerOf(tx: Orm, ticketId: string): Promise<string | null> {
  const [row] = await tx.select({ customerId: ticket.customerId }).from(ticket).where(eq(ticket.id, ticketId));
  return row?.customerId ?? null;
}

async function write(tx: Orm, loaded: Loaded, change: Change, now: number): Promise<Applied> {
  const customerNow = change.customer ?? loaded.state.customer;
  const isNew = loaded.ticketRow === null;
  const next: Ticket = isNew ? { ...change.ticket, number: await nextNumber(tx) } : change.ticket;

  // The customer before its ticket, which refers to it.
  const entries = await saveCustomer(tx, loaded.customerRow, change.customer ?? null, [next, ...loaded.siblings.map(toTicket)]);

  const row = storedTicket(next, ticketAudience(next, customerNow));
  if (isNew) await tx.insert(ticket).values(row);
  else await tx.update(ticket).set(row).where(eq(ticket.id, row.id));
  entries.unshift({ kind: 'ticket', id: row.id, before: loaded.ticketRow?.audience ?? [], after: row.audience });
  entries.push(...(await showTickets(tx, loaded.siblings, customerNow)));

  for (const c of change.callbacks) await tx.insert(callback).values(c).onConflictDoUpdate({ target: callback.id, set: c });

  for (const a of change.attachments ?? [])
    await tx
      .insert(attachment)
      .values(a)
      .onConflictDoUpdate({ target: attachment.id, set: { removedAt: a.removedAt } });

  if (change.transfer !== undefined) {
    const { fromId, snapshot } = change.transfer;
    const audience = [`a:${fromId}`, `g:${snapshot.ticket.groupId}`];
    await tx.insert(transfer).values({ ...change.transfer, audience });
    entries.push({ kind: 'transfer', id: change.transfer.id, before: [], after: audience });
  }

  const first = await takeNumbers(tx, entries.length);
  await tx.insert(ticketEvent).values({ ...change.event, receivedAt: now, seq: first });
  const marks = await writeFeed(tx, first, entries);
  return { status: 'applied', seq: first + entries.length - 1, mark: marks.at(-1) ?? null, entries };
}

async function nextNumber(tx: Orm): Promise<number> {
  const [row] = await rowsOf<{ n: number | string }>(tx, sql`SELECT nextval('ticket_number') AS n`);
  return Number(row!.n);
}
