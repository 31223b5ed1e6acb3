import { openPglite } from './open-pglite.ts';
import { openPostgres } from './open-postgres.ts';
import type { Store } from './store.ts';

export type StoreLocation = { readonly databaseUrl: string } | { readonly dataDir: string } | { readonly memory: true };

/** Opens the database, made or brought up to date if needed. @throws StoreError when it cannot be used */
export function openStore(location: StoreLocation, now: number): Promise<Store> {
  if ('databaseUrl' in location) return openPostgres(location.databaseUrl, now);
  return openPglite('dataDir' in location ? location.dataDir : null, now);
}
