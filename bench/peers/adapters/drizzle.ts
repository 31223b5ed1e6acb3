import { join } from 'node:path';
import Database from 'better-sqlite3';
import { and, asc, count, desc, eq, isNotNull, lte, type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { integer, real, type SQLiteColumnBuilderBase, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Adapter, Job } from '../adapter.ts';
import { bigrams } from '../bigrams.ts';
import { ME, type SampleTicket, WINDOWS } from '../data.ts';
import { type Column, columns, flatRow, wholeNumbers } from '../flat-row.ts';
import { type Page, pullAll, push } from '../plain-client.ts';
import { schema } from '../sqlite-schema.ts';

const PAGE = 5000;
const CHUNK = 500;

const columnOf = (name: Column): SQLiteColumnBuilderBase => {
  if (name === 'id') return text(name).notNull().unique();
  if (name === 'cf_amount') return real(name);
  return wholeNumbers.includes(name) ? integer(name) : text(name);
};
type PlainColumns = Record<Exclude<Column, 'id' | 'due_at' | 'updated_at'>, ReturnType<typeof text>>;
const tickets = sqliteTable('ticket', {
  ...(Object.fromEntries(columns.map((name) => [name, columnOf(name)])) as unknown as PlainColumns),
  rid: integer('rid').primaryKey(),
  id: text('id').notNull().unique(),
  due_at: integer('due_at'),
  updated_at: integer('updated_at'),
});
const outbox = sqliteTable('outbox', {
  n: integer('n').primaryKey({ autoIncrement: true }),
  mid: text('mid').notNull(),
  ticketId: text('ticket_id').notNull(),
  body: text('body', { mode: 'json' }),
});
const meta = sqliteTable('meta', { k: text('k').primaryKey(), v: integer('v') });

const between = (column: SQL, from: number, to: number): SQL => sql`count(*) FILTER (WHERE ${column} >= ${from} AND ${column} < ${to})`;
const windowCounts = Object.fromEntries(
  WINDOWS.map(([name, from, to]) => [
    name,
    sql<number>`${between(sql`${tickets.due_at}`, from, to)} + ${between(sql`callback_at`, from, to)}`,
  ]),
);

/** drizzle as its documentation shows it: batched `values`, upserts, a query built for each call. The same SQLite as `raw`. */
export function open({ dir, url }: Job): Adapter {
  const raw = new Database(join(dir, 'drizzle.db'));
  raw.pragma('journal_mode = WAL');
  raw.pragma('synchronous = NORMAL');
  raw.pragma('cache_size = -65536');
  raw.pragma('mmap_size = 268435456');
  raw.exec(schema);
  const db = drizzle(raw);

  const wordsOf = (ticket: SampleTicket): string => bigrams(`${ticket.subject} ${ticket.description}`);
  const valuesOf = (ticket: SampleTicket) => flatRow(ticket) as typeof tickets.$inferInsert;
  const overwritten = Object.fromEntries(columns.slice(1).map((name) => [name, sql.raw(`excluded.${name}`)]));
  const apply = ({ rows, checkpoint }: Page): void =>
    db.transaction((tx) => {
      for (let i = 0; i < rows.length; i += CHUNK) {
        const part = rows.slice(i, i + CHUNK);
        const put = tx
          .insert(tickets)
          .values(part.map(valuesOf))
          .onConflictDoUpdate({ target: tickets.id, set: overwritten })
          .returning({ rid: tickets.rid })
          .all();
        const words = part.map((ticket, k) => sql`(${put[k]!.rid}, ${wordsOf(ticket)})`);
        tx.run(sql`INSERT OR REPLACE INTO fts(rowid, txt) VALUES ${sql.join(words, sql`, `)}`);
      }
      tx.insert(meta)
        .values({ k: 'place', v: checkpoint })
        .onConflictDoUpdate({ target: meta.k, set: { v: checkpoint } })
        .run();
    });
  const sync = (): Promise<void> => {
    const place = db.select({ v: meta.v }).from(meta).where(eq(meta.k, 'place')).get()?.v ?? 0;
    return pullAll(url, place, PAGE, apply);
  };
  const mine = and(eq(tickets.assignee_id, ME), sql`${tickets.is_open} = 1`);
  const short = {
    rid: tickets.rid,
    id: tickets.id,
    number: tickets.number,
    subject: tickets.subject,
    status: tickets.status,
    updated_at: tickets.updated_at,
  };

  return {
    syncAll: sync,
    settle: () => raw.pragma('wal_checkpoint(TRUNCATE)'),
    count: () => db.select({ n: count() }).from(tickets).get()!.n,
    delta: sync,
    get: (id) => {
      const row = db.select({ updatedAt: tickets.updated_at }).from(tickets).where(eq(tickets.id, id)).get();
      return row === undefined ? null : { updatedAt: row.updatedAt ?? 0 };
    },
    list: () =>
      db
        .select({
          ...short,
          priority: tickets.priority,
          category: tickets.category,
          customer_name: tickets.customer_name,
          customer_phone: tickets.customer_phone,
          group_id: tickets.group_id,
          due_at: tickets.due_at,
          callback_at: tickets.callback_at,
        })
        .from(tickets)
        .where(and(mine, isNotNull(tickets.due_at)))
        .orderBy(asc(tickets.due_at))
        .limit(50)
        .all(),
    buckets: () => db.select(windowCounts).from(tickets).where(mine).get() as Record<string, number>,
    search: (words) =>
      db
        .select({ ...short, description: tickets.description })
        .from(tickets)
        .where(sql`${tickets.rid} IN (SELECT rowid FROM fts WHERE fts MATCH ${`"${bigrams(words)}"`})`)
        .orderBy(desc(tickets.updated_at))
        .limit(50)
        .all(),
    createDraft: (ticket) =>
      db.transaction((tx) => {
        const { rid } = tx.insert(tickets).values(valuesOf(ticket)).returning({ rid: tickets.rid }).get();
        tx.run(sql`INSERT INTO fts(rowid, txt) VALUES(${rid}, ${wordsOf(ticket)})`);
        tx.insert(outbox).values({ mid: ticket.id, ticketId: ticket.id, body: ticket }).run();
      }),
    drain: async () => {
      for (;;) {
        const rows = db.select().from(outbox).orderBy(asc(outbox.n)).limit(CHUNK).all();
        if (rows.length === 0) return;
        const acks = await push(
          url,
          rows.map(({ mid, body }) => ({ mid, ticket: body })),
        );
        db.transaction((tx) => {
          acks.forEach(({ number }, i) => tx.update(tickets).set({ number }).where(eq(tickets.id, rows[i]!.ticketId)).run());
          tx.delete(outbox)
            .where(lte(outbox.n, rows.at(-1)!.n))
            .run();
        });
      }
    },
    close: () => raw.close(),
  };
}
