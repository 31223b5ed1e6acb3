import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const flag = '--erase-local-data';

/**
 * Whether a start is to remove all that lies here of all accounts, and nothing else. Whatever comes with a link is no such
 * wish: a page could have written it.
 */
export function asksToErase(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  return own.includes(flag) && !argv.some((each) => each.toLowerCase().startsWith('zuoxi:'));
}

export interface Erasure {
  /** Names in the folder, in the order in which they went. */
  readonly removed: readonly string[];
  readonly left: readonly string[];
  readonly accounts: number;
  /** Commands that had not gone to the server. */
  readonly waiting: number;
}

/** The keys first: without them the rest is noise, should the computer lose its power in between. */
const first = ['secrets', 'data'];
/** By its logs a profile is known that was not removed to the end. */
const last = 'logs';

/**
 * Removes a profile, whole. Never throws: what cannot be removed is told, and the rest goes all the same.
 * @param remove a file or folder; false: it would not go
 */
export function eraseLocalData(userData: string, remove: (what: string) => boolean = removeWhole): Erasure {
  // A switch of Chromium can name any folder; only a profile of ours is removed.
  const ours = [path.join('data', 'profile.json'), path.join(last, 'main.log')].some((each) => existsSync(path.join(userData, each)));
  if (!ours) return { removed: [], left: [], accounts: 0, waiting: 0 };
  const place = (name: string): number => (first.includes(name) ? first.indexOf(name) : name === last ? 9 : 5);
  const found = list(userData).toSorted((a, b) => place(a) - place(b));
  const { accounts, waiting } = countIn(path.join(userData, 'data', 'profile.json'));
  const removed: string[] = [];
  for (const name of found) if (remove(path.join(userData, name))) removed.push(name);
  if (removed.length === found.length) remove(userData);
  return { removed, left: list(userData), accounts, waiting };
}

/** What is printed. */
export function erasureReport(userData: string, { accounts, left, removed, waiting }: Erasure): string {
  if (removed.length === 0 && left.length === 0) return `${userData}\n没有需要删除的数据。 / There was nothing to remove.\n`;
  const lines = [
    userData,
    `已删除 ${accounts} 个账号在本机的数据（其中 ${waiting} 项操作没有提交过）：${removed.join(', ')}`,
    `Removed what lay here of ${accounts} accounts (with ${waiting} actions that were never sent): ${removed.join(', ')}`,
  ];
  if (left.length > 0) lines.push(`没能删除，请手工删除 / Could not be removed, remove it by hand: ${left.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function list(folder: string): string[] {
  try {
    return existsSync(folder) ? readdirSync(folder) : [];
  } catch {
    return [folder];
  }
}

function removeWhole(what: string): boolean {
  try {
    // Windows gives a file back a moment after its program has ended.
    rmSync(what, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    return true;
  } catch {
    return false;
  }
}

const counted = z.object({ known: z.record(z.string(), z.unknown()).default({}), waiting: z.record(z.string(), z.number()).default({}) });

function countIn(file: string): { accounts: number; waiting: number } {
  try {
    const { known, waiting } = counted.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { accounts: Object.keys(known).length, waiting: Object.values(waiting).reduce((all, each) => all + each, 0) };
  } catch {
    return { accounts: 0, waiting: 0 };
  }
}
