import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { baseCustomer, baseTicket, holder, NOW, uuid } from '../shared/domain/commands/decide-world.ts';
import { type Cache, openCache } from './open.ts';
import { readMeta, wantPurge } from './reads/meta.ts';
import { findTickets } from './reads/found-tickets.ts';
import { removeTickets } from './writes/leaving.ts';
import { putRow } from './writes/rows.ts';

let folder: string;
let path: string;
let cache: Cache;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-upkeep-'));
  path = join(folder, 'cache.db');
  cache = openCache({ path, key: '0f'.repeat(32), now: NOW });
});
afterEach(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

const THOUSAND_PAGES = 1000 * 4096;
const logBytes = (): number => statSync(`${path}-wal`).size;
const segments = (): number => cache.db.$client.prepare('SELECT count(DISTINCT segid) FROM search_idx').pluck().get() as number;
const write = (n: number, description = `第${n}张，说明`): void =>
  cache.transaction((db) => {
    putRow(db, 'customer', baseCustomer as never);
    putRow(db, 'ticket', { ...baseTicket, id: uuid(n), number: 100_000 + n, description, custom: {} });
  });
const keepUp = (): void => {
  for (let left = 1000; cache.upkeep(); left -= 1) if (left === 0) throw new Error('it never ends');
};

test('the log is written back between writes and not in one, and does not grow beyond a thousand pages for long', () => {
  const before = statSync(path).size;
  for (let n = 1; n <= 60; n += 1) write(n, '长'.repeat(30_000));
  expect(logBytes()).toBeGreaterThan(THOUSAND_PAGES);
  expect(statSync(path).size).toBe(before);
  keepUp();
  expect(statSync(path).size).toBeGreaterThan(before);
  write(61);
  expect(logBytes()).toBeLessThanOrEqual(THOUSAND_PAGES);
});

test('the search index is merged between writes and not in one, and finds the same', () => {
  for (let n = 1; n <= 40; n += 1) write(n);
  expect(segments()).toBe(40);
  const found = findTickets(cache.db, holder, '说明', 100);
  expect(found.total).toBe(40);
  keepUp();
  expect(segments()).toBeLessThan(10);
  expect(findTickets(cache.db, holder, '说明', 100)).toEqual(found);
});

test('a listener hears of each commit, and of none that failed', () => {
  let heard = 0;
  cache.onCommit(() => (heard += 1));
  write(1);
  expect(() =>
    cache.transaction(() => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(heard).toBe(1);
});

const CANARY = '金丝雀';
/** Pages of the index in which a pair of the canary's characters stands. */
const inIndex = (): number =>
  cache.db.$client
    .prepare('SELECT count(*) FROM search_data WHERE instr(block, ?) > 0')
    .pluck()
    .get(Buffer.from(CANARY.slice(0, 2))) as number;
/** More pages of the index than one slice merges. */
const ALL = 3000;
const LEAVING = 40;
const documents = (): number =>
  cache.db.$client.prepare(`SELECT count(*) FROM search WHERE search MATCH '"说明 明书"'`).pluck().get() as number;
/** Tickets of which some leave, in an index that is written already. */
const someLeave = (): void => {
  cache.transaction((db) => {
    for (let n = 1; n <= ALL; n += 1) {
      const description = `${n % 10 === 0 && n <= LEAVING * 10 ? CANARY : ''}${'说明书里写着的话'.repeat(20)}${n}`;
      putRow(db, 'ticket', { ...baseTicket, id: uuid(n), description, custom: {} });
    }
  });
  keepUp();
  expect(inIndex()).toBeGreaterThan(0);
  cache.transaction((db) => {
    removeTickets(
      db,
      Array.from({ length: LEAVING }, (_, i) => uuid((i + 1) * 10)),
      NOW,
    );
    wantPurge(db);
  });
  expect(findTickets(cache.db, holder, CANARY, 10).total).toBe(0);
  expect(inIndex()).toBeGreaterThan(0);
};

test('SY6 what has left goes out of the pages of the search index, in slices', () => {
  someLeave();
  cache.purge();
  keepUp();
  expect([inIndex(), readMeta(cache.db, 'purge')]).toEqual([0, null]);
  expect(documents()).toBe(ALL - LEAVING);
});

test('SY6 a purge that a stop interrupts begins again', () => {
  someLeave();
  while (readMeta(cache.db, 'purge') === 'wanted') cache.upkeep();
  expect([inIndex() > 0, readMeta(cache.db, 'purge')]).toEqual([true, 'going']);
  cache.close();
  cache = openCache({ path, key: '0f'.repeat(32), now: NOW });
  keepUp();
  expect([inIndex(), readMeta(cache.db, 'purge')]).toEqual([0, null]);
});

test('SY6 what leaves while a purge goes on is purged as well', () => {
  someLeave();
  while (readMeta(cache.db, 'purge') === 'wanted') cache.upkeep();
  cache.transaction((db) => {
    removeTickets(db, [uuid(1)], NOW);
    wantPurge(db);
  });
  keepUp();
  expect([inIndex(), readMeta(cache.db, 'purge')]).toEqual([0, null]);
  expect(documents()).toBe(ALL - LEAVING - 1);
});

test('rows that are more than one write indexes are found after a while', () => {
  cache.transaction((db) => {
    putRow(db, 'customer', baseCustomer as never);
    for (let n = 1; n <= 5200; n += 1) putRow(db, 'ticket', { ...baseTicket, id: uuid(n), description: '很多', custom: {} });
  });
  keepUp();
  const found = cache.db.$client.prepare('SELECT count(*) FROM search WHERE search MATCH ?').pluck();
  expect(found.get('"很多"')).toBe(5200);
});
