import type { Command } from '../../shared/domain/commands/index.ts';
import { decide } from '../../shared/domain/commands/index.ts';
import { matchText } from '../../shared/domain/search/match-text.ts';
import { nextAtOf } from '../../shared/domain/ticket-state.ts';
import type { Callback, Customer, Ticket, TicketEvent } from '../../shared/domain/tickets.ts';
import type { PushResult } from '../../shared/protocol/wire.ts';
import { makeTickets, NOW } from '../peers/data.ts';
import { directory, me, toCallback, toCustomer, toTicket } from '../peers/our-rows.ts';

/** A place in the feed: a ticket as it stands now, and the line that its history got. */
export interface FedChange {
  readonly ticketId: string;
  readonly event: TicketEvent | null;
}

/** What the office has: the peers' tickets as our rows, moved so that their present is now. Commands are decided as ever. */
export class OfficeRows {
  /** Oldest first. */
  readonly tickets = new Map<string, Ticket>();
  readonly customers = new Map<string, Customer>();
  readonly callbacks = new Map<string, Callback[]>();
  readonly events = new Map<string, TicketEvent[]>();
  /** All that happened since; a cursor is a place in it. */
  readonly feed: FedChange[] = [];
  readonly #accounts = new Map(directory.accounts.map((account) => [account.id, account]));
  readonly #answers = new Map<string, PushResult>();

  constructor(size: number) {
    const moved = Date.now() - NOW;
    const later = (at: number | null): number | null => (at === null ? null : at + moved);
    for (const made of makeTickets(size)) {
      const times = { createdAt: made.createdAt + moved, updatedAt: made.updatedAt + moved };
      const sample = { ...made, ...times, dueAt: later(made.dueAt), callbackAt: later(made.callbackAt) };
      const callback = toCallback(sample);
      const customer = toCustomer(sample);
      this.tickets.set(sample.id, toTicket(sample, callback));
      if (callback !== null) this.callbacks.set(sample.id, [callback]);
      if (!this.customers.has(customer.id)) this.customers.set(customer.id, customer);
    }
  }

  /** As the list of all tickets shows them: what moved last first. */
  latestFirst(): Ticket[] {
    return [...this.tickets.values()].sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1));
  }

  /** Open tickets in the hands of whoever uses the window. */
  mine(): Ticket[] {
    return [...this.tickets.values()].filter((t) => t.assigneeId === me.id && t.resolvedAt === null);
  }

  /** Whether the words stand in the ticket, as the product defines it. */
  has(ticket: Ticket, words: string): boolean {
    const customer = ticket.customerId === null ? undefined : this.customers.get(ticket.customerId);
    const notes = (this.events.get(ticket.id) ?? []).map((e) => e.note).filter((note) => note !== '');
    const { number, subject, description } = ticket;
    return (
      matchText(words, { number, subject, description, notes, customerName: customer?.name ?? '', phones: customer?.phones ?? [] }) !== null
    );
  }

  /** A customer of this ticket is to be called back then. */
  promiseCallback(ticketId: string, dueAt: number, id: string): void {
    const ticket = this.tickets.get(ticketId)!;
    const now = Date.now();
    const callback: Callback = {
      id,
      ticketId,
      customerId: ticket.customerId!,
      assigneeId: me.id,
      dueAt,
      note: '回电告知处理结果',
      outcome: null,
      outcomeNote: '',
      snoozes: 0,
      createdAt: now,
      closedAt: null,
    };
    const all = [...(this.callbacks.get(ticketId) ?? []), callback];
    const next = { ...ticket, updatedAt: now, version: ticket.version + 1 };
    this.callbacks.set(ticketId, all);
    this.tickets.set(ticketId, { ...next, nextAt: nextAtOf(next, all) });
    this.feed.push({ ticketId, event: null });
  }

  /** Decides a command once; a repetition gets the same answer. */
  take(command: Command): PushResult {
    const known = this.#answers.get(command.id) ?? this.#decide(command);
    this.#answers.set(command.id, known);
    return known;
  }

  #decide(command: Command): PushResult {
    const { ticketId } = command as { ticketId: string };
    const ticket = this.tickets.get(ticketId) ?? null;
    const now = Date.now();
    const callbacks = this.callbacks.get(ticketId) ?? [];
    const events = this.events.get(ticketId) ?? [];
    const state = {
      ticket,
      customer: ticket?.customerId == null ? null : (this.customers.get(ticket.customerId) ?? null),
      callbacks,
      events,
      attachments: [],
      parameters: directory.parameters,
      fields: directory.customFields,
      openElsewhere: 0,
      twinOf: () => null,
      account: (id: string) => this.#accounts.get(id) ?? null,
    };
    const decision = decide(state, command, me, now);
    if (!decision.ok) return { id: command.id, status: 'refused', refusal: decision.error };
    const change = decision.value;
    const event = { ...change.event, receivedAt: now };
    this.tickets.set(ticketId, change.ticket);
    if (change.customer !== undefined) this.customers.set(change.customer.id, change.customer);
    this.callbacks.set(ticketId, [...callbacks.filter((c) => !change.callbacks.some((n) => n.id === c.id)), ...change.callbacks]);
    this.events.set(ticketId, [...events, event]);
    this.feed.push({ ticketId, event });
    return { id: command.id, status: 'applied', seq: this.feed.length, mark: null };
  }
}
