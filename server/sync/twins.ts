import { and, asc, inArray, ne, sql } from 'drizzle-orm';
import type { Id } from '../../shared/lib/ids.ts';
import { contact } from '../store/schema.ts';
import { type Orm, rowsOf } from '../store/store.ts';

/** Held by an import for itself, by whoever adds one customer with others. */
const EVERY_CONTACT = 7_310_003;
/** With the hash of a contact: one lock for each. */
const ONE_CONTACT = 7_310_004;

export type TwinOf = (contacts: readonly string[]) => Id | null;

/**
 * Who else has these contacts, and will until the transaction ends: two that add the same one at once wait for each
 * other. Take it before any customer is locked.
 * @param own a customer that is no twin of itself
 */
export async function holdContacts(tx: Orm, keys: readonly string[], own: Id): Promise<TwinOf> {
  if (keys.length === 0) return () => null;
  await rowsOf(tx, sql`SELECT pg_advisory_xact_lock_shared(${EVERY_CONTACT}::bigint)`);
  const hashes = await rowsOf<{ h: number }>(
    tx,
    sql`SELECT DISTINCT hashtext(key) AS h FROM jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) AS k (key) ORDER BY h`,
  );
  for (const { h } of hashes) await rowsOf(tx, sql`SELECT pg_advisory_xact_lock(${ONE_CONTACT}::integer, ${h}::integer)`);
  const found = await tx
    .select()
    .from(contact)
    .where(and(inArray(contact.key, [...keys]), ne(contact.customerId, own)))
    .orderBy(asc(contact.customerId));
  return (contacts) => found.find((c) => contacts.includes(c.key))?.customerId ?? null;
}

/** All contacts at once, for an import. */
export async function holdEveryContact(tx: Orm): Promise<void> {
  await rowsOf(tx, sql`SELECT pg_advisory_xact_lock(${EVERY_CONTACT}::bigint)`);
}
