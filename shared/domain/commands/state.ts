import type { Id } from '../../lib/ids.ts';
import type { Attachment } from '../attachments.ts';
import type { CustomField } from '../custom-fields.ts';
import type { Account } from '../people.ts';
import type { Callback, Customer, Parameters, Ticket, TicketEvent, Transfer } from '../tickets.ts';

/** All that a decision may look at; loaded by the core from its cache and by the server inside its transaction. */
export interface DecisionState {
  readonly ticket: Ticket | null;
  readonly customer: Customer | null;
  readonly callbacks: readonly Callback[];
  readonly attachments: readonly Attachment[];
  /** Oldest first. The server gives all of them, the core those that it has. */
  readonly events: readonly TicketEvent[];
  readonly parameters: Parameters;
  readonly fields: readonly CustomField[];
  /** Open tickets of the customer, but for this one. */
  readonly openElsewhere: number;
  /** Another customer that has one of the contacts which a new one is given; null: none that is known here. */
  readonly twinOf: (contacts: readonly string[]) => Id | null;
  readonly account: (id: Id) => Account | null;
}

/** The rows after the command; what is absent did not change. */
export interface Change {
  readonly ticket: Ticket;
  readonly customer?: Customer;
  readonly callbacks: readonly Callback[];
  readonly transfer?: Transfer;
  readonly attachments?: readonly Attachment[];
  readonly event: TicketEvent;
}
