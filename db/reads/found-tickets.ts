import { and, asc, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import type { Account } from '../../shared/domain/people.ts';
import { sureWordsOf, wordsOf } from '../../shared/domain/search/words.ts';
import { openStatuses } from '../../shared/domain/ticket-state.ts';
import { compiled } from '../compiled.ts';
import type { Reader } from '../reader.ts';
import { customers, tickets } from '../schema/tables.ts';
import { watched } from '../statements.ts';
import { foundRows, isFoundTicket, matchExpression, rowOf } from '../writes/search-index.ts';
import { dueNames, type DuePart, duePart, duePartOf } from './due.ts';
import { filterSql } from './filter-sql.ts';
import { inList, kept, listOrder, type StandingList } from './list-conditions.ts';
import { type ListMoments, type ListPage, type ListQuery, MOST_FOUND } from './list-query.ts';
import { findPlaces, type Place, readPlaces, type TicketRowView } from './ticket-rows.ts';

/** From so many rows on it is faster to walk through a list and ask of each ticket whether it was found, than the other way round. */
const COMMON = 2000;
/** Of all tickets. From here on a ticket is asked alone; below, what was found is gathered first. */
const MOST = 0.25;
/** Of these as many as are listed may be in a list; that they are not is no proof. */
const SAMPLE = 3 * MOST_FOUND;

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
  /** The same, asked of each ticket by itself; null: that would take longer. */
  readonly whereEach: SQL | null;
  readonly common: boolean;
  readonly named: { readonly words: string };
}

/** Tickets with these words; null: there are no words. */
function matching(db: Reader, words: readonly string[]): Matching | null {
  const expression = matchExpression(words);
  if (expression === null) return null;
  const [hits, last] = watched(db, () =>
    db.$client
      .prepare('SELECT count(*), max(rowid) FROM (SELECT rowid FROM search WHERE search MATCH ? LIMIT ?)')
      .raw()
      .get(expression, COMMON),
  ) as [number, number];
  const common = hits === COMMON;
  // A sign in front keeps the index of rowids from being chosen.
  return {
    where: sql`${sql.raw(common ? '+' : '')}ticket.rowid IN ${foundRows('ticket', sql`@words`)}`,
    // They came in the order of their rows, so the last one tells how close they lie. One character alone begins many words.
    whereEach: common && hits / rowOf(last) > MOST && words.every((word) => [...word].length > 1) ? isFoundTicket(sql`@words`) : null,
    common,
    named: { words: expression },
  };
}

/** Whether more than are listed meet a condition, as far as some of them prove it. */
function surelyMore(db: Reader, { named, whereEach }: Matching, key: string, condition: () => SQL): boolean {
  if (whereEach === null) return false;
  const { statement, values } = compiled(
    db,
    `more ${key}`,
    () => sql`SELECT count(*) FROM (SELECT 1 FROM ${foundRows('ticket', sql`@words`, SAMPLE)} found
      CROSS JOIN ticket ON ticket.rowid = found.place WHERE ${condition()} LIMIT ${MOST_FOUND + 1})`,
  );
  return watched(db, () => statement.pluck().get(...values, named)) === MOST_FOUND + 1;
}

type Searched = Pick<ListQuery, 'text' | 'filter' | 'sort' | 'descending'> & { readonly list: StandingList };

/** What lies with one person and is not finished. */
const isShort = (list: StandingList): boolean => list === 'pending' || list === 'processing';

interface Finds {
  /** Of a part, the first so many. */
  readonly places: (part: DuePart, most: number) => Place[];
  /** All parts together surely have more than `MOST_FOUND`; otherwise listing them says it. */
  readonly more: boolean;
}

/** What words and conditions find in a list. */
function finds(db: Reader, me: Account, { descending, filter, list, sort, text }: Searched, moments: ListMoments): Finds {
  const found = matching(db, [...wordsOf(text), ...sureWords(filter)]);
  // Where few are found they are looked up; many are met soon by walking through the list in its order.
  const walked = (sort === 'next' && !descending) || (sort === 'updated' && descending);
  const groupsUnindexed = found?.common !== true || walked;
  // Conditions are different each time; words are not part of the question.
  const key = filter.length > 0 ? null : JSON.stringify([me.id, me.role, me.groupIds, list, sort, descending, found?.common]);
  const listed = (): SQL => inList(me, list, groupsUnindexed);
  const more = found !== null && key !== null && walked && !isShort(list) && surelyMore(db, found, key, listed);
  const each = more || isShort(list) ? (found?.whereEach ?? null) : null;
  const words = each ?? found?.where;
  const where = (): SQL | undefined => and(listed(), words, filterSql(filter, { me: me.id, now: moments.now, zone: moments.zone }));
  const order = listOrder(sort, descending);
  return {
    places: (part, most) =>
      findPlaces(db, {
        where: () => and(where(), duePart(part))!,
        order,
        key: key === null ? null : `found ${each !== null} ${part} ${key}`,
        named: { ...dueNames(moments), ...found?.named },
        limit: most,
      }),
    more,
  };
}

/** One page of what words and conditions find in a list. */
export function readFound(db: Reader, me: Account, query: Omit<ListQuery, 'list'> & Searched, moments: ListMoments): ListPage {
  const { due: part, limit, offset, text } = query;
  const { more, places } = finds(db, me, query, moments);
  const pageOf = (from: readonly Place[]): TicketRowView[] => readPlaces(db, from.slice(0, MOST_FOUND).slice(offset, offset + limit), text);
  if (more && part === 'all') return { rows: pageOf(places('all', offset + limit)), total: MOST_FOUND, more, due: null };
  const all = places('all', MOST_FOUND + 1);
  const counted = all.length <= MOST_FOUND;
  const names = dueNames(moments);
  const inPart =
    part === 'all' ? all : counted ? all.filter(([, nextAt]) => duePartOf(nextAt, names) === part) : places(part, MOST_FOUND + 1);
  const due = { all: all.length, overdue: 0, soon: 0, today: 0, later: 0 };
  for (const [, nextAt] of all) due[duePartOf(nextAt, names)] += 1;
  return { rows: pageOf(inPart), ...upToMost(inPart.length), due: counted ? due : null };
}

export function countFound(db: Reader, me: Account, query: Searched, moments: ListMoments): Total {
  const { more, places } = finds(db, me, query, moments);
  return upToMost(more ? MOST_FOUND + 1 : places('all', MOST_FOUND + 1).length);
}

export type Total = Pick<ListPage, 'total' | 'more'>;
const upToMost = (n: number): Total => ({ total: Math.min(n, MOST_FOUND), more: n > MOST_FOUND });

/** Best first, for the palette: the number or phone itself, then mine and open, then what moved last. */
export function findTickets(db: Reader, me: Account, text: string, limit: number): Total & { rows: TicketRowView[] } {
  const words = wordsOf(text);
  const found = matching(db, words);
  if (found === null) return { rows: [], total: 0, more: false };
  const more = surelyMore(db, found, 'palette', () => kept);
  const order = [desc(tickets.updatedAt), asc(tickets.id)];
  const places = (key: string | null, condition: () => SQL | undefined, most: number): Place[] =>
    findPlaces(db, {
      where: () => and((more ? found.whereEach : null) ?? found.where, kept, condition())!,
      order,
      key: key === null ? null : JSON.stringify(['palette', me.id, found.common, more, key]),
      named: found.named,
      limit: most,
    });
  const recent = places('recent', () => undefined, more ? limit : MOST_FOUND + 1);
  const mine = places('mine', () => and(eq(tickets.assigneeId, me.id), inArray(tickets.status, [...openStatuses])), limit);
  const [word] = words;
  const exact = words.length === 1 && /^\d{4,}$/.test(word!) ? places(null, () => isExactly(word!), limit) : [];
  const best = new Map([...exact, ...mine, ...recent].map((place) => [place[0], place]));
  return { rows: readPlaces(db, [...best.values()].slice(0, limit), text), ...upToMost(more ? MOST_FOUND + 1 : recent.length) };
}

const isExactly = (digits: string): SQL =>
  or(
    eq(tickets.number, Number(digits)),
    sql`EXISTS (SELECT 1 FROM json_each(${customers.phones}) p WHERE only_digits(p.value) = ${digits})`,
  )!;
