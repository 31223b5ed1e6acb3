import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import v8 from 'node:v8';
import { ChangeHub, type Changes } from '../../core/live/changes.ts';
import { SyncEngine } from '../../core/sync/engine.ts';
import { openEncrypted } from '../../db/open.ts';

// What could grow, counted from outside: the production knows nothing of it.

export type Gauges = Readonly<Record<string, number>>;

/** What there was at a midnight. */
export interface Midnight {
  readonly gauges: Gauges;
  /** Saved commands so far. */
  readonly commands: number;
  /** Saved in each day so far. */
  readonly daily: readonly number[];
}

/** Every listener of a hub is told apart when it is called: a hub that is asked says how many it still has. */
const hubs = new Set<ChangeHub>();
let called = 0;
const { subscribe } = ChangeHub.prototype;
ChangeHub.prototype.subscribe = function counted(this: ChangeHub, listener: (changes: Changes) => void) {
  hubs.add(this);
  return subscribe.call(this, (changes) => {
    called += 1;
    listener(changes);
  });
};

async function listeners(): Promise<number> {
  await nextTurn();
  called = 0;
  for (const hub of hubs) hub.emit([]);
  await nextTurn();
  return called;
}

const instances = (of: unknown): number => v8.queryObjects(of as never, { format: 'count' }) as unknown as number;
const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);
const MB = 1_048_576;

export interface Measured {
  readonly dataDir: string;
  readonly logs: string;
  readonly key: string;
  /** Timers of the core that are set. */
  readonly timers: number;
  /** Of the computer, epoch ms. */
  readonly now: number;
}

/** How much there is of everything, after the garbage has gone. @throws Error without `--expose-gc` */
export async function measure({ dataDir, key, logs, now, timers }: Measured): Promise<Gauges> {
  const path = join(
    dataDir,
    readdirSync(dataDir).find((name) => name.endsWith('.db'))!,
  );
  const db = openEncrypted(path, key);
  const count = (sql: string): number => db.prepare(sql).pluck().get() as number;
  const Statement = db.prepare('SELECT 1').constructor;
  const tables = Object.fromEntries(
    (
      db
        .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'`)
        .pluck()
        .all() as string[]
    )
      .concat('search_docsize', 'search_dirty')
      .map((name) => [`rows ${name}`, count(`SELECT count(*) FROM ${name}`)]),
  );
  const ledger = {
    'ledger closed': count(`SELECT count(*) FROM reminder WHERE state = 'closed'`),
    'ledger oldest day': Math.ceil(
      (now - count(`SELECT coalesce(min(show_at), ${now}) FROM reminder WHERE state = 'closed'`)) / 86_400_000,
    ),
    'ledger loose steps': count('SELECT count(*) FROM reminder_step WHERE reminder_id NOT IN (SELECT id FROM reminder)'),
    'queue waiting': count(`SELECT count(*) FROM outbox WHERE state IN ('queued', 'acked')`),
    // Until the agent has decided what becomes of it.
    'queue refused': count(`SELECT count(*) FROM outbox WHERE state = 'refused'`),
    'queue oldest day': Math.ceil((now - count(`SELECT coalesce(min(done_at), ${now}) FROM outbox WHERE state = 'done'`)) / 86_400_000),
  };
  db.close();
  const heard = await listeners();
  if (globalThis.gc === undefined) throw new Error('needs --expose-gc');
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc();
    await nextTurn();
  }
  const memory = process.memoryUsage();
  const fds = '/proc/self/fd';
  return {
    'heap MB': memory.heapUsed / MB,
    'outside of the heap MB': memory.external / MB,
    'buffers MB': memory.arrayBuffers / MB,
    'process MB': memory.rss / MB,
    timers,
    'event loop': process.getActiveResourcesInfo().length,
    'hub listeners': heard,
    'process listeners': process.eventNames().reduce((n, name) => n + process.listenerCount(name), 0),
    desks: instances(SyncEngine),
    statements: instances(Statement),
    ...(existsSync(fds) && { 'open files': readdirSync(fds).length }),
    'cache file MB': sizeOf(path) / MB,
    'log of the cache MB': sizeOf(`${path}-wal`) / MB,
    'log file MB': readdirSync(logs).reduce((n, name) => n + sizeOf(join(logs, name)), 0) / MB,
    'files beside the cache': readdirSync(dataDir, { recursive: true }).length,
    ...tables,
    ...ledger,
  };
}
