import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import { matches } from '../../shared/domain/filter/matches.ts';
import { matchText, searchDoc } from '../../shared/domain/search/match-text.ts';
import { wordsOf } from '../../shared/domain/search/words.ts';
import type { Candidate, Needs } from './candidates.ts';

/** Conditions that look at the customer. */
const customerFields = ['tier', 'ownerId', 'customer', 'address', 'email', 'phone'] as const;

/** What must be read of a ticket beside itself to tell whether it is meant. */
export function neededToMatch(text: string, filter: TicketFilter): Needs {
  const searching = wordsOf(text).length > 0;
  return {
    customers: searching || filter.some((c) => (customerFields as readonly string[]).includes(c.field)),
    callbacks: filter.some((c) => c.field === 'callback' || c.field === 'callbackAt'),
    events: searching || filter.some((c) => c.field === 'history'),
  };
}

/** Whether a ticket passes words and conditions, by the same rules as on the device. */
export const isMatch = (text: string, filter: TicketFilter, of: Candidate, at: Parameters<typeof matches>[2]): boolean =>
  matches(filter, of, at) && (wordsOf(text).length === 0 || matchText(text, searchDoc(of.ticket, of.customer, of.events)) !== null);
