import Database from 'better-sqlite3';
import { openCache } from '../../db/open.ts';
import { KEY } from '../desk.ts';
import { NOW } from '../peers/data.ts';
import { unlock } from '../../db/unlock.ts';

// The limit: the production cache's own tables, indexes, cipher and size of cache, with plain prepared statements on them and a
// search index beside them, and nothing else.

/** Opens a file that `makeRaw` made, to be written with FULL. @param cacheSize as SQLite's pragma says it; null: SQLite's own */
export function openRaw(path: string, cacheSize: number | null): Database.Database {
  const raw = new Database(path);
  unlock(raw, KEY);
  raw.pragma('journal_mode=WAL');
  raw.pragma('synchronous=FULL');
  raw.pragma('secure_delete=ON');
  raw.pragma('temp_store=MEMORY');
  raw.pragma('wal_autocheckpoint=0');
  if (cacheSize !== null) raw.pragma(`cache_size=${cacheSize}`);
  return raw;
}

/** Makes an empty file with the shape of the production cache, whatever its migrations do by now. */
export function makeRaw(path: string): Database.Database {
  const cache = openCache({ path, key: KEY, now: NOW });
  const cacheSize = Number(cache.pragma('cache_size'));
  cache.close();
  const raw = openRaw(path, cacheSize);
  const dropAll = (type: 'TRIGGER' | 'TABLE', where: string): void => {
    for (const name of raw.prepare(`SELECT name FROM sqlite_schema WHERE ${where}`).pluck().all() as string[])
      raw.exec(`DROP ${type} ${name}`);
  };
  dropAll('TRIGGER', `type = 'trigger'`);
  dropAll('TABLE', `sql LIKE 'CREATE VIRTUAL TABLE%'`);
  for (const kind of ['ticket', 'customer'] as const)
    raw.exec(`
      CREATE VIRTUAL TABLE ${kind}_words USING fts5(txt, content='', contentless_delete=1, tokenize='ascii');
      INSERT INTO ${kind}_words (${kind}_words, rank) VALUES ('automerge', 0);
      INSERT INTO ${kind}_words (${kind}_words, rank) VALUES ('crisismerge', 64);`);
  return raw;
}

/** Actions between two times that the log is written back: it is some megabytes by then. */
const LOG_EVERY = 50;

/** Between two actions: what the next one must not wait for. @param i how many there were */
export function restRaw(raw: Database.Database, i: number): void {
  raw.prepare(`INSERT INTO ticket_words (ticket_words, rank) VALUES ('merge', 64)`).run();
  if (i % LOG_EVERY === 0) raw.pragma('wal_checkpoint(PASSIVE)');
}

/** All that is put off until nobody waits: merging the search index and writing the log back. */
export function settleRaw(raw: Database.Database): void {
  const changes = raw.prepare('SELECT total_changes()').pluck();
  for (const kind of ['ticket', 'customer'] as const) {
    const merge = raw.prepare(`INSERT INTO ${kind}_words (${kind}_words, rank) VALUES ('merge', 500)`);
    for (let before = changes.get() as number; ; before = changes.get() as number) {
      merge.run();
      // The insert counts as one.
      if ((changes.get() as number) - before <= 1) break;
    }
  }
  raw.pragma('wal_checkpoint(TRUNCATE)');
}
