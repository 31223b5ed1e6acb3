import { isIPv6 } from 'node:net';
import { eq, type SQL, sql } from 'drizzle-orm';
import { loginAttempt } from '../store/schema.ts';
import { rowsOf, type Store } from '../store/store.ts';

/** Wrong passwords in a row that cost nothing. */
export const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** After so long without a try the count starts anew. */
const FORGET_MS = 60 * 60_000;

/** How long to wait after the nth failure in a row. */
export const waitAfter = (failures: number): number =>
  failures < FREE_FAILURES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures - FREE_FAILURES, 20), LONGEST_WAIT_MS);

/** Counts tries to sign in per account and address, for accounts that do not exist, too (S18). */
export interface Throttle {
  /** Counts the try before the password is looked at, so that many at once gain nothing. @returns ms to wait, 0 to go on */
  enter(staffNo: string, address: string): Promise<number>;
  /** The password was right. */
  forget(staffNo: string, address: string): Promise<void>;
}

export function createThrottle(store: Store, now: () => number): Throttle {
  // By the database's idea of the same letters, as the account is looked up: another one would be another count.
  const keyOf = (staffNo: string, address: string): SQL<string> => sql`lower(${staffNo}::text) || '|' || ${networkOf(address)}::text`;
  return {
    enter: (staffNo, address) =>
      store.transaction(async (tx) => {
        const key = keyOf(staffNo, address);
        const at = now();
        await tx.insert(loginAttempt).values({ key, failures: 0, lastAt: at, blockedUntil: 0 }).onConflictDoNothing();
        const [row] = await tx.select().from(loginAttempt).where(eq(loginAttempt.key, key)).for('update');
        if (row === undefined) return 0;
        if (row.blockedUntil > at) return row.blockedUntil - at;
        const failures = (at - row.lastAt > FORGET_MS ? 0 : row.failures) + 1;
        await tx
          .update(loginAttempt)
          .set({ failures, lastAt: at, blockedUntil: at + waitAfter(failures) })
          .where(eq(loginAttempt.key, key));
        return 0;
      }),
    async forget(staffNo, address) {
      await store.orm.delete(loginAttempt).where(eq(loginAttempt.key, keyOf(staffNo, address)));
    },
  };
}

/** Of IPv6 the half that a provider gives to one customer, who has all the addresses in it. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...front, ...Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Drops counts that no longer matter. */
export async function forgetOldAttempts(store: Store, now: number): Promise<void> {
  await rowsOf(store.orm, sql`DELETE FROM login_attempt WHERE last_at < ${now - FORGET_MS} AND blocked_until < ${now}`);
}
