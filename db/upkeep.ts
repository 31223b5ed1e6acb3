import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';

/** How long the log may become before it is written back: SQLite's own thousand pages, and `journal_size_limit` of `openCache`. */
const LOG_BYTES = 4_096_000;
/** Pages of the search index that one slice merges: some milliseconds. */
const MERGE_PAGES = 64;

/** What SQLite would do in the middle of somebody's write, done between writes: writing the log back, merging the search index. */
export class Upkeep {
  readonly #raw: Database.Database;
  #logged = false;
  #unmerged = false;

  constructor(raw: Database.Database) {
    this.#raw = raw;
  }

  /** Something was committed. @param indexed the search index changed with it */
  written(indexed: boolean): void {
    this.#logged = true;
    this.#unmerged ||= indexed;
  }

  /** One slice of some milliseconds. @returns whether there is more to do */
  step(): boolean {
    if (this.#logged && logBytes(this.#raw.name) > LOG_BYTES) {
      this.#raw.pragma('wal_checkpoint(PASSIVE)');
      this.#logged = false;
      return this.#unmerged;
    }
    if (!this.#unmerged) return false;
    const before = this.#changes();
    this.#raw.prepare("INSERT INTO search (search, rank) VALUES ('merge', ?)").run(MERGE_PAGES);
    // The insert counts as one change; anything above it was merged.
    this.#unmerged = this.#changes() - before > 1;
    this.#logged = true;
    return this.#unmerged;
  }

  #changes(): number {
    return this.#raw.prepare('SELECT total_changes()').pluck().get() as number;
  }
}

/** Nothing before the first write. @throws Error if the disk does not say */
const logBytes = (path: string): number => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
