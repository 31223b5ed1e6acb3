import type Database from 'better-sqlite3';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchDesk, openDesk } from './desk.ts';
import { openRaw } from './limit/file.ts';
import { FILE, RAW_FILE } from './parts.ts';

/** What a process that measures is told. */
export interface Job {
  readonly suite: string;
  /** Holds the production cache and the limit's file, of the size and filled, except for `first-sync`. */
  readonly dir: string;
  readonly url: string;
  readonly size: number;
  /** A tenth of the repeats: enough to see that all works, not for figures that mean something. */
  readonly quick: boolean;
  /** Where the profile of our part goes; the limit is left out then. null: none is wanted. */
  readonly profile: string | null;
}

/** One measured value, and what the limit takes for the same in the same run. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  /** null: there is none. */
  readonly limit: number | null;
}

/** What no speed may be bought with. */
export interface Kept {
  /** Each commit waits for the disk. */
  readonly durable: boolean;
  /** The file is no SQLite file to whoever has no key. */
  readonly encrypted: boolean;
  /** Most memory of the process, MB. */
  readonly memory: number;
}

export type Suite = (stage: Stage) => Promise<readonly Measured[]>;

export interface Stage extends Job {
  /** How often something is done that is usually done so often. */
  runs(usual: number): number;
  /** Our part; profiled if that is wanted. */
  ours<T>(work: () => Promise<T>): Promise<T>;
  /** Notes what was kept. Asked while the desk is open. */
  keeps(desk: BenchDesk): void;
  /** Asks the server something that is no part of the protocol. */
  ask<T>(path: string): Promise<T>;
}

export interface Both extends BenchDesk {
  /** The limit's file; null in a profile. */
  readonly raw: Database.Database | null;
}

/** Opens both files for the time of some work. */
export async function withBoth<T>(stage: Stage, work: (both: Both) => Promise<T>): Promise<T> {
  const desk = await openDesk(stage);
  const cacheSize = Number(desk.desk.cache.pragma('cache_size'));
  const raw = stage.profile === null ? openRaw(join(stage.dir, RAW_FILE), cacheSize) : null;
  try {
    const done = await work({ ...desk, raw });
    stage.keeps(desk);
    return done;
  } finally {
    raw?.close();
    await desk.close();
  }
}

/** FULL, as SQLite's pragma says it. */
const FULL = 2;
const HEADER = 'SQLite format 3';

export function readKept(dir: string, { desk }: BenchDesk): Kept {
  const file = openSync(join(dir, FILE), 'r');
  const head = Buffer.alloc(HEADER.length);
  const read = readSync(file, head, 0, head.length, 0);
  closeSync(file);
  return {
    durable: Number(desk.cache.pragma('synchronous')) >= FULL,
    encrypted: read === head.length && head.toString('latin1') !== HEADER,
    memory: peakMemory(),
  };
}

const KB = 1024;
/** Most that this process had so far, MB. Linux counts the parent's memory in `maxRSS`, from before this program was loaded. */
export function peakMemory(): number {
  if (process.platform !== 'linux') return Math.round(process.resourceUsage().maxRSS / KB);
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / KB);
}
