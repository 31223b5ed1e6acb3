import type Database from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import { soundsOf } from '../../shared/domain/search/pinyin.ts';
import { digitsOf, runsOf } from '../../shared/domain/search/words.ts';
import type { Reader } from '../reader.ts';
import { customers, searchDirty, type SearchEntity, tickets } from '../schema/tables.ts';
import { getRow } from './rows.ts';

/** Ends a run, so that its last character is found as the first of a pair as well. A letter to the tokenizer. */
const END = '\uE000';

/** Pairs of neighbouring characters of each run: FTS5's own tokenizers find no two Chinese characters inside a sentence. */
function pairs(run: string): string {
  const chars = [...run, END];
  let out = '';
  for (let i = 0; i + 1 < chars.length; i += 1) out += `${chars[i]}${chars[i + 1]} `;
  return out;
}

const body = (texts: readonly string[], digits: readonly string[], spoken: readonly string[]): string =>
  [...texts.flatMap(runsOf), ...digits.map(digitsOf).filter((d) => d !== ''), ...spoken.flatMap(soundsOf)].map(pairs).join('');

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
  readonly docid: Statement;
  readonly addDoc: Statement;
  readonly dropDoc: Statement;
  readonly add: Statement;
  readonly drop: Statement;
  readonly notes: Statement;
  readonly clean: Statement;
}
type Statement = Database.Statement<unknown[], unknown>;
// Prepared once per connection: this runs for every row of a first sync.
const prepared = new WeakMap<Reader, Statements>();

function statements(db: Reader): Statements {
  let found = prepared.get(db);
  if (found === undefined) {
    const raw = db.$client;
    found = {
      dirty: raw.prepare('SELECT entity, id FROM search_dirty'),
      docid: raw.prepare('SELECT docid FROM search_doc WHERE entity = ? AND id = ?').pluck(),
      addDoc: raw.prepare('INSERT INTO search_doc (entity, id) VALUES (?, ?)'),
      dropDoc: raw.prepare('DELETE FROM search_doc WHERE docid = ?'),
      add: raw.prepare('INSERT INTO search (rowid, body) VALUES (?, ?)'),
      drop: raw.prepare('DELETE FROM search WHERE rowid = ?'),
      notes: raw.prepare(`SELECT note FROM ticket_event WHERE ticket_id = ? AND note <> ''`).pluck(),
      clean: raw.prepare('DELETE FROM search_dirty'),
    };
    prepared.set(db, found);
  }
  return found;
}

/** Brings the index up to the rows that this transaction changed. */
export function indexDirty(db: Reader): void {
  const run = statements(db);
  const dirty = run.dirty.all() as { entity: SearchEntity; id: string }[];
  if (dirty.length === 0) return;
  for (const { entity, id } of dirty) {
    const text = entity === 'ticket' ? ticketBody(db, id) : customerBody(db, id);
    const known = run.docid.get(entity, id) as number | undefined;
    if (known !== undefined) run.drop.run(known);
    if (text === null) {
      if (known !== undefined) run.dropDoc.run(known);
      continue;
    }
    run.add.run(known ?? run.addDoc.run(entity, id).lastInsertRowid, text);
  }
  run.clean.run();
}

function ticketBody(db: Reader, id: string): string | null {
  const ticket = getRow(db, 'ticket', id);
  if (ticket === null) return null;
  const customer = getRow(db, 'customer', ticket.customerId);
  const notes = statements(db).notes.all(id) as string[];
  const name = customer?.name ?? '';
  return body(
    [ticket.subject, ticket.description, name, ...notes],
    [String(ticket.number ?? ''), ...(customer?.phones ?? [])],
    [ticket.subject, name],
  );
}

function customerBody(db: Reader, id: string): string | null {
  const customer = getRow(db, 'customer', id);
  if (customer === null) return null;
  return body([customer.name, customer.address, ...customer.emails], customer.phones, [customer.name]);
}

/** Empties the index, where all that it stands for goes. */
export function clearSearch(db: Reader): void {
  db.run(sql`INSERT INTO search (search) VALUES ('delete-all')`);
  db.run(sql`DELETE FROM search_doc`);
  db.delete(searchDirty).run();
}

/** Takes what was deleted out of the index's own pages, where it stays until then (SY6). */
export const purgeSearch = (db: Reader): void => {
  db.run(sql`INSERT INTO search (search) VALUES ('optimize')`);
};

/** Rows of one kind that hold all words; null: no words were asked for. */
export function searchedRows(entity: SearchEntity, words: readonly string[]): ReturnType<typeof sql> | null {
  const expression = matchExpression(words);
  if (expression === null) return null;
  const column = entity === 'ticket' ? tickets.id : customers.id;
  return sql`${column} IN (SELECT d.id FROM search s JOIN search_doc d ON d.docid = s.rowid WHERE s.body MATCH ${expression} AND d.entity = ${entity})`;
}
