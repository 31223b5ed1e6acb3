import { and, asc, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import type { Account } from '../../shared/domain/people.ts';
import { sureWordsOf, wordsOf } from '../../shared/domain/search/words.ts';
import { openStatuses } from '../../shared/domain/ticket-state.ts';
import type { Reader } from '../reader.ts';
import { customers, tickets } from '../schema/tables.ts';
import { watched } from '../statements.ts';
import { foundRows, matchExpression } from '../writes/search-index.ts';
import { dueNames, type DuePart, duePart, duePartOf } from './due.ts';
import { filterSql } from './filter-sql.ts';
import { inList, kept, listOrder, type StandingList } from './list-conditions.ts';
import { type ListMoments, type ListPage, type ListQuery, MOST_FOUND } from './list-query.ts';
import { findPlaces, type Place, readPlaces, type TicketRowView } from './ticket-rows.ts';

/** From so many rows on it is faster to walk through a list and ask of each ticket whether it was found, than the other way round. */
const COMMON = 2000;

/** Whether texts are looked through: of what they find only so much is counted and listed. */
export const readsTexts = ({ text, filter }: Pick<ListQuery, 'text' | 'filter'>): boolean =>
  text !== '' || filter.some((c) => 'contains' in c || (c.field === 'custom' && c.test.op === 'contains'));

/** What a condition on a text cannot do without, of the texts that the search index holds. */
const sureWords = (filter: TicketFilter): string[] =>
  filter.flatMap((c) =>
    !('contains' in c) || c.field === 'email' || c.field === 'address'
      ? []
      : c.field === 'phone'
        ? wordsOf(c.contains.replaceAll(/\D/g, ''))
        : sureWordsOf(c.contains),
  );

/** Tickets with these words, and whether they are many; null: there are no words. */
function found(db: Reader, words: readonly string[]): { where: SQL; common: boolean } | null {
  const expression = matchExpression(words);
  if (expression === null) return null;
  const hits = watched(db, () =>
    db.$client.prepare('SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)').pluck().get(expression, COMMON),
  );
  const common = hits === COMMON;
  // A sign in front keeps the index of rowids from being chosen.
  return { where: sql`${sql.raw(common ? '+' : '')}ticket.rowid IN ${foundRows('ticket', expression)}`, common };
}

type Searched = Pick<ListQuery, 'text' | 'filter' | 'sort' | 'descending'> & { readonly list: StandingList };

/** Places of what words and conditions find in a list, part by part; one more than `MOST_FOUND` says that there are more. */
function searcher(db: Reader, me: Account, { descending, filter, list, sort, text }: Searched, moments: ListMoments) {
  const words = found(db, [...wordsOf(text), ...sureWords(filter)]);
  // Where few are found they are looked up; many are met soon by walking through the list in its order.
  const walked = (sort === 'next' && !descending) || (sort === 'updated' && descending);
  const groupsUnindexed = words?.common !== true || walked;
  const where = and(
    inList(me, list, groupsUnindexed),
    words?.where,
    filterSql(filter, { me: me.id, now: moments.now, zone: moments.zone }),
  );
  const order = listOrder(sort, descending);
  return (part: DuePart): Place[] =>
    findPlaces(db, { where: () => and(where, duePart(part))!, order, named: dueNames(moments), limit: MOST_FOUND + 1 });
}

/** One page of what words and conditions find in a list. */
export function readFound(db: Reader, me: Account, query: Omit<ListQuery, 'list'> & Searched, moments: ListMoments): ListPage {
  const { due: part, limit, offset, text } = query;
  const places = searcher(db, me, query, moments);
  const all = places('all');
  const counted = all.length <= MOST_FOUND;
  const names = dueNames(moments);
  const inPart = part === 'all' ? all : counted ? all.filter(([, nextAt]) => duePartOf(nextAt, names) === part) : places(part);
  const due = { all: all.length, overdue: 0, soon: 0, today: 0, later: 0 };
  for (const [, nextAt] of all) due[duePartOf(nextAt, names)] += 1;
  return {
    rows: readPlaces(db, inPart.slice(0, MOST_FOUND).slice(offset, offset + limit), text),
    ...upToMost(inPart.length),
    due: counted ? due : null,
  };
}

export const countFound = (db: Reader, me: Account, query: Searched, moments: ListMoments): Total =>
  upToMost(searcher(db, me, query, moments)('all').length);

export type Total = Pick<ListPage, 'total' | 'more'>;
const upToMost = (n: number): Total => ({ total: Math.min(n, MOST_FOUND), more: n > MOST_FOUND });

const open = inArray(tickets.status, [...openStatuses]);

/** Best first, for the palette: the number or phone itself, then mine and open, then what moved last. */
export function findTickets(db: Reader, me: Account, text: string, limit: number): Total & { rows: TicketRowView[] } {
  const words = wordsOf(text);
  const matching = found(db, words);
  if (matching === null) return { rows: [], total: 0, more: false };
  const order = [desc(tickets.updatedAt), asc(tickets.id)];
  const places = (condition: SQL | undefined, most: number): Place[] =>
    findPlaces(db, { where: () => and(matching.where, kept, condition)!, order, limit: most });
  const recent = places(undefined, MOST_FOUND + 1);
  const mine = and(eq(tickets.assigneeId, me.id), open);
  const [word] = words;
  const exact = words.length === 1 && /^\d{4,}$/.test(word!) ? places(isExactly(word!), limit) : [];
  const best = new Map([...exact, ...places(mine, limit), ...recent].map((place) => [place[0], place]));
  return { rows: readPlaces(db, [...best.values()].slice(0, limit), text), ...upToMost(recent.length) };
}

const isExactly = (digits: string): SQL =>
  or(
    eq(tickets.number, Number(digits)),
    sql`EXISTS (SELECT 1 FROM json_each(${customers.phones}) p WHERE only_digits(p.value) = ${digits})`,
  )!;
