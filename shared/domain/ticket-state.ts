import type { Callback, Ticket, TicketStatus } from './tickets.ts';

/** Open: pending, processing or waiting. */
export const openStatuses: readonly TicketStatus[] = ['pending', 'processing', 'waiting'];
export const isOpen = (ticket: Pick<Ticket, 'status' | 'deletedAt'>): boolean =>
  ticket.deletedAt === null && openStatuses.includes(ticket.status);

/** Done with; nothing but a look back or a reopening awaits them. Old ones are not kept on devices. */
export const finishedStatuses: readonly TicketStatus[] = ['resolved', 'closed'];

/** The four lists of 我的工单. `transferred` holds tickets that I transferred away, whatever their status. */
export const ticketLists = ['pending', 'processing', 'resolved', 'transferred'] as const;
export type TicketList = (typeof ticketLists)[number];

/**
 * Beside my own four: `pool` 公共池; for leaders, qa and admin `all` every ticket that they may see (X07), `review` what is
 * resolved and waits for a look, `expired` what lies in the pool because its time ran out.
 */
export const listNames = [...ticketLists, 'pool', 'all', 'review', 'expired'] as const;
export type ListName = (typeof listNames)[number];

/** What a list of tickets can be sorted by. */
export const sortColumns = [
  'next',
  'number',
  'subject',
  'customer',
  'status',
  'due',
  'updated',
  'priority',
  'category',
  'created',
  'resolved',
  'assignee',
  'group',
  'nature',
  'source',
  'tier',
] as const;
export type SortColumn = (typeof sortColumns)[number];

/** Which statuses a list shows; `transferred` is not a status. */
export const listStatuses: Readonly<Record<Exclude<TicketList, 'transferred'>, readonly TicketStatus[]>> = {
  pending: ['pending'],
  processing: ['processing', 'waiting'],
  resolved: ['resolved', 'closed'],
};

/** 时限: the nearest of the open callbacks and, while the ticket is open, its deadline. */
export function nextAtOf(ticket: Ticket, callbacks: readonly Callback[]): number | null {
  const times = callbacks.filter((c) => c.outcome === null).map((c) => c.dueAt);
  if (isOpen(ticket) && ticket.dueAt !== null) times.push(ticket.dueAt);
  return times.length === 0 ? null : Math.min(...times);
}
