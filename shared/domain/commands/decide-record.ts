import { assertNever } from '../../lib/assert-never.ts';
import type { Id } from '../../lib/ids.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { contactKeys } from '../contacts.ts';
import type { Account } from '../people.ts';
import { isLeaderOf } from '../permissions.ts';
import { MAX_PHRASES, MAX_SAVED_SEARCHES, type Phrase, type SavedSearch } from '../personal.ts';
import type { Customer, Parameters } from '../tickets.ts';
import type { FactChange, RecordCommand } from './record-command.ts';
import type { Refusal, RefusalCode } from './refusal.ts';

/** All that a decision about a record may look at. */
export interface RecordState {
  /** The customer of the command; only if the actor may see it. */
  readonly customer: Customer | null;
  /** The actor has one of its open tickets. */
  readonly holdsTicket: boolean;
  /** Groups in which its tickets lie. */
  readonly ticketGroups: readonly Id[];
  readonly searches: readonly SavedSearch[];
  readonly phrases: readonly Phrase[];
  readonly parameters: Parameters;
  readonly account: (id: Id) => Account | null;
  readonly twinOf: (contacts: readonly string[]) => Id | null;
}

export type RecordRow =
  | { readonly entity: 'customer'; readonly id: Id; readonly row: Customer }
  | { readonly entity: 'account'; readonly id: Id; readonly row: Account }
  | { readonly entity: 'search'; readonly id: Id; readonly row: SavedSearch | null }
  | { readonly entity: 'phrase'; readonly id: Id; readonly row: Phrase | null };

export type RecordDecision = Result<readonly RecordRow[], Refusal>;

/** Owner, holder of an open ticket, and the leaders of its groups may change what is known of a customer. */
export const mayEditCustomer = (state: Pick<RecordState, 'holdsTicket' | 'ticketGroups'>, customer: Customer, actor: Account): boolean =>
  !actor.disabled && (customer.ownerId === actor.id || state.holdsTicket || leadsCustomer(state, customer, actor));

/** Who may give a customer to another owner and take it out of 无效. */
export const leadsCustomer = (state: Pick<RecordState, 'ticketGroups'>, customer: Customer, actor: Account): boolean =>
  [...state.ticketGroups, ...(customer.groupId === null ? [] : [customer.groupId])].some((g) => isLeaderOf(actor, g)) ||
  (customer.groupId === null && (actor.role === 'qa' || actor.role === 'admin'));

const no = (code: RefusalCode): RecordDecision => err({ code });

/** The one rule for commands that are not about a ticket; as `decide` for those that are. @param now epoch ms */
export function decideRecord(state: RecordState, command: RecordCommand, actor: Account, now: number): RecordDecision {
  if (actor.disabled) return no('not-allowed');
  switch (command.kind) {
    case 'addCustomer': {
      const { owned, unique, ...facts } = command.args;
      if (state.customer !== null) return no('id-taken');
      const twin = unique ? state.twinOf(contactKeys(facts)) : null;
      if (twin !== null) return err({ code: 'duplicate-contact', detail: twin });
      const row: Customer = {
        ...facts,
        id: command.subjectId,
        ownerId: owned ? actor.id : null,
        groupId: actor.priorityGroupId,
        invalidReleases: 0,
        invalidAt: null,
        invalidBy: null,
        releasedBy: [],
        createdAt: now,
        updatedAt: now,
      };
      return ok([{ entity: 'customer', id: row.id, row }]);
    }
    case 'editCustomer': {
      const { customer } = state;
      if (customer === null) return no('not-found');
      if (!mayEditCustomer(state, customer, actor)) return no('not-allowed');
      return edit(state, customer, command.args.changes, actor, now);
    }
    case 'restoreCustomer': {
      const { customer } = state;
      if (customer === null) return no('not-found');
      if (!leadsCustomer(state, customer, actor)) return no('not-allowed');
      if (customer.invalidAt === null) return no('customer-valid');
      const row: Customer = { ...customer, invalidAt: null, invalidBy: null, invalidReleases: 0, updatedAt: now };
      return ok([{ entity: 'customer', id: row.id, row }]);
    }
    case 'putSearch': {
      const { replaces, ...args } = command.args;
      const known = state.searches.find((s) => s.id === command.subjectId);
      if (known !== undefined && known.accountId !== actor.id) return no('not-allowed');
      const replaced = state.searches.find((s) => s.id === replaces);
      const others = state.searches.filter((s) => s.id !== command.subjectId && s.id !== replaced?.id);
      if (others.length >= MAX_SAVED_SEARCHES) return no('too-many');
      const row: SavedSearch = { ...args, id: command.subjectId, accountId: actor.id, updatedAt: now };
      const gone: RecordRow[] = replaced === undefined || replaced.id === row.id ? [] : [{ entity: 'search', id: replaced.id, row: null }];
      return ok([...gone, { entity: 'search', id: row.id, row }]);
    }
    case 'removeSearch':
      return state.searches.some((s) => s.id === command.subjectId)
        ? ok([{ entity: 'search', id: command.subjectId, row: null }])
        : no('not-found');
    case 'putPhrase': {
      const { shared, ...args } = command.args;
      const known = state.phrases.find((p) => p.id === command.subjectId);
      if ((shared || known?.ownerId === null) && actor.role === 'agent') return no('not-allowed');
      if (known !== undefined && known.ownerId !== null && known.ownerId !== actor.id) return no('not-allowed');
      const ownerId = shared ? null : actor.id;
      const others = state.phrases.filter((p) => p.id !== command.subjectId && p.ownerId === ownerId);
      if (others.length >= MAX_PHRASES) return no('too-many');
      return ok([{ entity: 'phrase', id: command.subjectId, row: { ...args, id: command.subjectId, ownerId, updatedAt: now } }]);
    }
    case 'removePhrase': {
      const known = state.phrases.find((p) => p.id === command.subjectId);
      if (known === undefined) return no('not-found');
      const mine = known.ownerId === actor.id || (known.ownerId === null && actor.role !== 'agent');
      return mine ? ok([{ entity: 'phrase', id: known.id, row: null }]) : no('not-allowed');
    }
    case 'setDuty': {
      if (command.subjectId !== actor.id) return no('not-allowed');
      const row: Account = { ...actor, groupIds: [...actor.groupIds], duty: command.args.duty, dutySince: command.occurredAt };
      return ok([{ entity: 'account', id: row.id, row }]);
    }
    default:
      return assertNever(command);
  }
}

/** Facts that others changed meanwhile conflict; the rest merges, as with a ticket's fields (SY7). */
function edit(state: RecordState, customer: Customer, changes: readonly FactChange[], actor: Account, now: number): RecordDecision {
  const conflicts = [];
  const next: Record<string, unknown> = {};
  for (const { field, from, to } of changes) {
    const theirs = customer[field];
    if (!same(theirs, from) && !same(theirs, to)) conflicts.push({ field: `customer.${field}`, base: from, mine: to, theirs });
    else next[field] = to;
  }
  if (conflicts.length > 0) return err({ code: 'conflict', fields: conflicts });
  if (changes.some((c) => c.field === 'ownerId')) {
    if (!leadsCustomer(state, customer, actor)) return no('not-allowed');
    const owner = changes.find((c) => c.field === 'ownerId')!.to;
    const target = owner === null ? null : state.account(owner);
    if (owner !== null && target === null) return no('target-missing');
    if (target?.disabled === true) return no('target-disabled');
    if (target !== null && actor.role === 'leader' && !target.groupIds.some((g) => actor.groupIds.includes(g)))
      return no('target-not-in-group');
  }
  const row = { ...customer, ...next, updatedAt: now } as Customer;
  return ok([{ entity: 'customer', id: row.id, row }]);
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
