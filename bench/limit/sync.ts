import type Database from 'better-sqlite3';
import { paths, type PullResponse, type PushResult } from '../../shared/protocol/wire.ts';
import { makeRaw } from './file.ts';
import { RawRows } from './rows.ts';

/** More than the protocol allows: a limit need not be polite. */
const PAGE = 5000;
const BATCH = 500;

async function post<T>(url: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}
const pull = (url: string, cursor: number | null, after: string | null): Promise<PullResponse> =>
  post(url, paths.pull, { cursor, after, limit: PAGE });

/** All rows into a new file, each page put in while the next is on its way; on the disk at the end. @returns ms, without making the file */
export async function rawFirstSync(url: string, path: string): Promise<{ readonly raw: Database.Database; readonly ms: number }> {
  const raw = makeRaw(path);
  const rows = new RawRows(raw);
  const begin = performance.now();
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
    return { raw, ms: performance.now() - begin };
  }
}

/** What has changed since the last time, in FULL transactions. */
export async function rawDelta(url: string, raw: Database.Database, rows: RawRows): Promise<void> {
  const cursor = raw.prepare(`SELECT value FROM meta WHERE key = 'cursor'`).pluck();
  const apply = raw.transaction((page: PullResponse) => {
    rows.put(page);
    rows.setCursor(page.cursor);
  });
  for (;;) {
    const page = await pull(url, Number(cursor.get()), null);
    apply.immediate(page);
    if (!page.more) return;
  }
}

interface Queued {
  readonly position: number;
  readonly id: string;
  readonly kind: string;
  readonly ticketId: string;
  readonly args: string;
  readonly occurredAt: number;
}

/** All that is queued to the server, and its rows here. @throws Error if something was not taken */
export async function rawDrain(url: string, raw: Database.Database, rows: RawRows): Promise<void> {
  const queued = raw.prepare<[], Queued>(
    `SELECT position, command_id id, kind, subject_id ticketId, args, occurred_at occurredAt FROM outbox ORDER BY position LIMIT ${BATCH}`,
  );
  const unqueue = raw.prepare('DELETE FROM outbox WHERE position <= ?');
  for (let batch = queued.all(); batch.length > 0; batch = queued.all()) {
    const commands = batch.map(({ args, position: _, ...command }) => ({ ...command, args: JSON.parse(args) as unknown }));
    const { results } = await post<{ results: PushResult[] }>(url, paths.push, { commands });
    const refused = results.find((r) => r.status !== 'applied');
    if (refused !== undefined) throw new Error(`a command of the limit: ${JSON.stringify(refused)}`);
    unqueue.run(batch.at(-1)!.position);
  }
  await rawDelta(url, raw, rows);
}
