import { randomInt } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { OperationInput } from '../../shared/protocol/operations.ts';
import type { Holder } from '../sessions/sessions.ts';
import { createThrottle } from '../sessions/throttle.ts';
import { account } from '../store/schema.ts';
import { endSessions } from './end-sessions.ts';
import { NotPossible, Throttled } from './refusals.ts';
import { isWeak } from './weak-password.ts';
import { carryOut, type OfficeDeps } from './work.ts';

/** Without what is mistaken for another when read aloud or written down. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const PARTS = 3;
const PART = 4;

/** About 59 bits, in parts of four: `k7mp-3rt9-hwqd`. */
export const newPassword = (): string =>
  Array.from({ length: PARTS }, () => Array.from({ length: PART }, () => LETTERS[randomInt(LETTERS.length)]).join('')).join('-');

/** The other sessions of the account end: whoever knew the old password is out. */
export async function changePassword(deps: OfficeDeps, by: Holder, input: OperationInput<'account.changePassword'>): Promise<object> {
  const { staffNo, id } = by.account;
  const throttle = createThrottle(deps.store, () => deps.clock.now());
  const waitMs = await throttle.enter(staffNo, 'change-password');
  if (waitMs > 0) {
    await deps.denials.note({ action: 'denied', accountId: id, about: 'account.changePassword throttled' });
    throw new Throttled(waitMs);
  }
  const [before] = await deps.store.orm.select().from(account).where(eq(account.id, id));
  if (before === undefined || !(await deps.hasher.verify(before.passwordHash, input.old))) {
    await deps.denials.note({ action: 'wrong-password', accountId: id, about: 'account.changePassword' });
    throw new NotPossible('wrong-password');
  }
  await throttle.forget(staffNo, 'change-password');
  if (await isWeak(input.next, staffNo)) throw new NotPossible('weak-password');
  const passwordHash = await deps.hasher.hash(input.next);
  await carryOut(deps, 'account.changePassword', by, { accounts: [id] }, async ({ tx, now }) => {
    const [row] = await tx.select().from(account).where(eq(account.id, id));
    // Reset by an admin while this was hashed.
    if (row?.passwordHash !== before.passwordHash) throw new NotPossible('wrong-password');
    await tx.update(account).set({ passwordHash }).where(eq(account.id, id));
    await endSessions(tx, id, now, { but: by.sessionId });
    return { value: null, detail: id };
  });
  await deps.checkSessions();
  return {};
}
