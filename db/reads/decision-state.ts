import { asc, eq, sql } from 'drizzle-orm';
import type { Command, DecisionState } from '../../shared/domain/commands/index.ts';
import { defaultParameters, type Parameters } from '../../shared/domain/tickets.ts';
import type { Reader } from '../open.ts';
import { callbacks, events } from '../schema/tables.ts';
import { getRow } from '../writes/rows.ts';
import { readMeta } from './meta.ts';

export const readParameters = (db: Reader): Parameters => {
  const text = readMeta(db, 'parameters');
  return text === null ? defaultParameters : (JSON.parse(text) as Parameters);
};

/** What a decision about a ticket looks at, from the cache. */
export function readTicketState(db: Reader, ticketId: string, customerId: string | null = null): DecisionState {
  const ticket = getRow(db, 'ticket', ticketId);
  const holder = ticket?.customerId ?? customerId;
  return {
    ticket,
    customer: holder === null ? null : getRow(db, 'customer', holder),
    callbacks: db.select().from(callbacks).where(eq(callbacks.ticketId, ticketId)).all(),
    events: db
      .select()
      .from(events)
      .where(eq(events.ticketId, ticketId))
      // What the server has not received yet comes last.
      .orderBy(sql`${events.receivedAt} IS NULL`, asc(events.receivedAt), asc(events.id))
      .all(),
    parameters: readParameters(db),
    account: (id) => getRow(db, 'account', id),
  };
}

export const readDecisionState = (db: Reader, command: Command): DecisionState =>
  readTicketState(db, command.ticketId, command.kind === 'create' ? command.args.customerId : null);
