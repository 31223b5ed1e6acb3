import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type * as schema from './schema/tables.ts';

/** A connection to a cache, for what only reads. */
export type Reader = BetterSQLite3Database<typeof schema>;
