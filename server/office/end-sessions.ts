import { and, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { Id } from '../../shared/lib/ids.ts';
import { accessToken, session } from '../store/schema.ts';
import type { Orm } from '../store/store.ts';

/** Ends sessions of an account: all of them, `but` one that goes on, or those `on` one device. */
export async function endSessions(tx: Orm, accountId: Id, now: number, { but, on }: { but?: Id; on?: string } = {}): Promise<void> {
  const mine = and(
    eq(session.accountId, accountId),
    isNull(session.revokedAt),
    but === undefined ? undefined : ne(session.id, but),
    on === undefined ? undefined : eq(session.deviceId, on),
  );
  const ended = await tx.update(session).set({ revokedAt: now }).where(mine).returning({ id: session.id });
  if (ended.length > 0)
    await tx.delete(accessToken).where(
      inArray(
        accessToken.sessionId,
        ended.map((s) => s.id),
      ),
    );
}
