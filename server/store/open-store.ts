import { openPglite } from './open-pglite.ts';
import { openPostgres } from './open-postgres.ts';
import type { Store } from './store.ts';

export type StoreLocation =
  | { readonly databaseUrl: string }
  | { readonly dataDir: string }
  /** Nowhere: gone with the process. `from`: a dump of a database to begin with, which takes a sixth of the time that making one does. */
  | { readonly memory: true; readonly from?: Blob };

/** Opens the database, made or brought up to date if needed. @throws StoreError when it cannot be used */
export function openStore(location: StoreLocation, now: number): Promise<Store> {
  if ('databaseUrl' in location) return openPostgres(location.databaseUrl, now);
  return openPglite('dataDir' in location ? location.dataDir : (location.from ?? null), now);
}
