import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import type Database from 'better-sqlite3';

/*
 * Without its first page and those of its schema nothing of a cache can be read, however whole the rest is. They are few
 * and hardly ever change, so a copy of them lies beside it, encrypted as they are.
 *
 * Form: length of the cache in pages, then for each page its number and its bytes; numbers have four bytes, little-endian.
 */

export const PAGE_BYTES = 4096;
const ENTRY_BYTES = PAGE_BYTES + 4;

export const sparePath = (path: string): string => `${path}.spare`;

/**
 * Copies the pages as the file has them. Call it when the log has just been written back. Whatever goes wrong, the older
 * copy stays, and nobody is kept from their work for it.
 */
export function saveSparePages(db: Database.Database): void {
  try {
    save(db);
  } catch {
    rmSync(`${sparePath(db.name)}.new`, { force: true });
  }
}

function save(db: Database.Database): void {
  const numbers = db.prepare(`SELECT pageno FROM dbstat WHERE name = 'sqlite_schema' ORDER BY pageno`).pluck().all() as number[];
  const file = openSync(db.name, 'r');
  const spare = Buffer.alloc(4 + numbers.length * ENTRY_BYTES);
  try {
    spare.writeUInt32LE(Math.floor(statSync(db.name).size / PAGE_BYTES), 0);
    numbers.forEach((number, i) => {
      const at = 4 + i * ENTRY_BYTES;
      spare.writeUInt32LE(number, at);
      // Not in the file yet: then the older copy is the better one.
      if (readSync(file, spare, at + 4, PAGE_BYTES, (number - 1) * PAGE_BYTES) < PAGE_BYTES) spare.fill(0, at);
    });
  } finally {
    closeSync(file);
  }
  const path = sparePath(db.name);
  if (existsSync(path) && readFileSync(path).equals(spare)) return;
  const made = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeSync(made, spare);
    fsyncSync(made);
  } finally {
    closeSync(made);
  }
  renameSync(`${path}.new`, path);
}

/**
 * Makes a file that has lost its end as long as its cache. SQLite takes what a file is too short for to be zeros and asks for
 * no tag, so the end of a long text would be read as such; a page of zeros that is there fails its tag as any other damage.
 */
export function fillUp(path: string, pages: number): void {
  if (statSync(path).size < pages * PAGE_BYTES) truncateSync(path, pages * PAGE_BYTES);
}

/** Copies a file; a page that the disk does not give is one of zeros in the copy. @throws Error when the copy cannot be written */
export function copyPages(from: string, to: string): void {
  const page = Buffer.alloc(PAGE_BYTES);
  const source = openSync(from, 'r');
  const copy = openSync(to, 'w', 0o600);
  try {
    for (let at = 0, length = statSync(from).size; at < length; at += PAGE_BYTES) {
      let read = Math.min(PAGE_BYTES, length - at);
      try {
        read = readSync(source, page, 0, read, at);
      } catch {
        page.fill(0);
      }
      writeSync(copy, page, 0, read, at);
    }
  } finally {
    closeSync(copy);
    closeSync(source);
  }
}

/** Makes a file as long as it was, and with `pages` puts the kept pages over its own. */
export function putSparePages(path: string, from: string, pages: boolean): void {
  const spare = readFileSync(from);
  const file = openSync(path, 'r+');
  try {
    const length = spare.readUInt32LE(0);
    ftruncateSync(file, Math.max(Math.ceil(statSync(path).size / PAGE_BYTES), length) * PAGE_BYTES);
    for (let at = 4; pages && at + ENTRY_BYTES <= spare.length; at += ENTRY_BYTES) {
      const number = spare.readUInt32LE(at);
      if (number > 0) writeSync(file, spare, at + 4, PAGE_BYTES, (number - 1) * PAGE_BYTES);
    }
  } finally {
    closeSync(file);
  }
}
