import { getTableColumns } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type Database from 'better-sqlite3';
import { callbacks, customers, events, phrases, savedSearches, tickets, transfers } from '../../db/schema/tables.ts';
import { look } from './transaction-watch.ts';
import type { PullPage } from './sim-network.ts';

/** Tables that hold the server's rows, by the name under which `base_row` keeps them. */
const tables = {
  ticket: tickets,
  customer: customers,
  callback: callbacks,
  event: events,
  transfer: transfers,
  search: savedSearches,
  phrase: phrases,
} as const;
export type Entity = keyof typeof tables;
export const entities = Object.keys(tables) as Entity[];

interface Shape {
  readonly name: string;
  readonly columns: readonly (readonly [string, SQLiteColumn])[];
  readonly select: string;
}
const shapes = Object.fromEntries(
  entities.map((entity) => {
    const columns = Object.entries(getTableColumns(tables[entity] as SQLiteTable)) as [string, SQLiteColumn][];
    const name = { ticket: 'ticket', customer: 'customer', callback: 'callback', event: 'ticket_event', transfer: 'transfer' } as const;
    const table = entity === 'search' ? 'saved_search' : entity === 'phrase' ? 'phrase' : name[entity];
    return [entity, { name: table, columns, select: `SELECT ${columns.map(([, c]) => `"${c.name}"`).join(', ')} FROM ${table}` }];
  }),
) as unknown as Readonly<Record<Entity, Shape>>;

/** A row as the cache would store it, as text. */
export const written = (entity: Entity, row: Record<string, unknown>): string =>
  JSON.stringify(
    shapes[entity].columns.map(([key, c]) => (row[key] === null || row[key] === undefined ? null : c.mapToDriverValue(row[key]))),
  );

/** The other way round: what stands in such a row, as the cache stores it. */
export const cells = (entity: Entity, text: string): Record<string, unknown> => {
  const values = JSON.parse(text) as unknown[];
  return Object.fromEntries(shapes[entity].columns.map(([key], i) => [key, values[i]]));
};

type Rows = ReadonlyMap<string, string>;

/** What of the server a cache should hold, and up to where. */
export interface Shadow {
  readonly cursor: string | null;
  readonly after: string | null;
  readonly epoch: string | null;
  readonly view: string | null;
  readonly rows: Readonly<Record<Entity, Rows>>;
  /** Of each event and callback its ticket. */
  readonly ticketOf: ReadonlyMap<string, string>;
}

const noRows = (): Record<Entity, Map<string, string>> =>
  Object.fromEntries(entities.map((e) => [e, new Map<string, string>()])) as Record<Entity, Map<string, string>>;

export const emptyShadow: Shadow = { cursor: null, after: null, epoch: null, view: null, rows: noRows(), ticketOf: new Map() };

/** A page laid over a shadow, by the rules of the SPEC and in the simplest way. */
export function applyToShadow(was: Shadow, page: PullPage): Shadow {
  if (page.mode === 'reset') {
    const rows = page.view === was.view ? was.rows : noRows();
    return { ...was, epoch: page.epoch, cursor: null, after: null, rows };
  }
  const fresh = page.mode === 'snapshot' && was.after === null;
  const rows = fresh
    ? noRows()
    : (Object.fromEntries(entities.map((e) => [e, new Map(was.rows[e])])) as Record<Entity, Map<string, string>>);
  const ticketOf = new Map(fresh ? [] : was.ticketOf);
  const put = (entity: Entity, list: readonly { readonly id: string }[]): void => {
    for (const row of list) rows[entity].set(row.id, written(entity, row as never));
  };
  if (page.rows.searches !== null) rows.search.clear();
  if (page.rows.phrases !== null) rows.phrase.clear();
  put('search', page.rows.searches ?? []);
  put('phrase', page.rows.phrases ?? []);
  put('customer', page.rows.customers);
  put('ticket', page.rows.tickets);
  put('callback', page.rows.callbacks);
  put('event', page.rows.events);
  put('transfer', page.rows.transfers);
  for (const row of [...page.rows.callbacks, ...page.rows.events]) ticketOf.set(row.id, row.ticketId);
  const gone = new Set(page.evict.tickets);
  for (const id of gone) rows.ticket.delete(id);
  if (gone.size > 0)
    for (const entity of ['event', 'callback'] as const)
      for (const id of [...rows[entity].keys()]) if (gone.has(ticketOf.get(id) ?? '')) rows[entity].delete(id);
  for (const id of page.evict.customers) rows.customer.delete(id);
  const unfinished = page.mode === 'snapshot' && page.after !== null;
  return {
    epoch: page.epoch,
    view: page.view,
    after: unfinished ? page.after : null,
    cursor: unfinished ? null : String(page.cursor),
    rows,
    ticketOf,
  };
}

/** The same of a real cache: its rows without what the queue did to them. */
export function readCache(db: Database.Database): Omit<Shadow, 'ticketOf'> {
  const meta = new Map(
    look(db, `SELECT key, value FROM meta WHERE key IN ('cursor', 'after', 'epoch', 'view')`).raw().all() as [string, string][],
  );
  const rows = noRows();
  for (const entity of entities) {
    const id = shapes[entity].columns.findIndex(([key]) => key === 'id');
    for (const row of look(db, shapes[entity].select).raw().all() as unknown[][]) rows[entity].set(row[id] as string, JSON.stringify(row));
  }
  for (const base of look(db, 'SELECT entity, id, row FROM base_row').all() as { entity: Entity; id: string; row: string | null }[]) {
    if (!(base.entity in rows)) continue;
    const row = base.row === null ? null : (JSON.parse(base.row) as Record<string, unknown> | null);
    if (row === null) rows[base.entity].delete(base.id);
    else rows[base.entity].set(base.id, written(base.entity, row));
  }
  const value = (key: string): string | null => meta.get(key) ?? null;
  return { cursor: value('cursor'), after: value('after'), epoch: value('epoch'), view: value('view'), rows };
}

/** Where two differ first, in words; null: nowhere. */
export function difference(is: Omit<Shadow, 'ticketOf'>, should: Omit<Shadow, 'ticketOf'>): string | null {
  // Before the first page the epoch is that of the first answer to a command.
  const keys = ['cursor', 'after', 'view', ...(should.epoch === null ? [] : (['epoch'] as const))] as const;
  for (const key of keys) if (is[key] !== should[key]) return `${key} is ${is[key]}, should be ${should[key]}`;
  for (const entity of entities) {
    for (const [id, text] of is.rows[entity]) {
      const other = should.rows[entity].get(id);
      if (other === undefined) return `${entity} ${id} should not be here`;
      if (other !== text) return `${entity} ${id} is ${text}, should be ${other}`;
    }
    for (const id of should.rows[entity].keys()) if (!is.rows[entity].has(id)) return `${entity} ${id} is missing`;
  }
  return null;
}
