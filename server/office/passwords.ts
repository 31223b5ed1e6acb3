import { randomInt } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { OperationInput } from '../../shared/protocol/operations.ts';
import type { Holder } from '../sessions/sessions.ts';
import { createThrottle } from '../sessions/throttle.ts';
import { account } from '../store/schema.ts';
import { endSessions } from './end-sessions.ts';
import { NotPossible, Throttled } from './refusals.ts';
import { carryOut, type OfficeDeps } from './work.ts';

/** Without what is mistaken for another when read aloud or written down. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const PARTS = 3;
const PART = 4;
const SHORTEST = 8;

/** About 59 bits, in parts of four: `k7mp-3rt9-hwqd`. */
export const newPassword = (): string =>
  Array.from({ length: PARTS }, () => Array.from({ length: PART }, () => LETTERS[randomInt(LETTERS.length)]).join('')).join('-');

/** What people here choose and lists from elsewhere lack; and what an attacker tries next. */
const common: ReadonlySet<string> = new Set(
  `12345678 123456789 1234567890 12345678910 0123456789 987654321 87654321 11111111 111111111 00000000 88888888 66666666
   99999999 12341234 11223344 1122334455 12344321 123123123 123321123 147258369 741852963 159357159 5201314520 52013141314
   password password1 password12 password123 passw0rd p@ssw0rd p@ssword qwertyuiop qwerty123 qwerty12 qwertyui 1q2w3e4r 1q2w3e4r5t
   1qaz2wsx zaq12wsx qazwsxedc q1w2e3r4 asdfghjk asdfghjkl zxcvbnm1 zxcvbnm123 abcd1234 abc12345 abc123456 a1234567 a12345678
   a123456789 aa123456 aa12345678 qq123456 qq123456789 woaini1314 woaini520 woaini123 iloveyou iloveyou1 admin123 admin1234
   admin888 administrator welcome1 welcome123 letmein1 changeme changeme1 sunshine princess football baseball superman
   trustno1 monkey123 dragon123 master123 shadow123 michael1 computer internet whatever starwars kefu1234 kefu123456 asdf1234
   zxcv1234 test1234 test123456 root1234 guest1234 1234abcd 123456abc 123456aa 123456qq 110110110 123456987 789456123 13145200`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

let leaked: Promise<ReadonlySet<string>> | null = null;

/** About 18,000 that leaked most often, of eight characters and more; read when the first password is chosen. */
const leakedPasswords = (): Promise<ReadonlySet<string>> =>
  (leaked ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].filter((word) => word.length >= SHORTEST)),
  ));

/** Too short, commonest passwords, the staff number with little around it, and one character over and over. */
export async function isWeak(password: string, staffNo: string): Promise<boolean> {
  const plain = password.normalize('NFKC').toLowerCase();
  // The protocol counts halves of some characters.
  if ([...plain].length < SHORTEST || new Set(plain).size < 3) return true;
  if (common.has(plain) || (await leakedPasswords()).has(plain)) return true;
  const rest = plain.replace(staffNo.toLowerCase(), '');
  return rest !== plain && rest.length < 4;
}

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
