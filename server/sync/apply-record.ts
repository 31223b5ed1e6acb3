import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { decideRecord, type RecordCommand, type RecordRow, type RecordState } from '../../shared/domain/commands/index.ts';
import { contactKeys } from '../../shared/domain/contacts.ts';
import { type Account, isStaff } from '../../shared/domain/people.ts';
import type { Phrase } from '../../shared/domain/personal.ts';
import { isOpen } from '../../shared/domain/ticket-state.ts';
import type { Customer } from '../../shared/domain/tickets.ts';
import { readParameters } from '../store/parameters.ts';
import { type CustomerRow, storedPhrase, storedSearch, type TicketRow, toCustomer, toTicket } from '../store/rows.ts';
import { account, phrase, savedSearch, ticketEvent } from '../store/schema.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import type { Applied } from './apply.ts';
import { Changes } from './changes.ts';
import { everyone, readMark } from './feed.ts';
import { type Asker, holdCustomers, loadPeople, maySeeCustomer } from './load.ts';
import { holdContacts } from './twins.ts';

/** How many phrases there may be is counted by one at a time. */
const PHRASES = 7_310_005;

interface Loaded {
  readonly state: RecordState;
  readonly customerRow: CustomerRow | null;
  readonly ticketRows: readonly TicketRow[];
}

/** As `applyCommands`, for one command that is not about a ticket. */
export async function applyRecord(tx: Orm, command: RecordCommand, asker: Asker, now: number): Promise<Applied> {
  // What an account keeps for itself is counted and changed by one of its devices at a time.
  const alone = command.kind === 'setDuty' || command.kind === 'putSearch' || command.kind === 'putPhrase';
  const { actor, all } = await loadPeople(tx, [command], asker, alone ? 'update' : 'share');
  if (actor === null || !isStaff(actor)) return { status: 'refused', refusal: { code: 'not-allowed' } };
  const loaded = await load(tx, command, actor, all);
  const decision = decideRecord(loaded.state, command, actor, now);
  if (!decision.ok) return { status: 'refused', refusal: decision.error };
  const changes = new Changes();
  for (const row of decision.value) await write(tx, loaded, changes, row);
  const { first, marks } = await changes.write(tx);
  const seq = first + marks.length - 1;
  return { status: 'applied', seq, mark: marks.at(-1) ?? (await readMark(tx, seq)), entries: changes.entries };
}

async function load(tx: Orm, command: RecordCommand, actor: Account, accounts: ReadonlyMap<string, Account>): Promise<Loaded> {
  const adds = command.kind === 'addCustomer';
  const twinOf =
    adds && command.args.unique ? await holdContacts(tx, contactKeys(command.args), command.subjectId) : (): string | null => null;
  const aboutCustomer = adds || command.kind === 'editCustomer' || command.kind === 'restoreCustomer';
  const { customerRows, ticketRows } = aboutCustomer ? await holdCustomers(tx, [command.subjectId]) : { customerRows: [], ticketRows: [] };
  const [customerRow = null] = customerRows;
  // An id that is taken is taken, whoever may see what has it.
  const known = customerRow !== null && (adds || maySeeCustomer(actor, customerRow));
  const mine = eq(savedSearch.accountId, actor.id);
  const readable = or(eq(phrase.ownerId, actor.id), isNull(phrase.ownerId));
  const aboutSearch = command.kind === 'putSearch' || command.kind === 'removeSearch';
  const aboutPhrase = command.kind === 'putPhrase' || command.kind === 'removePhrase';
  if (command.kind === 'putPhrase') await rowsOf(tx, sql`SELECT pg_advisory_xact_lock(${PHRASES}::bigint)`);
  // Beside one's own, whatever has the id: it may be another's, and must not be overwritten.
  const searches = command.kind === 'putSearch' ? or(mine, eq(savedSearch.id, command.subjectId)) : mine;
  const phrases = command.kind === 'putPhrase' ? or(readable, eq(phrase.id, command.subjectId)) : readable;
  return {
    customerRow,
    ticketRows,
    state: {
      customer: known ? toCustomer(customerRow) : null,
      holdsTicket: ticketRows.some((t) => t.assigneeId === actor.id && isOpen(t)),
      ticketGroups: [...new Set(ticketRows.map((t) => t.groupId))],
      searches: aboutSearch ? await tx.select().from(savedSearch).where(searches).for('update') : [],
      phrases: aboutPhrase ? await tx.select().from(phrase).where(phrases) : [],
      parameters: await readParameters(tx),
      account: (id) => accounts.get(id) ?? null,
      twinOf,
    },
  };
}

async function write(tx: Orm, loaded: Loaded, changes: Changes, change: RecordRow): Promise<void> {
  const { state } = loaded;
  switch (change.entity) {
    case 'customer':
      return changeCustomer(tx, loaded, changes, change.row);
    case 'account': {
      const { duty, dutySince } = change.row;
      await tx.update(account).set({ duty, dutySince }).where(eq(account.id, change.id));
      changes.entries.push({ kind: 'account', id: change.id, before: [], after: [] });
      return;
    }
    case 'search': {
      const owner = change.row?.accountId ?? state.searches.find((s) => s.id === change.id)!.accountId;
      const tags = [`a:${owner}`];
      const was = state.searches.some((s) => s.id === change.id) ? tags : [];
      if (change.row === null) await tx.delete(savedSearch).where(eq(savedSearch.id, change.id));
      else {
        const row = storedSearch(change.row);
        await tx.insert(savedSearch).values(row).onConflictDoUpdate({ target: savedSearch.id, set: row });
      }
      changes.entries.push({ kind: 'search', id: change.id, before: was, after: change.row === null ? [] : tags });
      return;
    }
    case 'phrase': {
      const before = readersOf(state.phrases.find((p) => p.id === change.id) ?? null);
      if (change.row === null) await tx.delete(phrase).where(eq(phrase.id, change.id));
      else {
        const row = storedPhrase(change.row);
        await tx.insert(phrase).values(row).onConflictDoUpdate({ target: phrase.id, set: row });
      }
      changes.entries.push({ kind: 'phrase', id: change.id, before, after: readersOf(change.row) });
      return;
    }
  }
}

const readersOf = (of: Phrase | null): readonly string[] => (of === null ? [] : of.ownerId === null ? [everyone] : [`a:${of.ownerId}`]);

async function changeCustomer(tx: Orm, { customerRow, ticketRows }: Loaded, changes: Changes, next: Customer): Promise<void> {
  const tickets = ticketRows.map(toTicket);
  const lost = customerRow?.ownerId ?? null;
  let kept = customerRow?.audience ?? [];
  // Who only owned it sees it no more; who held one of its tickets does.
  if (lost !== null && lost !== next.ownerId && !(await hasHeld(tx, lost, ticketRows))) kept = kept.filter((tag) => tag !== `a:${lost}`);
  changes.customer(customerRow, next, tickets, kept);
  changes.shownTickets(ticketRows, next);
}

async function hasHeld(tx: Orm, accountId: string, tickets: readonly { readonly id: string }[]): Promise<boolean> {
  if (tickets.length === 0) return false;
  const ids = tickets.map((t) => t.id);
  const handed = sql`${ticketEvent.changes} #>> '{assigneeId,to}' = ${accountId}`;
  return (await tx.$count(ticketEvent, and(inArray(ticketEvent.ticketId, ids), handed))) > 0;
}
