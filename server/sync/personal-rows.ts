import { asc, eq, isNull, or } from 'drizzle-orm';
import { customField, phrase, savedSearch } from '../store/schema.ts';
import type { Orm } from '../store/store.ts';
import type { Rows } from './page.ts';
import type { View } from './view.ts';

interface Wanted {
  readonly fields: boolean;
  readonly searches: boolean;
  readonly phrases: boolean;
}
export const personal: Wanted = { fields: true, searches: true, phrases: true };

/** The small sets that travel whole: definitions of fields, the account's searches, the phrases that it may use. */
export async function addPersonal(tx: Orm, view: View, rows: Rows, wanted: Wanted): Promise<void> {
  const me = view.account.id;
  if (wanted.fields) rows.customFields = await tx.select().from(customField).orderBy(asc(customField.position), asc(customField.id));
  if (wanted.searches)
    rows.searches = await tx.select().from(savedSearch).where(eq(savedSearch.accountId, me)).orderBy(asc(savedSearch.position));
  if (wanted.phrases)
    rows.phrases = await tx
      .select()
      .from(phrase)
      .where(or(eq(phrase.ownerId, me), isNull(phrase.ownerId)))
      .orderBy(asc(phrase.position), asc(phrase.id));
}
