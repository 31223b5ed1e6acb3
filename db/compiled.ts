import type Database from 'better-sqlite3';
import type { SQL } from 'drizzle-orm';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';
import { oncePer } from './once.ts';
import type { Reader } from './reader.ts';

/** SQL with the values of its `?`, in their order. */
export interface Compiled {
  readonly statement: Database.Statement;
  readonly values: readonly unknown[];
}

/** Questions that stay compiled: the lists that an agent changes between, in a few orders each. */
const KEPT = 40;
const dialect = new SQLiteSyncDialect();
const kept = oncePer(() => new Map<string, Compiled>());

/**
 * Compiles a question that is asked as plain SQL: putting it together with drizzle takes longer than its answer.
 * @param key stands for `question`, which is then built once; null: it is built each time
 */
export function compiled(db: Reader, key: string | null, question: () => SQL): Compiled {
  if (key === null) return compile(db, question());
  const known = kept(db);
  const found = known.get(key) ?? compile(db, question());
  // Put back at the end: the front holds what was not asked for longest.
  known.delete(key);
  known.set(key, found);
  if (known.size > KEPT) known.delete(known.keys().next().value!);
  return found;
}

function compile(db: Reader, question: SQL): Compiled {
  const { sql, params } = dialect.sqlToQuery(question);
  return { statement: db.$client.prepare(sql), values: params };
}
