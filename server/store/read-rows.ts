import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { type Orm, rowsOf } from './store.ts';

const columns = new WeakMap<PgTable, SQL>();

/**
 * All columns of the rows that `rest` (WHERE, ORDER BY, LIMIT, FOR) asks for. As `select()`, but the driver makes the
 * rows alone: for those of which a pull brings hundreds. Not for tables with columns of bytes.
 */
export const readRows = <T extends PgTable>(orm: Orm, from: T, rest: SQL): Promise<T['$inferSelect'][]> =>
  rowsOf<T['$inferSelect']>(orm, sql`SELECT ${columnsOf(from)} FROM ${from} ${rest}`);

function columnsOf(table: PgTable): SQL {
  let list = columns.get(table);
  if (list === undefined) {
    const names = Object.entries(getTableColumns(table)).map(([key, { name }]) => `"${name}" AS "${key}"`);
    columns.set(table, (list = sql.raw(names.join(', '))));
  }
  return list;
}
