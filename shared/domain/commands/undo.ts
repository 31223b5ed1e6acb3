import { err, ok, type Result } from '../../lib/result.ts';
import { type Actor, isStaff } from '../people.ts';
import type { Callback, Customer, Ticket } from '../tickets.ts';
import type { Command } from './command.ts';
import type { RefusalCode } from './refusal.ts';
import type { DecisionState } from './state.ts';

/** How long 释放 and 无效 can be taken back. */
export const UNDO_MS = 10_000;

interface Undone {
  readonly ticket: Ticket;
  readonly customer?: Customer;
  readonly callbacks: readonly Callback[];
}

/** Takes back the last release or 无效 of the same account by putting back what its event recorded. */
export function undoRelease(
  state: DecisionState & { readonly ticket: Ticket },
  command: Extract<Command, { kind: 'undo' }>,
  actor: Actor,
  now: number,
): Result<Undone, RefusalCode> {
  const last = state.events.at(-1);
  if (last === undefined || last.id !== command.args.eventId) return err('undo-overtaken');
  if (last.command !== 'release' && last.command !== 'invalidate') return err('wrong-state');
  if (!isStaff(actor) || last.actorId !== actor.id) return err('not-allowed');
  // The server measures from its own receipt: a pair queued offline arrives together.
  if (now - (last.receivedAt ?? last.occurredAt) > UNDO_MS) return err('undo-too-late');

  // Another ticket's command may have changed the customer meanwhile; putting it back would take that back, too.
  const { customer } = state;
  const moved = ([key, { to }]: [string, { readonly to: unknown }]): boolean =>
    key.startsWith('customer.') &&
    customer !== null &&
    JSON.stringify(customer[key.slice('customer.'.length) as keyof Customer]) !== JSON.stringify(to);
  if (Object.entries(last.changes).some(moved)) return err('undo-overtaken');

  const back = (prefix: string): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(last.changes)
        .filter(([key]) => key.startsWith('customer.') === (prefix !== ''))
        .map(([key, { from }]) => [key.slice(prefix.length), from]),
    );
  const released = state.ticket.updatedAt;
  const callbacks = state.callbacks
    .filter((c) => c.outcome === 'cancelled' && c.closedAt === released)
    .map((c) => ({ ...c, outcome: null, closedAt: null }));
  return ok({
    ticket: { ...state.ticket, ...back('') } as Ticket,
    ...(state.customer && { customer: { ...state.customer, ...back('customer.'), updatedAt: now } as Customer }),
    callbacks,
  });
}
