import { assertNever } from '../../lib/assert-never.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type Account, type Actor, isStaff } from '../people.ts';
import { canSeeTicket, isInPool, isLeaderOf } from '../permissions.ts';
import { isOpen } from '../ticket-state.ts';
import { misfits, missingFields } from '../custom-fields.ts';
import type { Callback, Customer, CustomValue, Ticket } from '../tickets.ts';
import { attach, removeAttachment } from './attach.ts';
import { type Command, type FieldChange, limits } from './command.ts';
import { claimCustomer, create } from './create.ts';
import { mergeFields } from './field-merge.ts';
import { checkTarget, DAY, deadline, type Decision, describe, done, type Existing, refuse } from './outcome.ts';
import type { RefusalCode } from './refusal.ts';
import type { DecisionState } from './state.ts';
import { undoRelease } from './undo.ts';

/**
 * The one rule for every command: the rows that it leads to, or why not. Pure; the core applies the answer at
 * once, the server's own answer counts.
 * @param now epoch ms, by the clock of whoever decides; deadlines are set from it.
 */
export function decide(state: DecisionState, command: Command, actor: Actor, now: number): Decision {
  if (isStaff(actor) && actor.disabled) return refuse(state, 'not-allowed');
  if (command.kind === 'create') return create(state, command, actor, now);
  if (command.kind === 'claimCustomer') return claimCustomer(state, command, actor, now);
  if (state.ticket === null || state.ticket.deletedAt !== null) return err({ code: 'not-found' });
  const existing: Existing = { ...state, ticket: state.ticket };
  const mayLook =
    canSeeTicket(actor, existing.ticket, existing.customer) ||
    // Who has handled it may still be told why a command came too late, and leave what they wrote as a note.
    (isStaff(actor) && existing.events.some((e) => e.actorId === actor.id));
  if (!mayLook) return err({ code: 'not-found' });
  return decideExisting(existing, command, actor, now);
}

function decideExisting(
  state: Existing,
  command: Exclude<Command, { kind: 'create' | 'claimCustomer' }>,
  actor: Actor,
  now: number,
): Decision {
  const { ticket } = state;
  switch (command.kind) {
    case 'claim': {
      if (!isStaff(actor)) return refuse(state, 'not-allowed');
      if (ticket.status !== 'released') return refuse(state, 'wrong-state');
      if (!isInPool(ticket, state.customer)) return refuse(state, 'customer-invalid');
      if (state.customer?.releasedBy.includes(actor.id) && !state.parameters.allowReclaimAfterRelease)
        return refuse(state, 'reclaim-forbidden');
      const next = handTo(state, actor, now);
      return done(state, command, actor, now, { ...next, invalid: false }, '', { customer: owned(state, actor.id, now) });
    }
    case 'assign': {
      if (!isLeaderOf(actor, ticket.groupId)) return refuse(state, 'not-allowed');
      if (!isOpen(ticket) && ticket.status !== 'released') return refuse(state, 'wrong-state');
      const target = state.account(command.args.toId);
      const refusal = checkReceiver(target, ticket, actor);
      if (refusal !== null) return refuse(state, refusal);
      return done(state, command, actor, now, { ...handTo(state, target!, now), invalid: false }, command.args.note, {
        callbacks: following(state, target!),
        ...(ticket.status === 'released' && { customer: owned(state, target!.id, now) }),
      });
    }
    case 'withdraw': {
      if (!isLeaderOf(actor, ticket.groupId)) return refuse(state, 'not-allowed');
      if (!isOpen(ticket)) return refuse(state, 'wrong-state');
      const next: Ticket = { ...ticket, status: 'released', assigneeId: null };
      return done(state, command, actor, now, next, command.args.reason, { callbacks: cancelled(state, now), customer: free(state, now) });
    }
    case 'handOver': {
      if (!isLeaderOf(actor, ticket.groupId)) return refuse(state, 'not-allowed');
      if (ticket.status !== 'resolved' && ticket.status !== 'closed') return refuse(state, 'wrong-state');
      if (!state.callbacks.some((c) => c.outcome === null)) return refuse(state, 'nothing-to-hand-over');
      const target = state.account(command.args.toId);
      const refusal = checkReceiver(target, ticket, actor);
      if (refusal !== null) return refuse(state, refusal);
      // It stays finished; whoever calls back must see it.
      const { status, dueAt } = ticket;
      return done(state, command, actor, now, { ...handTo(state, target!, now), status, dueAt }, command.args.note, {
        callbacks: following(state, target!),
      });
    }
    case 'note': {
      return done(state, command, actor, now, ticket, command.args.note);
    }
    case 'update': {
      const refusal = checkHandling(state, actor);
      if (refusal !== null) return refuse(state, refusal);
      const bad = misfits(state.fields, customOf(command.args.changes), command.occurredAt);
      if (bad.length > 0) return err({ ...describe(state, 'field-misfit'), detail: bad.join(',') });
      const merged = mergeFields(ticket, command.args.changes);
      if (!merged.ok) return err({ ...describe(state, 'conflict'), fields: [...merged.error] });
      const next: Ticket = { ...merged.value, status: command.args.waiting ? 'waiting' : 'processing' };
      return done(state, command, actor, now, next, command.args.note);
    }
    case 'resolve': {
      const refusal = checkHandling(state, actor);
      if (refusal !== null) return refuse(state, refusal);
      const missing = missingFields(state.fields, ticket.custom, command.occurredAt);
      if (missing.length > 0) return err({ ...describe(state, 'field-required'), detail: missing.join(',') });
      return done(state, command, actor, now, { ...ticket, status: 'resolved', resolvedAt: now }, command.args.report);
    }
    case 'transfer': {
      const refusal = checkHandling(state, actor);
      if (refusal !== null) return refuse(state, refusal);
      const target = state.account(command.args.toId);
      if (isStaff(actor) && command.args.toId === actor.id) return refuse(state, 'target-self');
      const bad = checkTarget(target);
      if (bad !== null) return refuse(state, bad);
      const from = (actor as Account).id;
      return done(state, command, actor, now, handTo(state, target!, now), command.args.reason, {
        callbacks: following(state, target!),
        transfer: {
          id: command.id,
          ticketId: ticket.id,
          fromId: from,
          toId: target!.id,
          reason: command.args.reason,
          at: now,
          snapshot: { ticket, customerName: state.customer?.name ?? '', events: state.events },
        },
      });
    }
    case 'release': {
      const refusal = checkHandling(state, actor);
      if (refusal !== null) return refuse(state, refusal);
      return letGo(state, command, actor, now, command.args.reason);
    }
    case 'invalidate': {
      const refusal = checkHandling(state, actor);
      if (refusal !== null) return refuse(state, refusal);
      return letGo(state, command, actor, now, command.args.reason);
    }
    case 'expire': {
      if (actor.role !== 'system') return refuse(state, 'not-allowed');
      if (!isOpen(ticket) || ticket.dueAt === null || ticket.dueAt > now) return refuse(state, 'wrong-state');
      const next: Ticket = { ...ticket, status: 'released', assigneeId: null, expiredFrom: ticket.assigneeId };
      return done(state, command, actor, now, next, '', { callbacks: cancelled(state, now), customer: free(state, now) });
    }
    case 'reopen': {
      if (ticket.status !== 'resolved' && ticket.status !== 'closed') return refuse(state, 'wrong-state');
      if (!isLeaderOf(actor, ticket.groupId)) return refuse(state, 'not-allowed');
      const next: Ticket = { ...ticket, status: 'processing', resolvedAt: null, dueAt: deadline(state, now) };
      return done(state, command, actor, now, next, command.args.reason);
    }
    case 'review': {
      if (!isLeaderOf(actor, ticket.groupId)) return refuse(state, 'not-allowed');
      if (ticket.status !== 'resolved') return refuse(state, 'wrong-state');
      const next: Ticket =
        command.args.verdict === 'close'
          ? { ...ticket, status: 'closed' }
          : { ...ticket, status: 'processing', resolvedAt: null, dueAt: deadline(state, now) };
      return done(state, command, actor, now, next, command.args.note);
    }
    case 'autoClose': {
      if (actor.role !== 'system') return refuse(state, 'not-allowed');
      const wait = state.parameters.resolvedAutoCloseDays * DAY;
      if (ticket.status !== 'resolved' || ticket.resolvedAt === null || ticket.resolvedAt + wait > now) return refuse(state, 'wrong-state');
      return done(state, command, actor, now, { ...ticket, status: 'closed' }, '');
    }
    case 'customerReply': {
      if (actor.role !== 'channel') return refuse(state, 'not-allowed');
      if (ticket.status !== 'waiting' && ticket.status !== 'resolved') return refuse(state, 'wrong-state');
      const next: Ticket =
        ticket.status === 'waiting'
          ? { ...ticket, status: 'processing' }
          : { ...ticket, status: 'processing', resolvedAt: null, dueAt: deadline(state, now) };
      return done(state, command, actor, now, next, command.args.text);
    }
    case 'scheduleCallback': {
      const refusal = checkAssignee(state, actor);
      if (refusal !== null) return refuse(state, refusal);
      if (state.callbacks.some((c) => c.id === command.args.callbackId)) return refuse(state, 'id-taken');
      const bad = checkTime(command.args.dueAt, command.occurredAt);
      if (bad !== null) return refuse(state, bad);
      const made: Callback = {
        id: command.args.callbackId,
        ticketId: ticket.id,
        customerId: ticket.customerId,
        assigneeId: (actor as Account).id,
        dueAt: command.args.dueAt,
        note: command.args.note,
        outcome: null,
        outcomeNote: '',
        snoozes: 0,
        createdAt: now,
        closedAt: null,
      };
      return done(state, command, actor, now, ticket, command.args.note, {
        callbacks: [made],
        changes: { callback: { from: null, to: made.dueAt } },
      });
    }
    case 'rescheduleCallback': {
      const found = openCallback(state, actor, command.args.callbackId);
      if (!found.ok) return refuse(state, found.error);
      const bad = checkTime(command.args.dueAt, command.occurredAt);
      if (bad !== null) return refuse(state, bad);
      if (found.value.dueAt !== command.args.from && found.value.dueAt !== command.args.dueAt)
        return err({
          ...describe(state, 'conflict'),
          fields: [{ field: 'callback', base: command.args.from, mine: command.args.dueAt, theirs: found.value.dueAt }],
        });
      return done(state, command, actor, now, ticket, '', {
        callbacks: [{ ...found.value, dueAt: command.args.dueAt, snoozes: found.value.snoozes + 1 }],
        changes: { callback: { from: found.value.dueAt, to: command.args.dueAt } },
      });
    }
    case 'completeCallback':
    case 'cancelCallback': {
      const found = openCallback(state, actor, command.args.callbackId);
      if (!found.ok) return refuse(state, found.error);
      const outcome = command.kind === 'cancelCallback' ? 'cancelled' : command.args.outcome;
      const note = command.kind === 'cancelCallback' ? command.args.reason : command.args.note;
      return done(state, command, actor, now, ticket, note, {
        callbacks: [{ ...found.value, outcome, outcomeNote: note, closedAt: now }],
        changes: { callbackOutcome: { from: null, to: outcome } },
      });
    }
    case 'attach':
      return attach(state, command, actor, now);
    case 'removeAttachment':
      return removeAttachment(state, command, actor, now);
    case 'undo': {
      const undone = undoRelease(state, command, actor, now);
      if (!undone.ok) return refuse(state, undone.error);
      const { ticket: next, customer, callbacks } = undone.value;
      return done(state, command, actor, now, next, '', { callbacks, ...(customer && { customer }) });
    }
    default:
      return assertNever(command);
  }
}

/** 释放 and 无效: the ticket loses its assignee, its callbacks end and the customer is free. */
function letGo(
  state: Existing,
  command: Extract<Command, { kind: 'release' | 'invalidate' }>,
  actor: Actor,
  now: number,
  reason: string,
): Decision {
  const by = (actor as Account).id;
  const invalid = command.kind === 'invalidate';
  let customer = free(state, now, by);
  if (invalid && customer !== undefined) {
    const invalidReleases = customer.invalidReleases + 1;
    const out = customer.invalidAt === null && invalidReleases >= state.parameters.invalidReleaseLimit;
    customer = { ...customer, invalidReleases, ...(out && { invalidAt: now, invalidBy: by }) };
  }
  const next: Ticket = { ...state.ticket, status: 'released', assigneeId: null, invalid };
  return done(state, command, actor, now, next, reason, {
    callbacks: cancelled(state, now),
    ...(customer && { customer }),
  });
}

/** The ticket in another's hands; it stays in its group if the receiver is a member of it. */
function handTo(state: Existing, to: Account, now: number): Ticket {
  const { ticket } = state;
  return {
    ...ticket,
    status: 'pending',
    assigneeId: to.id,
    groupId: to.groupIds.includes(ticket.groupId) ? ticket.groupId : to.priorityGroupId,
    dueAt: deadline(state, now),
    expiredFrom: null,
  };
}

const following = (state: Existing, to: Account): Callback[] =>
  state.callbacks.filter((c) => c.outcome === null).map((c) => ({ ...c, assigneeId: to.id }));

const cancelled = (state: Existing, now: number): Callback[] =>
  state.callbacks.filter((c) => c.outcome === null).map((c) => ({ ...c, outcome: 'cancelled' as const, closedAt: now }));

const owned = (state: Existing, ownerId: string, now: number): Customer | undefined =>
  state.customer === null ? undefined : { ...state.customer, ownerId, updatedAt: now };

function free(state: Existing, now: number, releasedBy?: string): Customer | undefined {
  if (state.customer === null) return undefined;
  const before = state.customer.releasedBy;
  const list = releasedBy === undefined || before.includes(releasedBy) ? before : [...before, releasedBy];
  return { ...state.customer, ownerId: null, releasedBy: list, updatedAt: now };
}

const checkAssignee = (state: Existing, actor: Actor): RefusalCode | null =>
  isStaff(actor) && state.ticket.assigneeId === actor.id ? null : 'not-assignee';

const checkHandling = (state: Existing, actor: Actor): RefusalCode | null =>
  checkAssignee(state, actor) ?? (isOpen(state.ticket) ? null : 'wrong-state');

function checkTime(dueAt: number, occurredAt: number): RefusalCode | null {
  // Against the device's own clock: a callback queued offline may be pushed after its time.
  if (dueAt <= occurredAt) return 'time-past';
  return dueAt > occurredAt + limits.callbackDays * DAY ? 'time-too-far' : null;
}

/** Whether a leader or above may give a ticket to this account: a leader only inside the own groups. */
function checkReceiver(target: Account | null, ticket: Ticket, actor: Actor): RefusalCode | null {
  const bad = checkTarget(target);
  if (bad !== null) return bad;
  if (target!.id === ticket.assigneeId) return 'same-assignee';
  const inside = !isStaff(actor) || actor.role !== 'leader' || target!.groupIds.some((g) => actor.groupIds.includes(g));
  return inside ? null : 'target-not-in-group';
}

const customOf = (changes: readonly FieldChange[]): Record<string, CustomValue> =>
  Object.fromEntries(changes.filter((c) => c.field === 'custom').map((c) => [c.key, c.to]));

function openCallback(state: Existing, actor: Actor, id: string): Result<Callback, RefusalCode> {
  const refusal = checkAssignee(state, actor);
  if (refusal !== null) return err(refusal);
  const found = state.callbacks.find((c) => c.id === id);
  if (found === undefined) return err('callback-missing');
  return found.outcome === null ? ok(found) : err('callback-closed');
}
