import { and, asc, eq, gte, inArray, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { loadRow } from '../../shared/bridge/views.ts';
import type { Account } from '../../shared/domain/people.ts';
import { isSubordinate, mayAssign } from '../../shared/domain/permissions.ts';
import type { Reader } from '../reader.ts';
import { accounts, callbacks, tickets } from '../schema/tables.ts';
import { readTicketRows, type TicketRowView } from './ticket-rows.ts';

export type LoadRow = z.infer<typeof loadRow>;

/** Epoch ms. */
export interface TeamMoments {
  readonly now: number;
  readonly startOfToday: number;
  readonly endOfToday: number;
}

const DAY_MS = 86_400_000;
const OPEN = sql`('pending', 'processing', 'waiting')`;
const kept = isNull(tickets.deletedAt);

/** Those to whom I may give work, myself included, with what they have in their hands; by staff number. Empty for an agent. */
export function readLoad(db: Reader, me: Account, groupId: string | null, moments: TeamMoments): LoadRow[] {
  if (!mayAssign(me)) return [];
  const people = db
    .select()
    .from(accounts)
    .orderBy(asc(accounts.staffNo))
    .all()
    .filter((a) => (a.id === me.id || isSubordinate(me, a)) && (groupId === null || a.groupIds.includes(groupId)));
  const n = (where: ReturnType<typeof sql>) => sql<number>`count(*) FILTER (WHERE ${where})`;
  const ids = people.map((a) => a.id);
  // The sign keeps SQLite from looking at all tickets that these people ever had.
  const holder = sql`+${tickets.assigneeId}`;
  // Each by an index of its own: most tickets have long been finished.
  const work = byAccount(
    db
      .select({
        id: tickets.assigneeId,
        open: n(sql`1`),
        pending: n(sql`${tickets.status} = 'pending'`),
        overdue: n(sql`${tickets.nextAt} < ${moments.now}`),
      })
      .from(tickets)
      .where(and(inArray(tickets.assigneeId, ids), sql`${tickets.status} IN ${OPEN}`, kept))
      .groupBy(tickets.assigneeId)
      .all(),
  );
  const finished = byAccount(
    db
      .select({ id: tickets.assigneeId, today: n(sql`1`) })
      .from(tickets)
      .where(
        and(
          gte(tickets.resolvedAt, moments.startOfToday),
          // What is resolved changes; a day less, for the clock of this device may have been set back.
          gte(tickets.updatedAt, moments.startOfToday - DAY_MS),
          inArray(holder, ids),
          kept,
        ),
      )
      .groupBy(holder)
      .all(),
  );
  const calls = byAccount(
    db
      .select({
        id: callbacks.assigneeId,
        today: n(sql`${callbacks.dueAt} >= ${moments.startOfToday} AND ${callbacks.dueAt} < ${moments.endOfToday}`),
        overdue: n(sql`${callbacks.dueAt} < ${moments.now}`),
        onFinished: sql<number>`count(DISTINCT ${callbacks.ticketId}) FILTER (WHERE ${tickets.status} IN ('resolved', 'closed'))`,
      })
      .from(callbacks)
      .innerJoin(tickets, eq(tickets.id, callbacks.ticketId))
      .where(and(inArray(callbacks.assigneeId, ids), isNull(callbacks.outcome), kept))
      .groupBy(callbacks.assigneeId)
      .all(),
  );
  // Who handles no tickets by role, or is gone, is listed only with something left to hand over.
  const counts = (a: Account): boolean =>
    (!a.disabled && (a.role === 'agent' || a.role === 'leader')) ||
    (work.get(a.id)?.open ?? 0) > 0 ||
    (calls.get(a.id)?.onFinished ?? 0) > 0;
  return people.filter(counts).map((account) => {
    const w = work.get(account.id);
    const c = calls.get(account.id);
    return {
      account,
      open: w?.open ?? 0,
      pending: w?.pending ?? 0,
      overdue: w?.overdue ?? 0,
      callbacksToday: c?.today ?? 0,
      callbacksOverdue: c?.overdue ?? 0,
      resolvedToday: finished.get(account.id)?.today ?? 0,
      callbacksOnFinished: c?.onFinished ?? 0,
    };
  });
}

const byAccount = <R extends { id: string | null }>(rows: readonly R[]): ReadonlyMap<string | null, R> =>
  new Map(rows.map((row) => [row.id, row]));

const WORK = 1000;

/** What somebody has in their hands: open tickets, and finished ones with callbacks to be made. null: not mine to see. */
export function readWork(db: Reader, me: Account, accountId: string): { open: TicketRowView[]; callbacks: TicketRowView[] } | null {
  const other = db.select().from(accounts).where(eq(accounts.id, accountId)).get();
  if (other === undefined || !mayAssign(me) || !(other.id === me.id || isSubordinate(me, other))) return null;
  const rows = (where: ReturnType<typeof sql>): TicketRowView[] =>
    readTicketRows(db, {
      where: () => and(eq(tickets.assigneeId, accountId), kept, where)!,
      order: [sql`${tickets.nextAt} IS NULL`, asc(tickets.nextAt), asc(tickets.id)],
      limit: WORK,
    });
  const waiting = db
    .select({ id: callbacks.ticketId })
    .from(callbacks)
    .where(and(eq(callbacks.assigneeId, accountId), isNull(callbacks.outcome)));
  return {
    open: rows(sql`${tickets.status} IN ${OPEN}`),
    callbacks: rows(sql`${tickets.status} IN ('resolved', 'closed') AND ${inArray(tickets.id, waiting)}`),
  };
}
