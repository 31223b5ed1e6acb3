import { closeSync, copyFileSync, fsyncSync, openSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type Migration, migrations } from './migrations/index.ts';

/** The file was written by a newer version of the app; it has not been touched. */
export class NewerDatabaseError extends Error {
  constructor(name: string) {
    super(`The database holds migration ${name}, which this version does not know.`);
    this.name = 'NewerDatabaseError';
  }
}

/**
 * Brings a cache up to date, each migration in a transaction of its own, after a backup if the file held anything.
 * @returns whether there was anything to do
 * @throws NewerDatabaseError before any write.
 */
export function migrate(db: Database.Database, now: number, list: readonly Migration[] = migrations): boolean {
  const fresh = db.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'migration'`).pluck().get() === 0;
  const done = fresh ? [] : (db.prepare('SELECT name FROM migration ORDER BY position').pluck().all() as string[]);
  done.forEach((name, i) => {
    if (list[i]?.name !== name) throw new NewerDatabaseError(name);
  });
  const missing = list.slice(done.length);
  if (missing.length === 0) return false;
  if (!fresh) {
    db.pragma('wal_checkpoint(TRUNCATE)');
    backUp(db.name, `${db.name}.before-${missing[0]!.name}`);
  }
  for (const migration of missing) {
    db.transaction(() => {
      db.exec(
        'CREATE TABLE IF NOT EXISTS migration (position INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, at INTEGER NOT NULL)',
      );
      db.exec(migration.sql);
      db.prepare('INSERT INTO migration (name, at) VALUES (?, ?)').run(migration.name, now);
    }).immediate();
  }
  return true;
}

/** On the disk before the first change is: a backup that the power cut short is none. */
function backUp(from: string, to: string): void {
  copyFileSync(from, to);
  const file = openSync(to, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
