import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseTicket, NOW, uuid } from '../shared/domain/commands/decide-world.ts';
import { openCache, UnreadableDatabaseError } from './open.ts';
import { StorageError } from './storage-error.ts';
import { putRow } from './writes/rows.ts';

const key = '0f'.repeat(32);
let folder: string;
let whole: string;
let roots: readonly { readonly name: string; readonly rootpage: number }[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-page-'));
  whole = join(folder, 'whole.db');
  const cache = openCache({ path: whole, key, now: NOW });
  write(cache, 1, 50);
  roots = cache.db.$client.prepare('SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0').all() as typeof roots;
  cache.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(cache: ReturnType<typeof openCache>, from: number, to: number): void {
  cache.transaction((db) => {
    for (let n = from; n <= to; n += 1) putRow(db, 'ticket', { ...baseTicket, id: uuid(n), custom: {} });
  });
}

/** Opens the cache with a page that is not what was written, and works on it. @returns what it met */
function use(rootpage: number): unknown {
  const path = join(folder, 'damaged.db');
  for (const suffix of ['', '-wal', '-shm', '.spare']) rmSync(path + suffix, { force: true });
  copyFileSync(whole, path);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096, 171), 0, 4096, (rootpage - 1) * 4096);
  closeSync(file);
  try {
    const cache = openCache({ path, key, now: NOW });
    try {
      write(cache, 99, 99);
      cache.upkeep();
    } finally {
      cache.close();
    }
    return null;
  } catch (error) {
    return error;
  }
}

test('R14 whichever table or index has a damaged page, opening it, a write and the work between writes tell a fault of the storage', () => {
  const met = roots.map(({ name, rootpage }) => [name, use(rootpage)] as const).filter(([, error]) => error !== null);
  expect(met.length).toBeGreaterThan(roots.length / 4);
  expect(met.filter(([, error]) => !(error instanceof StorageError || error instanceof UnreadableDatabaseError))).toEqual([]);
});
