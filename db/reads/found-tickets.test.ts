import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admin, baseCustomer, baseTicket, holder, NOW, uuid } from '../../shared/domain/commands/decide-world.ts';
import { type Cache, openCache } from '../open.ts';
import { putRow } from '../writes/rows.ts';
import { findTickets } from './found-tickets.ts';
import type { DuePart } from './due.ts';
import { MOST_FOUND } from './list-query.ts';
import { countWanted, readList } from './ticket-lists.ts';

const HOUR = 3_600_000;
const MANY = 3000;
const moments = { now: NOW, zone: 'Asia/Shanghai', endOfToday: NOW + 6 * HOUR };

let folder: string;
let cache: Cache;
/** 3,000 tickets with 客户; of them each third is overdue, each 300th also says 退款, ten are the holder's. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-found-'));
  cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
  cache.transaction((db) => {
    putRow(db, 'account', admin);
    putRow(db, 'account', holder);
    putRow(db, 'customer', { ...baseCustomer, phones: ['13800138000'] });
    for (let n = 1; n <= MANY; n += 1)
      putRow(db, 'ticket', {
        ...baseTicket,
        id: uuid(n),
        number: 100_000 + n,
        subject: n % 300 === 0 ? '客户要退款' : '客户报修',
        assigneeId: n <= 10 ? holder.id : null,
        status: n <= 10 ? 'processing' : n % 2 === 0 ? 'released' : 'resolved',
        nextAt: n % 3 === 0 ? NOW - n * 1000 : NOW + n * 1000,
        updatedAt: NOW - MANY + n,
        custom: {},
      });
    putRow(db, 'customer', { ...baseCustomer, id: uuid(9001), phones: ['100005'] });
    putRow(db, 'ticket', { ...baseTicket, id: uuid(9002), number: 7, customerId: uuid(9001), subject: '电话', updatedAt: 1, custom: {} });
  });
  for (let left = 500; cache.upkeep(); left -= 1) if (left === 0) throw new Error('it never ends');
});
afterAll(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

const page = (text: string, due: DuePart = 'all', offset = 0, list: 'all' | 'processing' = 'all') =>
  readList(
    cache.db,
    list === 'all' ? admin : holder,
    { list, text, filter: [], due, sort: 'next', descending: false, offset, limit: 50 },
    moments,
  );
/** What the list has to show, from the rows themselves. */
const inOrder = (fits: (n: number) => boolean): number[] =>
  Array.from({ length: MANY }, (_, i) => i + 1)
    .filter(fits)
    .map((n): [number, number] => [n, n % 3 === 0 ? -n * 1000 : n * 1000])
    .toSorted((a, b) => a[1] - b[1])
    .map(([n]) => 100_000 + n);
const numbers = (rows: readonly { readonly number: number | null }[]): (number | null)[] => rows.map((r) => r.number);

describe('F15 a word that stands in most tickets', () => {
  test('shows the first thousand in the order of the list, says that there are more, and counts no parts', () => {
    const first = page('客户');
    expect({ total: first.total, more: first.more, due: first.due }).toEqual({ total: MOST_FOUND, more: true, due: null });
    expect(numbers(first.rows)).toEqual(inOrder(() => true).slice(0, 50));
    expect(first.rows[0]!.hits).toEqual([{ field: 'subject', text: first.rows[0]!.subject, ranges: [[0, 2]] }]);
    expect(numbers(page('客户', 'all', 980).rows)).toEqual(inOrder(() => true).slice(980, MOST_FOUND));
  });

  test('shows the whole of a part that has less than a thousand, and a thousand of one that has more', () => {
    const overdue = page('客户', 'overdue', 950);
    expect([overdue.total, overdue.more, overdue.rows.length]).toEqual([1000, false, 50]);
    const rest = inOrder((n) => n % 3 !== 0 && n * 1000 >= 6 * HOUR);
    const later = page('客户', 'later');
    expect([later.total, later.more]).toEqual([rest.length, rest.length > MOST_FOUND]);
    const soon = page('客户', 'soon');
    expect(numbers(soon.rows)).toEqual(inOrder((n) => n % 3 !== 0).slice(0, 50));
    expect([soon.total, soon.more]).toEqual([1000, true]);
  });

  test('counts exactly in a short list, and together with a rarer word', () => {
    const mine = page('客户', 'all', 0, 'processing');
    expect(mine).toMatchObject({ total: 10, more: false, due: { all: 10, overdue: 3, soon: 7, today: 0, later: 0 } });
    const both = page('客户 退款');
    expect(numbers(both.rows)).toEqual(inOrder((n) => n % 300 === 0));
    expect(both).toMatchObject({ total: 10, more: false, due: { all: 10, overdue: 10 } });
    expect(numbers(page('退款', 'overdue').rows)).toEqual(numbers(both.rows));
  });

  test('is counted up to a thousand for a 常用搜索 as well, and a condition on a text likewise', () => {
    const count = (text: string, contains: string | null) =>
      countWanted(cache.db, admin, { list: 'all', text, filter: contains === null ? [] : [{ field: 'subject', contains }] }, moments);
    expect(count('客户', null)).toEqual({ total: MOST_FOUND, more: true });
    expect(count('', '客户')).toEqual({ total: MOST_FOUND, more: true });
    expect(count('', '要退')).toEqual({ total: 10, more: false });
    expect(count('客户', '要退')).toEqual({ total: 10, more: false });
  });
});

describe('F15 the palette shows what fits best first', () => {
  test('mine that are open before what moved last', () => {
    const { rows, total, more } = findTickets(cache.db, holder, '客户', 20);
    expect([total, more]).toEqual([MOST_FOUND, true]);
    const newest = Array.from({ length: 10 }, (_, i) => 100_000 + MANY - i);
    expect(numbers(rows)).toEqual([...Array.from({ length: 10 }, (_, i) => 100_010 - i), ...newest]);
  });

  test('the number itself and the phone itself before all that only hold its digits', () => {
    const { rows } = findTickets(cache.db, holder, '100005', 20);
    expect(new Set(numbers(rows).slice(0, 2))).toEqual(new Set([100_005, 7]));
    expect(numbers(findTickets(cache.db, holder, '10000', 20).rows)).not.toContain(100_010);
    expect(findTickets(cache.db, holder, '1000', 20).rows).toHaveLength(20);
  });
});
