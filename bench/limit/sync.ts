import type Database from 'better-sqlite3';
import { paths, type PullResponse, type PushResult } from '../../shared/protocol/wire.ts';
import type { RawRows } from './rows.ts';
import { learnSounds } from './words.ts';

/** More than the protocol allows: a limit need not be polite. */
const PAGE = 5000;

async function post<T>(url: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}
const pull = (url: string, cursor: number | null, after: string | null): Promise<PullResponse> =>
  post(url, paths.pull, { cursor, after, limit: PAGE });

/** Reads what a first sync will bring; not to be timed. */
export async function learnAll(url: string): Promise<void> {
  for (let after: string | null = null; ;) {
    const { rows, after: next }: PullResponse = await pull(url, null, after);
    learnSounds([...rows.tickets.map((t) => t.subject), ...rows.customers.map((c) => c.name)]);
    if (next === null) return;
    after = next;
  }
}

/** All rows into a new file of `makeRaw`, each page put in while the next is on its way; on the disk at the end. */
export async function rawFirstSync(url: string, raw: Database.Database, rows: RawRows): Promise<void> {
  // Without fsync until the last commit, which takes all before it along.
  raw.pragma('synchronous=NORMAL');
  const apply = raw.transaction((page: PullResponse) => rows.putNew(page));
  let next = pull(url, null, null);
  for (;;) {
    const page = await next;
    if (page.after !== null) next = pull(url, null, page.after);
    apply.immediate(page);
    if (page.after !== null) continue;
    raw.pragma('synchronous=FULL');
    rows.setCursor(page.cursor);
    return;
  }
}

/**
 * What has changed since the last time, in FULL transactions.
 * @param also what the first of them does beside
 */
export async function rawDelta(url: string, raw: Database.Database, rows: RawRows, also: () => void = () => {}): Promise<void> {
  const cursor = raw.prepare(`SELECT value FROM meta WHERE key = 'cursor'`).pluck();
  const apply = raw.transaction((page: PullResponse, also: () => void) => {
    also();
    rows.put(page);
    rows.setCursor(page.cursor);
  });
  for (let first = true; ; first = false) {
    const page = await pull(url, Number(cursor.get()), null);
    apply.immediate(page, first ? also : () => {});
    if (!page.more) return;
  }
}

interface Queued {
  readonly id: string;
  readonly kind: string;
  readonly ticketId: string;
  readonly args: string;
  readonly occurredAt: number;
}

/** All that is queued to the server, and its rows here; it leaves the queue with their commit. @throws Error if something was not taken */
export async function rawDrain(url: string, raw: Database.Database, rows: RawRows): Promise<void> {
  const queued = raw
    .prepare<[], Queued>('SELECT command_id id, kind, subject_id ticketId, args, occurred_at occurredAt FROM outbox ORDER BY position')
    .all();
  const commands = queued.map(({ args, ...command }) => ({ ...command, args: JSON.parse(args) as unknown }));
  const { results } = await post<{ results: PushResult[] }>(url, paths.push, { commands });
  const refused = results.find((r) => r.status !== 'applied');
  if (refused !== undefined) throw new Error(`a command of the limit: ${JSON.stringify(refused)}`);
  await rawDelta(url, raw, rows, () => raw.exec('DELETE FROM outbox'));
}
