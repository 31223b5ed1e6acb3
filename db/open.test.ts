import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { is, SQL } from 'drizzle-orm';
import { getTableConfig, SQLiteSyncDialect, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate, NewerDatabaseError } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { type Cache, openCache, UnreadableDatabaseError } from './open.ts';
import { writeMeta, readMeta } from './reads/meta.ts';
import * as schema from './schema/tables.ts';
import { unlock } from './unlock.ts';

const KEY = 'a1'.repeat(32);
const NOW = Date.UTC(2026, 10, 18);

let folder: string;
let path: string;
const open: Cache[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-db-'));
  path = join(folder, 'cache.db');
});
afterEach(() => {
  for (const cache of open.splice(0)) cache.close();
  rmSync(folder, { recursive: true, force: true });
});

const openAgain = (key = KEY): Cache => {
  const cache = openCache({ path, key, now: NOW });
  open.push(cache);
  return cache;
};
const closeAll = (): void => {
  for (const cache of open.splice(0)) cache.close();
};
/** The file by other means, with the key. */
function rawOpen(): Database.Database {
  const raw = new Database(path);
  unlock(raw, KEY);
  return raw;
}
const bytesOfAll = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );

const wanted = { synchronous: 2, secure_delete: 1, trusted_schema: 0, journal_mode: 'wal', temp_store: 2 };
const settingsOf = (cache: Cache) => Object.fromEntries(Object.keys(wanted).map((name) => [name, cache.pragma(name)]));

describe('opening the cache', () => {
  test('sets what durability and secrecy need on the first open and on each one after', () => {
    expect(settingsOf(openAgain())).toEqual(wanted);
    closeAll();
    expect(settingsOf(openAgain())).toEqual(wanted);
    closeAll();
    // Why it has to be set each time: without us a reopened file comes back with NORMAL.
    const raw = rawOpen();
    expect(raw.pragma('synchronous', { simple: true })).not.toBe(wanted.synchronous);
    raw.close();
  });

  test('takes only a key of 256 bits', () => {
    for (const key of ['', 'a1', `${KEY}00`, `${KEY.slice(2)}zz`, `${KEY.slice(1)}'`]) expect(() => openAgain(key)).toThrow(TypeError);
    expect(existsSync(path)).toBe(false);
  });

  test('a transaction is whole or not there at all', () => {
    const cache = openAgain();
    expect(() =>
      cache.transaction((db) => {
        writeMeta(db, 'cursor', '1');
        throw new Error('half way');
      }),
    ).toThrow('half way');
    expect(readMeta(cache.db, 'cursor')).toBeNull();
  });

  test('nothing of what is written can be read in the files, nor is there a plain header', () => {
    const cache = openAgain();
    cache.transaction((db) => writeMeta(db, 'view', 'ZX-CANARY-7f3a'));
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes('ZX-CANARY-7f3a')).toBe(false);
    closeAll();
    const bytes = readFileSync(path);
    expect(bytes.length).toBeGreaterThan(20_000);
    expect(bytes.includes('ZX-CANARY-7f3a')).toBe(false);
    expect(bytes.subarray(0, 6).toString()).not.toBe('SQLite');
  });
});

describe('a file that does not fit', () => {
  test('a wrong key is told apart and leaves the file as it is', () => {
    openAgain().transaction((db) => writeMeta(db, 'cursor', '42'));
    closeAll();
    const before = bytesOfAll();
    expect(() => openAgain('b2'.repeat(32))).toThrow(UnreadableDatabaseError);
    expect(bytesOfAll()).toEqual(before);
    expect(readMeta(openAgain().db, 'cursor')).toBe('42');
  });

  test('a wrong key after a crash takes nothing from the log that was left behind', () => {
    const cache = openAgain();
    cache.transaction((db) => writeMeta(db, 'cursor', '43'));
    // As a crash leaves it: the log holds what the file does not.
    const crashed = join(folder, 'crashed');
    for (const suffix of ['', '-wal']) copyFileSync(`${path}${suffix}`, `${crashed}${suffix}`);
    const bytes = (): string[] => ['', '-wal'].map((suffix) => readFileSync(`${crashed}${suffix}`).toString('base64'));
    const before = bytes();
    expect(before[1]!.length).toBeGreaterThan(1000);
    expect(() => openCache({ path: crashed, key: 'b2'.repeat(32), now: NOW })).toThrow(UnreadableDatabaseError);
    expect(bytes()).toEqual(before);
    const again = openCache({ path: crashed, key: KEY, now: NOW });
    expect(readMeta(again.db, 'cursor')).toBe('43');
    again.close();
  });

  test('what is no database at all is unreadable, not replaced', () => {
    openAgain();
    closeAll();
    const raw = readFileSync(path);
    raw.fill(0x5a, 0, 4096);
    rmSync(path);
    const file = new Database(path);
    file.close();
    copyFileSync(import.meta.filename, path);
    const before = readFileSync(path);
    expect(() => openAgain()).toThrow(UnreadableDatabaseError);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a file of a newer version is refused and not touched', () => {
    openAgain();
    closeAll();
    const raw = rawOpen();
    migrate(raw, NOW, [...migrations, { name: '9999-from-the-future', sql: 'CREATE TABLE future (id TEXT PRIMARY KEY) WITHOUT ROWID;' }]);
    raw.pragma('wal_checkpoint(TRUNCATE)');
    raw.close();
    const before = bytesOfAll();
    expect(() => openAgain()).toThrow(NewerDatabaseError);
    expect(bytesOfAll()).toEqual(before);
  });

  test('a file whose history differs from ours is refused as well', () => {
    const raw = rawOpen();
    migrate(raw, NOW, [{ name: '0001-another-beginning', sql: 'CREATE TABLE other (id TEXT);' }]);
    raw.close();
    expect(() => openAgain()).toThrow(NewerDatabaseError);
  });
});

describe('a file of an app that had another cipher', () => {
  /** Made with it, opened, written to, and left as a crash leaves it. */
  function crashedOld(): string {
    const raw = new Database(path);
    unlock(raw, KEY, 'chacha20');
    raw.pragma('journal_mode=WAL');
    migrate(raw, NOW);
    raw.close();
    openAgain().transaction((db) => writeMeta(db, 'cursor', '44'));
    const crashed = join(folder, 'old.db');
    for (const suffix of ['', '-wal', '-shm']) copyFileSync(`${path}${suffix}`, `${crashed}${suffix}`);
    return crashed;
  }

  test('keeps it, and loses nothing of its log', () => {
    const crashed = crashedOld();
    const again = openCache({ path: crashed, key: KEY, now: NOW });
    expect(readMeta(again.db, 'cursor')).toBe('44');
    again.transaction((db) => writeMeta(db, 'cursor', '45'));
    again.close();
    const raw = new Database(crashed);
    unlock(raw, KEY, 'chacha20');
    expect(raw.prepare(`SELECT value FROM meta WHERE key = 'cursor'`).pluck().get()).toBe('45');
    raw.close();
  });

  test('is not touched with a wrong key', () => {
    const crashed = crashedOld();
    const bytes = (): string[] => ['', '-wal'].map((suffix) => readFileSync(`${crashed}${suffix}`).toString('base64'));
    const before = bytes();
    expect(() => openCache({ path: crashed, key: 'b2'.repeat(32), now: NOW })).toThrow(UnreadableDatabaseError);
    expect(bytes()).toEqual(before);
  });
});

describe('a migration', () => {
  const second = { name: '0002-colour', sql: `ALTER TABLE meta ADD COLUMN colour TEXT;` };

  test('of a filled file leaves a readable copy of how it was', () => {
    openAgain().transaction((db) => writeMeta(db, 'cursor', '7'));
    closeAll();
    const raw = rawOpen();
    migrate(raw, NOW, [...migrations, second]);
    expect(raw.prepare('SELECT value, colour FROM meta').get()).toEqual({ value: '7', colour: null });
    raw.close();
    const backup = `${path}.before-0002-colour`;
    expect(readdirSync(folder)).toContain('cache.db.before-0002-colour');
    expect(readFileSync(backup).subarray(0, 6).toString()).not.toBe('SQLite');
    const old = openCache({ path: backup, key: KEY, now: NOW });
    expect(readMeta(old.db, 'cursor')).toBe('7');
    old.close();
  });

  test('of a new file makes no copy, and none is made when there is nothing to do', () => {
    openAgain();
    closeAll();
    openAgain();
    expect(readdirSync(folder).filter((name) => name.includes('before'))).toEqual([]);
  });

  test('that fails half way leaves the version before it, and runs when it is right', () => {
    openAgain().transaction((db) => writeMeta(db, 'cursor', '7'));
    closeAll();
    const raw = rawOpen();
    const broken = { name: '0002-colour', sql: `${second.sql} INSERT INTO nowhere VALUES (1);` };
    expect(() => migrate(raw, NOW, [...migrations, broken])).toThrow(/nowhere/);
    expect(raw.prepare('SELECT name FROM migration').pluck().all()).toEqual(migrations.map((m) => m.name));
    expect(raw.prepare('SELECT * FROM meta').get()).toEqual({ key: 'cursor', value: '7' });
    migrate(raw, NOW, [...migrations, second]);
    expect(raw.prepare('SELECT name FROM migration ORDER BY position').pluck().all()).toEqual([
      ...migrations.map((m) => m.name),
      second.name,
    ]);
    raw.close();
  });
});

describe('the drizzle schema and the migrated file', () => {
  const tables = Object.values(schema).filter((t): t is SQLiteTable & typeof t => is(t, SQLiteTable));

  interface Column {
    readonly name: string;
    readonly type: string;
    readonly notnull: number;
    readonly pk: number;
    readonly dflt_value: string | null;
  }
  interface Index {
    readonly name: string;
    readonly unique: number;
    readonly origin: string;
    readonly partial: number;
  }

  test('name the same tables', () => {
    openAgain();
    closeAll();
    const raw = rawOpen();
    const names = raw
      // Of the search index and its parts only what is declared is ours to read.
      .prepare(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN
        ('migration', 'search', 'search_data', 'search_idx', 'search_docsize', 'search_config')`,
      )
      .pluck()
      .all() as string[];
    expect(names.toSorted()).toEqual(tables.map((t) => getTableConfig(t).name).toSorted());
    raw.close();
  });

  test.each(tables.map((t) => [getTableConfig(t).name, t] as const))('agree on %s, column by column and index by index', (name, table) => {
    openAgain();
    closeAll();
    const raw = rawOpen();
    const config = getTableConfig(table);
    const compositeKey = new Set(config.primaryKeys.flatMap((k) => k.columns.map((c) => c.name)));
    const expected = config.columns.map((c) => ({
      name: c.name,
      type: c.getSQLType().toUpperCase(),
      pk: c.primary || compositeKey.has(c.name),
      required: c.notNull || c.primary,
    }));
    const found = (raw.pragma(`table_info(${name})`) as Column[]).map((c) => ({
      name: c.name,
      type: c.type.toUpperCase(),
      pk: c.pk > 0,
      required: c.notnull === 1 || c.pk > 0,
    }));
    expect(found).toEqual(expected);
    // A column that a migration added needs a value for the rows of before.
    const defaults = (raw.pragma(`table_info(${name})`) as Column[]).filter((c) => c.dflt_value !== null).map((c) => `${name}.${c.name}`);
    expect(defaults).toEqual(name === 'account' ? ['account.duty'] : []);

    // An expression has no name, and a part that is turned round is one to drizzle.
    const columnsOf = (index: string): (string | null)[] =>
      (raw.pragma(`index_info(${index})`) as { name: string | null }[]).map((c) => c.name);
    const nameOf = (part: SQL | { readonly name?: string }): string | null => {
      if (!is(part, SQL)) return part.name ?? null;
      const turned = /^"\w+"\."(\w+)" DESC$/.exec(new SQLiteSyncDialect().sqlToQuery(part).sql);
      return turned === null ? null : turned[1]!;
    };
    const all = raw.pragma(`index_list(${name})`) as Index[];
    const made = all
      .filter((i) => i.origin === 'c')
      .map((i) => ({ name: i.name, unique: i.unique === 1, columns: columnsOf(i.name), partial: i.partial }));
    const declared = config.indexes.map((i) => ({
      name: i.config.name,
      unique: i.config.unique,
      columns: i.config.columns.map(nameOf),
      partial: i.config.where === undefined ? 0 : 1,
    }));
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect(made.toSorted(byName)).toEqual(declared.toSorted(byName));
    const uniqueColumns = all.filter((i) => i.origin === 'u').map((i) => columnsOf(i.name));
    expect(new Set(uniqueColumns.map(String))).toEqual(new Set(config.columns.filter((c) => c.isUnique).map((c) => c.name)));
    raw.close();
  });
});
