import { and, eq } from 'drizzle-orm';
import type { Reader } from '../../db/reader.ts';
import { reminders, reminderSteps } from '../../db/schema/tables.ts';
import type { ReminderKind, ReminderStep } from '../../shared/domain/reminders/reminder.ts';
import type { IdSource } from '../../shared/lib/ids.ts';

export type ReminderRow = typeof reminders.$inferSelect;

export interface NewReminder {
  readonly kind: ReminderKind;
  readonly subject: string;
  readonly ticketId: string | null;
  readonly showAt: number;
  readonly quiet?: boolean;
}

const step = (db: Reader, reminderId: string, name: ReminderStep, at: number, why = ''): void => {
  db.insert(reminderSteps).values({ reminderId, step: name, at, why }).run();
};

/** Arms a reminder unless one of the same key was ever shown or still is armed. @returns whether it is armed anew. */
export function arm(db: Reader, makeId: IdSource, reminder: NewReminder, now: number): boolean {
  const found = db
    .select()
    .from(reminders)
    .where(and(eq(reminders.kind, reminder.kind), eq(reminders.subject, reminder.subject), eq(reminders.showAt, reminder.showAt)))
    .get();
  if (found === undefined) {
    const id = makeId();
    db.insert(reminders)
      .values({ id, ...reminder, quiet: reminder.quiet ?? false, state: 'armed' })
      .run();
    step(db, id, 'armed', now);
    return true;
  }
  // Withdrawn before it was shown (the callback went elsewhere and came back): it may still be due.
  if (found.state !== 'closed' || found.shownAt !== null) return false;
  db.update(reminders).set({ state: 'armed' }).where(eq(reminders.id, found.id)).run();
  step(db, found.id, 'armed', now, 'again');
  return true;
}

/**
 * @param why `denied` when the OS refused to show it natively; the corner popup stands all the same.
 * @returns false: it was withdrawn meanwhile, and stays so.
 */
export function markShown(db: Reader, id: string, digest: string | null, now: number, why: string): boolean {
  const { changes } = db
    .update(reminders)
    .set({ state: 'shown', digest, shownAt: now })
    .where(and(eq(reminders.id, id), eq(reminders.state, 'armed')))
    .run();
  if (changes > 0) step(db, id, 'shown', now, why);
  return changes > 0;
}

/** Whether it still waits to be shown. */
export const isArmed = (db: Reader, id: string): boolean =>
  db.select({ state: reminders.state }).from(reminders).where(eq(reminders.id, id)).get()?.state === 'armed';

export function close(db: Reader, id: string, name: Exclude<ReminderStep, 'armed' | 'shown'>, now: number, why = ''): void {
  db.update(reminders).set({ state: 'closed' }).where(eq(reminders.id, id)).run();
  step(db, id, name, now, why);
}
