import { closeSync, existsSync, openSync, readSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import type { chancesFrom } from './arguments.ts';

const PAGE = 4096;
type Chances = ReturnType<typeof chancesFrom>;

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}

function flip(file: string, at: number): void {
  const handle = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, at);
  byte[0]! ^= 1 << (at % 8);
  writeSync(handle, byte, 0, 1, at);
  closeSync(handle);
}

const noise = (chances: Chances, length: number): Buffer => Buffer.from(Array.from({ length }, () => chances.below(256)));
const pagesOf = (file: string): number => Math.floor(statSync(file).size / PAGE);

/** What can happen to the file of a cache. */
const toFile: Readonly<Record<string, (file: string, chances: Chances) => void>> = {
  bit: (file, c) => flip(file, c.below(statSync(file).size)),
  bytes: (file, c) => {
    for (let i = 0; i < 64; i += 1) flip(file, c.below(statSync(file).size));
  },
  page: (file, c) => overwrite(file, c.below(pagesOf(file)) * PAGE, Buffer.alloc(PAGE)),
  pages: (file, c) => {
    const first = c.below(pagesOf(file) - 1);
    overwrite(file, first * PAGE, Buffer.alloc(PAGE * (1 + c.below(Math.min(20, pagesOf(file) - first)))));
  },
  sector: (file, c) => overwrite(file, c.below(statSync(file).size / 512) * 512, noise(c, 512)),
  truncated: (file, c) => truncateSync(file, 1 + c.below(statSync(file).size - 1)),
  'truncated at a page': (file, c) => truncateSync(file, (1 + c.below(pagesOf(file) - 1)) * PAGE),
  emptied: (file) => truncateSync(file, 0),
  gone: (file) => rmSync(file),
  header: (file, c) => overwrite(file, 0, noise(c, 100)),
  'first page': (file, c) => overwrite(file, 0, noise(c, PAGE)),
  'swapped pages': (file, c) => {
    const [a, b] = [c.below(pagesOf(file)), c.below(pagesOf(file))];
    const handle = openSync(file, 'r+');
    const [one, other] = [Buffer.alloc(PAGE), Buffer.alloc(PAGE)];
    readSync(handle, one, 0, PAGE, a * PAGE);
    readSync(handle, other, 0, PAGE, b * PAGE);
    writeSync(handle, other, 0, PAGE, a * PAGE);
    writeSync(handle, one, 0, PAGE, b * PAGE);
    closeSync(handle);
  },
};

/** And to its log, as a crash leaves it behind. */
const toLog: Readonly<Record<string, (log: string, chances: Chances) => void>> = {
  'log gone': (log) => rmSync(log),
  'log bit': (log, c) => flip(log, c.below(statSync(log).size)),
  'log truncated': (log, c) => truncateSync(log, c.below(statSync(log).size)),
  'log sector': (log, c) => overwrite(log, c.below(statSync(log).size / 512) * 512, noise(c, 512)),
  'log header': (log, c) => overwrite(log, 0, noise(c, 32)),
};

/** Damages a cache. @returns what was done */
export function damage(path: string, chances: Chances): string {
  const log = `${path}-wal`;
  if (existsSync(log) && statSync(log).size > 0 && chances.below(2) === 0) {
    const name = chances.pick(Object.keys(toLog));
    toLog[name]!(log, chances);
    return name;
  }
  const name = chances.pick(Object.keys(toFile));
  toFile[name]!(path, chances);
  return name;
}
