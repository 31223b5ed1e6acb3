import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Command } from '../../shared/domain/commands/index.ts';
import { openStatuses } from '../../shared/domain/ticket-state.ts';
import type { Id } from '../../shared/lib/ids.ts';
import { customer, ticket } from '../store/schema.ts';
import { applyCommands } from '../sync/apply.ts';
import type { OfficeDeps, Work } from './work.ts';

/**
 * Takes every open ticket out of an account's hands by a command of the admin, as if given one by one.
 * @param to null: into the pool
 * @returns how many
 */
export async function moveTickets(deps: OfficeDeps, w: Work, from: Id, to: Id | null): Promise<number> {
  const { tx, actor, now } = w;
  const mine = and(eq(ticket.assigneeId, from), inArray(ticket.status, [...openStatuses]), isNull(ticket.deletedAt));
  // Held before they are looked for, so that no ticket comes or goes meanwhile.
  await tx
    .select({ id: customer.id })
    .from(customer)
    .where(inArray(customer.id, tx.select({ id: ticket.customerId }).from(ticket).where(mine)))
    .orderBy(asc(customer.id))
    .for('update');
  const found = await tx.select({ id: ticket.id }).from(ticket).where(mine).orderBy(asc(ticket.id));
  if (found.length === 0) return 0;
  const commands = found.map(({ id }): Command => {
    const base = { id: deps.ids(), ticketId: id, occurredAt: now };
    return to === null ? { ...base, kind: 'withdraw', args: { reason: '' } } : { ...base, kind: 'assign', args: { toId: to, note: '' } };
  });
  for (const applied of await applyCommands(tx, commands, { accountId: actor.id }, now)) {
    if (applied.status === 'refused') throw new Error(`a ticket could not be moved: ${applied.refusal.code}`);
    w.said(applied.seq, applied.entries);
  }
  return found.length;
}
