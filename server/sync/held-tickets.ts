import { or, sql } from 'drizzle-orm';
import type { Attachment } from '../../shared/domain/attachments.ts';
import type { Callback, TicketEvent } from '../../shared/domain/tickets.ts';
import type { Id } from '../../shared/lib/ids.ts';
import { anyOf } from '../store/any-of.ts';
import { readRows } from '../store/read-rows.ts';
import { type CustomerRow, type TicketRow, toEvent } from '../store/rows.ts';
import { attachment, callback, ticket, ticketEvent } from '../store/schema.ts';
import type { Orm } from '../store/store.ts';
import { holdCustomers } from './load.ts';

/** Rows on which commands are decided, as the commands so far leave them; nobody else changes them meanwhile. */
export class HeldTickets {
  readonly #customers: Map<Id, CustomerRow>;
  readonly #tickets = new Map<Id, TicketRow>();
  readonly #ofCustomer = new Map<Id, Set<Id>>();
  readonly #callbacks: Map<Id, readonly Callback[]>;
  readonly #ticketOfCallback: Map<Id, Id>;
  readonly #events: Map<Id, readonly TicketEvent[]>;
  readonly #attachments: Map<Id, readonly Attachment[]>;

  private constructor(
    customers: readonly CustomerRow[],
    tickets: readonly TicketRow[],
    callbacks: readonly Callback[],
    events: readonly TicketEvent[],
    attachments: readonly Attachment[],
  ) {
    this.#customers = new Map(customers.map((c) => [c.id, c]));
    for (const row of tickets) this.putTicket(row);
    this.#callbacks = byTicket(callbacks);
    this.#ticketOfCallback = new Map(callbacks.map((c) => [c.id, c.ticketId]));
    this.#events = byTicket(events);
    this.#attachments = byTicket(attachments);
  }

  /**
   * Holds these tickets with their customers, and all other tickets of those.
   * @param newIds ids under which tickets are to be made
   * @param customerIds the customers of those
   * @param newCallbackIds ids under which callbacks are to be made
   */
  static async hold(
    tx: Orm,
    ids: readonly Id[],
    newIds: readonly Id[],
    customerIds: readonly Id[],
    newCallbackIds: readonly Id[],
  ): Promise<HeldTickets> {
    const { customerRows, ticketRows } = await holdCustomers(tx, customerIds, ids);
    // One of another customer may have such an id: it is taken.
    const taken = newIds.length === 0 ? [] : await tx.select().from(ticket).where(anyOf(ticket.id, newIds));
    const tickets = [...taken, ...ticketRows];
    const known = new Set(tickets.map((t) => t.id));
    const meant = [...new Set([...ids, ...newIds])].filter((id) => known.has(id));
    if (meant.length === 0) return new HeldTickets(customerRows, tickets, [], [], []);
    const callbacks = await readRows(tx, callback, sql`WHERE ${or(anyOf(callback.ticketId, meant), anyOf(callback.id, newCallbackIds))}`);
    const events = await readRows(tx, ticketEvent, sql`WHERE ${anyOf(ticketEvent.ticketId, meant)} ORDER BY seq, received_at, id`);
    const attachments = await readRows(tx, attachment, sql`WHERE ${anyOf(attachment.ticketId, meant)}`);
    return new HeldTickets(customerRows, tickets, callbacks, events.map(toEvent), attachments);
  }

  customer(id: Id | null): CustomerRow | null {
    return id === null ? null : (this.#customers.get(id) ?? null);
  }

  ticket(id: Id): TicketRow | null {
    return this.#tickets.get(id) ?? null;
  }

  /** All tickets of a customer but this one. */
  siblings(customerId: Id | null, ticketId: Id): TicketRow[] {
    const ids = customerId === null ? [] : [...(this.#ofCustomer.get(customerId) ?? [])];
    return ids.filter((id) => id !== ticketId).map((id) => this.#tickets.get(id)!);
  }

  /** What hangs on a ticket; events oldest first. */
  of(ticketId: Id): { callbacks: readonly Callback[]; events: readonly TicketEvent[]; attachments: readonly Attachment[] } {
    return {
      callbacks: this.#callbacks.get(ticketId) ?? [],
      events: this.#events.get(ticketId) ?? [],
      attachments: this.#attachments.get(ticketId) ?? [],
    };
  }

  /** Whether another ticket has a callback with this id. */
  hasCallbackElsewhere(id: Id, ticketId: Id): boolean {
    return (this.#ticketOfCallback.get(id) ?? ticketId) !== ticketId;
  }

  putCustomer(row: CustomerRow): void {
    this.#customers.set(row.id, row);
  }

  putTicket(row: TicketRow): void {
    this.#tickets.set(row.id, row);
    const others = this.#ofCustomer.get(row.customerId);
    if (others === undefined) this.#ofCustomer.set(row.customerId, new Set([row.id]));
    else others.add(row.id);
  }

  putCallback(row: Callback): void {
    this.#callbacks.set(row.ticketId, replaced(this.#callbacks.get(row.ticketId), row));
    this.#ticketOfCallback.set(row.id, row.ticketId);
  }

  putAttachment(row: Attachment): void {
    this.#attachments.set(row.ticketId, replaced(this.#attachments.get(row.ticketId), row));
  }

  putEvent(row: TicketEvent): void {
    this.#events.set(row.ticketId, [...(this.#events.get(row.ticketId) ?? []), row]);
  }
}

const byTicket = <T extends { readonly ticketId: Id }>(rows: readonly T[]): Map<Id, readonly T[]> => Map.groupBy(rows, (r) => r.ticketId);

const replaced = <T extends { readonly id: Id }>(rows: readonly T[] = [], row: T): readonly T[] => [
  ...rows.filter((r) => r.id !== row.id),
  row,
];
