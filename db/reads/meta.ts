import { eq, sql } from 'drizzle-orm';
import type { Reader } from '../reader.ts';
import { parseStored } from '../schema/json-text.ts';
import { meta } from '../schema/tables.ts';

/** Those whose values are JSON. */
export const jsonKeys = ['parameters', 'firstSync', 'settings', 'importMappings', 'recovery'] as const;
export type JsonKey = (typeof jsonKeys)[number];

/** Single values of the cache. */
export type MetaKey =
  | JsonKey
  | 'cursor'
  | 'after'
  | 'epoch'
  | 'seen'
  | 'mark'
  | 'view'
  | 'lastSyncedAt'
  | 'serverSeenAt'
  | 'restoredAt'
  | 'agedAt'
  | 'remindersPausedUntil';

export const readMeta = (db: Reader, key: MetaKey): string | null => db.select().from(meta).where(eq(meta.key, key)).get()?.value ?? null;

/** @returns null if there is none @throws StorageError if what is there is no JSON */
export const readMetaJson = (db: Reader, key: JsonKey): unknown =>
  db
    .select({ value: sql`${meta.value}`.mapWith(parseStored) })
    .from(meta)
    .where(eq(meta.key, key))
    .get()?.value ?? null;

export function writeMeta(db: Reader, key: MetaKey, value: string | null): void {
  if (value === null) db.delete(meta).where(eq(meta.key, key)).run();
  else db.insert(meta).values({ key, value }).onConflictDoUpdate({ target: meta.key, set: { value } }).run();
}
