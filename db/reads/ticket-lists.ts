import { and, type SQL, sql } from 'drizzle-orm';
import type { Account } from '../../shared/domain/people.ts';
import { type ListName, listNames } from '../../shared/domain/ticket-state.ts';
import { compiled } from '../compiled.ts';
import type { Reader } from '../reader.ts';
import { tickets, transfers } from '../schema/tables.ts';
import { watched } from '../statements.ts';
import { type DueMoments, dueNames, type DuePart, duePart, dueParts } from './due.ts';
import { filterSql } from './filter-sql.ts';
import { countFound, readFound, readsTexts } from './found-tickets.ts';
import { hasIndex, inList, listOrder } from './list-conditions.ts';
import type { ListMoments, ListPage, ListQuery } from './list-query.ts';
import { readTicketRows } from './ticket-rows.ts';
import { readTransferred } from './transferred-list.ts';

/** How many tickets stand in a list; by the same conditions as the list itself. */
export const countList = (db: Reader, me: Account, list: ListName): number =>
  watched(db, () => {
    const { statement, values } = compiled(db, JSON.stringify(['count', me.id, me.role, me.groupIds, list]), () =>
      list === 'transferred'
        ? sql`SELECT count(*) FROM ${transfers} WHERE ${transfers.fromId} = ${me.id}`
        : sql`SELECT count(*) FROM ${tickets} WHERE ${inList(me, list)}`,
    );
    return statement.pluck().get(...values) as number;
  });

/** The numbers in the nav. */
export const countLists = (db: Reader, me: Account): Record<ListName, number> =>
  Object.fromEntries(listNames.map((list) => [list, countList(db, me, list)])) as Record<ListName, number>;

/** One page of a list, with the counts of its four parts in the same answer. */
export function readList(db: Reader, me: Account, query: ListQuery, moments: ListMoments): ListPage {
  if (query.list === 'transferred') return readTransferred(db, me, query, moments);
  const { descending, due: part, filter, limit, list, offset, sort } = query;
  if (readsTexts(query)) return readFound(db, me, { ...query, list }, moments);
  const where = (groupsUnindexed = false): SQL =>
    and(inList(me, list, groupsUnindexed), filterSql(filter, { me: me.id, now: moments.now, zone: moments.zone }))!;
  // Conditions are different each time; the lists themselves are not.
  const key = filter.length === 0 ? JSON.stringify([me.id, me.role, me.groupIds, list]) : null;
  const due = countParts(db, key, () => where(key === null), moments);
  const groupsUnindexed = key === null || hasIndex(sort, descending);
  const rows = readTicketRows(db, {
    where: () => and(where(groupsUnindexed), duePart(part))!,
    order: listOrder(sort, descending),
    key: key === null ? null : `${key} ${part} ${sort} ${descending}`,
    named: dueNames(moments),
    limit,
    offset,
  });
  return { rows, total: due[part], more: false, due };
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
export function countWanted(
  db: Reader,
  me: Account,
  { list, text, filter }: Pick<ListQuery, 'list' | 'text' | 'filter'>,
  moments: ListMoments,
): Pick<ListPage, 'total' | 'more'> {
  const query = { text, filter, due: 'all', sort: 'updated', descending: true, offset: 0, limit: 1 } as const;
  if (list !== 'transferred' && readsTexts(query)) return countFound(db, me, { ...query, list }, moments);
  const { total, more } = readList(db, me, { ...query, list }, moments);
  return { total, more };
}
