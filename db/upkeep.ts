import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';

/** How long the log may become before it is written back: SQLite's own thousand pages, and `journal_size_limit` of `openCache`. */
const LOG_BYTES = 4_096_000;
/** Pages of the search index that one slice merges: some milliseconds. */
const MERGE_PAGES = 64;
/** Slices of a purge that are not put off: the index of a small cache is through with them. */
const PURGED_AT_ONCE = 8;

/**
 * What SQLite would do in the middle of somebody's write, done between writes: writing the log back, merging the search index, and
 * rewriting all of it where something has to leave its pages.
 */
export class Upkeep {
  readonly #raw: Database.Database;
  readonly #index: () => boolean;
  #logged = false;
  #unindexed = true;
  #unmerged = false;
  #purging = false;

  /** @param index indexes some rows whose turn has not come; returns whether there may be more */
  constructor(raw: Database.Database, index: () => boolean) {
    this.#raw = raw;
    this.#index = index;
  }

  /** Something was committed. @param indexed the search index changed with it @param left rows still have to be indexed */
  written(indexed: boolean, left: boolean): void {
    this.#logged = true;
    this.#unmerged ||= indexed;
    this.#unindexed ||= left;
  }

  /** One slice of some milliseconds. @returns whether there may be more to do */
  step(): boolean {
    if (this.#logged && logBytes(this.#raw.name) > LOG_BYTES) {
      this.#raw.pragma('wal_checkpoint(PASSIVE)');
      this.#logged = false;
      return true;
    }
    if (this.#unindexed) {
      this.#unindexed = this.#index();
      // In turns: left to themselves, many small pieces of the index would be merged within one slice.
      this.#unmerged = this.#merge(MERGE_PAGES);
      return true;
    }
    return this.#purgeSlice() || this.#mergeSlice();
  }

  /** Begins to take out of the search index and the log what `wantPurge` said has left; the rest comes in slices. */
  purge(): void {
    this.#cutLog();
    for (let i = 0; i < PURGED_AT_ONCE && this.step(); i += 1);
  }

  #mergeSlice(): boolean {
    if (!this.#unmerged) return false;
    this.#unmerged = this.#merge(MERGE_PAGES);
    return this.#unmerged;
  }

  /** A deleted word stays in its page of the index until that is written anew (SY6). */
  #purgeSlice(): boolean {
    if (!this.#purging) {
      // What is deleted while a purge goes on wants another. One that a stop interrupts begins again.
      if (this.#raw.prepare(`UPDATE meta SET value = 'going' WHERE key = 'purge'`).run().changes === 0) return false;
      this.#merge(-MERGE_PAGES);
      this.#purging = true;
      return true;
    }
    if (this.#merge(MERGE_PAGES)) return true;
    this.#purging = false;
    this.#unmerged = false;
    this.#raw.prepare(`DELETE FROM meta WHERE key = 'purge' AND value = 'going'`).run();
    this.#cutLog();
    return true;
  }

  /** It holds the pages as they were. */
  #cutLog(): void {
    this.#raw.pragma('wal_checkpoint(TRUNCATE)');
  }

  /** @param pages negative: begins to merge all of the index into one @returns whether there was anything to merge */
  #merge(pages: number): boolean {
    const before = this.#changes();
    this.#raw.prepare("INSERT INTO search (search, rank) VALUES ('merge', ?)").run(pages);
    this.#logged = true;
    // The insert counts as one change; anything above it was merged.
    return this.#changes() - before > 1;
  }

  #changes(): number {
    return this.#raw.prepare('SELECT total_changes()').pluck().get() as number;
  }
}

/** Nothing before the first write. @throws Error if the disk does not say */
const logBytes = (path: string): number => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
