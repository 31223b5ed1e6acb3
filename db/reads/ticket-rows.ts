import { eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { z } from 'zod';
import type { ticketRowView } from '../../shared/bridge/views.ts';
import { maskPhone } from '../../shared/domain/contacts.ts';
import { type Hit, matchText, searchDoc } from '../../shared/domain/search/match-text.ts';
import type { Customer, Ticket } from '../../shared/domain/tickets.ts';
import type { Reader } from '../reader.ts';
import { accounts, customers, events, groups, tickets } from '../schema/tables.ts';
import { getRow } from '../writes/rows.ts';
import { readParameters } from './decision-state.ts';
import { nextKindOf } from './due.ts';

export type TicketRowView = z.infer<typeof ticketRowView>;

const creator = alias(accounts, 'creator');
const expiredHolder = alias(accounts, 'expired_holder');

const queued = sql<number>`EXISTS (SELECT 1 FROM outbox q WHERE q.subject_id = ${tickets.id} AND q.state = 'queued')`;
const claiming = sql<number>`EXISTS (SELECT 1 FROM outbox q WHERE q.subject_id = ${tickets.id} AND q.state = 'queued' AND q.kind IN ('claim', 'claimCustomer'))`;
const hasDraft = sql<number>`EXISTS (SELECT 1 FROM draft d WHERE d.form = 'ticket:' || ${tickets.id})`;
const isUnseen = sql<number>`EXISTS (SELECT 1 FROM unseen u WHERE u.ticket_id = ${tickets.id})`;

/** Rows of `ticket` with the names and marks that a list shows; to be narrowed, ordered and cut. */
export const selectTicketRows = (db: Reader) =>
  db
    .select({
      ticket: tickets,
      customer: customers,
      assigneeName: accounts.name,
      groupName: groups.name,
      createdByName: creator.name,
      expiredFromName: expiredHolder.name,
      pending: queued,
      claiming,
      draft: hasDraft,
      unseen: isUnseen,
    })
    .from(tickets)
    .leftJoin(customers, eq(customers.id, tickets.customerId))
    .leftJoin(accounts, eq(accounts.id, tickets.assigneeId))
    .leftJoin(groups, eq(groups.id, tickets.groupId))
    .leftJoin(creator, eq(creator.id, tickets.createdBy))
    .leftJoin(expiredHolder, eq(expiredHolder.id, tickets.expiredFrom))
    .$dynamic();

type Selected = Awaited<ReturnType<typeof selectTicketRows>>[number];

/** What the screens see of rows. @param text words of a search, whose places are marked; '' for none */
export function viewTicketRows(db: Reader, rows: readonly Selected[], text = ''): TicketRowView[] {
  const { maskPhones } = readParameters(db);
  return rows.map((row) => viewTicketRow(db, row, text, maskPhones));
}

function viewTicketRow(db: Reader, row: Selected, text: string, maskPhones: boolean): TicketRowView {
  const { ticket, customer } = row;
  return {
    ...ticketColumns(ticket, customer, maskPhones),
    assigneeName: row.assigneeName ?? '',
    groupName: row.groupName ?? '',
    createdByName: row.createdByName ?? '',
    expiredFromName: ticket.status === 'released' ? (row.expiredFromName ?? '') : '',
    claiming: row.claiming === 1,
    hits: text === '' ? [] : hitsOf(db, ticket, customer, text),
    pending: row.pending === 1,
    draft: row.draft === 1,
    unseen: row.unseen === 1,
    transfer: null,
  };
}

/** The columns that come from the ticket and its customer alone. */
export function ticketColumns(ticket: Ticket, customer: Pick<Customer, 'name' | 'tier' | 'phones'> | null, maskPhones: boolean) {
  const phone = customer?.phones[0] ?? '';
  return {
    id: ticket.id,
    number: ticket.number,
    subject: ticket.subject,
    customerName: customer?.name ?? '',
    status: ticket.status,
    priority: ticket.priority,
    category: ticket.category,
    source: ticket.source,
    nature: ticket.nature,
    nextAt: ticket.nextAt,
    nextKind: nextKindOf(ticket),
    dueAt: ticket.dueAt,
    createdAt: ticket.createdAt,
    updatedAt: ticket.updatedAt,
    resolvedAt: ticket.resolvedAt,
    assigneeId: ticket.assigneeId,
    tier: customer?.tier ?? '',
    phone: maskPhones ? maskPhone(phone) : phone,
    invalid: ticket.invalid,
    custom: { ...ticket.custom },
  };
}

function hitsOf(db: Reader, ticket: Ticket, customer: Customer | null, text: string): TicketRowView['hits'] {
  const notes = db.select({ note: events.note }).from(events).where(eq(events.ticketId, ticket.id)).all();
  return viewHits(matchText(text, searchDoc(ticket, customer, notes)));
}

export const viewHits = (hits: readonly Hit[] | null): TicketRowView['hits'] =>
  (hits ?? []).map((h) => ({ ...h, ranges: h.ranges.map(([from, to]): [number, number] => [from, to]) }));

export const groupNameOf = (db: Reader, groupId: string): string => getRow(db, 'group', groupId)?.name ?? '';
