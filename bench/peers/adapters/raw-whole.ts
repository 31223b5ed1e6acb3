import Database from 'better-sqlite3';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { paths, type PullResponse } from '../../../shared/protocol/wire.ts';
import { unlock } from '../../../db/unlock.ts';
import { learnAll } from '../../limit/sync.ts';
import { indexed, learnSounds, matching } from '../../limit/words.ts';
import type { Adapter, Job } from '../adapter.ts';
import { makeDraft, NOW, type SampleTicket, WINDOWS } from '../data.ts';
import { me, toForm, toTicket } from '../our-rows.ts';

// `raw.ts` with what a desk of ours holds: its rows in tables of their own under its indexes, a cipher, its words, an event and
// what the server had with each save. The tables are its own and not our cache's: the limit is compared with it.

const PAGE = 5000;
const BATCH = 500;
const KEY = 'd4'.repeat(32);

const tables = {
  customers: {
    keys: 'id name phones emails address tier ownerId groupId source invalidReleases invalidAt invalidBy releasedBy createdAt updatedAt',
    indexes: ['ownerId'],
  },
  tickets: {
    keys:
      'id number subject description category nature priority source status customerId assigneeId groupId createdBy createdAt ' +
      'updatedAt dueAt nextAt resolvedAt invalid expiredFrom custom deletedAt version',
    indexes: [
      'assigneeId, status, nextAt',
      'dueAt',
      'customerId',
      'status, updatedAt',
      'groupId, status, nextAt',
      'nextAt IS NULL, nextAt, updatedAt DESC, id, groupId',
      'updatedAt DESC, id, groupId, nextAt',
    ],
  },
  callbacks: {
    keys: 'id ticketId customerId assigneeId dueAt note outcome outcomeNote snoozes createdAt closedAt',
    indexes: ['ticketId', 'assigneeId, outcome, dueAt'],
  },
  events: { keys: 'id ticketId actorId command note changes occurredAt receivedAt', indexes: ['ticketId'] },
} as const;
type Kind = keyof typeof tables;
type Row = Readonly<Record<string, unknown>>;

const schema = Object.entries(tables)
  .map(([kind, { indexes, keys }]) => {
    const columns = keys.split(' ').join(', ').replace('id', 'id TEXT NOT NULL UNIQUE');
    const all = indexes.map((on, i) => `CREATE INDEX IF NOT EXISTS ${kind}_${i} ON ${kind}(${on});`).join('');
    return `CREATE TABLE IF NOT EXISTS ${kind}(rid INTEGER PRIMARY KEY, ${columns});${all}
      CREATE VIRTUAL TABLE IF NOT EXISTS ${kind}_fts USING fts5(txt, content='', contentless_delete=1, tokenize='ascii');`;
  })
  .join('');

const plain = (value: unknown): unknown =>
  typeof value === 'boolean' ? Number(value) : typeof value === 'object' && value !== null ? JSON.stringify(value) : value;

async function post<T>(url: string, body: unknown): Promise<T> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as T;
}

export async function prepare({ actions, url }: Job): Promise<void> {
  await learnAll(url);
  learnSounds(Array.from({ length: actions }, (_, i) => makeDraft(i).subject));
}

export function open({ dir, url }: Job): Adapter {
  const db = new Database(join(dir, 'whole.db'));
  unlock(db, KEY);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('secure_delete = ON');
  db.pragma('cache_size = -65536');
  db.pragma('temp_store = MEMORY');
  db.exec(`${schema}
    CREATE TABLE IF NOT EXISTS outbox(n INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT);
    CREATE TABLE IF NOT EXISTS base(kind TEXT, id TEXT, row TEXT, PRIMARY KEY(kind, id)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v INTEGER);`);

  const columns = (kind: Kind): readonly string[] => tables[kind].keys.split(' ');
  const valuesOf = (kind: Kind, row: Row): unknown[] => columns(kind).map((key) => plain(row[key]));
  const statements = (kind: Kind, end: string): Database.Statement =>
    db.prepare(
      `INSERT INTO ${kind}(${columns(kind).join(', ')}) VALUES(${columns(kind)
        .map(() => '?')
        .join(', ')}) ${end}`,
    );
  const each = <T>(make: (kind: Kind) => T): Readonly<Record<Kind, T>> =>
    Object.fromEntries(Object.keys(tables).map((kind) => [kind, make(kind as Kind)])) as Record<Kind, T>;
  const inserts = each((kind) => statements(kind, ''));
  const replaces = each((kind) => {
    const set = columns(kind).slice(1);
    return statements(kind, `ON CONFLICT(id) DO UPDATE SET ${set.map((key) => `${key} = excluded.${key}`).join(', ')}`);
  });
  const known = db.prepare<[string], { rid: number; subject: string; description: string }>(
    'SELECT rid, subject, description FROM tickets WHERE id = ?',
  );
  const customer = db.prepare<[string], { name: string; phones: string }>('SELECT name, phones FROM customers WHERE id = ?');
  const index = each((kind) => db.prepare(`INSERT INTO ${kind}_fts(rowid, txt) VALUES(?, ?)`));
  const unindex = db.prepare('DELETE FROM tickets_fts WHERE rowid = ?');
  const place = db.prepare<[], number>(`SELECT v FROM meta WHERE k = 'place'`).pluck();
  const setPlace = db.prepare(`INSERT INTO meta VALUES('place', ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v`);
  const addBase = db.prepare('INSERT INTO base VALUES(?, ?, NULL)');
  const queue = db.prepare('INSERT INTO outbox(command) VALUES(?)');
  const queued = db.prepare<[], { n: number; command: string }>(`SELECT n, command FROM outbox ORDER BY n LIMIT ${BATCH}`);
  const unqueue = db.prepare('DELETE FROM outbox WHERE n <= ?');
  const count = db.prepare<[], number>('SELECT count(*) FROM tickets').pluck();
  const updatedAt = db.prepare<[string], { updatedAt: number }>('SELECT updatedAt FROM tickets WHERE id = ?');

  const mine = `assigneeId = '${me.id}' AND status IN ('processing', 'waiting') AND deletedAt IS NULL`;
  const shown = `t.id, t.number, t.subject, t.category, t.priority, t.source, t.status, t.assigneeId, t.updatedAt, t.dueAt, t.nextAt,
    c.name, c.tier, c.phones ->> 0`;
  const list = db.prepare<[], { id: string }>(
    `SELECT ${shown} FROM tickets t LEFT JOIN customers c ON c.id = t.customerId WHERE t.${mine} AND t.nextAt IS NOT NULL
     ORDER BY t.nextAt LIMIT 50`,
  );
  const until = (at: number): string => `count(*) FILTER (WHERE nextAt < ${at})`;
  const parts = db.prepare(
    `SELECT count(*), ${until(NOW)}, ${until(NOW + 7_200_000)}, ${until(WINDOWS[3]![2])} FROM tickets WHERE ${mine}`,
  );
  const windows = WINDOWS.map(
    ([name, from, to]) => `count(*) FILTER (WHERE dueAt >= ${from} AND dueAt < ${to}) AS ${name},
      count(*) FILTER (WHERE dueAt >= ${from} AND dueAt < ${Math.min(to, NOW)}) AS ${name}Over`,
  );
  const counts = [`callbacks WHERE assigneeId = '${me.id}' AND outcome IS NULL`, `tickets WHERE ${mine}`].map((from) =>
    db.prepare<[], Record<string, number>>(`SELECT ${windows.join(', ')} FROM ${from}`),
  );
  const search = db.prepare<[string], { id: string }>(
    `SELECT ${shown} FROM tickets_fts f CROSS JOIN tickets t ON t.rid = f.rowid LEFT JOIN customers c ON c.id = t.customerId
     WHERE f.tickets_fts MATCH ? ORDER BY t.updatedAt DESC LIMIT 50`,
  );

  const listOf = (json: string): readonly string[] => JSON.parse(json) as string[];
  const indexTicket = (rid: number | bigint, ticket: Row): void => {
    const { subject, description, customerId } = ticket as { subject: string; description: string; customerId: string };
    const { name, phones } = customer.get(customerId) ?? { name: '', phones: '[]' };
    index.tickets.run(rid, indexed({ texts: [subject, description, name], digits: listOf(phones), spoken: [subject, name] }));
  };
  const add = (kind: Kind, row: Row): number | bigint => inserts[kind].run(valuesOf(kind, row)).lastInsertRowid;
  const addAll = ({ rows }: PullResponse): void => {
    for (const row of rows.customers) {
      const { address, emails, name, phones } = row;
      index.customers.run(add('customers', row), indexed({ texts: [name, address, ...emails], digits: phones, spoken: [name] }));
    }
    for (const row of rows.tickets) indexTicket(add('tickets', row), row);
    for (const kind of ['callbacks', 'events'] as const) for (const row of rows[kind]) add(kind, row);
  };
  const replaceAll = ({ rows }: PullResponse): void => {
    for (const kind of ['customers', 'callbacks', 'events'] as const) for (const row of rows[kind]) replaces[kind].run(valuesOf(kind, row));
    for (const row of rows.tickets) {
      const old = known.get(row.id);
      if (old === undefined) indexTicket(add('tickets', row), row);
      else {
        replaces.tickets.run(valuesOf('tickets', row));
        if (old.subject === row.subject && old.description === row.description) continue;
        unindex.run(old.rid);
        indexTicket(old.rid, row);
      }
    }
  };
  const pull = async (put: (page: PullResponse) => void): Promise<void> => {
    const apply = db.transaction((page: PullResponse) => {
      put(page);
      setPlace.run(page.cursor);
    });
    const from = place.get() ?? null;
    const ask = (cursor: number | null, after: string | null): Promise<PullResponse> =>
      post(url + paths.pull, { cursor, after, limit: PAGE });
    for (let next = ask(from, null); ;) {
      const page = await next;
      const more = page.after !== null || page.more;
      if (more) next = ask(from === null ? null : page.cursor, page.after);
      apply.immediate(page);
      if (!more) return;
    }
  };
  let customers: readonly string[] = [];
  const save = db.transaction((sample: SampleTicket, customerId: string) => {
    const [commandId, ticketId] = [v7(), v7()];
    const ticket = { ...toTicket(sample, null), id: ticketId, number: null, customerId };
    addBase.run('ticket', ticketId);
    addBase.run('event', commandId);
    indexTicket(add('tickets', ticket), ticket);
    add('events', { id: commandId, ticketId, actorId: me.id, command: 'create', note: '', changes: {}, occurredAt: NOW, receivedAt: null });
    queue.run(JSON.stringify({ id: commandId, kind: 'create', ticketId, args: toForm(sample, customerId), occurredAt: NOW }));
  });
  let saved = 0;

  return {
    syncAll: () => pull(addAll),
    settle: () => {
      db.pragma('wal_checkpoint(TRUNCATE)');
      customers = db.prepare<[], string>('SELECT id FROM customers ORDER BY id LIMIT 500').pluck().all();
    },
    count: () => count.get()!,
    delta: () => pull(replaceAll),
    get: (id) => updatedAt.get(id),
    list: () => {
      parts.get();
      return list.all();
    },
    buckets: () => {
      const [callbacks, deadlines] = counts.map((c) => c.get()!);
      return Object.fromEntries(WINDOWS.map(([name]) => [name, callbacks![name]! + deadlines![name]!]));
    },
    search: (text) => search.all(matching(text)),
    createDraft: (ticket) => {
      save.immediate(ticket, customers[saved % customers.length]!);
      saved += 1;
    },
    drain: async () => {
      for (let rows = queued.all(); rows.length > 0; rows = queued.all()) {
        await post(url + paths.push, { commands: rows.map((row) => JSON.parse(row.command) as unknown) });
        unqueue.run(rows.at(-1)!.n);
      }
      await pull(replaceAll);
    },
    close: () => db.close(),
  };
}
