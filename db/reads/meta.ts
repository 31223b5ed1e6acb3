import { eq } from 'drizzle-orm';
import type { Reader } from '../reader.ts';
import { meta } from '../schema/tables.ts';

/** Single values of the cache. */
export type MetaKey =
  | 'cursor'
  | 'after'
  | 'epoch'
  | 'seen'
  | 'mark'
  | 'view'
  | 'parameters'
  | 'lastSyncedAt'
  | 'serverSeenAt'
  | 'firstSync'
  | 'settings'
  | 'importMappings'
  | 'exportFields'
  | 'recovery'
  | 'restoredAt'
  | 'agedAt'
  | 'remindersPausedUntil';

export const readMeta = (db: Reader, key: MetaKey): string | null => db.select().from(meta).where(eq(meta.key, key)).get()?.value ?? null;

export function writeMeta(db: Reader, key: MetaKey, value: string | null): void {
  if (value === null) db.delete(meta).where(eq(meta.key, key)).run();
  else db.insert(meta).values({ key, value }).onConflictDoUpdate({ target: meta.key, set: { value } }).run();
}
