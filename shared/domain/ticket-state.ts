import type { Callback, Ticket, TicketStatus } from './tickets.ts';

/** Open: pending, processing or waiting. */
export const openStatuses: readonly TicketStatus[] = ['pending', 'processing', 'waiting'];
export const isOpen = (ticket: Pick<Ticket, 'status' | 'deletedAt'>): boolean =>
  ticket.deletedAt === null && openStatuses.includes(ticket.status);

/** The four lists of 我的工单. `transferred` holds tickets that I transferred away, whatever their status. */
export const ticketLists = ['pending', 'processing', 'resolved', 'transferred'] as const;
export type TicketList = (typeof ticketLists)[number];

/** Beside my own four: every ticket that I may see as leader, qa or admin (X07). */
export const listNames = [...ticketLists, 'all'] as const;
export type ListName = (typeof listNames)[number];

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
