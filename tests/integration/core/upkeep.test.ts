import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UpkeepTimer } from '../../../core/session/upkeep-timer.ts';
import { type Cache, openCache } from '../../../db/open.ts';
import { putRow } from '../../../db/writes/rows.ts';
import { baseTicket, NOW, uuid } from '../../../shared/domain/commands/decide-world.ts';
import { VirtualTime } from '../../support/core/virtual-time.ts';

let folder: string;
let cache: Cache;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-upkeep-'));
  cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
});
afterEach(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

const segments = (): number => cache.db.$client.prepare('SELECT count(DISTINCT segid) FROM search_idx').pluck().get() as number;
const write = (from: number, to: number): void => {
  for (let n = from; n <= to; n += 1) cache.transaction((db) => putRow(db, 'ticket', { ...baseTicket, id: uuid(n), custom: {} }));
};

test('what a write puts off is done once it is quiet, until nothing is left, and then no timer stays', async () => {
  const time = new VirtualTime(NOW);
  const upkeep = new UpkeepTimer(cache, time);
  write(1, 40);
  expect([segments(), time.pending]).toEqual([40, 1]);
  await time.advance(10_000);
  expect(segments()).toBeLessThan(10);
  expect(time.pending).toBe(0);
  upkeep.stop();
});

test('a desk that has ended puts nothing in order any more', async () => {
  const time = new VirtualTime(NOW);
  const upkeep = new UpkeepTimer(cache, time);
  write(1, 20);
  upkeep.stop();
  write(21, 40);
  expect(time.pending).toBe(0);
  await time.advance(10_000);
  expect(segments()).toBe(40);
});
