import type Database from 'better-sqlite3';
import { NOW, WINDOWS } from '../peers/data.ts';
import { areLetters, matching } from './words.ts';

const SHOWN = 50;
const SOON = 7_200_000;
const TODAY = WINDOWS.find(([name]) => name === 'today')![2];
const columns = `t.id, t.number, t.subject, t.category, t.priority, t.source, t.status, t.assignee_id, t.updated_at, t.due_at, t.next_at,
  c.name, c.tier, c.phones ->> 0`;

/** The first of an account's 处理中 by 时限, and its parts. */
export function rawList(raw: Database.Database, account: string): () => readonly (readonly unknown[])[] {
  const first = (status: string): string =>
    `SELECT * FROM (SELECT rowid AS place, next_at FROM ticket
      WHERE assignee_id = '${account}' AND status = '${status}' AND deleted_at IS NULL AND next_at IS NOT NULL
      ORDER BY next_at LIMIT ${SHOWN})`;
  const rows = raw
    .prepare(
      `SELECT ${columns} FROM (${first('processing')} UNION ALL ${first('waiting')} ORDER BY next_at LIMIT ${SHOWN}) p
      CROSS JOIN ticket t ON t.rowid = p.place LEFT JOIN customer c ON c.id = t.customer_id ORDER BY p.next_at, t.updated_at DESC`,
    )
    .raw();
  const before = (at: number): string => `count(*) FILTER (WHERE next_at < ${at})`;
  const parts = raw
    .prepare(
      `SELECT count(*), ${before(NOW)}, ${before(NOW + SOON)}, ${before(TODAY)} FROM ticket
      WHERE assignee_id = '${account}' AND status IN ('processing', 'waiting')`,
    )
    .raw();
  return () => {
    parts.get();
    return rows.all() as unknown[][];
  };
}

/** The six counts of some accounts, each table read once: of each window all and what is overdue. */
export function rawBuckets(
  raw: Database.Database,
  holders: readonly string[],
): () => readonly [callbacks: readonly number[], deadlines: readonly number[]] {
  const counts = WINDOWS.flatMap(([, from, to]) => [
    `count(*) FILTER (WHERE due_at >= ${from} AND due_at < ${to})`,
    `count(*) FILTER (WHERE due_at >= ${from} AND due_at < ${Math.min(to, NOW)})`,
  ]).join(', ');
  const people = holders.map((h) => `'${h}'`).join(', ');
  const span = `due_at >= ${Math.min(...WINDOWS.map(([, from]) => from))} AND due_at < ${Math.max(...WINDOWS.map(([, , to]) => to))}`;
  const callbacks = raw.prepare(`SELECT ${counts} FROM callback WHERE assignee_id IN (${people}) AND outcome IS NULL AND ${span}`).raw();
  const deadlines = raw
    .prepare(
      `SELECT ${counts} FROM ticket WHERE ${span} AND deleted_at IS NULL AND ((assignee_id IN (${people})
        AND status IN ('pending', 'processing', 'waiting')) OR (expired_from IN (${people}) AND status = 'released'))`,
    )
    .raw();
  return () => [callbacks.get() as number[], deadlines.get() as number[]];
}

/** Above so many hits it is quicker to walk the tickets in their order and look into each. */
const MANY_HITS = 1500;
/** Fewer than that come with the first question and are sorted here. */
const FEW_HITS = 8;
/** Among `columns`. */
const UPDATED_AT = 8;

export interface RawSearch {
  /** The newest tickets with a word, newest first. */
  find(word: string): readonly string[];
  /** How many tickets have it; for the names of figures, not timed. */
  count(word: string): number;
}

export function rawSearch(raw: Database.Database): RawSearch {
  const probe = raw.prepare(`SELECT rowid FROM ticket_words WHERE ticket_words MATCH ? LIMIT ${MANY_HITS}`).pluck();
  const few = raw
    .prepare(
      `SELECT ${columns} FROM ticket_words w CROSS JOIN ticket t ON t.rowid = w.rowid LEFT JOIN customer c ON c.id = t.customer_id
      WHERE w.ticket_words MATCH ? AND t.deleted_at IS NULL LIMIT ${FEW_HITS}`,
    )
    .raw();
  const sorted = raw
    .prepare(
      `SELECT ${columns} FROM (SELECT t.rowid AS place FROM ticket_words w CROSS JOIN ticket t ON t.rowid = w.rowid
        WHERE w.ticket_words MATCH ? AND t.deleted_at IS NULL ORDER BY t.updated_at DESC LIMIT ${SHOWN}) p
      CROSS JOIN ticket t ON t.rowid = p.place LEFT JOIN customer c ON c.id = t.customer_id`,
    )
    .raw();
  const walk = raw
    .prepare(
      `SELECT ${columns} FROM ticket t LEFT JOIN customer c ON c.id = t.customer_id
      WHERE t.deleted_at IS NULL AND (instr(t.subject, @word) OR instr(t.description, @word) OR instr(c.name, @word)
        OR EXISTS (SELECT 1 FROM ticket_event e WHERE e.ticket_id = t.id AND instr(e.note, @word)))
      ORDER BY t.updated_at DESC LIMIT ${SHOWN}`,
    )
    .raw();
  const count = raw.prepare('SELECT count(*) FROM ticket_words WHERE ticket_words MATCH ?').pluck();
  const run = (word: string): unknown[][] => {
    const expression = matching(word);
    const found = few.all(expression) as unknown[][];
    if (found.length < FEW_HITS) return found.toSorted((a, b) => (b[UPDATED_AT] as number) - (a[UPDATED_AT] as number));
    // Sounds stand in no column.
    const many = !areLetters(word) && probe.all(expression).length === MANY_HITS;
    return (many ? walk.all({ word }) : sorted.all(expression)) as unknown[][];
  };
  return {
    find: (word) => run(word).map(([id]) => id as string),
    count: (word) => count.get(matching(word)) as number,
  };
}
