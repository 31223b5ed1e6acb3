import { copyFileSync, existsSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cache, openCache } from './open.ts';
import { readMeta, writeMeta } from './reads/meta.ts';
import { unseen } from './schema/tables.ts';
import { StorageError } from './storage-error.ts';

const KEY = 'c3'.repeat(32);
const NOW = 1_700_000_000_000;

let folder: string;
let cache: Cache;
const open = (name: string): Cache => openCache({ path: join(folder, name), key: KEY, now: NOW });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-refetchable-'));
  cache = open('cache.db');
});
afterEach(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the disk has after a power cut that takes all of the log, while its index had been written out. */
function cutPower(): string {
  for (const suffix of ['', '-wal', '-shm', '.spare'])
    if (existsSync(join(folder, `cache.db${suffix}`))) copyFileSync(join(folder, `cache.db${suffix}`), join(folder, `cut.db${suffix}`));
  truncateSync(join(folder, 'cut.db-wal'), 0);
  return 'cut.db';
}

const fetchRows = (n: number): void =>
  cache.refetchable((db) => {
    for (let i = 0; i < 50; i += 1)
      db.insert(unseen)
        .values({ ticketId: `${n}-${i}` })
        .run();
    writeMeta(db, 'after', String(n));
  });
/** As the first page of a snapshot is written, and the log then. */
function begin(): void {
  cache.transaction((db) => writeMeta(db, 'after', '0'));
  cache.pragma('wal_checkpoint(TRUNCATE)');
}
const SYNCHRONOUS = { normal: 1, full: 2 };

describe('while a snapshot is under way', () => {
  test('a power cut takes pages that come again, and the cache opens as it was before them', () => {
    begin();
    fetchRows(1);
    fetchRows(2);
    const after = open(cutPower());
    expect(readMeta(after.db, 'after')).toBe('0');
    expect(after.db.select().from(unseen).all()).toEqual([]);
    after.close();
  });

  test('what was saved between them stays', () => {
    begin();
    fetchRows(1);
    cache.transaction((db) => writeMeta(db, 'settings', '{"locale":"zh"}'));
    fetchRows(2);
    const after = open(cutPower());
    expect(readMeta(after.db, 'settings')).toBe('{"locale":"zh"}');
    expect(readMeta(after.db, 'after')).toBe('1');
    after.close();
  });

  test('what is saved after it was opened again stays, too', () => {
    begin();
    fetchRows(1);
    cache.close();
    cache = open('cache.db');
    cache.transaction((db) => writeMeta(db, 'settings', '{"locale":"en"}'));
    fetchRows(2);
    const after = open(cutPower());
    expect(readMeta(after.db, 'settings')).toBe('{"locale":"en"}');
    after.close();
  });
});

test('from the last page on each commit waits for the disk again, and a log that is cut is damage', () => {
  begin();
  fetchRows(1);
  expect(cache.pragma('synchronous')).toBe(SYNCHRONOUS.normal);
  cache.transaction((db) => writeMeta(db, 'after', null));
  expect(cache.pragma('synchronous')).toBe(SYNCHRONOUS.full);
  cache.transaction((db) => writeMeta(db, 'settings', '{"locale":"zh"}'));
  const first = open(cutPower());
  expect(readMeta(first.db, 'settings')).toBe('{"locale":"zh"}');
  first.close();
  cache.transaction((db) => writeMeta(db, 'settings', '{"locale":"en"}'));
  expect(() => open(cutPower())).toThrow(StorageError);
});
