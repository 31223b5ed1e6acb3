import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Adapter, Job } from '../adapter.ts';
import { bigrams } from '../bigrams.ts';
import { ME, type SampleTicket } from '../data.ts';
import { columns, flatValues } from '../flat-row.ts';
import { type Page, pullAll, push } from '../plain-client.ts';
import { listed, schema, windowCounts } from '../sqlite-schema.ts';

const PAGE = 5000;
const BATCH = 500;

/** The limit: prepared statements, one transaction a page, nothing else. Option `synchronous`: NORMAL or FULL. */
export function open({ dir, options, url }: Job): Adapter {
  const db = new Database(join(dir, 'raw.db'));
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${String(options['synchronous'] ?? 'NORMAL')}`);
  db.pragma('cache_size = -65536');
  db.pragma('temp_store = MEMORY');
  db.pragma('mmap_size = 268435456');
  db.exec(schema);

  const marks = columns.map(() => '?').join(', ');
  const insert = db.prepare(`INSERT INTO ticket(${columns.join(', ')}) VALUES(${marks})`);
  const update = db.prepare(
    `UPDATE ticket SET ${columns
      .slice(1)
      .map((name) => `${name} = ?`)
      .join(', ')} WHERE rid = ?`,
  );
  const known = db.prepare<[string], { rid: number; subject: string; description: string }>(
    'SELECT rid, subject, description FROM ticket WHERE id = ?',
  );
  const place = db.prepare<[], number>(`SELECT v FROM meta WHERE k = 'place'`).pluck();
  const setPlace = db.prepare(`INSERT INTO meta VALUES('place', ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v`);
  const index = db.prepare('INSERT INTO fts(rowid, txt) VALUES(?, ?)');
  const unindex = db.prepare('DELETE FROM fts WHERE rowid = ?');
  const queue = db.prepare('INSERT INTO outbox(mid, ticket_id, body) VALUES(?, ?, ?)');
  const queued = db.prepare<[], { n: number; mid: string; ticket_id: string; body: string }>(
    `SELECT n, mid, ticket_id, body FROM outbox ORDER BY n LIMIT ${BATCH}`,
  );
  const unqueue = db.prepare('DELETE FROM outbox WHERE n <= ?');
  const setNumber = db.prepare('UPDATE ticket SET number = ? WHERE id = ?');
  const count = db.prepare<[], number>('SELECT count(*) FROM ticket').pluck();
  const updatedAt = db.prepare<[string], { updatedAt: number }>('SELECT updated_at AS updatedAt FROM ticket WHERE id = ?');
  const list = db.prepare<[string], { id: string }>(
    `SELECT rid, ${listed} FROM ticket WHERE assignee_id = ? AND is_open = 1 AND due_at IS NOT NULL ORDER BY due_at LIMIT 50`,
  );
  const buckets = db.prepare<[string], Record<string, number>>(`SELECT ${windowCounts} FROM ticket WHERE assignee_id = ? AND is_open = 1`);
  const search = db.prepare<[string], { id: string }>(
    `SELECT t.rid, t.id, t.number, t.subject, t.description, t.status, t.updated_at
     FROM fts f CROSS JOIN ticket t ON t.rid = f.rowid WHERE f.fts MATCH ? ORDER BY t.updated_at DESC LIMIT 50`,
  );

  const wordsOf = (ticket: { subject: string; description: string }): string => bigrams(`${ticket.subject} ${ticket.description}`);
  const add = (ticket: SampleTicket): void => {
    const { lastInsertRowid } = insert.run(...flatValues(ticket));
    index.run(lastInsertRowid, wordsOf(ticket));
  };
  const replace = (ticket: SampleTicket): void => {
    const old = known.get(ticket.id);
    if (old === undefined) return add(ticket);
    update.run(...flatValues(ticket).slice(1), old.rid);
    if (old.subject === ticket.subject && old.description === ticket.description) return;
    unindex.run(old.rid);
    index.run(old.rid, wordsOf(ticket));
  };
  const sync = (put: (ticket: SampleTicket) => void): Promise<void> => {
    const apply = db.transaction(({ rows, checkpoint }: Page) => {
      for (const row of rows) put(row);
      setPlace.run(checkpoint);
    });
    return pullAll(url, place.get() ?? 0, PAGE, (page) => apply.immediate(page));
  };
  const save = db.transaction((ticket: SampleTicket) => {
    add(ticket);
    queue.run(ticket.id, ticket.id, JSON.stringify(ticket));
  });

  return {
    syncAll: () => sync(add),
    settle: () => db.pragma('wal_checkpoint(TRUNCATE)'),
    count: () => count.get()!,
    delta: () => sync(replace),
    get: (id) => updatedAt.get(id),
    list: () => list.all(ME),
    buckets: () => buckets.get(ME)!,
    search: (text) => search.all(`"${bigrams(text)}"`),
    createDraft: (ticket) => save.immediate(ticket),
    drain: async () => {
      for (let rows = queued.all(); rows.length > 0; rows = queued.all()) {
        const acks = await push(
          url,
          rows.map(({ mid, body }) => ({ mid, ticket: JSON.parse(body) as unknown })),
        );
        db.transaction(() => {
          acks.forEach((ack, i) => setNumber.run(ack.number, rows[i]!.ticket_id));
          unqueue.run(rows.at(-1)!.n);
        }).immediate();
      }
    },
    close: () => db.close(),
  };
}
