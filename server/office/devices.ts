import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import type { Id } from '../../shared/lib/ids.ts';
import type { OperationInput, OperationOutput } from '../../shared/protocol/operations.ts';
import type { Holder } from '../sessions/sessions.ts';
import { account, device, session } from '../store/schema.ts';
import { endSessions } from './end-sessions.ts';
import { NotPossible } from './refusals.ts';
import { carryOut, type OfficeDeps } from './work.ts';

const isCurrent = (by: Holder, accountId: Id, deviceId: string): boolean => by.account.id === accountId && by.deviceId === deviceId;

/** Where an account is signed in, last contact first. */
export async function listDevices({ store, clock }: OfficeDeps, by: Holder, id: Id): Promise<OperationOutput<'staff.devices'>> {
  if ((await store.orm.$count(account, eq(account.id, id))) === 0) throw new NotPossible('not-found');
  const rows = await store.orm.select().from(device).where(eq(device.accountId, id)).orderBy(desc(device.lastAt), device.id);
  const live = await store.orm
    .selectDistinct({ deviceId: session.deviceId })
    .from(session)
    .where(and(eq(session.accountId, id), isNull(session.revokedAt), gt(session.expiresAt, clock.now())));
  const signedIn = new Set(live.map((s) => s.deviceId));
  return {
    devices: rows.map(({ accountId, eraseAt, ...row }) => ({
      ...row,
      state: eraseAt !== null ? ('erase' as const) : signedIn.has(row.id) ? ('in' as const) : ('out' as const),
      current: isCurrent(by, accountId, row.id),
    })),
  };
}

/**
 * Ends the sessions of one device. With `erase` it is marked, and told so when it next shows one of its tokens; the mark goes
 * when somebody signs in there with the password.
 */
export async function signOutDevice(
  deps: OfficeDeps,
  name: 'account.signOutDevice' | 'staff.signOutDevice',
  by: Holder,
  { id, deviceId, erase }: OperationInput<'staff.signOutDevice'>,
): Promise<object> {
  // Whoever sits at it signs out, or removes the account from it, and is told what has not been sent yet.
  if (isCurrent(by, id, deviceId)) throw new NotPossible('this-device');
  await carryOut(deps, name, by, { accounts: [id] }, async ({ tx, now }) => {
    // Sessions first, as a refresh and a sign-out take them.
    await endSessions(tx, id, now, { on: deviceId });
    const it = and(eq(device.accountId, id), eq(device.id, deviceId));
    const [found] = await tx.select().from(device).where(it).for('update');
    if (found === undefined) throw new NotPossible('not-found');
    if (erase && found.eraseAt === null) await tx.update(device).set({ eraseAt: now }).where(it);
    return { value: null, detail: `${id} ${deviceId}${erase ? ' erase' : ''}` };
  });
  await deps.checkSessions();
  return {};
}
