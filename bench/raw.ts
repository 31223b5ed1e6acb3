import Database from 'better-sqlite3';
import { migrations } from '../db/migrations/index.ts';
import type { PullResponse } from '../shared/protocol/wire.ts';

// The limits: the same schema, rows, indexes, encryption and durability in plain prepared statements.

export const KEY = '5a'.repeat(32);

export function openRaw(path: string, key = KEY): Database.Database {
  const raw = new Database(path);
  raw.pragma(`cipher='chacha20'`);
  raw.pragma(`key='raw:${key}'`);
  raw.pragma('journal_mode=WAL');
  raw.pragma('synchronous=FULL');
  raw.pragma('secure_delete=ON');
  raw.pragma('temp_store=MEMORY');
  return raw;
}

const tables: Readonly<Record<'customers' | 'tickets' | 'callbacks' | 'events' | 'transfers' | 'accounts' | 'groups', string>> = {
  customers: 'customer',
  tickets: 'ticket',
  callbacks: 'callback',
  events: 'ticket_event',
  transfers: 'transfer',
  accounts: 'account',
  groups: 'staff_group',
};

const toColumn = (key: string): string => key.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const toValue = (value: unknown): unknown =>
  typeof value === 'boolean' ? Number(value) : typeof value === 'object' && value !== null ? JSON.stringify(value) : value;

/** Puts prefetched pages into a new file, a transaction for each. */
export function rawFirstSync(path: string, pages: readonly string[]): void {
  const raw = openRaw(path);
  for (const { sql } of migrations) raw.exec(sql);
  // The limit of rows and indexes alone: it does not search.
  const triggers = raw.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all() as string[];
  for (const name of triggers) raw.exec(`DROP TRIGGER ${name}`);
  const statements = new Map<string, { keys: readonly string[]; run: Database.Statement }>();
  for (const text of pages) {
    const page = JSON.parse(text) as PullResponse;
    raw
      .transaction(() => {
        for (const [kind, name] of Object.entries(tables)) {
          const rows = page.rows[kind as keyof typeof tables] as readonly Record<string, unknown>[];
          const [first] = rows;
          if (first === undefined) continue;
          let found = statements.get(kind);
          if (found === undefined) {
            const keys = Object.keys(first);
            const columns = keys.map(toColumn).join(', ');
            found = { keys, run: raw.prepare(`INSERT OR REPLACE INTO ${name} (${columns}) VALUES (${keys.map(() => '?').join(', ')})`) };
            statements.set(kind, found);
          }
          for (const row of rows) found.run.run(found.keys.map((k) => toValue(row[k])));
        }
        raw.prepare(`INSERT OR REPLACE INTO meta (key, value) VALUES ('cursor', ?)`).run(String(page.cursor));
      })
      .immediate();
  }
  raw.close();
}

const listSql = (where: string): string => `
  SELECT t.id, t.number, t.subject, c.name, t.status, t.priority, t.category, t.source, t.next_at, t.due_at, t.updated_at, a.name
  FROM ticket t LEFT JOIN customer c ON c.id = t.customer_id LEFT JOIN account a ON a.id = t.assignee_id
  WHERE ${where} AND t.deleted_at IS NULL ORDER BY t.next_at IS NULL, t.next_at, t.updated_at DESC, t.id LIMIT 50`;
const partsSql = (where: string, now: number): string => `
  SELECT count(*), count(*) FILTER (WHERE next_at < ${now}), count(*) FILTER (WHERE next_at < ${now} + 7200000), count(*) FILTER (WHERE next_at < ${now} + 86400000)
  FROM ticket t WHERE ${where} AND t.deleted_at IS NULL`;

/** First fifty of one account's 处理中 with its four parts, and of all tickets. */
export function rawLists(raw: Database.Database, account: string, now: number): { mine: () => unknown; all: () => unknown } {
  const mine = `t.assignee_id = '${account}' AND t.status IN ('processing', 'waiting')`;
  const rows = { mine: raw.prepare(listSql(mine)).raw(), all: raw.prepare(listSql('1')).raw() };
  const parts = { mine: raw.prepare(partsSql(mine, now)).raw(), all: raw.prepare(partsSql('1', now)).raw() };
  return { mine: () => [rows.mine.all(), parts.mine.get()], all: () => [rows.all.all(), parts.all.get()] };
}

/** Six cumulative counts over callbacks and deadlines, each table read once. */
export function rawBuckets(raw: Database.Database, holders: readonly string[], now: number): () => unknown {
  const DAY = 86_400_000;
  const t = now - (now % DAY);
  const windows = [
    [t - 30 * DAY, t],
    [t - 7 * DAY, t],
    [t - DAY, t],
    [t, t + DAY],
    [t, t + 3 * DAY],
    [t, t + 7 * DAY],
  ] as const;
  const counts = windows
    .flatMap(([a, b]) => [
      `count(*) FILTER (WHERE due_at >= ${a} AND due_at < ${b})`,
      `count(*) FILTER (WHERE due_at >= ${a} AND due_at < ${Math.min(b, now)})`,
    ])
    .join(', ');
  const people = holders.map((h) => `'${h}'`).join(', ');
  const span = `due_at >= ${t - 30 * DAY} AND due_at < ${t + 7 * DAY}`;
  const callbacks = raw.prepare(`SELECT ${counts} FROM callback WHERE assignee_id IN (${people}) AND outcome IS NULL AND ${span}`).raw();
  const deadlines = raw
    .prepare(
      `SELECT ${counts} FROM ticket WHERE ${span} AND deleted_at IS NULL AND ((assignee_id IN (${people}) AND status IN ('pending', 'processing', 'waiting')) OR (expired_from IN (${people}) AND status = 'released'))`,
    )
    .raw();
  return () => [callbacks.get(), deadlines.get()];
}

/** What a saved note writes: ticket, event, two kept versions, the queue. One FULL transaction. */
export function rawAction(raw: Database.Database, tickets: readonly string[]): (i: number) => void {
  const ticket = raw.prepare('UPDATE ticket SET updated_at = ?, version = version + 1 WHERE id = ?');
  const event = raw.prepare(`INSERT INTO ticket_event VALUES (?, ?, 'a', 'note', ?, '{}', ?, NULL)`);
  const base = raw.prepare('INSERT OR IGNORE INTO base_row VALUES (?, ?, ?)');
  const queue = raw.prepare(
    `INSERT INTO outbox (command_id, kind, subject_id, args, occurred_at, state, attempts, subject) VALUES (?, 'note', ?, ?, ?, 'queued', 0, '')`,
  );
  const read = raw.prepare('SELECT * FROM ticket WHERE id = ?');
  const write = raw.transaction((i: number) => {
    const id = `raw-${i}`;
    const ticketId = tickets[i % tickets.length]!;
    base.run('ticket', ticketId, JSON.stringify(read.get(ticketId)));
    base.run('event', id, null);
    ticket.run(i, ticketId);
    event.run(id, ticketId, `note ${i}`, i);
    queue.run(id, ticketId, JSON.stringify({ note: `note ${i}` }), i);
  });
  return (i) => {
    write.immediate(i);
  };
}
