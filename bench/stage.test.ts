import Database from 'better-sqlite3';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDesk } from './desk.ts';
import { FILE } from './parts.ts';
import { readKept } from './stage.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'zuoxi-bench-stage-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Nothing is asked of it here. */
const url = 'http://127.0.0.1:9';

test('the production cache waits for the disk and is no SQLite file to whoever has no key', async () => {
  const bench = await openDesk({ dir, url });
  expect(readKept(dir, bench)).toMatchObject({ durable: true, encrypted: true });
  expect(readKept(dir, bench).memory).toBeGreaterThan(0);
  await bench.close();
});

test('a plain file and commits that do not wait are told', async () => {
  const bench = await openDesk({ dir, url });
  bench.desk.cache.pragma('synchronous=NORMAL');
  expect(readKept(dir, bench).durable).toBe(false);
  await bench.close();
  rmSync(join(dir, FILE));
  const plain = new Database(join(dir, FILE));
  plain.exec('CREATE TABLE a (b)');
  plain.close();
  const elsewhere = join(dir, 'elsewhere');
  mkdirSync(elsewhere);
  const whole = await openDesk({ dir: elsewhere, url });
  expect(readKept(dir, whole).encrypted).toBe(false);
  await whole.close();
});
