import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Command } from '../../shared/domain/commands/index.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { IdSource } from '../../shared/lib/ids.ts';
import { toAccount } from '../store/rows.ts';
import { accessToken, account, session, ticket } from '../store/schema.ts';
import { assignNotes, transferReasons } from '../seed/texts.ts';
import { type PushDeps, runOnce } from '../sync/push.ts';

const MOST = 12;

/** Lets a colleague hand a ticket to somebody who is signed in, so that a lone visitor sees the desk come alive. */
export interface DemoActivity {
  /** @returns whether something was handed over; false once it has done enough */
  step(): Promise<boolean>;
}

export function createDemoActivity(push: PushDeps, ids: IdSource): DemoActivity {
  let done = 0;
  return {
    async step() {
      if (done >= MOST) return false;
      const { orm } = push.store;
      const all = (await orm.select().from(account).where(eq(account.disabled, false)).orderBy(asc(account.staffNo))).map(toAccount);
      const present = await signedIn(push);
      const receivers = all.filter((a) => present.has(a.id));
      const receiver = receivers[done % Math.max(receivers.length, 1)];
      if (receiver === undefined) return false;
      const command = done % 3 === 2 ? await assignment(push, ids, all, receiver) : await handing(push, ids, all, receiver, present);
      if (command === null) return false;
      const result = await runOnce(push, command.command, { accountId: command.by.id }, null);
      if (result.status !== 'applied') return false;
      done++;
      return true;
    },
  };
}

async function signedIn(push: PushDeps): Promise<Set<string>> {
  const rows = await push.store.orm
    .selectDistinct({ id: session.accountId })
    .from(session)
    .innerJoin(accessToken, eq(accessToken.sessionId, session.id))
    .where(and(isNull(session.revokedAt), gt(accessToken.expiresAt, push.clock.now())));
  return new Set(rows.map((r) => r.id));
}

interface Act {
  readonly by: Account;
  readonly command: Command;
}

/** A colleague of the same group who is not signed in transfers one of their tickets. */
async function handing(
  push: PushDeps,
  ids: IdSource,
  all: readonly Account[],
  to: Account,
  present: ReadonlySet<string>,
): Promise<Act | null> {
  const colleagues = all.filter((a) => a.role === 'agent' && !present.has(a.id) && a.groupIds.some((g) => to.groupIds.includes(g)));
  if (colleagues.length === 0) return null;
  const [row] = await push.store.orm
    .select({ id: ticket.id, assigneeId: ticket.assigneeId })
    .from(ticket)
    .where(
      and(
        sql`${ticket.status} IN ('pending','processing')`,
        sql`${ticket.assigneeId} IN (${sql.join(
          colleagues.map((c) => sql`${c.id}`),
          sql`, `,
        )})`,
        sql`${ticket.groupId} IN (${sql.join(
          to.groupIds.map((g) => sql`${g}`),
          sql`, `,
        )})`,
      ),
    )
    .orderBy(sql`${ticket.updatedAt} DESC`)
    .limit(1);
  const by = colleagues.find((c) => c.id === row?.assigneeId);
  if (row === undefined || by === undefined) return null;
  const now = push.clock.now();
  const reason = transferReasons[now % transferReasons.length]!;
  return { by, command: { id: ids(), kind: 'transfer', ticketId: row.id, args: { toId: to.id, reason }, occurredAt: now } };
}

/** The group's leader takes one out of the pool for them. */
async function assignment(push: PushDeps, ids: IdSource, all: readonly Account[], to: Account): Promise<Act | null> {
  const by = all.find((a) => a.role === 'leader' && a.id !== to.id && a.groupIds.includes(to.priorityGroupId));
  if (by === undefined) return null;
  const [row] = await push.store.orm
    .select({ id: ticket.id })
    .from(ticket)
    .where(
      and(
        eq(ticket.status, 'released'),
        eq(ticket.groupId, to.priorityGroupId),
        sql`${ticket.audience} @> ARRAY[${`p:${to.priorityGroupId}`}]::text[]`,
      ),
    )
    .orderBy(sql`${ticket.updatedAt} DESC`)
    .limit(1);
  if (row === undefined) return null;
  const now = push.clock.now();
  const note = assignNotes[now % assignNotes.length]!;
  return { by, command: { id: ids(), kind: 'assign', ticketId: row.id, args: { toId: to.id, note }, occurredAt: now } };
}
