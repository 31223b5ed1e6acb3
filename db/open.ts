import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from './migrate.ts';
import type { Reader } from './reader.ts';
import * as schema from './schema/tables.ts';
import { indexDirty } from './writes/search-index.ts';

/** An open cache. `read` and `write` share one connection; what writes takes a `Cache`, what only reads a `Reader`. */
export interface Cache {
  readonly db: Reader;
  /** Runs in one immediate, FULL-sync transaction: when it returns, the disk has it. */
  transaction<T>(run: (db: Reader) => T): T;
  pragma(name: string): unknown;
  close(): void;
}

/** The key does not fit the file, or the file is damaged beyond its header. It has not been touched. */
export class UnreadableDatabaseError extends Error {
  constructor(cause: unknown) {
    super('The local database cannot be read with the key at hand.', { cause });
    this.name = 'UnreadableDatabaseError';
  }
}

export interface OpenOptions {
  readonly path: string;
  /** 256-bit key, 64 hex digits. */
  readonly key: string;
  readonly now: number;
}

/** Opens or makes an encrypted cache. @throws UnreadableDatabaseError, NewerDatabaseError. */
export function openCache({ path, key, now }: OpenOptions): Cache {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new TypeError('key must be 64 hex digits');
  const raw = new Database(path);
  try {
    raw.pragma(`cipher='chacha20'`);
    raw.pragma(`key='raw:${key}'`);
    // Reads the first page, so that a wrong key is known now and not at the first query.
    raw.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    raw.close();
    throw new UnreadableDatabaseError(error);
  }
  try {
    raw.pragma('journal_mode=WAL');
    // On every open: a reopened WAL database comes back with NORMAL, which loses acknowledged writes at power loss.
    raw.pragma('synchronous=FULL');
    if (process.platform === 'darwin') {
      raw.pragma('fullfsync=ON');
      raw.pragma('checkpoint_fullfsync=ON');
    }
    raw.pragma('secure_delete=ON');
    raw.pragma('trusted_schema=OFF');
    raw.pragma('temp_store=MEMORY');
    raw.pragma('busy_timeout=5000');
    // SQLite's own `lower` knows ASCII alone.
    raw.function('lower_case', { deterministic: true }, (text) => String(text).toLowerCase());
    raw.function('only_digits', { deterministic: true }, (text) => String(text).replaceAll(/\D/g, ''));
    migrate(raw, now);
  } catch (error) {
    raw.close();
    throw error;
  }
  const db = drizzle(raw, { schema });
  return {
    db,
    transaction: (run) =>
      raw
        .transaction(() => {
          const value = run(db);
          indexDirty(db);
          return value;
        })
        .immediate(),
    pragma: (name) => raw.pragma(name, { simple: true }),
    close: () => {
      raw.pragma('wal_checkpoint(TRUNCATE)');
      raw.close();
    },
  };
}
