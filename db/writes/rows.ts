import { eq, getTableColumns, getTableName, sql } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Attachment } from '../../shared/domain/attachments.ts';
import type { CustomField } from '../../shared/domain/custom-fields.ts';
import type { Phrase, SavedSearch } from '../../shared/domain/personal.ts';
import type { Account, StaffGroup } from '../../shared/domain/people.ts';
import type { Callback, Customer, Ticket, TicketEvent, Transfer } from '../../shared/domain/tickets.ts';
import { oncePer } from '../once.ts';
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
  readonly put: (row: Readonly<Record<string, unknown>>) => void;
  readonly remove: { run(values: { id: string }): unknown };
  readonly get: { get(values: { id: string }): unknown };
}
const prepared = oncePer(() => new Map<Entity, Statements>());

function statements(db: Reader, entity: Entity): Statements {
  const byEntity = prepared(db);
  let found = byEntity.get(entity);
  if (found === undefined) {
    const table = tables[entity];
    found = {
      put: preparePut(db, table),
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

/** In plain SQL: a first sync writes hundreds of thousands of rows, and drizzle takes as long for each as the database. */
function preparePut(db: Reader, table: KeyedTable): Statements['put'] {
  const columns = Object.entries(getTableColumns(table) as Record<string, SQLiteColumn>);
  const names = columns.map(([, column]) => `"${column.name}"`);
  const set = names.filter((name) => name !== '"id"').map((name) => `${name} = excluded.${name}`);
  const statement = db.$client.prepare(
    `INSERT INTO "${getTableName(table)}" (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${set.join(', ')}`,
  );
  return (row) => {
    const values = columns.map(([key, column]) => {
      const value = row[key];
      if (value === undefined) throw new TypeError(`${getTableName(table)} needs ${key}`);
      return value === null ? null : column.mapToDriverValue(value);
    });
    statement.run(values);
  };
}

/** Inserts or replaces a row. */
export const putRow = <E extends Entity>(db: Reader, entity: E, row: EntityRows[E]): void =>
  statements(db, entity).put(row as unknown as Record<string, unknown>);

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
