import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { baseCustomer, baseTicket, holder, NOW, uuid } from '../shared/domain/commands/decide-world.ts';
import { type Cache, openCache } from './open.ts';
import { findTickets } from './reads/ticket-lists.ts';
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
