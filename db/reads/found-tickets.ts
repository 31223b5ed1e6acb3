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

interface Matching {
  /** On tickets; the words stand for `@words` in it. */
  readonly where: SQL;
  readonly common: boolean;
  readonly named: { readonly words: string };
}

/** Tickets with these words; null: there are no words. */
function matching(db: Reader, words: readonly string[]): Matching | null {
  const expression = matchExpression(words);
  if (expression === null) return null;
  const hits = watched(db, () =>
    db.$client.prepare('SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)').pluck().get(expression, COMMON),
  );
  const common = hits === COMMON;
  // A sign in front keeps the index of rowids from being chosen.
  return {
    where: sql`${sql.raw(common ? '+' : '')}ticket.rowid IN ${foundRows('ticket', sql`@words`)}`,
    common,
    named: { words: expression },
  };
}

type Searched = Pick<ListQuery, 'text' | 'filter' | 'sort' | 'descending'> & { readonly list: StandingList };

/** Places of what words and conditions find in a list, part by part; one more than `MOST_FOUND` says that there are more. */
function searcher(db: Reader, me: Account, { descending, filter, list, sort, text }: Searched, moments: ListMoments) {
  const found = matching(db, [...wordsOf(text), ...sureWords(filter)]);
  // Where few are found they are looked up; many are met soon by walking through the list in its order.
  const walked = (sort === 'next' && !descending) || (sort === 'updated' && descending);
  const groupsUnindexed = found?.common !== true || walked;
  const where = (): SQL | undefined =>
    and(inList(me, list, groupsUnindexed), found?.where, filterSql(filter, { me: me.id, now: moments.now, zone: moments.zone }));
  const order = listOrder(sort, descending);
  // Conditions are different each time; words are not part of the question.
  const key = filter.length > 0 ? null : JSON.stringify(['found', me.id, me.role, me.groupIds, list, sort, descending, found?.common]);
  return (part: DuePart): Place[] =>
    findPlaces(db, {
      where: () => and(where(), duePart(part))!,
      order,
      key: key === null ? null : `${key} ${part}`,
      named: { ...dueNames(moments), ...found?.named },
      limit: MOST_FOUND + 1,
    });
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

/** Best first, for the palette: the number or phone itself, then mine and open, then what moved last. */
export function findTickets(db: Reader, me: Account, text: string, limit: number): Total & { rows: TicketRowView[] } {
  const words = wordsOf(text);
  const found = matching(db, words);
  if (found === null) return { rows: [], total: 0, more: false };
  const order = [desc(tickets.updatedAt), asc(tickets.id)];
  const places = (key: string | null, condition: () => SQL | undefined, most: number): Place[] =>
    findPlaces(db, {
      where: () => and(found.where, kept, condition())!,
      order,
      key: key === null ? null : JSON.stringify(['palette', me.id, found.common, key]),
      named: found.named,
      limit: most,
    });
  const recent = places('recent', () => undefined, MOST_FOUND + 1);
  const mine = places('mine', () => and(eq(tickets.assigneeId, me.id), inArray(tickets.status, [...openStatuses])), limit);
  const [word] = words;
  const exact = words.length === 1 && /^\d{4,}$/.test(word!) ? places(null, () => isExactly(word!), limit) : [];
  const best = new Map([...exact, ...mine, ...recent].map((place) => [place[0], place]));
  return { rows: readPlaces(db, [...best.values()].slice(0, limit), text), ...upToMost(recent.length) };
}

const isExactly = (digits: string): SQL =>
  or(
    eq(tickets.number, Number(digits)),
    sql`EXISTS (SELECT 1 FROM json_each(${customers.phones}) p WHERE only_digits(p.value) = ${digits})`,
  )!;
