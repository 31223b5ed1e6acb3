import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from './schema.ts';
import type { Orm, Store } from './store.ts';

// Times and numbers of the feed, all far below the largest whole number that is exact here.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const DEADLOCK = '40P01';
const SERIALIZATION = '40001';
const ATTEMPTS = 3;

/** What both databases do alike: PGlite is asked through the same driver, over a connection inside of the process. */
export function poolStore(pool: pg.Pool, rest: Pick<Store, 'kind' | 'listen' | 'alone' | 'close'>): Store {
  const db = drizzle(pool, { schema });
  return {
    ...rest,
    orm: db as unknown as Orm,
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await db.transaction((tx) => work(tx as unknown as Orm));
        } catch (error) {
          if (attempt >= ATTEMPTS || ![DEADLOCK, SERIALIZATION].includes(codeOf(error))) throw error;
        }
      }
    },
    snapshot: (work) => db.transaction((tx) => work(tx as unknown as Orm), { isolationLevel: 'repeatable read', accessMode: 'read only' }),
    async script(text) {
      await pool.query(text);
    },
  };
}

/** PostgreSQL's five-character code, wherever in the causes it stands; '': none. */
export function codeOf(error: unknown): string {
  const own = (error as { code?: unknown }).code;
  if (typeof own === 'string') return own;
  const cause = (error as { cause?: unknown }).cause;
  return cause === undefined || cause === null ? '' : codeOf(cause);
}
