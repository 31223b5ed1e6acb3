import { createHash, randomBytes } from 'node:crypto';
import { appendAudit } from '../audit/append.ts';
import type { Denials } from '../audit/denials.ts';
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Account } from '../../shared/domain/people.ts';
import { ERASING_PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { IdSource } from '../../shared/lib/ids.ts';
import { toAccount } from '../store/rows.ts';
import { accessToken, account, accountSeen, device, refreshToken, session } from '../store/schema.ts';
import { type Orm, rowsOf, type Store } from '../store/store.ts';
import type { PasswordHasher } from './hasher.ts';
import { ACCESS_MS, judgeRefresh, REFRESH_MS, rotated } from './rotation.ts';
import { createThrottle } from './throttle.ts';

const SEEN_MS = 60_000;

export interface Tokens {
  readonly accessToken: string;
  readonly accessExpiresIn: number;
  readonly refreshToken: string;
  readonly account: Account;
}

/** Who holds a token, as the account is at this moment. */
export interface Holder {
  readonly sessionId: string;
  readonly deviceId: string;
  readonly account: Account;
}

/** As the client tells it; nothing of it is proof of anything. */
export interface SignInDevice {
  readonly id: string;
  readonly system: string;
  readonly name: string;
}

export type Denial =
  | { readonly code: 'bad-credentials' }
  /** `of`: who came with a token of theirs. */
  | { readonly code: 'account-disabled'; readonly of: string }
  | { readonly code: 'unauthorized' }
  | { readonly code: 'device-erased' }
  | { readonly code: 'throttled'; readonly waitMs: number };

type Granted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly denial: Denial };

export interface Sessions {
  signIn(staffNo: string, password: string, device: SignInDevice, address: string): Promise<Granted<Tokens>>;
  /** @param protocol the client's: what an older one would not understand it is not told */
  refresh(token: string, protocol: number): Promise<Granted<Tokens>>;
  check(token: string): Promise<Granted<Holder>>;
  /** Ends one session with all of its tokens. */
  end(sessionId: string): Promise<void>;
  /** What has become of these sessions: their account as it is now, or why they no longer hold. */
  look(sessionIds: readonly string[]): Promise<ReadonlyMap<string, Account | 'disabled' | 'signed-out'>>;
  /** Forgets tokens that have run out. */
  sweep(): Promise<void>;
}

type AccountRow = typeof account.$inferSelect;
/** Whose password is changed just then is looked at again. */
const ATTEMPTS = 3;

const denied = (denial: Denial): { ok: false; denial: Denial } => ({ ok: false, denial });
const digest = (token: string): string => createHash('sha256').update(token).digest('base64url');
const newToken = (): string => randomBytes(32).toString('base64url');

export interface SessionDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly hasher: PasswordHasher;
  readonly denials: Denials;
}

/** Somebody else changed the password or its hash while it was checked: it has to be checked anew. */
const CHANGED = Symbol('changed');

export async function createSessions({ store, clock, ids, hasher, denials }: SessionDeps): Promise<Sessions> {
  const seen = new Map<string, number>();
  const throttle = createThrottle(store, () => clock.now());
  // Verified against when there is no such account, so that both cases take the same work.
  const nobody = await hasher.hash(newToken());

  return {
    async signIn(staffNo, password, from, address) {
      const waitMs = await throttle.enter(staffNo, address);
      if (waitMs > 0) {
        const row = await find(staffNo);
        await denials.note({ action: 'sign-in-throttled', accountId: row?.id ?? null, about: 'throttled' });
        return denied({ code: 'throttled', waitMs });
      }
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const row = await find(staffNo);
        const right = await hasher.verify(row?.passwordHash ?? nobody, password);
        if (row === undefined || !right) return refuse({ code: 'bad-credentials' }, row?.id ?? null);
        const result = await open(row, password, from);
        if (result === CHANGED) continue;
        if (result === 'account-disabled') return refuse({ code: result, of: row.id }, row.id);
        await throttle.forget(staffNo, address);
        return { ok: true, value: result };
      }
      return refuse({ code: 'bad-credentials' }, null);
    },

    refresh: async (token, protocol) => {
      const result = await store.transaction(async (tx): Promise<Granted<Tokens>> => {
        const hash = digest(token);
        const [known] = await tx.select().from(refreshToken).where(eq(refreshToken.hash, hash));
        if (known === undefined) return denied({ code: 'unauthorized' });
        const [row] = await tx.select().from(session).where(eq(session.id, known.sessionId)).for('update');
        const now = clock.now();
        // Before all else: also a device whose account was disabled since, or whose session ran out, has to hear it.
        if (row !== undefined && protocol >= ERASING_PROTOCOL_VERSION && (await tellErasure(tx, row, now)))
          return denied({ code: 'device-erased' });
        const verdict = row === undefined ? 'ended' : judgeRefresh(row, known, now);
        if (row === undefined || verdict === 'ended') return denied({ code: 'unauthorized' });
        const [holder] = await tx.select().from(account).where(eq(account.id, row.accountId)).for('share');
        if (holder === undefined) return denied({ code: 'unauthorized' });
        if (holder.disabled) return denied({ code: 'account-disabled', of: holder.id });

        if (verdict !== 'reused') {
          const next = verdict === 'rotate' ? rotated(row, hash, now) : row;
          if (next !== row) await tx.update(session).set(next).where(eq(session.id, row.id));
          return { ok: true, value: await issue(tx, row.id, next.generation, toAccount(holder)) };
        }
        await revoke(tx, row.id, now);
        await note(tx, 'refresh-reused', row.accountId, row.id);
        return denied({ code: 'unauthorized' });
      });
      if (!result.ok && 'of' in result.denial) await noteDisabled(result.denial.of);
      return result;
    },

    async check(token) {
      const [row] = await store.orm
        .select({ sessionId: session.id, deviceId: session.deviceId, account })
        .from(accessToken)
        .innerJoin(session, eq(session.id, accessToken.sessionId))
        .innerJoin(account, eq(account.id, session.accountId))
        .where(and(eq(accessToken.hash, digest(token)), isNull(session.revokedAt), sql`${accessToken.expiresAt} > ${clock.now()}`));
      if (row === undefined) return denied({ code: 'unauthorized' });
      if (row.account.disabled) {
        await noteDisabled(row.account.id);
        return denied({ code: 'account-disabled', of: row.account.id });
      }
      await see(row.account.id, row.deviceId);
      return { ok: true, value: { sessionId: row.sessionId, deviceId: row.deviceId, account: toAccount(row.account) } };
    },

    end: (sessionId) =>
      store.transaction(async (tx) => {
        await revoke(tx, sessionId, clock.now());
        // It has thrown its tokens away: nobody there could be told anything any more.
        await tx.execute(sql`
          DELETE FROM device d USING session s
          WHERE s.id = ${sessionId} AND d.account_id = s.account_id AND d.id = s.device_id AND d.erase_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM session o WHERE o.account_id = d.account_id AND o.device_id = d.id AND o.revoked_at IS NULL)`);
        const [of] = await tx.select({ accountId: session.accountId }).from(session).where(eq(session.id, sessionId));
        await note(tx, 'sign-out', of?.accountId ?? null, sessionId);
      }),

    async look(sessionIds) {
      const out = new Map<string, Account | 'disabled' | 'signed-out'>(sessionIds.map((id) => [id, 'signed-out']));
      if (sessionIds.length === 0) return out;
      const rows = await store.orm
        .select({ id: session.id, revokedAt: session.revokedAt, account })
        .from(session)
        .innerJoin(account, eq(account.id, session.accountId))
        .where(inArray(session.id, [...sessionIds]));
      for (const row of rows) {
        if (row.account.disabled) out.set(row.id, 'disabled');
        else if (row.revokedAt === null) out.set(row.id, toAccount(row.account));
      }
      return out;
    },

    async sweep() {
      const now = clock.now();
      await rowsOf(store.orm, sql`DELETE FROM access_token WHERE expires_at < ${now}`);
      // A device that is to be erased may turn up after months: its old tokens are what it will be known by.
      await rowsOf(
        store.orm,
        sql`DELETE FROM session s WHERE s.expires_at < ${now - REFRESH_MS} AND NOT EXISTS (
          SELECT 1 FROM device d WHERE d.account_id = s.account_id AND d.id = s.device_id AND d.erase_at IS NOT NULL)`,
      );
      await rowsOf(
        store.orm,
        sql`DELETE FROM device d WHERE d.erase_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM session s WHERE s.account_id = d.account_id AND s.device_id = d.id)`,
      );
    },
  };

  async function find(staffNo: string): Promise<AccountRow | undefined> {
    const [row] = await store.orm
      .select()
      .from(account)
      .where(sql`lower(${account.staffNo}) = lower(${staffNo})`);
    return row;
  }

  async function refuse(denial: Denial, accountId: string | null): Promise<Granted<never>> {
    await denials.note({ action: 'sign-in-refused', accountId, about: denial.code });
    return denied(denial);
  }

  async function noteDisabled(accountId: string): Promise<void> {
    await denials.note({ action: 'denied', accountId, about: 'account-disabled' });
  }

  /** Makes a session of an account whose password was right a moment ago; of a hash that costs less than today's a new one. */
  async function open(
    checked: AccountRow,
    password: string,
    { id: deviceId, system, name }: SignInDevice,
  ): Promise<Tokens | 'account-disabled' | typeof CHANGED> {
    const renewed = hasher.isOutdated?.(checked.passwordHash) ? await hasher.hash(password) : null;
    return store.transaction(async (tx) => {
      // As it is now: it may have been disabled while the password was checked.
      const [fresh] = await tx
        .select()
        .from(account)
        .where(eq(account.id, checked.id))
        .for(renewed === null ? 'share' : 'update');
      if (fresh?.passwordHash !== checked.passwordHash) return CHANGED;
      if (fresh.disabled) return 'account-disabled';
      if (renewed !== null) await tx.update(account).set({ passwordHash: renewed }).where(eq(account.id, fresh.id));
      const now = clock.now();
      const id = ids();
      // Whoever knows the password may have the data there: an order to erase it ends with that.
      const come = { system, name, lastAt: now, eraseAt: null, toldAt: null };
      await tx
        .insert(device)
        .values({ accountId: fresh.id, id: deviceId, firstAt: now, ...come })
        .onConflictDoUpdate({ target: [device.accountId, device.id], set: come });
      await tx.insert(session).values({ id, accountId: fresh.id, deviceId, createdAt: now, expiresAt: now + REFRESH_MS, generation: 0 });
      const tokens = await issue(tx, id, 0, toAccount(fresh));
      await note(tx, 'sign-in', fresh.id, id);
      return tokens;
    });
  }

  /** Whether this session's device is to be erased; if so, it has now been told. */
  async function tellErasure(tx: Orm, of: { accountId: string; deviceId: string }, now: number): Promise<boolean> {
    const marked = and(eq(device.accountId, of.accountId), eq(device.id, of.deviceId), isNotNull(device.eraseAt));
    const [found] = await tx.select().from(device).where(marked).for('update');
    if (found === undefined) return false;
    if (found.toldAt !== null) return true;
    await tx.update(device).set({ toldAt: now, lastAt: now }).where(marked);
    await note(tx, 'device-erased', of.accountId, of.deviceId);
    return true;
  }

  /** Notes that the account is there, and on which device, about once a minute. */
  async function see(accountId: string, deviceId: string): Promise<void> {
    const now = clock.now();
    const who = `${accountId} ${deviceId}`;
    if (now - (seen.get(who) ?? 0) < SEEN_MS) return;
    seen.set(who, now);
    await store.orm
      .update(device)
      .set({ lastAt: sql`greatest(device.last_at, ${now})` })
      .where(and(eq(device.accountId, accountId), eq(device.id, deviceId)));
    await store.orm
      .insert(accountSeen)
      .values({ accountId, at: now })
      .onConflictDoUpdate({ target: accountSeen.accountId, set: { at: sql`greatest(account_seen.at, ${now})` } });
  }

  async function issue(tx: Orm, sessionId: string, generation: number, holder: Account): Promise<Tokens> {
    const access = newToken();
    const refresh = newToken();
    await tx.insert(accessToken).values({ hash: digest(access), sessionId, expiresAt: clock.now() + ACCESS_MS });
    await tx.insert(refreshToken).values({ hash: digest(refresh), sessionId, generation });
    return { accessToken: access, accessExpiresIn: ACCESS_MS, refreshToken: refresh, account: holder };
  }

  async function note(orm: Orm, action: string, accountId: string | null, detail: string): Promise<void> {
    await appendAudit(orm, { at: clock.now(), id: ids(), action, accountId, detail });
  }
}

async function revoke(tx: Orm, sessionId: string, now: number): Promise<void> {
  await tx
    .update(session)
    .set({ revokedAt: now })
    .where(and(eq(session.id, sessionId), isNull(session.revokedAt)));
  await tx.delete(accessToken).where(eq(accessToken.sessionId, sessionId));
}
