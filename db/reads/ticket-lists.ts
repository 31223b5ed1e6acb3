import { and, asc, desc, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import type { Account } from '../../shared/domain/people.ts';
import { seesEverything, seesOthersTickets } from '../../shared/domain/permissions.ts';
import { wordsOf } from '../../shared/domain/search/words.ts';
import { type ListName, listNames, listStatuses, type SortColumn } from '../../shared/domain/ticket-state.ts';
import type { Reader } from '../reader.ts';
import { accounts, customers, groups, tickets, transfers } from '../schema/tables.ts';
import { searchedRows } from '../writes/search-index.ts';
import { type DueMoments, type DuePart, duePart, dueParts } from './due.ts';
import type { ListMoments, ListPage, ListQuery } from './list-query.ts';
import { filterSql } from './filter-sql.ts';
import { selectTicketRows, type TicketRowView, viewTicketRows } from './ticket-rows.ts';
import { readTransferred } from './transferred-list.ts';

const order: Readonly<Record<SortColumn, SQL>> = {
  next: sql`${tickets.nextAt}`,
  number: sql`${tickets.number}`,
  subject: sql`${tickets.subject}`,
  customer: sql`${customers.name}`,
  status: sql`${tickets.status}`,
  due: sql`${tickets.dueAt}`,
  updated: sql`${tickets.updatedAt}`,
  created: sql`${tickets.createdAt}`,
  resolved: sql`${tickets.resolvedAt}`,
  assignee: sql`${accounts.name}`,
  group: sql`${groups.name}`,
  nature: sql`${tickets.nature}`,
  source: sql`${tickets.source}`,
  tier: sql`nullif(${customers.tier}, '')`,
  priority: sql`CASE ${tickets.priority} WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END`,
  category: sql`${tickets.category}`,
};

const kept = sql`${tickets.deletedAt} IS NULL`;
const inPool = sql`${tickets.status} = 'released' AND NOT EXISTS
  (SELECT 1 FROM customer c WHERE c.id = ${tickets.customerId} AND c.invalid_at IS NOT NULL)`;

type StandingList = Exclude<ListName, 'transferred'>;

/** Which tickets a list holds. The cache holds only what this account may see. */
function inList(me: Account, list: StandingList): SQL {
  const ofMyGroups = seesEverything(me) ? undefined : inArray(tickets.groupId, [...me.groupIds]);
  switch (list) {
    case 'pending':
    case 'processing':
    case 'resolved':
      return and(eq(tickets.assigneeId, me.id), inArray(tickets.status, [...listStatuses[list]]), kept)!;
    case 'pool':
      return and(inPool, ofMyGroups, kept)!;
    case 'all':
      return seesOthersTickets(me) ? and(ofMyGroups, kept)! : sql`0`;
    case 'review':
      return seesOthersTickets(me) ? and(eq(tickets.status, 'resolved'), ofMyGroups, kept)! : sql`0`;
    case 'expired':
      return seesOthersTickets(me) ? and(inPool, isNotNull(tickets.expiredFrom), ofMyGroups, kept)! : sql`0`;
  }
}

/** The numbers in the nav; by the same conditions as the lists. */
export function countLists(db: Reader, me: Account): Record<ListName, number> {
  const count = (list: ListName): number =>
    list === 'transferred'
      ? db
          .select({ n: sql<number>`count(*)` })
          .from(transfers)
          .where(eq(transfers.fromId, me.id))
          .get()!.n
      : db
          .select({ n: sql<number>`count(*)` })
          .from(tickets)
          .where(inList(me, list))
          .get()!.n;
  return Object.fromEntries(listNames.map((list) => [list, count(list)])) as Record<ListName, number>;
}

interface Wanted {
  readonly list: ListName;
  readonly text: string;
  readonly filter: TicketFilter;
}

/** What a list, words and conditions leave. */
function wanted(me: Account, query: Wanted & { readonly list: StandingList }, moments: ListMoments): SQL {
  return and(
    inList(me, query.list),
    searchedRows('ticket', wordsOf(query.text)) ?? undefined,
    filterSql(query.filter, { me: me.id, now: moments.now, zone: moments.zone }),
  )!;
}

/** One page of a list, with the counts of its four parts in the same answer. */
export function readList(db: Reader, me: Account, query: ListQuery, moments: ListMoments): ListPage {
  if (query.list === 'transferred') return readTransferred(db, me, query, moments);
  const where = wanted(me, { ...query, list: query.list }, moments);
  const due = countParts(db, where, moments);
  const column = order[query.sort];
  // What has no value stands last either way; the id keeps equal rows in place.
  const sorted = [sql`${column} IS NULL`, query.descending ? desc(column) : asc(column), desc(tickets.updatedAt), asc(tickets.id)];
  // First which ones: the names and marks of a row cost more than its place.
  const page = db
    .select({ id: tickets.id })
    .from(tickets)
    .leftJoin(customers, eq(customers.id, tickets.customerId))
    .leftJoin(accounts, eq(accounts.id, tickets.assigneeId))
    .leftJoin(groups, eq(groups.id, tickets.groupId))
    .where(and(where, duePart(query.due, moments)))
    .orderBy(...sorted)
    .limit(query.limit)
    .offset(query.offset);
  const rows = selectTicketRows(db)
    .where(inArray(tickets.id, page))
    .orderBy(...sorted)
    .all();
  return { rows: viewTicketRows(db, rows, query.text), total: due[query.due], due };
}

function countParts(db: Reader, where: SQL, moments: DueMoments): Record<DuePart, number> {
  const counts = Object.fromEntries(
    dueParts.map((part) => [part, sql<number>`count(*) FILTER (WHERE ${duePart(part, moments)})`]),
  ) as Record<DuePart, SQL<number>>;
  // Conditions on the customer need it at hand; nobody has two.
  return db.select(counts).from(tickets).leftJoin(customers, eq(customers.id, tickets.customerId)).where(where).get() as Record<
    DuePart,
    number
  >;
}

/** How many tickets a 常用搜索 finds now. */
export function countWanted(db: Reader, me: Account, query: Wanted, moments: ListMoments): number {
  const page = { ...query, due: 'all', sort: 'updated', descending: true, offset: 0, limit: 1 } as const;
  if (query.list === 'transferred') return readTransferred(db, me, page, moments).total;
  return countParts(db, wanted(me, { ...query, list: query.list }, moments), moments).all;
}

/** Best first, for the palette: the number itself, then mine and open, then open, then what moved last. */
export function findTickets(db: Reader, me: Account, text: string, limit: number): { rows: TicketRowView[]; total: number } {
  const where = searchedRows('ticket', wordsOf(text));
  if (where === null) return { rows: [], total: 0 };
  const exact = /^\d{4,}$/.test(text.trim()) ? sql`${tickets.number} IS NOT ${Number(text.trim())}` : sql`1`;
  const closed = sql`${tickets.status} NOT IN ('pending', 'processing', 'waiting')`;
  const mine = sql`NOT (${tickets.assigneeId} IS ${me.id}) OR ${closed}`;
  const rows = selectTicketRows(db)
    .where(and(where, kept))
    .orderBy(exact, mine, closed, desc(tickets.updatedAt), asc(tickets.id))
    .limit(limit)
    .all();
  const total = db
    .select({ n: sql<number>`count(*)` })
    .from(tickets)
    .where(and(where, kept))
    .get()!.n;
  return { rows: viewTicketRows(db, rows, text), total };
}
