import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from './schema.ts';

/** A connection or a transaction; both drivers give the same. */
export type Orm = PgDatabase<PgQueryResultHKT, typeof schema>;

export interface Store {
  readonly kind: 'pglite' | 'postgres';
  /** Outside of any transaction. */
  readonly orm: Orm;
  /** Runs `work` in a READ COMMITTED transaction, once more if PostgreSQL broke it off for a deadlock. */
  transaction<T>(work: (tx: Orm) => Promise<T>): Promise<T>;
  /** All queries of `work` see the database at one instant. */
  snapshot<T>(work: (tx: Orm) => Promise<T>): Promise<T>;
  /** Several statements without arguments. */
  script(text: string): Promise<void>;
  /**
   * What other instances say. Without other instances (PGlite) nothing comes. `onGap`: something may have been missed.
   * @returns ends the listening
   */
  listen(channel: string, onPayload: (payload: string) => void, onGap: () => void): Promise<() => Promise<void>>;
  /** Runs `work` unless another instance is at it. @returns whether it ran */
  alone(lock: number, work: () => Promise<void>): Promise<boolean>;
  close(): Promise<void>;
}

/** Rows of a raw query; big integers may come as strings, so wrap them in `Number`. */
export async function rowsOf<T>(orm: Orm, query: SQL): Promise<T[]> {
  const result = (await orm.execute(query)) as unknown as { rows: T[] };
  return result.rows;
}
