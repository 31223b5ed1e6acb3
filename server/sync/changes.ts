import type { Attachment } from '../../shared/domain/attachments.ts';
import { ticketAudience } from '../../shared/domain/permissions.ts';
import type { Callback, Customer, Ticket, TicketEvent, Transfer } from '../../shared/domain/tickets.ts';
import type { Id } from '../../shared/lib/ids.ts';
import { replaceContacts } from '../store/contacts.ts';
import { loadRows, putRows } from '../store/load-rows.ts';
import { type CustomerRow, storedCustomer, storedTicket, type TicketRow, toCustomer, toTicket } from '../store/rows.ts';
import type { Orm } from '../store/store.ts';
import { customerAudience } from './customer-audience.ts';
import { type FeedEntry, sameAudience, takeNumbers, writeFeed } from './feed.ts';

/** What a transaction writes at its end, all rows of a kind at once and each as the last command left it. */
export class Changes {
  readonly #customers = new Map<Id, CustomerRow>();
  /** Those by whose phones and e-mails others can be recognised anew. */
  readonly #reachable = new Set<Id>();
  readonly #newTickets = new Map<Id, TicketRow>();
  readonly #tickets = new Map<Id, TicketRow>();
  readonly #callbacks = new Map<Id, Callback>();
  readonly #attachments = new Map<Id, Attachment>();
  readonly #transfers: (Transfer & { readonly audience: readonly string[] })[] = [];
  readonly #events: { readonly event: TicketEvent; readonly place: number }[] = [];
  /** In the order of the feed. */
  readonly entries: FeedEntry[] = [];

  /** @param was null: it is new */
  ticket(was: TicketRow | null, next: Ticket, of: Customer | null): TicketRow {
    const row = storedTicket(next, ticketAudience(next, of));
    this.#put(row, was === null);
    this.entries.push({ kind: 'ticket', id: row.id, before: was?.audience ?? [], after: row.audience });
    return row;
  }

  /**
   * A customer, if it or its audience changed.
   * @param next what it is from now on; null: as it was
   * @param tickets all of its tickets, as they will be
   * @param kept tags so far that stay; by default all accounts' ones
   * @returns null: nothing changed
   */
  customer(
    was: CustomerRow | null,
    next: Customer | null,
    tickets: readonly Ticket[],
    kept: readonly string[] = was?.audience ?? [],
  ): CustomerRow | null {
    const now = next ?? (was === null ? null : toCustomer(was));
    if (now === null) return null;
    const before = was?.audience ?? [];
    const after = customerAudience(now, tickets, kept);
    if (next === null && sameAudience(before, after)) return null;
    const row = storedCustomer(now, after);
    this.#customers.set(row.id, row);
    if (was === null || !(same(was.phones, row.phones) && same(was.emails, row.emails))) this.#reachable.add(row.id);
    this.entries.push({ kind: 'customer', id: row.id, before, after });
    return row;
  }

  /**
   * A customer that becomes invalid takes its tickets out of the pool; one that is restored puts them back.
   * @returns those of `rows` that others see now
   */
  shownTickets(rows: readonly TicketRow[], of: Customer | null): TicketRow[] {
    return rows.flatMap((was) => {
      const after = ticketAudience(toTicket(was), of);
      if (sameAudience(was.audience, after)) return [];
      const row = { ...was, audience: [...after] };
      this.#put(row, false);
      this.entries.push({ kind: 'ticket', id: row.id, before: was.audience, after });
      return [row];
    });
  }

  callback(row: Callback): void {
    this.#callbacks.set(row.id, row);
  }

  attachment(row: Attachment): void {
    this.#attachments.set(row.id, row);
  }

  transfer(row: Transfer): void {
    const audience = [`a:${row.fromId}`, `g:${row.snapshot.ticket.groupId}`];
    this.#transfers.push({ ...row, audience });
    this.entries.push({ kind: 'transfer', id: row.id, before: [], after: audience });
  }

  /** @param place among the entries, of the change that it tells of */
  event(event: TicketEvent, place: number): void {
    this.#events.push({ event, place });
  }

  /**
   * Writes everything. The feed comes last: from there to the end of the transaction others wait.
   * @returns the number of the first entry, and the marks of all
   */
  async write(tx: Orm): Promise<{ readonly first: number; readonly marks: readonly number[] }> {
    // The customer before its ticket, which refers to it.
    await putRows(tx, 'customer', [...this.#customers.values()]);
    const reachable = [...this.#reachable].map((id) => this.#customers.get(id)!);
    await replaceContacts(tx, reachable);
    // An id that another ticket got meanwhile fails, and does not overwrite it.
    await loadRows(tx, 'ticket', [...this.#newTickets.values()]);
    await putRows(tx, 'ticket', [...this.#tickets.values()]);
    await putRows(tx, 'callback', [...this.#callbacks.values()]);
    await putRows(tx, 'attachment', [...this.#attachments.values()]);
    await loadRows(tx, 'transfer', this.#transfers);
    const first = await takeNumbers(tx, this.entries.length);
    await loadRows(
      tx,
      'ticket_event',
      this.#events.map(({ event, place }) => ({ ...event, seq: first + place })),
    );
    return { first, marks: await writeFeed(tx, first, this.entries) };
  }

  #put(row: TicketRow, isNew: boolean): void {
    (isNew || this.#newTickets.has(row.id) ? this.#newTickets : this.#tickets).set(row.id, row);
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((v, i) => v === b[i]);
