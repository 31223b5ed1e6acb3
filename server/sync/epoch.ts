import { randomUUID } from 'node:crypto';
import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { appendAudit } from '../audit/append.ts';
import { audit, meta } from '../store/schema.ts';
import { type Orm, rowsOf, type Store } from '../store/store.ts';

// An epoch is one unbroken history of the database. After a restore from a backup it is another one: devices then read
// everything again and send again what the backup does not know (SY14).

/** A device that knows more than the database may turn the epoch so often at most; it would make everybody read anew. */
const TURN_MS = 60_000;
/** With each time within a day that an account's word did so, its next one has to wait so much longer: it may be a lie. */
const LONGER = 4;
const DAY_MS = 86_400_000;

/** The device has seen changes that this database never had, and the epoch was turned just now: it has to come again. */
export class JustTurnedError extends Error {
  readonly waitMs: number;
  constructor(waitMs: number) {
    super('the epoch was turned just now');
    this.name = 'JustTurnedError';
    this.waitMs = waitMs;
  }
}

export async function readEpoch(orm: Orm): Promise<string> {
  const [row] = await orm.select().from(meta).where(eq(meta.key, 'epoch'));
  return row?.value ?? '';
}

/**
 * Begins a new epoch. Several may find out at once that it is needed: only the first does it.
 * @param was the epoch that has ended; null: whichever it is
 * @param because for the audit
 * @throws JustTurnedError for a device's word within a minute of the last turn, or longer if its account has done so before
 */
export function turnEpoch(
  store: Store,
  was: string | null,
  because: 'device' | 'identity' | 'command',
  now: number,
  accountId: string | null = null,
): Promise<void> {
  return store.transaction(async (tx) => {
    const [row] = await tx.select().from(meta).where(eq(meta.key, 'epoch')).for('update');
    if (row === undefined || (was !== null && row.value !== was)) return;
    if (because === 'device') {
      const [last] = await tx.select().from(meta).where(eq(meta.key, 'epochAt'));
      const left = Math.max(leftOf(Number(last?.value ?? 0), TURN_MS, now), await ownWait(tx, accountId, now));
      // Another account's word may come first, so it is asked again soon.
      if (left > 0) throw new JustTurnedError(Math.min(left, TURN_MS));
    }
    await put(tx, 'epoch', randomUUID());
    await put(tx, 'epochAt', String(now));
    await appendAudit(tx, { at: now, id: randomUUID(), action: 'epoch', accountId, detail: because });
  });
}

/** A clock that was set back must not make it longer. */
const leftOf = (since: number, wait: number, now: number): number => (now >= since && now < since + wait ? since + wait - now : 0);

async function ownWait(tx: Orm, accountId: string | null, now: number): Promise<number> {
  if (accountId === null) return 0;
  const own = and(eq(audit.action, 'epoch'), eq(audit.detail, 'device'), eq(audit.accountId, accountId));
  const turns = await tx
    .select({ at: audit.at })
    .from(audit)
    .where(and(own, gt(audit.at, now - DAY_MS)))
    .orderBy(desc(audit.at));
  return turns.length === 0 ? 0 : leftOf(turns[0]!.at, TURN_MS * LONGER ** (turns.length - 1), now);
}

const put = (tx: Orm, key: string, value: string): Promise<unknown> =>
  tx.insert(meta).values({ key, value }).onConflictDoUpdate({ target: meta.key, set: { value } });

/**
 * Turns the epoch if the database lives somewhere else than when it was last served: another cluster, another timeline
 * (a recovery to a point in time, a promoted standby) or tables that were made anew (a dump brought back).
 */
export async function checkIdentity(store: Store, now: number): Promise<void> {
  const identity = await readIdentity(store.orm);
  const [row] = await store.orm.select().from(meta).where(eq(meta.key, 'identity'));
  if (row?.value === identity) return;
  if (row !== undefined) await turnEpoch(store, null, 'identity', now);
  await put(store.orm, 'identity', identity);
}

async function readIdentity(orm: Orm): Promise<string> {
  const questions = [
    sql`SELECT 'feed'::regclass::oid::text AS v`,
    // Managed servers may keep these two to themselves.
    sql`SELECT system_identifier::text AS v FROM pg_control_system()`,
    sql`SELECT timeline_id::text AS v FROM pg_control_checkpoint()`,
  ];
  const parts: string[] = [];
  for (const question of questions) {
    const [row] = await rowsOf<{ v: string }>(orm, question).catch(() => []);
    parts.push(row?.v ?? '');
  }
  return parts.join(':');
}
