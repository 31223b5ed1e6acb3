import { sql } from 'drizzle-orm';
import { type Orm, rowsOf } from './store.ts';

const CHUNK = 500;

/** Many rows in few statements; column names come from this file's own callers. */
export async function loadRows(tx: Orm, table: string, rows: readonly object[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = sql.join(
    Object.keys(first).map((key) => sql.identifier(toColumn(key))),
    sql`, `,
  );
  const name = sql.identifier(table);
  for (let i = 0; i < rows.length; i += CHUNK) {
    const part = rows.slice(i, i + CHUNK).map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [toColumn(k), v])));
    await rowsOf(
      tx,
      sql`INSERT INTO ${name} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, ${JSON.stringify(part)}::jsonb)`,
    );
  }
}

const toColumn = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
