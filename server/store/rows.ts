import type { CustomField } from '../../shared/domain/custom-fields.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { Phrase, SavedSearch } from '../../shared/domain/personal.ts';
import type { Customer, Ticket, TicketEvent, Transfer } from '../../shared/domain/tickets.ts';
import type * as schema from './schema.ts';

type Stored<T extends { $inferSelect: unknown }> = T['$inferSelect'];

// What the database holds beside a domain row (audience, place in the feed, password) never leaves the server.
export const toTicket = ({ audience: _, ...row }: Stored<typeof schema.ticket>): Ticket => row;
export const toCustomer = ({ audience: _, ...row }: Stored<typeof schema.customer>): Customer => row;
export const toEvent = ({ seq: _, ...row }: Stored<typeof schema.ticketEvent>): TicketEvent => row;
export const toTransfer = ({ audience: _, ...row }: Stored<typeof schema.transfer>): Transfer => row;
export const toAccount = ({ passwordHash: _, ...row }: Stored<typeof schema.account>): Account => row;

export type CustomerRow = Stored<typeof schema.customer>;
export type TicketRow = Stored<typeof schema.ticket>;

/** A mutable copy, as the insert types want it. */
export const storedCustomer = (c: Customer, audience: readonly string[]): CustomerRow => ({
  ...c,
  phones: [...c.phones],
  emails: [...c.emails],
  releasedBy: [...c.releasedBy],
  audience: [...audience],
});
export const storedTicket = (t: Ticket, audience: readonly string[]): TicketRow => ({ ...t, audience: [...audience] });
export const storedField = (f: CustomField): Stored<typeof schema.customField> => ({ ...f, options: [...f.options] });
export const storedSearch = (s: SavedSearch): Stored<typeof schema.savedSearch> => ({ ...s, filter: [...s.filter] });
export const storedPhrase = (p: Phrase): Stored<typeof schema.phrase> => ({ ...p });
