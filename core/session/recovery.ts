import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { z } from 'zod';
import { type Cache, openCache, type OpenOptions, UnreadableDatabaseError } from '../../db/open.ts';
import { putSalvaged, salvage } from '../../db/salvage.ts';
import { isSound } from '../../db/sound.ts';
import { StorageError } from '../../db/storage-error.ts';
import { readMetaJson, writeMeta } from '../../db/reads/meta.ts';
import { reapplyQueue } from '../../db/writes/optimistic.ts';
import { getRow, putRow } from '../../db/writes/rows.ts';
import { recovery as recoveryView } from '../../shared/bridge/views.ts';
import type { Account } from '../../shared/domain/people.ts';

/** What became of a damaged cache; shown until the agent has closed it. */
export type Recovery = z.infer<typeof recoveryView>;

const KEPT = 3;
const KEPT_DAYS = 14;
const BACKUP_DAYS = 7;
const DAY = 86_400_000;
const own = ['', '-wal', '-shm', '.spare'] as const;
function removeAll(path: string): void {
  for (const suffix of own) rmSync(`${path}${suffix}`, { force: true });
}

/** A new cache while it is being made from a damaged one. */
const making = (path: string): string => `${path}.making`;

/** Ends a recovery that was cut short between its two renamings: the new cache is whole, and the old one set aside. */
function finishRenaming(path: string): void {
  if (existsSync(path) || !existsSync(making(path))) return;
  removeAll(path);
  renameSync(making(path), path);
  if (existsSync(`${making(path)}.spare`)) renameSync(`${making(path)}.spare`, `${path}.spare`);
}

export interface Opened {
  readonly cache: Cache;
  /** null: it was not damaged. */
  readonly recovery: Recovery | null;
}

/** What is known before it is opened: a read found damage, for the first time or again after it had looked whole. */
export type Damaged = 'no' | 'perhaps' | 'yes';

/**
 * Opens a cache; one that is damaged is set aside under the date and replaced by a new one with what could be read of it.
 * `waiting`: how many commands it is known to have held that wait for the server.
 * @throws UnreadableDatabaseError when nothing of it opens with the key, which may then be the wrong one
 */
export function openOrRecover(options: OpenOptions, account: Account, waiting: number, damaged: Damaged = 'no'): Opened {
  finishRenaming(options.path);
  const orRecover = (cache: Cache | null, why: unknown = null): Opened =>
    cache === null ? recover(options, account, waiting, why) : { cache, recovery: null };
  if (damaged !== 'no') return orRecover(damaged === 'perhaps' ? openIfSound(options) : null);
  try {
    return { cache: openCache(options), recovery: null };
  } catch (error) {
    if (!(error instanceof UnreadableDatabaseError) && !(error instanceof StorageError && error.fault === 'damaged')) throw error;
    return orRecover(isShortened(error) ? null : openIfSound(options), error);
  }
}

/** A disk that failed to read for a moment looks like damage; what reads well from end to end is none. */
function openIfSound(options: OpenOptions): Cache | null {
  try {
    const cache = openCache({ ...options, onFault: () => {} });
    let sound = false;
    try {
      sound = isSound(cache);
    } finally {
      cache.close();
    }
    return sound ? openCache(options) : null;
  } catch {
    return null;
  }
}

function recover(options: OpenOptions, account: Account, waiting: number, why: unknown): Opened {
  const { key, now, path } = options;
  const rows = salvage(path, key, `${path}.work`);
  if (rows === null && why instanceof UnreadableDatabaseError) throw why;
  const made = making(path);
  removeAll(made);
  const cache = openCache({ path: made, key, now });
  const outbox = rows?.outbox ?? [];
  const queued = outbox.filter((row) => row.state === 'queued').length;
  const recovery: Recovery = {
    at: now,
    commands: queued + outbox.filter((row) => row.state === 'refused').length,
    drafts: (rows?.drafts.length ?? 0) + (rows?.keptDrafts.length ?? 0),
    // What the file itself does not name any more, the count outside may still know.
    unreadable: rows?.whole && !isShortened(why) ? rows.unreadable : Math.max(rows?.unreadable ?? 0, waiting - queued),
  };
  try {
    cache.transaction((db) => {
      if (getRow(db, 'account', account.id) === null) putRow(db, 'account', account);
      if (rows !== null) putSalvaged(db, rows);
      writeMeta(db, 'recovery', JSON.stringify(recovery));
      reapplyQueue(db, account, now);
    });
  } finally {
    cache.close();
  }
  const aside = setAside(path, 'damaged', now);
  finishRenaming(path);
  const opened = openCache(options);
  // Nobody needs it any more, and it holds what the server may take from this account at any time.
  if (rows?.complete === true && !isShortened(why) && queued >= waiting) removeAll(aside);
  return { cache: opened, recovery };
}

export function readRecovery(cache: Cache): Recovery | null {
  const kept = readMetaJson(cache.db, 'recovery');
  return kept === null ? null : recoveryView.parse(kept);
}

/** What is left is readable, and is not all that there was. */
const isShortened = (why: unknown): boolean => why instanceof StorageError && typeof why.cause === 'string';

const stampOf = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]/g, '').replace(/\..*/, 'Z');

/** Moves a cache out of the way, with all that belongs to it, and forgets those that are too many or too old. @returns where it is */
export function setAside(path: string, why: 'damaged' | 'unreadable', now: number): string {
  let to = `${path}.${why}-${stampOf(now)}`;
  for (let n = 2; existsSync(to); n += 1) to = `${path}.${why}-${stampOf(now)}-${n}`;
  // The cache itself first: without its log it would pass for an older, whole one.
  for (const suffix of own) if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${to}${suffix}`);
  forgetAside(path, now);
  return to;
}

/** Caches set aside hold customers' data: three at most, and none for longer than an absent agent may stay signed in. */
export function forgetAside(path: string, now: number): void {
  forgetBackups(path, now - BACKUP_DAYS * DAY);
  const folder = dirname(path);
  const stampIn = (name: string): string =>
    name.startsWith(`${basename(path)}.`) ? (/\.(?:damaged|unreadable)-(\d{8}T\d{6}Z(?:-\d+)?)$/.exec(name)?.[1] ?? '') : '';
  const all = readdirSync(folder)
    .map((name) => ({ name, stamp: stampIn(name) }))
    .filter(({ stamp }) => stamp !== '')
    .sort((a, b) => (a.stamp < b.stamp ? 1 : -1));
  all.forEach(({ name, stamp }, i) => {
    if (i < KEPT && stamp >= stampOf(now - KEPT_DAYS * DAY)) return;
    removeAll(join(folder, name));
  });
}

/** A copy made before a migration is of use until the new shape has been seen to work. @param olderThan device time */
export function forgetBackups(path: string, olderThan = Number.POSITIVE_INFINITY): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (name.startsWith(`${basename(path)}.before-`) && statSync(file).mtimeMs < olderThan) rmSync(file, { force: true });
  }
}
