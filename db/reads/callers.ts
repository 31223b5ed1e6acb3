import { and, asc, desc, eq, inArray, notInArray, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { caller } from '../../shared/bridge/call-entries.ts';
import { subscriberNumber } from '../../shared/domain/contacts.ts';
import { digitsOf } from '../../shared/domain/search/words.ts';
import { openStatuses } from '../../shared/domain/ticket-state.ts';
import type { Reader } from '../reader.ts';
import { customers, tickets } from '../schema/tables.ts';
import { searchedRows } from '../writes/search-index.ts';
import { readCustomerRows } from './customers.ts';
import { readTicketRows } from './ticket-rows.ts';

export type Caller = z.infer<typeof caller>;

const MOST_CALLERS = 10;
const MOST_OPEN = 20;
const MOST_PAST = 3;
/** Shorter ones are in half of all numbers and belong to nobody. */
const SHORTEST = 3;

/** Customers on this device with this number, however it is written; own ones first, at most ten. */
export function findCallers(db: Reader, phone: string, meId: string): Caller[] {
  const number = subscriberNumber(phone);
  const digits = digitsOf(number);
  if (digits.length < SHORTEST) return [];
  // The index finds it as a part of what is written; it has to be the whole of one number.
  const ids = db
    .select({ id: customers.id, phones: customers.phones })
    .from(customers)
    .where(searchedRows('customer', [digits])!)
    .all()
    .filter((c) => c.phones.some((p) => subscriberNumber(p) === number))
    .map((c) => c.id);
  return readCustomerRows(db, ids, meId, MOST_CALLERS).map((customer) => ({
    customer,
    open: ticketsOf(db, customer.id, 'open'),
    past: ticketsOf(db, customer.id, 'past'),
  }));
}

const ticketsOf = (db: Reader, customerId: string, which: 'open' | 'past'): Caller['open'] => {
  const status = which === 'open' ? inArray(tickets.status, [...openStatuses]) : notInArray(tickets.status, [...openStatuses]);
  const where = (): SQL => and(eq(tickets.customerId, customerId), sql`${tickets.deletedAt} IS NULL`, status)!;
  return which === 'open'
    ? readTicketRows(db, { where, order: [sql`${tickets.nextAt} IS NULL`, asc(tickets.nextAt), asc(tickets.id)], limit: MOST_OPEN })
    : readTicketRows(db, { where, order: [desc(tickets.updatedAt), asc(tickets.id)], limit: MOST_PAST });
};
