import { existsSync, rmSync } from 'node:fs';
import { and, asc, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { migrate } from './migrate.ts';
import { openEncrypted } from './open.ts';
import type { Reader } from './reader.ts';
import { type MetaKey, readMetaJson } from './reads/meta.ts';
import * as schema from './schema/tables.ts';
import { copyPages, putSparePages, sparePath } from './spare-pages.ts';
import { StorageError, storageErrorOf } from './storage-error.ts';

/** What could be read of a damaged cache. Each row is whole: a page that was changed does not open. */
export interface Salvaged {
  readonly outbox: readonly (typeof schema.outbox.$inferSelect)[];
  readonly drafts: readonly (typeof schema.drafts.$inferSelect)[];
  readonly keptDrafts: readonly (typeof schema.keptDrafts.$inferSelect)[];
  /** Their bytes lie beside the cache, each under the key in its row. */
  readonly attachmentFiles: readonly (typeof schema.attachmentFiles.$inferSelect)[];
  readonly reminders: readonly (typeof schema.reminders.$inferSelect)[];
  readonly reminderSteps: readonly (typeof schema.reminderSteps.$inferSelect)[];
  readonly unseen: readonly (typeof schema.unseen.$inferSelect)[];
  /** The agent's settings. */
  readonly meta: readonly (typeof schema.meta.$inferSelect)[];
  /** Commands and drafts that are known to have been there and could not be read. */
  readonly unreadable: number;
  /** The queue could be read from end to end. */
  readonly whole: boolean;
  /** So could the drafts, the keys of files and the settings: nothing of the agent's own stays behind. */
  readonly complete: boolean;
}

const nothing: Salvaged = {
  outbox: [],
  drafts: [],
  keptDrafts: [],
  attachmentFiles: [],
  reminders: [],
  reminderSteps: [],
  unseen: [],
  meta: [],
  unreadable: 0,
  whole: false,
  complete: false,
};

/**
 * Reads from copies of a damaged cache what exists nowhere else: the queue, the drafts, attached files, what has been reminded of, and
 * settings. Rows of the server come from it again. The cache itself is not touched.
 * @param work where the copies lie; they are removed.
 * @returns null: nothing opens with this key, which may be the wrong one
 * @throws StorageError when the disk has no room for the copies, or does not take them
 */
export function salvage(path: string, key: string, work: string): Salvaged | null {
  const spare = sparePath(path);
  // As it is; as long as it was; and with the pages without which the others cannot be read.
  const mends = [null, ...(existsSync(spare) ? [false, true] : [])];
  let opened = false;
  for (const pages of mends) {
    removeFiles(work);
    try {
      for (const suffix of ['', '-wal']) if (existsSync(`${path}${suffix}`)) copyPages(`${path}${suffix}`, `${work}${suffix}`);
      if (!existsSync(work)) continue;
      if (pages !== null) putSparePages(work, spare, pages);
      const raw = openEncrypted(work, key);
      opened = true;
      try {
        // Of an older version, whose turn it was to be brought up to date.
        migrate(raw, 0);
        return readAll(drizzle(raw, { schema }));
      } finally {
        raw.close();
      }
    } catch (error) {
      const known = storageErrorOf(error);
      if (known instanceof StorageError && known.fault !== 'damaged') throw known;
      // The next one may do better.
    } finally {
      removeFiles(work);
    }
  }
  return opened ? nothing : null;
}

/** Writes what was salvaged into a new cache, in the order in which it was. */
export function putSalvaged(db: Reader, salvaged: Salvaged): void {
  const { attachmentFiles, outbox, drafts, keptDrafts, reminders, reminderSteps, unseen, meta } = schema;
  for (const row of salvaged.attachmentFiles) db.insert(attachmentFiles).values(row).run();
  for (const row of salvaged.outbox) db.insert(outbox).values(row).run();
  for (const row of salvaged.drafts) db.insert(drafts).values(row).run();
  for (const row of salvaged.keptDrafts) db.insert(keptDrafts).values(row).run();
  for (const row of salvaged.reminders) db.insert(reminders).values(row).run();
  for (const row of salvaged.reminderSteps) db.insert(reminderSteps).values(row).run();
  for (const row of salvaged.unseen) db.insert(unseen).values(row).run();
  for (const row of salvaged.meta) db.insert(meta).values(row).run();
}

function removeFiles(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}

const settings = ['settings', 'importMappings'] as const satisfies readonly MetaKey[];

function readAll(db: Reader): Salvaged {
  /** `key`: a column with an index of its own, which still names what the table has lost. */
  const rowsOf = <T extends SQLiteTable>(table: T, key: SQLiteColumn): { rows: T['$inferSelect'][]; missing: number | null } =>
    readTable(db, table, key);
  const { attachmentFiles, outbox, drafts, keptDrafts, reminders, reminderSteps, unseen } = schema;
  // The schema may be whole and all that it names unreadable, but a cache without this table is none.
  db.select({ n: sql`count(*)` })
    .from(sql`sqlite_schema`)
    .where(eq(sql`name`, 'outbox'))
    .get();
  const own = {
    outbox: rowsOf(outbox, outbox.commandId),
    drafts: rowsOf(drafts, drafts.form),
    keptDrafts: rowsOf(keptDrafts, keptDrafts.form),
    attachmentFiles: rowsOf(attachmentFiles, attachmentFiles.id),
  };
  const kept = attempt(() => settings.map((key) => ({ key, value: readMetaJson(db, key) })));
  return {
    outbox: own.outbox.rows,
    drafts: own.drafts.rows,
    keptDrafts: own.keptDrafts.rows,
    attachmentFiles: own.attachmentFiles.rows,
    reminders: rowsOf(reminders, reminders.id).rows,
    reminderSteps: rowsOf(reminderSteps, reminderSteps.position).rows,
    unseen: attempt(() => db.select().from(unseen).all()) ?? [],
    meta: (kept ?? []).filter(({ value }) => value !== null).map(({ key, value }) => ({ key, value: JSON.stringify(value) })),
    unreadable: (own.outbox.missing ?? 0) + (own.drafts.missing ?? 0) + (own.keptDrafts.missing ?? 0),
    whole: own.outbox.missing === null,
    complete: kept !== null && Object.values(own).every(({ missing }) => missing === null),
  };
}

const rowid = sql<number>`rowid`;

/** `missing` null: it could be read from end to end. */
function readTable<T extends SQLiteTable>(db: Reader, table: T, key: SQLiteColumn): { rows: T['$inferSelect'][]; missing: number | null } {
  const whole = attempt(() => db.select().from(table).orderBy(asc(rowid)).all());
  if (whole !== null) return { rows: whole, missing: null };
  // Each walk ends at the first page that does not open; from both ends, in the table and in the index, few rows stay out of sight.
  const found = new Set<number>();
  const direct = sql`${table} NOT INDEXED`;
  for (const back of [false, true]) {
    walk(db, direct, rowid, back, found);
    walk(db, sql`${table}`, sql`${sql.identifier(key.name)}`, back, found);
  }
  const rows: unknown[] = [];
  let missing = 0;
  for (const id of [...found].sort((a, b) => a - b)) {
    const row = attempt(() => db.select().from(table).where(eq(rowid, id)).get());
    if (row === null) missing += 1;
    else if (row !== undefined) rows.push(row);
  }
  return { rows: rows as T['$inferSelect'][], missing };
}

/** Collects row numbers one by one along an order until a page does not open. */
function walk(db: Reader, from: SQL, by: SQL, back: boolean, found: Set<number>): void {
  let last: unknown = null;
  for (;;) {
    const past = last === null ? and() : back ? lt(by, last) : gt(by, last);
    const next = attempt(() =>
      db
        .select({ id: rowid, at: by })
        .from(from)
        .where(past)
        .orderBy(back ? desc(by) : asc(by))
        .limit(1)
        .get(),
    );
    if (next === null || next === undefined) return;
    found.add(next.id);
    last = next.at;
  }
}

/** null: it could not be read. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
