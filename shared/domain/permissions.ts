import type { Id } from '../lib/ids.ts';
import type { Account, Actor } from './people.ts';
import { isStaff } from './people.ts';
import type { Customer, Ticket } from './tickets.ts';

/**
 * Who may see a row, as opaque tags that the server stores beside it and the change feed compares:
 * `a:ID` one account, `g:ID` the leaders of a group, `p:ID` every member of a group (its pool).
 * qa and admin see everything and need no tag.
 */
export type Audience = readonly string[];

export const seesEverything = (actor: Actor): boolean => !isStaff(actor) || actor.role === 'qa' || actor.role === 'admin';

/** The tags that an account holds. */
export function audienceOf(account: Account): Audience {
  const tags = [`a:${account.id}`, ...account.groupIds.map((g) => `p:${g}`)];
  if (account.role === 'leader') tags.push(...account.groupIds.map((g) => `g:${g}`));
  return tags;
}

/** In the pool: released, and its customer not moved to 无效. */
export const isInPool = (ticket: Ticket, customer: Pick<Customer, 'invalidAt'> | null): boolean =>
  ticket.status === 'released' && ticket.deletedAt === null && (customer === null || customer.invalidAt === null);

export function ticketAudience(ticket: Ticket, customer: Pick<Customer, 'invalidAt'> | null): Audience {
  if (ticket.deletedAt !== null) return [`g:${ticket.groupId}`];
  const tags = [`g:${ticket.groupId}`];
  if (ticket.assigneeId !== null) tags.push(`a:${ticket.assigneeId}`);
  if (isInPool(ticket, customer)) tags.push(`p:${ticket.groupId}`);
  // Expired in my hands: stays in my past buckets until somebody takes it.
  if (ticket.status === 'released' && ticket.expiredFrom !== null) tags.push(`a:${ticket.expiredFrom}`);
  return tags;
}

export function canSeeTicket(actor: Actor, ticket: Ticket, customer: Pick<Customer, 'invalidAt'> | null): boolean {
  if (!isStaff(actor)) return true;
  if (actor.disabled) return false;
  return seesEverything(actor) || overlaps(audienceOf(actor), ticketAudience(ticket, customer));
}

export const overlaps = (a: Audience, b: Audience): boolean => a.some((tag) => b.includes(tag));

export const isLeaderOf = (actor: Actor, groupId: Id): boolean => {
  if (!isStaff(actor) || actor.disabled) return false;
  return actor.role === 'qa' || actor.role === 'admin' || (actor.role === 'leader' && actor.groupIds.includes(groupId));
};

/** The 我的 / 下属 switch: leaders, qa and admin have it, an agent does not (X33). */
export const mayWidenReminders = (account: Account): boolean => account.role !== 'agent';

/** Whether `other`'s reminders and tickets belong to `account`'s 下属. */
export function isSubordinate(account: Account, other: Account): boolean {
  if (other.id === account.id) return false;
  if (account.role === 'qa' || account.role === 'admin') return true;
  return account.role === 'leader' && other.groupIds.some((g) => account.groupIds.includes(g));
}

/** Has the list of all tickets that the role may see (X07); an agent sees only own ones. */
export const seesOthersTickets = (account: Account): boolean => account.role !== 'agent';

/** Whether the account may create tickets (X26). */
export const mayCreate = (actor: Actor, parameters: { readonly agentsMayCreate: boolean }): boolean =>
  !isStaff(actor) || (!actor.disabled && (actor.role !== 'agent' || parameters.agentsMayCreate));

/** May give tickets to others and take them back (X03), download tickets (X18) and bring customers in from a file (X06). */
export const mayAssign = (account: Account): boolean => !account.disabled && account.role !== 'agent';

/** Staff, groups, parameters, custom fields. */
export const mayAdminister = (account: Account): boolean => !account.disabled && account.role === 'admin';
