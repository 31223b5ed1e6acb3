import { and, asc, desc, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import type { Account } from '../../shared/domain/people.ts';
import { seesEverything, seesOthersTickets } from '../../shared/domain/permissions.ts';
import { wordsOf } from '../../shared/domain/search/words.ts';
import { type ListName, listNames, listStatuses, type SortColumn } from '../../shared/domain/ticket-state.ts';
import { compiled } from '../compiled.ts';
import type { Reader } from '../reader.ts';
import { accounts, customers, groups, tickets, transfers } from '../schema/tables.ts';
import { watched } from '../statements.ts';
import { searchedRows } from '../writes/search-index.ts';
import { type DueMoments, dueNames, type DuePart, duePart, dueParts } from './due.ts';
import type { ListMoments, ListPage, ListQuery } from './list-query.ts';
import { filterSql } from './filter-sql.ts';
import { readTicketRows, type TicketRowView } from './ticket-rows.ts';
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

/** Without asking whether they are empty, these are read in the order of their index. */
const neverEmpty: ReadonlySet<SortColumn> = new Set([
  'updated',
  'created',
  'subject',
  'status',
  'nature',
  'source',
  'priority',
  'category',
]);

const kept = sql`${tickets.deletedAt} IS NULL`;
const inPool = sql`${tickets.status} = 'released' AND NOT EXISTS
  (SELECT 1 FROM customer c WHERE c.id = ${tickets.customerId} AND c.invalid_at IS NOT NULL)`;

type StandingList = Exclude<ListName, 'transferred'>;

/**
 * Which tickets a list holds. The cache holds only what this account may see.
 * @param groupsUnindexed the index of groups is left alone: where the rows are read in the order of the list until there are enough, it
 * would have all sorted; where words or conditions leave few, it would have all read
 */
function inList(me: Account, list: StandingList, groupsUnindexed = false): SQL {
  const groupId = groupsUnindexed && list === 'all' ? sql`+${tickets.groupId}` : sql`${tickets.groupId}`;
  const ofMyGroups = seesEverything(me) ? undefined : inArray(groupId, [...me.groupIds]);
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

/** What a list, words and conditions leave. @param groupsUnindexed as in `inList` */
function wanted(me: Account, query: Wanted & { readonly list: StandingList }, moments: ListMoments, groupsUnindexed = false): SQL {
  return and(
    inList(me, query.list, groupsUnindexed),
    searchedRows('ticket', wordsOf(query.text)) ?? undefined,
    filterSql(query.filter, { me: me.id, now: moments.now, zone: moments.zone }),
  )!;
}

/** One page of a list, with the counts of its four parts in the same answer. */
export function readList(db: Reader, me: Account, query: ListQuery, moments: ListMoments): ListPage {
  if (query.list === 'transferred') return readTransferred(db, me, query, moments);
  const { descending, due: part, limit, list, offset, sort, text } = query;
  const where = (groupsUnindexed = false): SQL => wanted(me, { ...query, list }, moments, groupsUnindexed);
  // Words and conditions are different each time; the lists themselves are not.
  const key = text === '' && query.filter.length === 0 ? JSON.stringify([me.id, me.role, me.groupIds, list]) : null;
  const due = countParts(db, key, () => where(key === null), moments);
  const groupsUnindexed = key === null || (sort === 'next' && !descending);
  const column = order[sort];
  const rows = readTicketRows(db, {
    where: () => and(where(groupsUnindexed), duePart(part))!,
    // What has no value stands last either way; the id keeps equal rows in place.
    order: [
      ...(neverEmpty.has(sort) ? [] : [sql`${column} IS NULL`]),
      descending ? desc(column) : asc(column),
      desc(tickets.updatedAt),
      asc(tickets.id),
    ],
    key: key === null ? null : `${key} ${part} ${sort} ${descending}`,
    named: dueNames(moments),
    limit,
    offset,
    text,
  });
  return { rows, total: due[part], due };
}

const partCounts = sql.join(
  dueParts.map((part) => sql`count(*) FILTER (WHERE ${duePart(part)})`),
  sql`, `,
);

function countParts(db: Reader, key: string | null, where: () => SQL, moments: DueMoments): Record<DuePart, number> {
  // Conditions may be about the customer; a list alone is counted in an index, without reading a ticket.
  const beside = key === null ? sql`LEFT JOIN customer ON customer.id = ticket.customer_id` : sql``;
  const question = (): SQL => sql`SELECT ${partCounts} FROM ticket ${beside} WHERE ${where()}`;
  return watched(db, () => {
    const { statement, values } = compiled(db, key, question);
    const counts = statement.raw().get(...values, dueNames(moments)) as number[];
    return Object.fromEntries(dueParts.map((part, i) => [part, counts[i]!])) as Record<DuePart, number>;
  });
}

/** How many tickets a 常用搜索 finds now. */
export function countWanted(db: Reader, me: Account, query: Wanted, moments: ListMoments): number {
  const page = { ...query, due: 'all', sort: 'updated', descending: true, offset: 0, limit: 1 } as const;
  if (query.list === 'transferred') return readTransferred(db, me, page, moments).total;
  const { list } = query;
  return countParts(db, null, () => wanted(me, { ...query, list }, moments, true), moments).all;
}

/** Best first, for the palette: the number itself, then mine and open, then open, then what moved last. */
export function findTickets(db: Reader, me: Account, text: string, limit: number): { rows: TicketRowView[]; total: number } {
  const where = searchedRows('ticket', wordsOf(text));
  if (where === null) return { rows: [], total: 0 };
  const exact = /^\d{4,}$/.test(text.trim()) ? sql`${tickets.number} IS NOT ${Number(text.trim())}` : sql`1`;
  const closed = sql`${tickets.status} NOT IN ('pending', 'processing', 'waiting')`;
  const mine = sql`NOT (${tickets.assigneeId} IS ${me.id}) OR ${closed}`;
  const rows = readTicketRows(db, {
    where: () => and(where, kept)!,
    order: [exact, mine, closed, desc(tickets.updatedAt), asc(tickets.id)],
    limit,
    text,
  });
  const total = db
    .select({ n: sql<number>`count(*)` })
    .from(tickets)
    .where(and(where, kept))
    .get()!.n;
  return { rows, total };
}
