import { getTableColumns, is } from 'drizzle-orm';
import { SQLiteCustomColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Cache } from './open.ts';
import { jsonKeys, readMetaJson } from './reads/meta.ts';
import * as schema from './schema/tables.ts';

/**
 * Reads a cache from end to end: all its pages, and what is made of the texts that hold JSON.
 * @throws StorageError if it is damaged, or the disk fails meanwhile
 */
export function isSound(cache: Cache): boolean {
  if (cache.pragma('quick_check') !== 'ok') return false;
  for (const table of Object.values(schema)) {
    if (!is(table, SQLiteTable)) continue;
    const columns = Object.entries(getTableColumns(table)).filter(([, column]) => is(column, SQLiteCustomColumn));
    if (columns.length > 0) cache.db.select(Object.fromEntries(columns)).from(table).all();
  }
  for (const key of jsonKeys) readMetaJson(cache.db, key);
  return true;
}
