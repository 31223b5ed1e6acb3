import { sql } from 'drizzle-orm';
import { type Change, type Command, decide, type DecisionState, type Refusal } from '../../shared/domain/commands/index.ts';
import { contactKeys } from '../../shared/domain/contacts.ts';
import type { CustomField } from '../../shared/domain/custom-fields.ts';
import { isOpen } from '../../shared/domain/ticket-state.ts';
import type { Parameters, Ticket } from '../../shared/domain/tickets.ts';
import type { Id } from '../../shared/lib/ids.ts';
import { anyOf } from '../store/any-of.ts';
import { readParameters } from '../store/parameters.ts';
import { type CustomerRow, type TicketRow, toCustomer, toTicket } from '../store/rows.ts';
import { customField, staffGroup } from '../store/schema.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import { arrivedFiles } from '../attachments/files.ts';
import { Changes } from './changes.ts';
import type { FeedEntry } from './feed.ts';
import { HeldTickets } from './held-tickets.ts';
import { type Asker, loadPeople, maySeeCustomer, type People } from './load.ts';
import { holdContacts, type TwinOf } from './twins.ts';

export type Applied =
  | { readonly status: 'applied'; readonly seq: number; readonly mark: number | null; readonly entries: readonly FeedEntry[] }
  | { readonly status: 'refused'; readonly refusal: Refusal };

/** What all commands of one transaction are decided on. */
interface Loaded {
  readonly people: People;
  readonly rows: HeldTickets;
  readonly groups: ReadonlySet<Id>;
  readonly parameters: Parameters;
  readonly fields: readonly CustomField[];
  readonly twinOf: TwinOf;
}

/** What one of them is decided on. */
interface Subject {
  readonly state: DecisionState;
  readonly customerRow: CustomerRow | null;
  readonly ticketRow: TicketRow | null;
  /** All tickets of the customer but this one. */
  readonly siblings: readonly TicketRow[];
}

/** Whether a command wants a transaction of its own: who else has these contacts is asked before anything else is held. */
export const wantsToBeAlone = (command: Command): boolean => command.kind === 'create' && command.args.customer?.unique === true;

/**
 * Decides commands about tickets, each on what those before it lead to, in the caller's transaction: what they need is
 * read together, and what follows from them is written together. A refused one changes nothing.
 * @param commands more than one only of those that do not want to be alone
 * @returns one for each, in their order
 */
export async function applyCommands(tx: Orm, commands: readonly Command[], asker: Asker, now: number): Promise<Applied[]> {
  const loaded = await load(tx, commands, asker);
  const changes = new Changes();
  const decided: (Refusal | { readonly from: number; readonly to: number })[] = [];
  for (const command of commands) {
    const from = changes.entries.length;
    const refusal = await decideNext(tx, loaded, changes, command, now);
    decided.push(refusal ?? { from, to: changes.entries.length });
  }
  if (changes.entries.length === 0) return decided.map((d) => ({ status: 'refused', refusal: d as Refusal }));
  const { first, marks } = await changes.write(tx);
  return decided.map((d) => {
    if ('code' in d) return { status: 'refused', refusal: d };
    const { from, to } = d;
    return { status: 'applied', seq: first + to - 1, mark: marks[to - 1]!, entries: changes.entries.slice(from, to) };
  });
}

async function load(tx: Orm, commands: readonly Command[], asker: Asker): Promise<Loaded> {
  const people = await loadPeople(tx, commands, asker);
  const groups = await holdGroups(tx, [...new Set(commands.flatMap((c) => (c.kind === 'create' ? [c.args.groupId] : [])))]);
  const twinOf = await twinsFor(tx, commands[0]!);
  const made = commands.flatMap((c) => (c.kind === 'create' || c.kind === 'claimCustomer' ? [c] : []));
  const ids = new Set(commands.map((c) => c.ticketId));
  const rows = await HeldTickets.hold(
    tx,
    [...ids],
    made.map((c) => c.ticketId),
    made.map((c) => c.args.customerId),
    commands.flatMap((c) => (c.kind === 'scheduleCallback' ? [c.args.callbackId] : [])),
  );
  return { people, rows, groups, twinOf, parameters: await readParameters(tx), fields: await fieldsFor(tx, commands) };
}

// qa and admin may create in any group, so the rules alone do not notice one that does not exist. Held: it must not go meanwhile.
async function holdGroups(tx: Orm, ids: readonly Id[]): Promise<ReadonlySet<Id>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.select().from(staffGroup).where(anyOf(staffGroup.id, ids)).orderBy(staffGroup.id).for('share');
  return new Set(rows.map((g) => g.id));
}

async function twinsFor(tx: Orm, command: Command): Promise<TwinOf> {
  if (command.kind !== 'create' || command.args.customer?.unique !== true) return () => null;
  const { phones, emails = [] } = command.args.customer;
  return holdContacts(tx, contactKeys({ phones, emails }), command.args.customerId);
}

/** Definitions, for the commands whose rule looks at them. */
async function fieldsFor(tx: Orm, commands: readonly Command[]): Promise<readonly CustomField[]> {
  const needed = commands.some(({ kind }) => kind === 'create' || kind === 'update' || kind === 'resolve');
  return needed ? tx.select().from(customField) : [];
}

/** @returns why it is refused; null: what follows from it stands in `changes` and in the rows that are held */
async function decideNext(tx: Orm, loaded: Loaded, changes: Changes, command: Command, now: number): Promise<Refusal | null> {
  const { actor } = loaded.people;
  if (actor === null) return { code: 'not-allowed' };
  if (command.kind === 'create' && !loaded.groups.has(command.args.groupId)) return { code: 'bad-arguments', detail: 'args.groupId' };
  const subject = subjectFor(loaded, command);
  const creates = command.kind === 'create' || command.kind === 'claimCustomer';
  // A customer that the account may not see must be neither opened nor overwritten by a known id.
  if (creates && subject.customerRow !== null && !maySeeCustomer(actor, subject.customerRow)) return { code: 'customer-missing' };
  const decision = decide(subject.state, command, actor, now);
  if (!decision.ok) return decision.error;
  if (command.kind === 'scheduleCallback' && loaded.rows.hasCallbackElsewhere(command.args.callbackId, command.ticketId))
    return { code: 'id-taken' };
  let change = decision.value;
  if (command.kind === 'attach') {
    const files = await arrivedFiles(tx, change.attachments ?? []);
    if (!files.ok) return files.error;
    change = { ...change, attachments: files.value };
  }
  const isNew = subject.ticketRow === null;
  const next: Ticket = isNew ? { ...change.ticket, number: await nextNumber(tx) } : change.ticket;
  note(loaded.rows, changes, subject, { ...change, ticket: next }, now);
  return null;
}

function subjectFor({ people, rows, parameters, fields, twinOf }: Loaded, command: Command): Subject {
  const creates = command.kind === 'create' || command.kind === 'claimCustomer';
  const ticketRow = rows.ticket(command.ticketId);
  const customerId = creates ? command.args.customerId : (ticketRow?.customerId ?? null);
  const customerRow = rows.customer(customerId);
  const siblings = rows.siblings(customerId, command.ticketId);
  return {
    customerRow,
    ticketRow,
    siblings,
    state: {
      ticket: ticketRow === null ? null : toTicket(ticketRow),
      customer: customerRow === null ? null : toCustomer(customerRow),
      ...rows.of(command.ticketId),
      parameters,
      fields,
      openElsewhere: siblings.filter((t) => isOpen(t)).length,
      twinOf,
      account: (id) => people.all.get(id) ?? null,
    },
  };
}

function note(
  rows: HeldTickets,
  changes: Changes,
  { customerRow, ticketRow, siblings, state }: Subject,
  change: Change,
  now: number,
): void {
  const customerNow = change.customer ?? state.customer;
  const place = changes.entries.length;
  rows.putTicket(changes.ticket(ticketRow, change.ticket, customerNow));
  const customer = changes.customer(customerRow, change.customer ?? null, [change.ticket, ...siblings.map(toTicket)]);
  if (customer !== null) rows.putCustomer(customer);
  for (const row of changes.shownTickets(siblings, customerNow)) rows.putTicket(row);
  for (const row of change.callbacks) {
    changes.callback(row);
    rows.putCallback(row);
  }
  for (const row of change.attachments ?? []) {
    changes.attachment(row);
    rows.putAttachment(row);
  }
  if (change.transfer !== undefined) changes.transfer(change.transfer);
  const event = { ...change.event, receivedAt: momentAfter(state.events.at(-1)?.receivedAt ?? 0, now) };
  changes.event(event, place);
  rows.putEvent(event);
}

/** A time further ahead than this is from a clock that was wrong. */
const CLOSE_MS = 60_000;

/** The history of a ticket is in the order of these times, also where several commands came in one moment. */
const momentAfter = (last: number, now: number): number => (last >= now && last - now < CLOSE_MS ? last + 1 : now);

async function nextNumber(tx: Orm): Promise<number> {
  const [row] = await rowsOf<{ n: number | string }>(tx, sql`SELECT nextval('ticket_number') AS n`);
  return Number(row!.n);
}
