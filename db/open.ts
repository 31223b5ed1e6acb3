import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { existsSync, statSync } from 'node:fs';
import { logWasCut, readLogMark } from './log-mark.ts';
import { migrate } from './migrate.ts';
import type { Reader } from './reader.ts';
import * as schema from './schema/tables.ts';
import { fillUp, saveSparePages, sparePath } from './spare-pages.ts';
import { keepStatements, watchQueries } from './statements.ts';
import { StorageError, type StorageFault, storageErrorOf } from './storage-error.ts';
import { assertKey, ciphers, unlock } from './unlock.ts';
import { Upkeep } from './upkeep.ts';
import { indexDirty } from './writes/search-index.ts';

/** Rows that are indexed in the transaction that changed them: more than any page of a pull or command changes. */
const INDEXED_AT_ONCE = 5000;
/** Rows that one slice indexes where there are more: some milliseconds. */
const INDEXED_LATER = 100;

/** An open cache. `read` and `write` share one connection; what writes takes a `Cache`, what only reads a `Reader`. */
export interface Cache {
  readonly db: Reader;
  /** Runs in one immediate, FULL-sync transaction: when it returns, the disk has it. @throws StorageError if it has not. */
  transaction<T>(run: (db: Reader) => T): T;
  /**
   * The same for rows that the server sends again, between the first page of a snapshot and its last: a power cut may take it back, as
   * a whole.
   */
  refetchable<T>(run: (db: Reader) => T): T;
  pragma(name: string): unknown;
  /** Told after each commit; one listener. */
  onCommit(run: () => void): void;
  /** One slice, of some milliseconds, of what is put off until nobody waits. @returns whether there may be more @throws StorageError */
  upkeep(): boolean;
  /** After what was deleted for good: takes it out of the log and begins to take it out of the search index. @throws StorageError */
  purge(): void;
  /** Brings the copy of the pages that a salvage needs up to date. */
  saveSpare(): void;
  /** Writes the log back first; if the disk will not have that, the log stays and is read at the next opening. */
  close(): void;
}

/** The key does not fit the file, or its first page is damaged. It has not been touched. */
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
  /** Told of each fault of the disk or the file, in the middle of the call that met it and before that throws. */
  readonly onFault?: (fault: StorageFault) => void;
}

/** Opens a file with its key. @throws UnreadableDatabaseError, StorageError; the file has not been touched; TypeError: that is no key. */
export function openEncrypted(path: string, key: string): Database.Database {
  assertKey(key);
  let first: unknown;
  for (const cipher of ciphers) {
    const raw = new Database(path);
    try {
      unlock(raw, key, cipher);
      // Reads the first page, so that a wrong key is known now and not at the first query.
      raw.prepare('SELECT count(*) FROM sqlite_schema').get();
      fillUp(path, raw.pragma('page_count', { simple: true }) as number);
      return raw;
    } catch (error) {
      raw.close();
      const known = storageErrorOf(error);
      if (known instanceof StorageError && known.fault !== 'damaged') throw known;
      first ??= error;
    }
  }
  throw new UnreadableDatabaseError(first);
}

/** Opens the file and readies it for use; what is wrong with it or the disk comes as whatever met it. */
function openReady({ path, key, now }: OpenOptions): { readonly raw: Database.Database; readonly fetching: boolean } {
  // SQLite would take what is left of a file for a new one.
  if (existsSync(sparePath(path)) && !(existsSync(path) && statSync(path).size > 0)) throw new StorageError('damaged', 'the file is gone');
  const mark = readLogMark(path);
  const raw = openEncrypted(path, key);
  try {
    // Of a snapshot under way a power cut may take pages, and nothing else: what is saved meanwhile goes into the file at once.
    if (logWasCut(mark, readLogMark(path)) && !isFetching(raw)) throw new StorageError('damaged', 'the log is shorter than it was');
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
    // In KiB: pages that stay decrypted.
    raw.pragma('cache_size=-65536');
    raw.pragma('busy_timeout=5000');
    // `Upkeep` writes the log back; from then on it is as long as what it holds.
    raw.pragma('wal_autocheckpoint=0');
    raw.pragma('journal_size_limit=4096000');
    // SQLite's own `lower` knows ASCII alone.
    raw.function('lower_case', { deterministic: true }, (text) => String(text).toLowerCase());
    raw.function('only_digits', { deterministic: true }, (text) => String(text).replaceAll(/\D/g, ''));
    if (migrate(raw, now)) {
      raw.pragma('wal_checkpoint(TRUNCATE)');
      saveSparePages(raw);
    }
    return { raw, fetching: isFetching(raw) };
  } catch (error) {
    raw.close();
    throw error;
  }
}

/** Whether a snapshot has begun and not ended. */
function isFetching(raw: Database.Database): boolean {
  const known = raw.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'meta'`).get() !== undefined;
  return known && raw.prepare(`SELECT 1 FROM meta WHERE key = 'after'`).get() !== undefined;
}

/** Opens or makes an encrypted cache. @throws UnreadableDatabaseError, NewerDatabaseError, StorageError. */
export function openCache(options: OpenOptions): Cache {
  const { onFault = () => {} } = options;
  let ready: ReturnType<typeof openReady>;
  try {
    ready = openReady(options);
  } catch (error) {
    throw storageErrorOf(error);
  }
  const { fetching, raw } = ready;
  // A statement and the transaction around it both meet a fault; it is told once.
  const faults = new WeakSet<StorageError>();
  const told = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      const known = storageErrorOf(error);
      if (known instanceof StorageError && !faults.has(known)) {
        faults.add(known);
        onFault(known.fault);
      }
      throw known;
    }
  };
  keepStatements(raw);
  let committed = (): void => {};
  const db = drizzle(raw, { schema });
  watchQueries(db, told);
  // Whether the file, without its log, says that a snapshot is under way: then a log that is cut is no sign of damage.
  let loose = fetching;
  const upkeep = new Upkeep(raw, () => raw.transaction(() => indexDirty(db, INDEXED_LATER)).immediate() === INDEXED_LATER);
  const commit = <T>(run: (db: Reader) => T): T => {
    let indexed = 0;
    const whole = raw.transaction(() => {
      const done = run(db);
      indexed = indexDirty(db, INDEXED_AT_ONCE);
      return done;
    });
    const value = told(() => whole.immediate());
    upkeep.written(indexed > 0, indexed === INDEXED_AT_ONCE);
    return value;
  };
  return {
    db,
    transaction: (run) => {
      if (loose) raw.pragma('synchronous=FULL');
      let ended = false;
      const value = commit((db) => {
        const fetching = loose && isFetching(raw);
        const done = run(db);
        ended = fetching && !isFetching(raw);
        return done;
      });
      // What ends a snapshot comes from the server, too, and waits for the upkeep.
      if (loose && !ended) loose = !writtenBack(raw);
      committed();
      return value;
    },
    refetchable: (run) => {
      raw.pragma('synchronous=NORMAL');
      loose = true;
      const value = commit(run);
      committed();
      return value;
    },
    onCommit: (run) => {
      committed = run;
    },
    upkeep: () => told(() => upkeep.step()),
    purge: () => told(() => upkeep.purge()),
    pragma: (name) => told(() => raw.pragma(name, { simple: true })),
    saveSpare: () => saveSparePages(raw),
    close: () => {
      try {
        raw.pragma('wal_checkpoint(TRUNCATE)');
        saveSparePages(raw);
      } catch (error) {
        if (!(storageErrorOf(error) instanceof StorageError)) throw error;
      } finally {
        raw.close();
      }
    },
  };
}

/** Writes the log back. What was committed is so anyhow; a disk that will not have it now is asked again later. */
function writtenBack(raw: Database.Database): boolean {
  try {
    const [{ busy, checkpointed, log }] = raw.pragma('wal_checkpoint(PASSIVE)') as [{ busy: number; log: number; checkpointed: number }];
    return busy === 0 && log === checkpointed;
  } catch (error) {
    if (!(storageErrorOf(error) instanceof StorageError)) throw error;
    return false;
  }
}
