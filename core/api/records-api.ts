import { and, asc, eq, isNull, or } from 'drizzle-orm';
import { findCustomers, poolTicketOf, readCustomerCard, readCustomers } from '../../db/reads/customers.ts';
import { findTickets } from '../../db/reads/found-tickets.ts';
import { countWanted } from '../../db/reads/ticket-lists.ts';
import { findTwins } from '../../db/reads/twins.ts';
import { readLoad, readWork } from '../../db/reads/team.ts';
import { outbox, phrases, savedSearches } from '../../db/schema/tables.ts';
import { getRow } from '../../db/writes/rows.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf, ParsedInputOf } from '../../shared/bridge/define.ts';
import { type Command, recordArgs, type RecordCommand } from '../../shared/domain/commands/index.ts';
import { contactKeys } from '../../shared/domain/contacts.ts';
import { startOfDay } from '../../shared/domain/reminders/buckets.ts';
import { matchesSpoken } from '../../shared/domain/search/match-text.ts';
import type { CoreContext } from '../context.ts';
import type { Desk } from '../session/desk.ts';
import { type ActResult, give, giveRecord, type RecordResult } from './give.ts';
import { listMoments } from './tickets-api.ts';

type Queries = CoreContract['queries'];
type Calls = CoreContract['calls'];

const FOUND = 20;
const FOUND_CUSTOMERS = 10;

export function actOnRecord(ctx: CoreContext, desk: Desk, input: ParsedInputOf<Calls['records.act']>): RecordResult {
  const { kind, subjectId, draft } = input;
  const command = {
    id: ctx.ids(),
    kind,
    subjectId: subjectId ?? ctx.ids(),
    // Parsed again for its transforms (trimmed texts).
    args: recordArgs[kind].parse(input.args),
    occurredAt: ctx.clock.now(),
  } as RecordCommand;
  return giveRecord(ctx, desk, command, { draft });
}

/** 领取 of a customer: what lies in the pool for it, or a new ticket. */
export function claimCustomer(ctx: CoreContext, desk: Desk, { customerId, subject }: ParsedInputOf<Calls['customers.claim']>): ActResult {
  const ticketId = poolTicketOf(desk.cache.db, customerId);
  const envelope = { id: ctx.ids(), occurredAt: ctx.clock.now() };
  const command: Command =
    ticketId === null
      ? { ...envelope, kind: 'claimCustomer', ticketId: ctx.ids(), args: { customerId, subject } }
      : { ...envelope, kind: 'claim', ticketId, args: {} };
  return give(ctx, desk, command);
}

export const listCustomers = (desk: Desk, input: ParsedInputOf<Queries['customers.list']>): OutputOf<Queries['customers.list']> =>
  readCustomers(desk.cache.db, desk.me(), input);

export const customerCard = (ctx: CoreContext, desk: Desk, customerId: string): OutputOf<Queries['customers.get']> =>
  readCustomerCard(desk.cache.db, customerId, desk.me(), ctx.clock.now());

export function customerTwins(
  desk: Desk,
  { phones, emails, exceptId }: ParsedInputOf<Queries['customers.twins']>,
): OutputOf<Queries['customers.twins']> {
  const { db } = desk.cache;
  return findTwins(db, contactKeys({ phones, emails }), exceptId).map(({ customer, contact }) => ({
    id: customer.id,
    name: customer.name,
    ownerName: customer.ownerId === null ? '' : (getRow(db, 'account', customer.ownerId)?.name ?? ''),
    contact,
  }));
}

export function find(desk: Desk, text: string): OutputOf<Queries['search.find']> {
  const { db } = desk.cache;
  const me = desk.me();
  const found = findTickets(db, me, text, FOUND);
  const people = findCustomers(db, me, text, FOUND_CUSTOMERS);
  return { tickets: found.rows, ticketTotal: found.total, ticketMore: found.more, customers: people.rows, customerTotal: people.total };
}

/** Ids of rows with commands that the server has not answered. */
const queuedIds = (desk: Desk): Set<string> =>
  new Set(
    desk.cache.db
      .select({ id: outbox.subjectId })
      .from(outbox)
      .where(eq(outbox.state, 'queued'))
      .all()
      .map((r) => r.id),
  );

export function listSearches(ctx: CoreContext, desk: Desk): OutputOf<Queries['searches.list']> {
  const { db } = desk.cache;
  const me = desk.me();
  const queued = queuedIds(desk);
  const moments = listMoments(ctx);
  return db
    .select()
    .from(savedSearches)
    .where(eq(savedSearches.accountId, me.id))
    .orderBy(asc(savedSearches.position), asc(savedSearches.id))
    .all()
    .map(({ accountId: _, ...search }) => ({ ...search, ...countWanted(db, me, search, moments), pending: queued.has(search.id) }));
}

export function listPhrases(desk: Desk, text: string): OutputOf<Queries['phrases.list']> {
  const me = desk.me();
  const queued = queuedIds(desk);
  return desk.cache.db
    .select()
    .from(phrases)
    .where(and(or(eq(phrases.ownerId, me.id), isNull(phrases.ownerId))))
    .orderBy(asc(phrases.position), asc(phrases.id))
    .all()
    .filter((p) => matchesSpoken(text, `${p.title} ${p.text}`))
    .map((p) => ({ ...p, mine: p.ownerId === me.id, mayEdit: p.ownerId === me.id || me.role !== 'agent', pending: queued.has(p.id) }))
    .sort((a, b) => Number(b.mine) - Number(a.mine));
}

export function teamLoad(ctx: CoreContext, desk: Desk, groupId: string | null): OutputOf<Queries['team.load']> {
  const now = ctx.clock.now();
  const zone = ctx.zone();
  const moments = { now, startOfToday: startOfDay(now, zone), endOfToday: startOfDay(now, zone, 1) };
  return readLoad(desk.cache.db, desk.me(), groupId, moments).map((row) => ({
    ...row,
    account: { ...row.account, groupIds: [...row.account.groupIds] },
  }));
}

export const teamWork = (desk: Desk, accountId: string): OutputOf<Queries['team.work']> => readWork(desk.cache.db, desk.me(), accountId);
