import { and, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { Reader } from '../../db/reader.ts';
import { callbacks, reminders } from '../../db/schema/tables.ts';
import { getRow } from '../../db/writes/rows.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { IdSource } from '../../shared/lib/ids.ts';
import { arm, close, heldBefore, type ReminderRow } from './ledger.ts';

/**
 * Makes the ledger follow the rows: each open callback of mine is armed for its time, and what no longer stands (done,
 * moved, gone to somebody else, handled on another device) is withdrawn. Runs in the transaction that changed the rows
 * or right after it; running it again changes nothing.
 * @param except a reminder that the agent is acting on
 * @returns reminders that were on screen and have to leave it.
 */
export function reconcile(db: Reader, makeId: IdSource, me: Account, now: number, except: string | null = null): ReminderRow[] {
  const open = db
    .select({ id: callbacks.id, ticketId: callbacks.ticketId, dueAt: callbacks.dueAt })
    .from(callbacks)
    .where(and(eq(callbacks.assigneeId, me.id), isNull(callbacks.outcome)))
    .all();
  const standing = new Set(open.map((c) => `${c.id} ${c.dueAt}`));
  const live = db
    .select()
    .from(reminders)
    .where(and(ne(reminders.state, 'closed'), inArray(reminders.kind, ['callback', 'transfer', 'assignment'])))
    .all();
  // Those that are armed or on screen need no look of their own: this runs with each action.
  const known = new Set(live.map((r) => `${r.subject} ${r.showAt}`));
  for (const c of open)
    if (!known.has(`${c.id} ${c.dueAt}`)) arm(db, makeId, { kind: 'callback', subject: c.id, ticketId: c.ticketId, showAt: c.dueAt }, now);
  const withdrawn: ReminderRow[] = [];
  for (const reminder of live) {
    const stands = reminder.kind === 'callback' ? standing.has(`${reminder.subject} ${reminder.showAt}`) : isUntouched(db, reminder, me);
    if (stands || reminder.id === except) continue;
    // Due, and dealt with elsewhere before it could be told here.
    const missed = reminder.state === 'armed' && reminder.kind === 'callback' && reminder.showAt <= now;
    close(db, reminder.id, missed ? 'missed' : 'withdrawn', now, missed ? (heldBefore(db, [reminder.id]).get(reminder.id) ?? '') : '');
    if (reminder.state === 'shown') withdrawn.push(reminder);
  }
  return withdrawn;
}

/** A transfer or assignment is news until the receiver has touched the ticket or lost it. */
function isUntouched(db: Reader, reminder: ReminderRow, me: Account): boolean {
  const ticket = reminder.ticketId === null ? null : getRow(db, 'ticket', reminder.ticketId);
  return ticket !== null && ticket.assigneeId === me.id && ticket.status === 'pending';
}
