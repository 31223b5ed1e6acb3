import { err } from '../../lib/result.ts';
import { contactKeys } from '../contacts.ts';
import { misfits } from '../custom-fields.ts';
import type { Actor } from '../people.ts';
import { isStaff } from '../people.ts';
import { isLeaderOf, mayCreate } from '../permissions.ts';
import type { Customer, Ticket } from '../tickets.ts';
import type { Command } from './command.ts';
import { checkTarget, deadline, type Decision, done, refuse } from './outcome.ts';
import type { DecisionState } from './state.ts';

/** A new ticket, and its customer if that one is new too. */
export function create(state: DecisionState, command: Extract<Command, { kind: 'create' }>, actor: Actor, now: number): Decision {
  const { args } = command;
  if (state.ticket !== null) return refuse(state, 'id-taken');
  if (!mayCreate(actor, state.parameters)) return refuse(state, 'not-allowed');
  if (state.customer === null && args.customer === undefined) return refuse(state, 'customer-missing');
  const forOther = args.assigneeId !== null && !(isStaff(actor) && args.assigneeId === actor.id);
  if (args.assigneeId !== null) {
    const bad = checkTarget(state.account(args.assigneeId));
    if (bad !== null) return refuse(state, bad);
  }
  if (forOther && !isLeaderOf(actor, args.groupId)) return refuse(state, 'not-allowed');
  if (forOther && isStaff(actor) && actor.role === 'leader' && args.assigneeId !== null) {
    // As with assign: a leader hands out work inside the own groups.
    const inside = state.account(args.assigneeId)?.groupIds.some((g) => actor.groupIds.includes(g));
    if (inside !== true) return refuse(state, 'target-not-in-group');
  }
  if (isStaff(actor) && !isLeaderOf(actor, args.groupId) && !actor.groupIds.includes(args.groupId)) return refuse(state, 'not-allowed');
  const made = state.customer === null ? newCustomer(args.customerId, args, now) : null;
  if (made !== null && args.customer!.unique === true) {
    const twin = state.twinOf(contactKeys(made));
    if (twin !== null) return err({ code: 'duplicate-contact', detail: twin });
  }
  const customer: Customer = made ?? state.customer!;
  if (customer.invalidAt !== null && args.assigneeId === null) return refuse(state, 'customer-invalid');
  const custom = args.custom ?? {};
  const bad = misfits(state.fields, custom, command.occurredAt);
  if (bad.length > 0) return err({ code: 'field-misfit', detail: bad.join(',') });
  const ticket = newTicket(state, command.ticketId, customer.id, { ...args, custom }, actor, now);
  return done({ ...state, ticket }, command, actor, now, ticket, '', {
    customer: made ?? takenOver(state, customer, args.assigneeId, now),
    changes: { assigneeId: { from: null, to: args.assigneeId } },
  });
}

/** 领取 from 用户资源: whoever takes a customer without an open ticket owns it and has a new ticket for it. */
export function claimCustomer(
  state: DecisionState,
  command: Extract<Command, { kind: 'claimCustomer' }>,
  actor: Actor,
  now: number,
): Decision {
  const { customer, parameters } = state;
  if (!isStaff(actor)) return refuse(state, 'not-allowed');
  if (state.ticket !== null) return refuse(state, 'id-taken');
  if (customer === null) return err({ code: 'customer-missing' });
  if (customer.invalidAt !== null) return err({ code: 'customer-invalid' });
  if (customer.ownerId !== null && customer.ownerId !== actor.id) return err({ code: 'customer-owned' });
  if (state.openElsewhere > 0) return err({ code: 'customer-has-ticket' });
  if (customer.releasedBy.includes(actor.id) && !parameters.allowReclaimAfterRelease) return err({ code: 'reclaim-forbidden' });
  const groupId = customer.groupId !== null && actor.groupIds.includes(customer.groupId) ? customer.groupId : actor.priorityGroupId;
  const fields = {
    subject: command.args.subject,
    description: '',
    category: '',
    nature: 'question',
    priority: 'normal',
    source: 'desktop',
    groupId,
    assigneeId: actor.id,
    custom: {},
  } as const;
  const ticket = newTicket(state, command.ticketId, customer.id, fields, actor, now);
  return done({ ...state, ticket }, command, actor, now, ticket, '', {
    customer: { ...customer, ownerId: actor.id, groupId, updatedAt: now },
    changes: { assigneeId: { from: null, to: actor.id }, 'customer.ownerId': { from: customer.ownerId, to: actor.id } },
  });
}

/** A customer without an owner goes to whoever has its new ticket, unless that account released it before. */
function takenOver(state: DecisionState, customer: Customer, assigneeId: string | null, now: number): Customer | undefined {
  if (assigneeId === null || customer.ownerId !== null || customer.invalidAt !== null) return undefined;
  if (customer.releasedBy.includes(assigneeId) && !state.parameters.allowReclaimAfterRelease) return undefined;
  return { ...customer, ownerId: assigneeId, updatedAt: now };
}

type TicketFields = Pick<
  Ticket,
  'subject' | 'description' | 'category' | 'nature' | 'priority' | 'source' | 'groupId' | 'assigneeId' | 'custom'
>;

function newTicket(state: DecisionState, id: string, customerId: string, fields: TicketFields, actor: Actor, now: number): Ticket {
  return {
    id,
    number: null,
    subject: fields.subject,
    description: fields.description,
    category: fields.category,
    nature: fields.nature,
    priority: fields.priority,
    source: fields.source,
    status: fields.assigneeId === null ? 'released' : 'pending',
    customerId,
    assigneeId: fields.assigneeId,
    groupId: fields.groupId,
    createdBy: isStaff(actor) ? actor.id : null,
    createdAt: now,
    updatedAt: now,
    dueAt: deadline(state, now),
    nextAt: null,
    resolvedAt: null,
    invalid: false,
    expiredFrom: null,
    custom: fields.custom,
    deletedAt: null,
    version: 0,
  };
}

function newCustomer(id: string, args: Extract<Command, { kind: 'create' }>['args'], now: number): Customer {
  const { name, phones, emails, address, tier } = args.customer!;
  return {
    id,
    name,
    phones,
    emails: emails ?? [],
    address: address ?? '',
    tier: tier ?? '',
    ownerId: args.assigneeId,
    groupId: args.groupId,
    source: args.source,
    invalidReleases: 0,
    invalidAt: null,
    invalidBy: null,
    releasedBy: [],
    createdAt: now,
    updatedAt: now,
  };
}
