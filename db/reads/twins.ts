import { contactKeys } from '../../shared/domain/contacts.ts';
import { digitsOf, runsOf } from '../../shared/domain/search/words.ts';
import type { Customer } from '../../shared/domain/tickets.ts';
import type { Reader } from '../reader.ts';
import { customers } from '../schema/tables.ts';
import { searchedRows } from '../writes/search-index.ts';

export interface Twin {
  readonly customer: Customer;
  /** The key that both have. */
  readonly contact: string;
}

/** Other customers on this device with one of these contacts (`contactKeys`); found through the search index. */
export function findTwins(db: Reader, keys: readonly string[], exceptId: string | null): Twin[] {
  const found = new Map<string, Twin>();
  for (const key of keys) {
    const words = key.includes('@') ? runsOf(key) : [digitsOf(key)].filter((d) => d !== '');
    const where = searchedRows('customer', words);
    if (where === null) continue;
    // The index finds parts; the key has to be the whole of one.
    for (const row of db.select().from(customers).where(where).limit(200).all())
      if (row.id !== exceptId && !found.has(row.id) && contactKeys(row).includes(key)) found.set(row.id, { customer: row, contact: key });
  }
  return [...found.values()];
}
