import { type SQL, sql } from 'drizzle-orm';
import { type Orm, rowsOf } from './store.ts';

const CHUNK = 500;

/** Many rows in few statements; table and column names come from the server's own code. */
export const loadRows = (tx: Orm, table: string, rows: readonly object[]): Promise<void> => write(tx, table, rows, () => sql``);

/** The same, where a row that is there already is replaced. */
export const putRows = (tx: Orm, table: string, rows: readonly object[]): Promise<void> =>
  write(
    tx,
    table,
    rows,
    (columns) =>
      sql` ON CONFLICT (id) DO UPDATE SET ${sql.join(
        columns.map((c) => sql`${c} = excluded.${c}`),
        sql`, `,
      )}`,
  );

async function write(tx: Orm, table: string, rows: readonly object[], rest: (columns: readonly SQL[]) => SQL): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const names = Object.keys(first).map((key) => sql`${sql.identifier(toColumn(key))}`);
  const columns = sql.join(names, sql`, `);
  const name = sql.identifier(table);
  for (let i = 0; i < rows.length; i += CHUNK) {
    const part = rows.slice(i, i + CHUNK).map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [toColumn(k), v])));
    await rowsOf(
      tx,
      sql`INSERT INTO ${name} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, ${toJson(part)}::jsonb)${rest(names)}`,
    );
  }
}

/** Half of a character that somebody cut in two has no place in the database's JSON; it becomes the replacement character. */
const toJson = (value: unknown): string => JSON.stringify(value, (_key, v: unknown) => (typeof v === 'string' ? v.toWellFormed() : v));

const toColumn = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
