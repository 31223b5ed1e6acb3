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
  const customer: Customer = state.customer ?? {
    id: args.customerId,
    name: args.customer!.name,
    phones: args.customer!.phones,
    emails: [],
    address: '',
    tier: '',
    ownerId: args.assigneeId,
    source: args.source,
    invalidReleases: 0,
    invalidAt: null,
    invalidBy: null,
    releasedBy: [],
    createdAt: now,
    updatedAt: now,
  };
  if (customer.invalidAt !== null && args.assigneeId === null) return refuse(state, 'customer-invalid');
  const ticket: Ticket = {
    id: command.ticketId,
    number: null,
    subject: args.subject,
    description: args.description,
    category: args.category,
    nature: args.nature,
    priority: args.priority,
    source: args.source,
    status: args.assigneeId === null ? 'released' : 'pending',
    customerId: customer.id,
    assigneeId: args.assigneeId,
    groupId: args.groupId,
    createdBy: isStaff(actor) ? actor.id : null,
    createdAt: now,
    updatedAt: now,
    dueAt: deadline(state, now),
    nextAt: null,
    resolvedAt: null,
    invalid: false,
    expiredFrom: null,
    custom: {},
    deletedAt: null,
    version: 0,
  };
  return done({ ...state, ticket }, command, actor, now, ticket, '', {
    ...(state.customer === null && { customer }),
    changes: { assigneeId: { from: null, to: args.assigneeId } },
  });
}
