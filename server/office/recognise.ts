import { sql } from 'drizzle-orm';
import { contactKeys } from '../../shared/domain/contacts.ts';
import type { Id } from '../../shared/lib/ids.ts';
import type { ImportRow } from '../../shared/protocol/operations.ts';
import { type Orm, rowsOf } from '../store/store.ts';
import { derivedId } from './derived-id.ts';

export interface StagedRow {
  readonly line: number;
  readonly value: ImportRow;
  readonly keys: readonly string[];
}

export interface Recognised extends StagedRow {
  readonly verdict: 'new' | 'known' | 'twin';
  /** The customer that it is or will be. */
  readonly customerId: Id | null;
}

/** Of a customer without phone and e-mail: what else is known makes its id, so that reading the file again finds it. */
const anonymousId = (row: ImportRow): Id => derivedId('customer', row.name, row.address, row.tier);

/** By what a row is recognised: phones and e-mails, or its own id. */
export function keysOf(row: ImportRow): readonly string[] {
  const keys = contactKeys(row);
  return keys.length > 0 ? keys : [`#${anonymousId(row)}`];
}

/**
 * Who each row is. Rows come by line; one that shares a key with an earlier line is its twin.
 * @param earlier first line of keys in rows that are not among these
 */
export async function recognise(tx: Orm, rows: readonly StagedRow[], earlier: ReadonlyMap<string, number>): Promise<readonly Recognised[]> {
  const known = await customersOf(tx, [...new Set(rows.flatMap((r) => r.keys))]);
  const first = new Map(earlier);
  return rows.map((row) => {
    const twin = row.keys.some((key) => (first.get(key) ?? Infinity) < row.line);
    for (const key of row.keys) first.set(key, Math.min(first.get(key) ?? Infinity, row.line));
    if (twin) return { ...row, verdict: 'twin', customerId: null };
    const customerId = row.keys.map((key) => known.get(key)).find((id) => id !== undefined);
    if (customerId !== undefined) return { ...row, verdict: 'known', customerId };
    return { ...row, verdict: 'new', customerId: row.keys[0]!.startsWith('#') ? row.keys[0]!.slice(1) : null };
  });
}

async function customersOf(tx: Orm, keys: readonly string[]): Promise<ReadonlyMap<string, Id>> {
  const found = await rowsOf<{ key: string; id: string }>(
    tx,
    sql`WITH wanted AS (SELECT key FROM jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) AS k (key))
        SELECT c.key, min(c.customer_id) AS id FROM contact c JOIN wanted w ON w.key = c.key GROUP BY c.key
        UNION ALL SELECT '#' || c.id, c.id FROM customer c JOIN wanted w ON w.key = '#' || c.id`,
  );
  return new Map(found.map((row) => [row.key, row.id]));
}
