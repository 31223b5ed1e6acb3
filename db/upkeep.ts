import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';

/** How long the log may become before it is written back: SQLite's own thousand pages. */
const LOG_BYTES = 4_096_000;
/** Pages of the search index that one slice merges: some milliseconds. */
const MERGE_PAGES = 64;

/** What SQLite would do in the middle of somebody's write, done between writes: writing the log back, merging the search index. */
export class Upkeep {
  readonly #raw: Database.Database;
  readonly #merge: Database.Statement;
  readonly #changes: Database.Statement;
  #logged = false;
  #unmerged = false;

  constructor(raw: Database.Database) {
    this.#raw = raw;
    raw.pragma('wal_autocheckpoint=0');
    // The log is as long as what it holds, once it was written back.
    raw.pragma('journal_size_limit=4096000');
    this.#merge = raw.prepare("INSERT INTO search (search, rank) VALUES ('merge', ?)");
    this.#changes = raw.prepare('SELECT total_changes()').pluck();
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
    const before = this.#changes.get() as number;
    this.#merge.run(MERGE_PAGES);
    // The insert counts as one change; anything above it was merged.
    this.#unmerged = (this.#changes.get() as number) - before > 1;
    this.#logged = true;
    return this.#unmerged;
  }
}

/** Nothing before the first write. @throws Error if the disk does not say */
const logBytes = (path: string): number => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
