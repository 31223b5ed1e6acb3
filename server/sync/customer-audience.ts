import { type Audience, isInPool } from '../../shared/domain/permissions.ts';
import { isOpen } from '../../shared/domain/ticket-state.ts';
import type { Customer, Ticket } from '../../shared/domain/tickets.ts';

/**
 * Who may see a customer: the owner and whoever holds or held one of its tickets, leaders of those groups and of its
 * own, the groups in whose pool one of them lies, the members of its own group while they may claim it, and the account
 * in whose 无效 it lies.
 * @param before the audience so far: who once held a ticket stays in it
 */
export function customerAudience(customer: Customer, tickets: readonly Ticket[], before: Audience): Audience {
  const tags = new Set(before.filter((tag) => tag.startsWith('a:')));
  if (customer.ownerId !== null) tags.add(`a:${customer.ownerId}`);
  if (customer.invalidBy !== null) tags.add(`a:${customer.invalidBy}`);
  if (customer.groupId !== null) {
    tags.add(`g:${customer.groupId}`);
    const free = customer.ownerId === null && customer.invalidAt === null && !tickets.some((t) => isOpen(t));
    if (free) tags.add(`p:${customer.groupId}`);
  }
  for (const ticket of tickets) {
    if (ticket.assigneeId !== null) tags.add(`a:${ticket.assigneeId}`);
    tags.add(`g:${ticket.groupId}`);
    if (isInPool(ticket, customer)) tags.add(`p:${ticket.groupId}`);
  }
  return [...tags].toSorted();
}
