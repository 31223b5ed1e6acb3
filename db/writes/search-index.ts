import type Database from 'better-sqlite3';
import { type SQL, sql } from 'drizzle-orm';
import { soundsOf } from '../../shared/domain/search/pinyin.ts';
import { digitsOf, runsOf } from '../../shared/domain/search/words.ts';
import { oncePer } from '../once.ts';
import type { Reader } from '../reader.ts';
import { parseStored } from '../schema/json-text.ts';
import { searchDirty } from '../schema/tables.ts';

export type SearchEntity = 'ticket' | 'customer';

/** Ends a run, so that its last character is found as the first of a pair as well. A letter to the tokenizer. */
const END = '\uE000';

/** Pairs of neighbouring characters of each run: FTS5's own tokenizers find no two Chinese characters inside a sentence. */
function pairs(run: string): string {
  let out = '';
  let before = '';
  for (const char of run) {
    if (before !== '') out += `${before}${char} `;
    before = char;
  }
  return before === '' ? '' : `${out}${before}${END} `;
}

function body(texts: readonly string[], digits: readonly string[], spoken: readonly string[]): string {
  let out = '';
  // Between two texts stands what separates runs.
  for (const run of runsOf(texts.join('\n'))) out += pairs(run);
  for (const text of digits) out += pairs(digitsOf(text));
  for (const text of spoken) for (const sound of soundsOf(text)) out += pairs(sound);
  return out;
}

/** What an FTS5 query has to say to find all words of a search; null for none. */
export function matchExpression(words: readonly string[]): string | null {
  if (words.length === 0) return null;
  return words
    .map((word) => {
      const chars = [...word];
      // Every character begins a pair, so one alone is a prefix.
      if (chars.length === 1) return `"${word}" *`;
      return `"${chars
        .slice(0, -1)
        .map((c, i) => c + chars[i + 1]!)
        .join(' ')}"`;
    })
    .join(' AND ');
}

interface Statements {
  readonly dirty: Statement;
  readonly known: Statement;
  readonly add: Statement;
  readonly drop: Statement;
  readonly ticket: Statement;
  readonly customer: Statement;
  readonly clean: Statement;
}
type Statement = Database.Statement<unknown[], unknown>;
// This runs for every row of a first sync.
const statements = oncePer((db): Statements => {
  const raw = db.$client;
  return {
    dirty: raw.prepare('SELECT docid FROM search_dirty ORDER BY docid LIMIT ?').pluck(),
    known: raw.prepare('SELECT 1 FROM search_docsize WHERE id = ?').pluck(),
    add: raw.prepare('INSERT INTO search (rowid, body) VALUES (?, ?)'),
    drop: raw.prepare('DELETE FROM search WHERE rowid = ?'),
    ticket: raw
      .prepare(
        `SELECT t.subject, t.description, t.number, c.name, c.phones,
             (SELECT group_concat(note, char(10)) FROM ticket_event WHERE ticket_id = t.id AND note <> '')
           FROM ticket t LEFT JOIN customer c ON c.id = t.customer_id WHERE t.rowid = ?`,
      )
      .raw(),
    customer: raw.prepare('SELECT name, address, emails, phones FROM customer WHERE rowid = ?').raw(),
    clean: raw.prepare('DELETE FROM search_dirty WHERE docid <= ?'),
  };
});

/** Brings the index up to the rows that changed, at most `limit` of them. @returns how many; as many as the limit: there may be more */
export function indexDirty(db: Reader, limit: number): number {
  const run = statements(db);
  const dirty = run.dirty.all(limit) as number[];
  for (const docid of dirty) {
    const rowid = rowOf(docid);
    const text = docid % 2 === 0 ? ticketBody(run.ticket.get(rowid)) : customerBody(run.customer.get(rowid));
    if (run.known.get(docid) !== undefined) run.drop.run(docid);
    if (text !== null) run.add.run(docid, text);
  }
  if (dirty.length > 0) run.clean.run(dirty.at(-1));
  return dirty.length;
}

type TicketTexts = readonly [
  subject: string,
  description: string,
  number: number | null,
  name: string | null,
  phones: string | null,
  notes: string | null,
];
type CustomerTexts = readonly [name: string, address: string, emails: string, phones: string];

const listIn = (json: string | null): readonly string[] => (json === null ? [] : (parseStored(json) as string[]));

function ticketBody(row: unknown): string | null {
  if (row === undefined) return null;
  const [subject, description, number, name, phones, notes] = row as TicketTexts;
  return body([subject, description, name ?? '', notes ?? ''], [String(number ?? ''), ...listIn(phones)], [subject, name ?? '']);
}

function customerBody(row: unknown): string | null {
  if (row === undefined) return null;
  const [name, address, emails, phones] = row as CustomerTexts;
  return body([name, address, ...listIn(emails)], listIn(phones), [name]);
}

/** Empties the index, where all that it stands for goes. */
export function clearSearch(db: Reader): void {
  db.run(sql`INSERT INTO search (search) VALUES ('delete-all')`);
  db.delete(searchDirty).run();
}

/** The row that a docid stands for. */
export const rowOf = (docid: number): number => Math.floor(docid / 2);

/** Rows of one kind that hold all words of an expression, by their rowid (`place`). @param most of them, the first ones */
export const foundRows = (entity: SearchEntity, expression: SQL | string, most?: number): SQL =>
  sql`(SELECT rowid >> 1 AS place FROM search WHERE search MATCH ${expression}
    AND rowid & 1 = ${entity === 'ticket' ? 0 : 1}${most === undefined ? sql`` : sql` LIMIT ${most}`})`;

/**
 * The same asked of one ticket by itself: it takes as long as gathering a hundred. The docid is written out, for a bound number is a
 * REAL, and for a REAL rowid FTS5 looks nowhere in particular.
 */
export const isFoundTicket = (expression: SQL | string): SQL =>
  sql`EXISTS (SELECT 1 FROM search WHERE search MATCH ${expression} AND rowid = ticket.rowid * 2)`;

/** The same as a condition on the table; null: no words were asked for. */
export function searchedRows(entity: SearchEntity, words: readonly string[]): SQL | null {
  const expression = matchExpression(words);
  return expression === null ? null : sql`${sql.raw(entity)}.rowid IN ${foundRows(entity, expression)}`;
}
