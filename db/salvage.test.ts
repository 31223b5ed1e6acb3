import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cache, openCache } from './open.ts';
import { readMetaJson } from './reads/meta.ts';
import { putSalvaged, salvage } from './salvage.ts';
import { drafts, outbox, unseen } from './schema/tables.ts';
import { StorageError, type StorageFault } from './storage-error.ts';

const KEY = 'a1'.repeat(32);
const PAGE = 4096;

let folder: string;
let path: string;
let work: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-salvage-'));
  path = join(folder, 'cache.db');
  work = join(folder, 'work');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (at = path, onFault?: (fault: StorageFault) => void): Cache =>
  openCache({ path: at, key: KEY, now: 0, ...(onFault && { onFault }) });

const COMMANDS = 120;
function fill(cache: Cache): void {
  for (let i = 0; i < COMMANDS; i += 1)
    cache.transaction((db) => {
      const args = { note: `第 ${i} 条。${'话'.repeat(300)}` };
      db.insert(outbox)
        .values({ commandId: `c${i}`, kind: 'note', subjectId: 't', args, occurredAt: i, state: 'queued', attempts: 0, subject: '' })
        .run();
      if (i % 10 === 0)
        db.insert(drafts)
          .values({ form: `ticket:${i}`, value: `草稿 ${i}`, savedAt: i })
          .run();
    });
}

/** Pages of a table, by what SQLite says of them. */
function pagesOf(cache: Cache, table: string): { pageno: number; kind: string }[] {
  return cache.db.$client.prepare('SELECT pageno, pagetype AS kind FROM dbstat WHERE name = ?').all(table) as {
    pageno: number;
    kind: string;
  }[];
}

function zero(page: number, file = path): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(PAGE), 0, PAGE, (page - 1) * PAGE);
  closeSync(handle);
}

describe('R14 salvage', () => {
  test('finds everything in a cache that is whole, and in one that is only cut off from its first page', () => {
    const cache = open();
    fill(cache);
    cache.close();
    expect(salvage(path, KEY, work)).toMatchObject({ whole: true, unreadable: 0, outbox: { length: COMMANDS }, drafts: { length: 12 } });
    zero(1);
    expect(() => open()).toThrow();
    const found = salvage(path, KEY, work)!;
    expect(found.outbox.map((row) => row.commandId)).toEqual(Array.from({ length: COMMANDS }, (_, i) => `c${i}`));
    expect(found.drafts).toHaveLength(12);
    expect(readdirSync(folder).filter((name) => name.startsWith('work'))).toEqual([]);
  });

  test('gives the rows of the pages that are whole, in order, and counts the others', () => {
    const cache = open();
    fill(cache);
    const leaves = pagesOf(cache, 'outbox').filter((p) => p.kind === 'leaf');
    expect(leaves.length).toBeGreaterThan(10);
    cache.close();
    zero(leaves[3]!.pageno);
    zero(leaves[8]!.pageno);
    const found = salvage(path, KEY, work)!;
    const positions = found.outbox.map((row) => row.position);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(found.unreadable).toBeGreaterThan(0);
    expect(positions.length + found.unreadable).toBe(COMMANDS);
    expect(found.whole).toBe(false);
    for (const row of found.outbox) expect(row.args).toEqual({ note: `第 ${row.position - 1} 条。${'话'.repeat(300)}` });

    const made = open(join(folder, 'new.db'));
    made.transaction((db) => putSalvaged(db, found));
    expect(made.db.select().from(outbox).all()).toEqual(found.outbox);
    made.close();
  });

  test('reads what is left of a file that was cut short', () => {
    const cache = open();
    fill(cache);
    cache.close();
    truncateSync(path, Math.floor(statSync(path).size / PAGE - 10) * PAGE + 77);
    expect(() => open()).toThrow();
    const found = salvage(path, KEY, work)!;
    expect(found.outbox.length).toBeGreaterThan(COMMANDS / 2);
  });

  test('leaves out what is no JSON where JSON belongs, row by row, and counts it', () => {
    const cache = open();
    fill(cache);
    cache.db.$client.prepare(`UPDATE outbox SET args = '{"note":"第' WHERE position IN (7, 8, 90)`).run();
    cache.close();
    const found = salvage(path, KEY, work)!;
    expect(found).toMatchObject({ whole: false, complete: false, unreadable: 3, drafts: { length: 12 } });
    expect(found.outbox.map((row) => row.position)).toEqual(
      Array.from({ length: COMMANDS }, (_, i) => i + 1).filter((n) => n !== 7 && n !== 8 && n !== 90),
    );
  });

  test('ends with a word of the disk when the copies cannot be written', () => {
    open().close();
    expect(() => salvage(path, KEY, join(folder, 'absent', 'work'))).toThrow(
      expect.objectContaining({ name: 'StorageError', fault: 'io' }),
    );
  });

  test('says nothing of a file for which this is not the key, and touches neither', () => {
    const cache = open();
    fill(cache);
    cache.close();
    const before = readFileSync(path);
    expect(salvage(path, 'b2'.repeat(32), work)).toBeNull();
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe('R14 damage is met', () => {
  test('by whichever statement reads the page first, and told before it throws', () => {
    const cache = open();
    fill(cache);
    const leaf = pagesOf(cache, 'outbox').find((p) => p.kind === 'leaf')!;
    cache.close();
    zero(leaf.pageno);
    const faults: StorageFault[] = [];
    const again = open(path, (fault) => faults.push(fault));
    expect(() => again.db.select().from(outbox).all()).toThrow(StorageError);
    expect(() => again.transaction((db) => db.delete(outbox).run())).toThrow(StorageError);
    expect(new Set(faults)).toEqual(new Set(['damaged']));
    again.close();
  });

  test.each([
    ['gone', (log: string) => rmSync(log)],
    ['cut', (log: string) => truncateSync(log, Math.floor(statSync(log).size / 2))],
    ['changed', (log: string) => void writeSync(openSync(log, 'r+'), Buffer.alloc(64), 0, 64, Math.floor(statSync(log).size / 3))],
  ])('at the opening when the log that a crash left is %s', (_, hurt) => {
    const cache = open();
    fill(cache);
    const crashed = join(folder, 'crashed.db');
    for (const suffix of ['', '-wal', '-shm', '.spare']) copyFileSync(`${path}${suffix}`, `${crashed}${suffix}`);
    const whole = join(folder, 'whole.db');
    for (const suffix of ['', '-wal', '-shm', '.spare']) copyFileSync(`${path}${suffix}`, `${whole}${suffix}`);
    cache.close();
    hurt(`${crashed}-wal`);
    expect(() => open(crashed)).toThrow(StorageError);
    // The same crash without it is none.
    const fine = open(whole);
    expect(fine.db.select().from(outbox).all()).toHaveLength(COMMANDS);
    fine.close();
  });

  // SQLite reads zeros where a file ends too early, and asks for no tag.
  test.each([
    ['at a page', 0, false],
    ['within a page', 1234, false],
    ['within a page, with a log', 1234, true],
    ['at a page, with a log', 0, true],
  ])('in a long text whose end the file has lost %s, and never shown', (_, more, crashed) => {
    const cache = open();
    // So long that little of it lies in the page of its row, and the file ends with the rest of it.
    const long = '客户说的话。'.repeat(1_833);
    for (const form of ['one', 'other']) cache.transaction((db) => db.insert(drafts).values({ form, value: long, savedAt: 0 }).run());
    cache.pragma('wal_checkpoint(TRUNCATE)');
    cache.transaction((db) => db.insert(unseen).values({ ticketId: 't' }).run());
    const last = Math.max(...pagesOf(cache, 'draft').map((p) => p.pageno));
    expect(pagesOf(cache, 'draft').find((p) => p.pageno === last)!.kind).toBe('overflow');
    if (!crashed) cache.close();
    const hurt = join(folder, 'hurt.db');
    for (const suffix of ['', '-wal', '-shm', '.spare'])
      if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${hurt}${suffix}`);
    if (crashed) cache.close();
    truncateSync(hurt, (last - 1) * PAGE + more);
    let shown: string | undefined;
    expect(() => {
      const again = open(hurt);
      try {
        shown = again.db.select().from(drafts).where(eq(drafts.form, 'other')).get()?.value;
      } finally {
        again.close();
      }
    }).toThrow();
    expect(shown).toBeUndefined();
    const found = salvage(hurt, KEY, work)!;
    expect(found.drafts).toEqual([{ form: 'one', value: long, savedAt: 0 }]);
    expect(found).toMatchObject({ complete: false, unreadable: 1 });
  });

  test('in a text that is no JSON where JSON belongs, by drizzle, by SQL and as a single value, and told', () => {
    const cache = open();
    fill(cache);
    const raw = cache.db.$client;
    raw.prepare(`UPDATE outbox SET args = '{"files":[' WHERE position = 5`).run();
    raw.prepare(`INSERT INTO meta VALUES ('settings', '{"locale"')`).run();
    cache.close();
    for (const read of [
      ({ db }: Cache) => db.select().from(outbox).all(),
      ({ db }: Cache) => db.select({ args: outbox.args }).from(outbox).where(eq(outbox.position, 5)).get(),
      ({ db }: Cache) => db.all(sql`SELECT json_extract(args, '$.files') FROM outbox`),
      ({ db }: Cache) => readMetaJson(db, 'settings'),
      (cut: Cache) => cut.transaction((db) => db.select().from(outbox).all()),
    ]) {
      const faults: StorageFault[] = [];
      const again = open(path, (fault) => faults.push(fault));
      expect(() => read(again)).toThrow(expect.objectContaining({ name: 'StorageError', fault: 'damaged' }));
      expect(faults).toEqual(['damaged']);
      again.close();
    }
  });

  test('at the opening when nothing is left of a file that had been there', () => {
    open().close();
    truncateSync(path, 0);
    expect(() => open()).toThrow(StorageError);
    rmSync(path);
    expect(() => open()).toThrow(StorageError);
  });
});
