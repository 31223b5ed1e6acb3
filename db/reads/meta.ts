import type { Reader } from '../reader.ts';
import { parseStored } from '../schema/json-text.ts';
import { watched } from '../statements.ts';

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
  | 'purge'
  | 'remindersPausedUntil';

/** In plain SQL: each list and each request asks for some of them. */
export const readMeta = (db: Reader, key: MetaKey): string | null =>
  watched(db, () => (db.$client.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key) as string | undefined) ?? null);

/** @returns null if there is none @throws StorageError if what is there is no JSON */
export const readMetaJson = (db: Reader, key: JsonKey): unknown =>
  watched(db, () => {
    const text = readMeta(db, key);
    return text === null ? null : parseStored(text);
  });

export const writeMeta = (db: Reader, key: MetaKey, value: string | null): void =>
  watched(db, () => {
    if (value === null) db.$client.prepare('DELETE FROM meta WHERE key = ?').run(key);
    else db.$client.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, value);
  });

/** Something was deleted for good that the search index and the log still hold; `Upkeep` takes it out of them. */
export const wantPurge = (db: Reader): void => writeMeta(db, 'purge', 'wanted');
