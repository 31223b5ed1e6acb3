import { and, asc, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Command, DecisionState, RecordCommand, RecordState } from '../../shared/domain/commands/index.ts';
import type { Account } from '../../shared/domain/people.ts';
import { openStatuses } from '../../shared/domain/ticket-state.ts';
import { defaultParameters, type Parameters } from '../../shared/domain/tickets.ts';
import { oncePer } from '../once.ts';
import type { Reader } from '../reader.ts';
import { attachments, callbacks, customFields, events, phrases, savedSearches, tickets } from '../schema/tables.ts';
import { getRow } from '../writes/rows.ts';
import { readMetaJson } from './meta.ts';
import { findTwins } from './twins.ts';

/** A server of the version before has fewer of them. */
export const readParameters = (db: Reader): Parameters => ({
  ...defaultParameters,
  ...(readMetaJson(db, 'parameters') as Partial<Parameters> | null),
});

// Each command of the queue asks for all of it, with each page that comes.
const questions = oncePer((db) => ({
  callbacks: db
    .select()
    .from(callbacks)
    .where(eq(callbacks.ticketId, sql.placeholder('ticketId')))
    .prepare(),
  attachments: db
    .select()
    .from(attachments)
    .where(eq(attachments.ticketId, sql.placeholder('ticketId')))
    .prepare(),
  events: db
    .select()
    .from(events)
    .where(eq(events.ticketId, sql.placeholder('ticketId')))
    // What the server has not received yet comes last.
    .orderBy(sql`${events.receivedAt} IS NULL`, asc(events.receivedAt), asc(events.id))
    .prepare(),
  fields: db.select().from(customFields).prepare(),
  openElsewhere: db
    .select({ n: sql<number>`count(*)` })
    .from(tickets)
    .where(
      and(
        eq(tickets.customerId, sql.placeholder('customerId')),
        ne(tickets.id, sql.placeholder('ticketId')),
        inArray(tickets.status, [...openStatuses]),
        sql`${tickets.deletedAt} IS NULL`,
      ),
    )
    .prepare(),
}));

/** What a decision about a ticket looks at, from the cache. */
export function readTicketState(db: Reader, ticketId: string, customerId: string | null = null): DecisionState {
  const ticket = getRow(db, 'ticket', ticketId);
  const holder = ticket?.customerId ?? customerId;
  const ask = questions(db);
  return {
    ticket,
    customer: holder === null ? null : getRow(db, 'customer', holder),
    callbacks: ask.callbacks.all({ ticketId }),
    attachments: ask.attachments.all({ ticketId }),
    events: ask.events.all({ ticketId }),
    parameters: readParameters(db),
    fields: ask.fields.all(),
    openElsewhere: holder === null ? 0 : ask.openElsewhere.get({ customerId: holder, ticketId })!.n,
    twinOf: (keys) => findTwins(db, keys, holder)[0]?.customer.id ?? null,
    account: (id) => getRow(db, 'account', id),
  };
}

export const readDecisionState = (db: Reader, command: Command): DecisionState =>
  readTicketState(db, command.ticketId, command.kind === 'create' || command.kind === 'claimCustomer' ? command.args.customerId : null);

/** How an account is tied to a customer by its tickets. */
export function readTies(db: Reader, customerId: string, me: Account): Pick<RecordState, 'holdsTicket' | 'ticketGroups'> {
  const rows = db
    .select({ groupId: tickets.groupId, assigneeId: tickets.assigneeId, status: tickets.status })
    .from(tickets)
    .where(and(eq(tickets.customerId, customerId), sql`${tickets.deletedAt} IS NULL`))
    .all();
  return {
    holdsTicket: rows.some((t) => t.assigneeId === me.id && openStatuses.includes(t.status)),
    ticketGroups: [...new Set(rows.map((t) => t.groupId))],
  };
}

/** What a decision about a customer, a search, a phrase or duty looks at. */
export function readRecordState(db: Reader, command: RecordCommand, me: Account): RecordState {
  const id = command.subjectId;
  return {
    customer: getRow(db, 'customer', id),
    ...readTies(db, id, me),
    searches: db.select().from(savedSearches).where(eq(savedSearches.accountId, me.id)).all(),
    phrases: db.select().from(phrases).all(),
    parameters: readParameters(db),
    account: (account) => getRow(db, 'account', account),
    twinOf: (keys) => findTwins(db, keys, id)[0]?.customer.id ?? null,
  };
}
