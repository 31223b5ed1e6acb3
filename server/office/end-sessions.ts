import { and, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { Id } from '../../shared/lib/ids.ts';
import { accessToken, session } from '../store/schema.ts';
import type { Orm } from '../store/store.ts';

/** Ends every session of an account. @param but one that goes on */
export async function endSessions(tx: Orm, accountId: Id, now: number, but: Id | null = null): Promise<void> {
  const mine = and(eq(session.accountId, accountId), isNull(session.revokedAt), but === null ? undefined : ne(session.id, but));
  const ended = await tx.update(session).set({ revokedAt: now }).where(mine).returning({ id: session.id });
  if (ended.length > 0)
    await tx.delete(accessToken).where(
      inArray(
        accessToken.sessionId,
        ended.map((s) => s.id),
      ),
    );
}
