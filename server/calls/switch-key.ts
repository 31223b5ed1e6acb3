import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { IdSource } from '../../shared/lib/ids.ts';
import { appendAudit } from '../audit/append.ts';
import { meta } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

const NAME = 'switchKey';
const digest = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Makes the key of the telephone switch; the one of before is good no more. Only its hash is kept. @returns the key */
export async function makeSwitchKey(store: Store, ids: IdSource, now: number): Promise<string> {
  const key = `zxsw_${randomBytes(32).toString('base64url')}`;
  const value = digest(key).toString('base64url');
  await store.transaction(async (tx) => {
    await tx.insert(meta).values({ key: NAME, value }).onConflictDoUpdate({ target: meta.key, set: { value } });
    await appendAudit(tx, { at: now, id: ids(), action: 'switch-key', accountId: null, detail: '' });
  });
  return key;
}

/** Whether it is the key that was made last; read each time, so that a new one counts at once on every instance. */
export async function isSwitchKey(store: Store, key: string): Promise<boolean> {
  const [row] = await store.orm.select().from(meta).where(eq(meta.key, NAME));
  return row !== undefined && timingSafeEqual(digest(key), Buffer.from(row.value, 'base64url'));
}
