import type Database from 'better-sqlite3';
import { migrate } from '../../../db/migrate.ts';
import { migrations } from '../../../db/migrations/index.ts';
import { openEncrypted } from '../../../db/open.ts';

/** The statements of a migration; a trigger is one. */
export function statementsOf(sql: string): string[] {
  const out: string[] = [];
  let open = '';
  for (const piece of sql.split(/(?<=;)/)) {
    open += piece;
    const text = open.trim();
    if (text === '' || (text.startsWith('CREATE TRIGGER') && !text.endsWith('END;'))) continue;
    out.push(text);
    open = '';
  }
  return out;
}

/** Migrates up to a migration, and in that one up to a statement, after which `last` is run. */
export function migrateUpTo(db: Database.Database, migration: number, statement: number, last: string): void {
  const { name, sql } = migrations[migration]!;
  const cut = `${statementsOf(sql).slice(0, statement).join('\n')}\n${last}`;
  migrate(db, 0, [...migrations.slice(0, migration), { name, sql: cut }]);
}

if (import.meta.main) {
  const [path, key, migration, statement] = process.argv.slice(2) as [string, string, string, string];
  const db = openEncrypted(path, key);
  db.function('die', () => process.kill(process.pid, 'SIGKILL'));
  migrateUpTo(db, Number(migration), Number(statement), 'SELECT die();');
}
