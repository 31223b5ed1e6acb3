import { copyFileSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import Database from 'better-sqlite3';
import { PAGE_BYTES, putSparePages } from '../../../db/spare-pages.ts';
import type { FakeHost } from './fake-host.ts';
import { unlock } from '../../../db/unlock.ts';

const LOG_HEAD = 32;
const FRAME_HEAD = 24;

/**
 * Where words stand on a device: in the bytes of any file, and decrypted in the pages of each cache, be it in use, kept
 * from before a migration or set aside: free pages, all that its log still holds, and the spare copy of its first pages.
 * @returns `place: word` for each
 */
export function remains({ dataDir, host }: { readonly dataDir: string; readonly host: FakeHost }, words: readonly string[]): string[] {
  const found = new Set<string>();
  const look = (place: string, bytes: Buffer): void => {
    for (const word of words)
      for (const encoding of ['utf8', 'utf16le'] as const) if (bytes.includes(Buffer.from(word, encoding))) found.add(`${place}: ${word}`);
  };
  const key = [...host.secrets].find(([name]) => name.startsWith('key:'))?.[1];
  if (key === undefined) throw new Error('There is no key, so nothing can be looked at.');
  for (const path of filesUnder(dataDir)) {
    // A core that runs may take it away at this moment.
    if (!existsSync(path)) continue;
    const name = relative(dataDir, path);
    look(name, readFileSync(path));
    if (!/\.db(\.[^.]+)?$/.test(name) || name.endsWith('.spare')) continue;
    for (const [place, pages] of plainPages(path, key)) look(`${name} ${place}`, pages);
  }
  return [...found].toSorted();
}

export const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true);

/** All pages that can be decrypted, each in every version that lies on the disk. */
function* plainPages(path: string, key: string): Generator<[string, Buffer]> {
  const folder = mkdtempSync(join(tmpdir(), 'zuoxi-remains-'));
  try {
    const copy = join(folder, 'copy.db');
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    yield ['pages', read(copy, key)];
    // From here on the copy holds all that its log had to say, and its pages are laid over by older ones.
    const layers = layersOf(path);
    growTo(Math.max(0, ...layers.flatMap((layer) => [...layer.keys()])), copy, key);
    const whole = readFileSync(copy);
    const spare = `${path}.spare`;
    if (existsSync(spare)) {
      putSparePages(copy, spare, true);
      yield ['spare', read(copy, key)];
    }
    for (const layer of layers) {
      const bytes = Buffer.from(whole);
      for (const [number, page] of layer) page.copy(bytes, (number - 1) * PAGE_BYTES);
      writeFileSync(copy, bytes);
      yield ['log', read(copy, key)];
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An old log may hold pages that a file which became shorter no longer has: the copy is given room for them. */
function growTo(pages: number, copy: string, key: string): void {
  const missing = pages - statSync(copy).size / PAGE_BYTES;
  if (missing <= 0) return;
  const raw = new Database(copy);
  try {
    unlock(raw, key);
    // Free pages are used first, so that there must be as many bytes as the whole file.
    raw.exec('CREATE TABLE room (bytes BLOB)');
    raw.prepare('INSERT INTO room VALUES (zeroblob(?))').run(pages * PAGE_BYTES);
    raw.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    raw.close();
  }
}

function read(copy: string, key: string): Buffer {
  const raw = new Database(copy);
  try {
    unlock(raw, key);
    raw.pragma('wal_checkpoint(TRUNCATE)');
    return raw.serialize();
  } finally {
    raw.close();
  }
}

/** The pages of a log, valid or long since written back, so that none stands twice in a layer; the first page holds no rows. */
function layersOf(path: string): Map<number, Buffer>[] {
  const layers: Map<number, Buffer>[] = [];
  const log = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : Buffer.alloc(0);
  for (let at = LOG_HEAD; at + FRAME_HEAD + PAGE_BYTES <= log.length; at += FRAME_HEAD + PAGE_BYTES) {
    const number = log.readUInt32BE(at);
    if (number < 2) continue;
    let layer = layers.find((l) => !l.has(number));
    if (layer === undefined) layers.push((layer = new Map()));
    layer.set(number, log.subarray(at + FRAME_HEAD, at + FRAME_HEAD + PAGE_BYTES));
  }
  return layers;
}
