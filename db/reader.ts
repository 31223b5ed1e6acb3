import type Database from 'better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type * as schema from './schema/tables.ts';

/** A connection to a cache, for what only reads. `$client`: the binding below it, for what drizzle does not know (FTS5). */
export type Reader = BetterSQLite3Database<typeof schema> & { readonly $client: Database.Database };
