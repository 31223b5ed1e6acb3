import { eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Attachment } from '../../shared/domain/attachments.ts';
import type { CustomField } from '../../shared/domain/custom-fields.ts';
import type { Phrase, SavedSearch } from '../../shared/domain/personal.ts';
import type { Account, StaffGroup } from '../../shared/domain/people.ts';
import type { Callback, Customer, Ticket, TicketEvent, Transfer } from '../../shared/domain/tickets.ts';
import type { Reader } from '../reader.ts';
import {
  accounts,
  attachments,
  callbacks,
  customers,
  customFields,
  events,
  groups,
  phrases,
  savedSearches,
  tickets,
  transfers,
} from '../schema/tables.ts';

export interface EntityRows {
  readonly ticket: Ticket;
  readonly customer: Customer;
  readonly callback: Callback;
  readonly event: TicketEvent;
  readonly transfer: Transfer;
  readonly account: Account;
  readonly group: StaffGroup;
  readonly customField: CustomField;
  readonly search: SavedSearch;
  readonly phrase: Phrase;
  readonly attachment: Attachment;
}
type Entity = keyof EntityRows;
type KeyedTable = SQLiteTable & { readonly id: SQLiteColumn };

const tables: Readonly<Record<Entity, KeyedTable>> = {
  ticket: tickets,
  customer: customers,
  callback: callbacks,
  event: events,
  transfer: transfers,
  account: accounts,
  group: groups,
  customField: customFields,
  search: savedSearches,
  phrase: phrases,
  attachment: attachments,
};

interface Statements {
  readonly put: { run(values: Record<string, unknown>): unknown };
  readonly remove: { run(values: { id: string }): unknown };
  readonly get: { get(values: { id: string }): unknown };
}
// Prepared once per connection and table: a rebuilt statement costs three times as much as running it.
const prepared = new WeakMap<Reader, Map<Entity, Statements>>();

function statements(db: Reader, entity: Entity): Statements {
  let byEntity = prepared.get(db);
  if (byEntity === undefined) prepared.set(db, (byEntity = new Map()));
  let found = byEntity.get(entity);
  if (found === undefined) {
    const table = tables[entity];
    const columns = getTableColumns(table) as Record<string, SQLiteColumn>;
    const values = Object.fromEntries(Object.keys(columns).map((k) => [k, sql.placeholder(k)]));
    const set: Record<string, SQL> = {};
    for (const [k, c] of Object.entries(columns)) if (k !== 'id') set[k] = sql.raw(`excluded."${c.name}"`);
    found = {
      put: db
        .insert(table)
        .values(values as never)
        .onConflictDoUpdate({ target: table.id, set })
        .prepare(),
      remove: db
        .delete(table)
        .where(eq(table.id, sql.placeholder('id')))
        .prepare(),
      get: db
        .select()
        .from(table)
        .where(eq(table.id, sql.placeholder('id')))
        .prepare(),
    };
    byEntity.set(entity, found);
  }
  return found;
}

/** Inserts or replaces a row. */
export const putRow = <E extends Entity>(db: Reader, entity: E, row: EntityRows[E]): void => {
  statements(db, entity).put.run(row as unknown as Record<string, unknown>);
};

export const removeRow = (db: Reader, entity: Entity, id: string): void => {
  statements(db, entity).remove.run({ id });
};

export const getRow = <E extends Entity>(db: Reader, entity: E, id: string): EntityRows[E] | null =>
  (statements(db, entity).get.get({ id }) as EntityRows[E] | undefined) ?? null;

/** Replaces the whole of a small table. */
export function replaceAll<E extends 'account' | 'group' | 'customField' | 'search' | 'phrase'>(
  db: Reader,
  entity: E,
  rows: readonly EntityRows[E][],
): void {
  db.delete(tables[entity]).run();
  for (const row of rows) putRow(db, entity, row);
}
