import { and, eq, isNull, sql } from 'drizzle-orm';
import { oncePer } from '../../db/once.ts';
import type { Reader } from '../../db/reader.ts';
import { reminders, reminderSteps } from '../../db/schema/tables.ts';
import type { ReminderKind, ReminderStep, StepReason } from '../../shared/domain/reminders/reminder.ts';
import type { IdSource } from '../../shared/lib/ids.ts';

export type ReminderRow = typeof reminders.$inferSelect;

export interface NewReminder {
  readonly kind: ReminderKind;
  readonly subject: string;
  readonly ticketId: string | null;
  readonly showAt: number;
  readonly quiet?: boolean;
}

/** One reason or two (held, and then denied). */
export type Why = '' | StepReason | `${StepReason} ${StepReason}`;

/** Prepared: a first sync arms hundreds in one turn. */
const statements = oncePer((db) => ({
  find: db
    .select()
    .from(reminders)
    .where(
      and(
        eq(reminders.kind, sql.placeholder('kind')),
        eq(reminders.subject, sql.placeholder('subject')),
        eq(reminders.showAt, sql.placeholder('showAt')),
      ),
    )
    .prepare(),
  add: db
    .insert(reminders)
    .values({
      id: sql.placeholder('id'),
      kind: sql.placeholder('kind'),
      subject: sql.placeholder('subject'),
      ticketId: sql.placeholder('ticketId'),
      showAt: sql.placeholder('showAt'),
      quiet: sql.placeholder('quiet'),
      state: 'armed',
    })
    .prepare(),
  step: db
    .insert(reminderSteps)
    .values({
      reminderId: sql.placeholder('reminderId'),
      step: sql.placeholder('step'),
      at: sql.placeholder('at'),
      why: sql.placeholder('why'),
    })
    .prepare(),
}));

const step = (db: Reader, reminderId: string, name: ReminderStep, at: number, why: Why = ''): void => {
  statements(db).step.run({ reminderId, step: name, at, why });
};

/** Arms a reminder unless one of the same key was ever shown or still is armed. @returns its id; null: it was not armed anew. */
export function arm(db: Reader, makeId: IdSource, reminder: NewReminder, now: number): string | null {
  const { kind, showAt, subject } = reminder;
  const { add, find } = statements(db);
  const found = find.get({ kind, subject, showAt });
  if (found === undefined) {
    const id = makeId();
    add.run({ id, ...reminder, quiet: reminder.quiet ?? false });
    step(db, id, 'armed', now);
    return id;
  }
  // Withdrawn before it was shown (the callback went elsewhere and came back): it may still be due.
  if (found.state !== 'closed' || found.shownAt !== null) return null;
  db.update(reminders).set({ state: 'armed' }).where(eq(reminders.id, found.id)).run();
  step(db, found.id, 'armed', now, 'again');
  return found.id;
}

/**
 * Arms what comes once on a local day, whatever became of the zone since.
 * @param day YYYY-MM-DD
 * @param native the notice of the system and not the list in the window; a day has one of each
 * @returns its id; null: this day has had it
 */
export function armDay(db: Reader, makeId: IdSource, day: string, native: boolean, showAt: number, now: number): string | null {
  const subject = native ? `${day} native` : day;
  const of = and(eq(reminders.kind, 'expiry'), eq(reminders.subject, subject));
  if (db.select({ id: reminders.id }).from(reminders).where(of).get() !== undefined) return null;
  return arm(db, makeId, { kind: 'expiry', subject, ticketId: null, showAt, quiet: native }, now);
}

/** It is due and has to wait. */
export const markHeld = (db: Reader, id: string, now: number, why: StepReason): void => step(db, id, 'held', now, why);

/**
 * Why each of these was held last; those that never were are missing.
 * @param ids reminders that wait to be shown
 */
export function heldBefore(db: Reader, ids: readonly string[]): ReadonlyMap<string, StepReason> {
  const rows = db
    .select({ id: reminderSteps.reminderId, why: reminderSteps.why })
    .from(reminderSteps)
    .where(sql`${reminderSteps.step} = 'held' AND ${reminderSteps.reminderId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .orderBy(reminderSteps.position)
    .all();
  return new Map(rows.map((r) => [r.id, r.why as StepReason]));
}

/** @returns false: it was withdrawn while it was being shown. It stays so, and has been seen. */
export function markShown(db: Reader, id: string, digest: string | null, now: number, why: Why): boolean {
  const { changes } = db
    .update(reminders)
    .set({ state: 'shown', digest, shownAt: now })
    .where(and(eq(reminders.id, id), eq(reminders.state, 'armed')))
    .run();
  if (changes > 0) {
    step(db, id, 'shown', now, why);
    return true;
  }
  const seen = db
    .update(reminders)
    .set({ shownAt: now, digest })
    .where(and(eq(reminders.id, id), isNull(reminders.shownAt)))
    .run();
  if (seen.changes > 0) {
    step(db, id, 'shown', now, why);
    step(db, id, 'withdrawn', now);
  }
  return false;
}

/** Whether it still waits to be shown. */
export const isArmed = (db: Reader, id: string): boolean =>
  db.select({ state: reminders.state }).from(reminders).where(eq(reminders.id, id)).get()?.state === 'armed';

export function close(db: Reader, id: string, name: Exclude<ReminderStep, 'armed' | 'held' | 'shown'>, now: number, why: Why = ''): void {
  db.update(reminders).set({ state: 'closed' }).where(eq(reminders.id, id)).run();
  step(db, id, name, now, why);
}

const KEPT_MS = 90 * 86_400_000;
/** A desk has some fifty a day. */
const MOST = 10_000;

/**
 * Forgets what has ended 90 days ago, and the oldest beyond 10,000. What is still open stays, however old: forgotten, it
 * would be told a second time.
 */
export function forgetOld(db: Reader, now: number): number {
  const over = sql`(SELECT show_at FROM reminder WHERE state = 'closed' ORDER BY show_at DESC LIMIT 1 OFFSET ${MOST})`;
  const { changes } = db.run(sql`DELETE FROM reminder WHERE state = 'closed' AND show_at <= max(${now - KEPT_MS}, coalesce(${over}, 0))
    AND NOT EXISTS (SELECT 1 FROM callback c WHERE kind = 'callback' AND c.id = subject AND c.due_at = show_at AND c.outcome IS NULL)`);
  if (changes > 0) db.run(sql`DELETE FROM reminder_step WHERE reminder_id NOT IN (SELECT id FROM reminder)`);
  return changes;
}
