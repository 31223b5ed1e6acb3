import type Database from 'better-sqlite3';
import { join } from 'node:path';
import { makeRaw, openRaw, settleRaw } from '../../limit/file.ts';
import { rawBuckets, rawList, rawSearch } from '../../limit/reads.ts';
import { RawRows } from '../../limit/rows.ts';
import { rawCreate } from '../../limit/saves.ts';
import { learnAll, rawDelta, rawDrain, rawFirstSync } from '../../limit/sync.ts';
import type { Adapter, Job } from '../adapter.ts';
import { makeDraft, WINDOWS } from '../data.ts';
import { me } from '../our-rows.ts';

// The limit that `npm run bench` measures our core beside, to be measured like any engine.

interface Made {
  readonly raw: Database.Database;
  readonly rows: RawRows;
  readonly create: ReturnType<typeof rawCreate>;
}
/** Null where what another process made is opened. */
let made: Made | null = null;

export async function prepare({ actions, dir, url }: Job): Promise<void> {
  await learnAll(url);
  const raw = makeRaw(join(dir, 'limit.db'));
  const rows = new RawRows(raw);
  const drafts = Array.from({ length: actions }, (_, i) => makeDraft(i));
  made = { raw, rows, create: rawCreate(raw, rows, drafts) };
}

export function open({ dir, url }: Job): Adapter {
  const raw = made?.raw ?? openRaw(join(dir, 'limit.db'), null);
  const list = rawList(raw, me.id);
  const buckets = rawBuckets(raw, [me.id]);
  const search = rawSearch(raw);
  const count = raw.prepare<[], number>('SELECT count(*) FROM ticket').pluck();
  const updatedAt = raw.prepare<[string], { updatedAt: number }>('SELECT updated_at updatedAt FROM ticket WHERE id = ?');
  let customers: readonly string[] = [];
  let saved = 0;
  return {
    syncAll: () => rawFirstSync(url, raw, made!.rows),
    settle: () => {
      settleRaw(raw);
      // The harness makes no pauses between saves, and a log that grows without end is slow.
      raw.pragma('wal_autocheckpoint=1000');
      customers = raw.prepare<[], string>('SELECT id FROM customer ORDER BY id LIMIT 500').pluck().all();
    },
    count: () => count.get()!,
    delta: () => rawDelta(url, raw, made!.rows),
    get: (id) => updatedAt.get(id),
    list: () => list().map(([id]) => ({ id: id as string })),
    buckets: () => {
      const [callbacks, deadlines] = buckets();
      // Two counts a window: all, and those that are overdue.
      return Object.fromEntries(WINDOWS.map(([name], i) => [name, callbacks[2 * i]! + deadlines[2 * i]!]));
    },
    search: (text) => search.find(text).map((id) => ({ id })),
    createDraft: (ticket) => {
      made!.create(ticket, customers[saved % customers.length]!);
      saved += 1;
    },
    drain: () => rawDrain(url, raw, made!.rows),
    close: () => raw.close(),
  };
}
