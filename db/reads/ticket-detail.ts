import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { eventView, ticketDetail } from '../../shared/bridge/views.ts';
import { allowedCommands, type DecisionState } from '../../shared/domain/commands/index.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { Customer, Ticket, TicketEvent } from '../../shared/domain/tickets.ts';
import type { Reader } from '../reader.ts';
import { transfers } from '../schema/tables.ts';
import { getRow } from '../writes/rows.ts';
import { readQueue } from './queue.ts';
import { readTicketState } from './decision-state.ts';
import { nextKindOf } from './due.ts';

type Detail = z.infer<typeof ticketDetail>;
type EventView = z.infer<typeof eventView>;

const personFields = new Set(['assigneeId', 'expiredFrom', 'createdBy', 'customer.ownerId', 'customer.invalidBy']);

/** A ticket as its panel shows it; null if it is not on this device. */
export function readDetail(db: Reader, ticketId: string, me: Account, now: number): Detail | null {
  const state = readTicketState(db, ticketId);
  const { ticket, customer } = state;
  if (ticket === null) return null;
  const queue = readQueue(db, ticketId);
  const pendingIds = new Set(queue.map((q) => q.commandId));
  return {
    ...ticketFields(db, ticket, customer),
    callbacks: [...state.callbacks]
      .sort((a, b) => Number(a.outcome !== null) - Number(b.outcome !== null) || a.dueAt - b.dueAt)
      .map((c) => ({
        id: c.id,
        dueAt: c.dueAt,
        note: c.note,
        outcome: c.outcome,
        outcomeNote: c.outcomeNote,
        snoozes: c.snoozes,
        pending: queue.some((q) => q.callbackId === c.id),
      })),
    events: viewEvents(db, state.events, pendingIds),
    readOnly: whyReadOnly(ticket, me),
    allowed: allowedCommands(state, me, now),
    pending: queue.length > 0,
    queue: queue.map(({ callbackId: _, ...item }) => item),
    nextInvalidMovesCustomer: movesCustomer(state),
    invalidReleaseLimit: state.parameters.invalidReleaseLimit,
    transfer: null,
  };
}

/** A ticket that I transferred away, as I left it: later events are not mine to see. */
export function readTransferredDetail(db: Reader, transferId: string, me: Account): Detail | null {
  const transfer = db
    .select()
    .from(transfers)
    .where(and(eq(transfers.id, transferId), eq(transfers.fromId, me.id)))
    .get();
  if (transfer === undefined) return null;
  const { ticket, events, customerName } = transfer.snapshot;
  const fields = ticketFields(db, ticket, getRow(db, 'customer', ticket.customerId));
  const queued = readQueue(db, ticket.id).some((q) => q.commandId === transfer.id);
  return {
    ...fields,
    customer: fields.customer ?? {
      id: ticket.customerId,
      name: customerName,
      phones: [],
      emails: [],
      address: '',
      tier: '',
      invalidReleases: 0,
      invalidAt: null,
    },
    callbacks: [],
    events: viewEvents(db, events, new Set()),
    readOnly: 'transferred',
    allowed: [],
    pending: queued,
    queue: [],
    nextInvalidMovesCustomer: false,
    invalidReleaseLimit: 0,
    transfer: { toName: nameOf(db, transfer.toId), at: transfer.at, reason: transfer.reason },
  };
}

function ticketFields(db: Reader, ticket: Ticket, customer: Customer | null) {
  return {
    id: ticket.id,
    number: ticket.number,
    subject: ticket.subject,
    description: ticket.description,
    category: ticket.category,
    nature: ticket.nature,
    priority: ticket.priority,
    source: ticket.source,
    status: ticket.status,
    assigneeId: ticket.assigneeId,
    assigneeName: ticket.assigneeId === null ? '' : nameOf(db, ticket.assigneeId),
    groupId: ticket.groupId,
    groupName: getRow(db, 'group', ticket.groupId)?.name ?? '',
    createdAt: ticket.createdAt,
    updatedAt: ticket.updatedAt,
    dueAt: ticket.dueAt,
    nextAt: ticket.nextAt,
    nextKind: nextKindOf(ticket),
    custom: { ...ticket.custom },
    version: ticket.version,
    customer:
      customer === null
        ? null
        : {
            id: customer.id,
            name: customer.name,
            phones: [...customer.phones],
            emails: [...customer.emails],
            address: customer.address,
            tier: customer.tier,
            invalidReleases: customer.invalidReleases,
            invalidAt: customer.invalidAt,
          },
  };
}

/** Newest first, with names for ids. */
function viewEvents(db: Reader, events: readonly TicketEvent[], pending: ReadonlySet<string>): EventView[] {
  return [...events].reverse().map((e) => ({
    id: e.id,
    actorName: e.actorId !== null ? nameOf(db, e.actorId) : e.command === 'customerReply' ? '~' : '',
    command: e.command,
    note: e.note,
    changes: Object.fromEntries(
      Object.entries(e.changes).map(([key, { from, to }]) => [key, { from: readable(db, key, from), to: readable(db, key, to) }]),
    ),
    occurredAt: e.occurredAt,
    receivedAt: e.receivedAt,
    pending: pending.has(e.id),
  }));
}

function readable(db: Reader, key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (personFields.has(key)) return nameOf(db, value);
  return key === 'groupId' ? (getRow(db, 'group', value)?.name ?? '') : value;
}

export const nameOf = (db: Reader, accountId: string): string => getRow(db, 'account', accountId)?.name ?? '';

function whyReadOnly(ticket: Ticket, me: Account): Detail['readOnly'] {
  if (ticket.status === 'released') return 'released';
  if (ticket.status === 'suspended') return 'suspended';
  if (ticket.assigneeId !== me.id) return 'other-assignee';
  return ticket.status === 'resolved' || ticket.status === 'closed' ? 'resolved' : null;
}

const movesCustomer = ({ customer, parameters }: DecisionState): boolean =>
  customer !== null && customer.invalidAt === null && customer.invalidReleases + 1 >= parameters.invalidReleaseLimit;
