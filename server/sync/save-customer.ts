import { eq } from 'drizzle-orm';
import { ticketAudience } from '../../shared/domain/permissions.ts';
import type { Customer, Ticket } from '../../shared/domain/tickets.ts';
import { addContacts, replaceContacts } from '../store/contacts.ts';
import { type CustomerRow, storedCustomer, type TicketRow, toCustomer, toTicket } from '../store/rows.ts';
import { customer, ticket } from '../store/schema.ts';
import type { Orm } from '../store/store.ts';
import { customerAudience } from './customer-audience.ts';
import { type FeedEntry, sameAudience } from './feed.ts';

/**
 * Writes a customer if it or its audience changed.
 * @param next what it is from now on; null: as it was
 * @param tickets all of its tickets, as they will be
 * @param kept tags so far that stay; by default all accounts' ones
 */
export async function saveCustomer(
  tx: Orm,
  was: CustomerRow | null,
  next: Customer | null,
  tickets: readonly Ticket[],
  kept: readonly string[] = was?.audience ?? [],
): Promise<FeedEntry[]> {
  const now = next ?? (was === null ? null : toCustomer(was));
  if (now === null) return [];
  const before = was?.audience ?? [];
  const after = customerAudience(now, tickets, kept);
  if (next === null && sameAudience(before, after)) return [];
  const row = storedCustomer(now, after);
  await tx.insert(customer).values(row).onConflictDoUpdate({ target: customer.id, set: row });
  if (was === null) await addContacts(tx, [row]);
  else if (next !== null && !(same(was.phones, next.phones) && same(was.emails, next.emails))) await replaceContacts(tx, row);
  return [{ kind: 'customer', id: now.id, before, after }];
}

/** A customer that becomes invalid takes its tickets out of the pool; one that is restored puts them back. */
export async function showTickets(tx: Orm, rows: readonly TicketRow[], of: Customer | null): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = [];
  for (const row of rows) {
    const after = ticketAudience(toTicket(row), of);
    if (sameAudience(row.audience, after)) continue;
    await tx
      .update(ticket)
      .set({ audience: [...after] })
      .where(eq(ticket.id, row.id));
    entries.push({ kind: 'ticket', id: row.id, before: row.audience, after });
  }
  return entries;
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((v, i) => v === b[i]);
