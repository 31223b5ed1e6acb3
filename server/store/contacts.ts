import { asc, gt, sql } from 'drizzle-orm';
import { contactKeys } from '../../shared/domain/contacts.ts';
import type { Id } from '../../shared/lib/ids.ts';
import { anyOf } from './any-of.ts';
import { contact, customer } from './schema.ts';
import { type Orm, rowsOf } from './store.ts';

const CHUNK = 1000;

interface Reachable {
  readonly id: Id;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
}

/** Notes by what new customers can be found. Many at once are fine. */
export async function addContacts(tx: Orm, customers: readonly Reachable[]): Promise<void> {
  const rows = customers.flatMap((c) => contactKeys(c).map((key) => ({ key, customer_id: c.id })));
  for (let i = 0; i < rows.length; i += CHUNK)
    await rowsOf(
      tx,
      sql`INSERT INTO contact (key, customer_id) SELECT key, customer_id
          FROM jsonb_to_recordset(${JSON.stringify(rows.slice(i, i + CHUNK))}::jsonb) AS r (key text, customer_id text)
          ON CONFLICT DO NOTHING`,
    );
}

/** The same for customers whose phones or e-mails may have changed. */
export async function replaceContacts(tx: Orm, of: readonly Reachable[]): Promise<void> {
  if (of.length === 0) return;
  const ids = of.map((c) => c.id);
  await tx.delete(contact).where(anyOf(contact.customerId, ids));
  await addContacts(tx, of);
}

/** For the customers of a schema that had no such table. */
export async function fillContacts(tx: Orm): Promise<void> {
  let last = '';
  for (;;) {
    const found = await tx
      .select({ id: customer.id, phones: customer.phones, emails: customer.emails })
      .from(customer)
      .where(gt(customer.id, last))
      .orderBy(asc(customer.id))
      .limit(CHUNK);
    await addContacts(tx, found);
    if (found.length < CHUNK) return;
    last = found.at(-1)!.id;
  }
}
