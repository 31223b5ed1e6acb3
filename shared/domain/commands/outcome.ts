import { err, ok, type Result } from '../../lib/result.ts';
import { type Account, type Actor, isStaff } from '../people.ts';
import { nextAtOf } from '../ticket-state.ts';
import type { Callback, Customer, Ticket, TicketEvent } from '../tickets.ts';
import type { Command } from './command.ts';
import { changesBetween } from './field-merge.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
import type { Change, DecisionState } from './state.ts';

export const DAY = 86_400_000;

export type Decision = Result<Change, Refusal>;
export type Existing = DecisionState & { readonly ticket: Ticket };

/** What a command changes beside the ticket. */
export interface Extra {
  readonly customer?: Customer | undefined;
  readonly callbacks?: readonly Callback[];
  readonly transfer?: Change['transfer'];
  readonly attachments?: Change['attachments'];
  readonly changes?: TicketEvent['changes'];
}

/** The rows and the event of a command that is carried out. */
export function done(
  state: Existing,
  command: Command,
  actor: Actor,
  now: number,
  next: Ticket,
  note: string,
  extra: Extra = {},
): Decision {
  const touched = extra.callbacks ?? [];
  const callbacks = [...state.callbacks.filter((c) => !touched.some((t) => t.id === c.id)), ...touched];
  const bumped: Ticket = { ...next, updatedAt: now, version: state.ticket.version + 1 };
  const ticket: Ticket = { ...bumped, nextAt: nextAtOf(bumped, callbacks) };
  const event: TicketEvent = {
    id: command.id,
    ticketId: ticket.id,
    actorId: isStaff(actor) ? actor.id : null,
    command: command.kind,
    note,
    changes: {
      ...(command.kind === 'create' ? {} : changesBetween(state.ticket, ticket)),
      ...(extra.customer && state.customer && changesBetween(state.customer, extra.customer, 'customer.')),
      ...extra.changes,
    },
    occurredAt: command.occurredAt,
    receivedAt: null,
  };
  return ok({
    ticket,
    callbacks: touched,
    event,
    ...(extra.customer && { customer: extra.customer }),
    ...(extra.transfer && { transfer: extra.transfer }),
    ...(extra.attachments && { attachments: extra.attachments }),
  });
}

export const deadline = (state: DecisionState, now: number): number | null =>
  state.parameters.ticketTtl === null ? null : now + state.parameters.ticketTtl;

export const checkTarget = (target: Account | null): RefusalCode | null =>
  target === null ? 'target-missing' : target.disabled ? 'target-disabled' : null;

/** A refusal that says what the ticket looks like now. */
export function describe(state: DecisionState, code: RefusalCode): Refusal {
  const last = state.events.at(-1);
  if (state.ticket === null) return { code };
  return {
    code,
    current: {
      status: state.ticket.status,
      assigneeId: state.ticket.assigneeId,
      lastCommand: last?.command ?? null,
      lastActorId: last?.actorId ?? null,
      lastAt: last === undefined ? null : (last.receivedAt ?? last.occurredAt),
    },
  };
}

export const refuse = (state: DecisionState, code: RefusalCode): Decision => err(describe(state, code));
