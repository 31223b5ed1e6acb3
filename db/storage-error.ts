import Database from 'better-sqlite3';
import { DrizzleError } from 'drizzle-orm';

/**
 * What is wrong below the cache. `full`: no room left, nothing was written and reading goes on. `io`: the disk refused to
 * read or write; what is in memory may differ from the disk, so the cache has to be opened anew. `damaged`: the bytes are
 * not those that were written.
 */
export type StorageFault = 'full' | 'io' | 'damaged';

/** The disk, or the file on it, did not do what was asked. A transaction under way has been undone. */
export class StorageError extends Error {
  readonly fault: StorageFault;
  constructor(fault: StorageFault, cause: unknown) {
    super(`storage: ${fault}`, { cause });
    this.name = 'StorageError';
    this.fault = fault;
  }
}

const refused = ['SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_PERM', 'SQLITE_PROTOCOL'];
const damaged = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_IOERR_CORRUPTFS', 'SQLITE_IOERR_DATA'];

const isOfSystem = (error: unknown): error is NodeJS.ErrnoException & Error => error instanceof Error && 'syscall' in error;

/** The same error, or a `StorageError` in its place if the storage is to blame. */
export function storageErrorOf(error: unknown): unknown {
  // drizzle puts an error of its own around what a statement of raw SQL throws.
  if (error instanceof DrizzleError) {
    const cause = storageErrorOf(error.cause);
    return cause instanceof StorageError ? cause : error;
  }
  // Of the files beside the cache, which are read without SQLite.
  if (isOfSystem(error)) return new StorageError(error.code === 'ENOSPC' || error.code === 'EDQUOT' ? 'full' : 'io', error);
  if (!(error instanceof Database.SqliteError)) return error;
  const { code } = error;
  // Only what stands in the cache is ever given to SQL's functions for JSON.
  if (error.message === 'malformed JSON') return new StorageError('damaged', error);
  // Codes are extended: SQLITE_IOERR_FSYNC.
  const among = (codes: readonly string[]): boolean => codes.some((c) => code === c || code.startsWith(`${c}_`));
  if (code === 'SQLITE_FULL') return new StorageError('full', error);
  if (among(damaged)) return new StorageError('damaged', error);
  return among(refused) ? new StorageError('io', error) : error;
}
