import { WINDOWS } from './data.ts';
import { columns, wholeNumbers } from './flat-row.ts';

// Tables of the engines that are plain SQLite.

const typeOf = (name: (typeof columns)[number]): string => {
  if (name === 'id') return 'TEXT NOT NULL UNIQUE';
  if (name === 'cf_amount') return 'REAL';
  return wholeNumbers.includes(name) ? 'INTEGER' : 'TEXT';
};

export const schema = `
CREATE TABLE IF NOT EXISTS ticket(rid INTEGER PRIMARY KEY, ${columns.map((name) => `${name} ${typeOf(name)}`).join(', ')});
CREATE TABLE IF NOT EXISTS outbox(n INTEGER PRIMARY KEY AUTOINCREMENT, mid TEXT UNIQUE, ticket_id TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v INTEGER);
CREATE INDEX IF NOT EXISTS ticket_mine ON ticket(assignee_id, is_open, due_at, callback_at);
CREATE INDEX IF NOT EXISTS ticket_group ON ticket(group_id, is_open, due_at);
CREATE INDEX IF NOT EXISTS ticket_open ON ticket(is_open, due_at);
CREATE INDEX IF NOT EXISTS ticket_updated ON ticket(updated_at);
CREATE VIRTUAL TABLE IF NOT EXISTS fts USING fts5(txt, content='', contentless_delete=1, tokenize='ascii');`;

const between = (column: string, from: number, to: number): string => `count(*) FILTER (WHERE ${column} >= ${from} AND ${column} < ${to})`;
/** Due dates and callbacks in each window, of the tickets that `FROM … WHERE` leaves. */
export const windowCounts = WINDOWS.map(
  ([name, from, to]) => `${between('due_at', from, to)} + ${between('callback_at', from, to)} AS ${name}`,
).join(', ');
export const listed =
  'id, number, subject, status, priority, category, customer_name, customer_phone, group_id, updated_at, due_at, callback_at';
