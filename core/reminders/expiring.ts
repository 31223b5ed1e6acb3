import { and, asc, eq, gte, inArray, lt, or } from 'drizzle-orm';
import type { Reader } from '../../db/reader.ts';
import { tickets } from '../../db/schema/tables.ts';
import { startOfDay } from '../../shared/domain/reminders/buckets.ts';
import { openStatuses } from '../../shared/domain/ticket-state.ts';

/** Tickets of mine that expire today or have expired: open ones due before midnight, and those released since yesterday. */
export const expiringTickets = (db: Reader, meId: string, now: number, zone: string): (typeof tickets.$inferSelect)[] => {
  const tomorrow = startOfDay(now, zone, 1);
  return db
    .select()
    .from(tickets)
    .where(
      or(
        and(eq(tickets.assigneeId, meId), inArray(tickets.status, [...openStatuses]), lt(tickets.dueAt, tomorrow)),
        and(
          eq(tickets.expiredFrom, meId),
          eq(tickets.status, 'released'),
          gte(tickets.dueAt, startOfDay(now, zone, -1)),
          lt(tickets.dueAt, tomorrow),
        ),
      ),
    )
    .orderBy(asc(tickets.dueAt))
    .all();
};
