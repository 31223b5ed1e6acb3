import { and, asc, count, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { reminders, reminderSteps } from '../../db/schema/tables.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf, ParsedInputOf } from '../../shared/bridge/define.ts';
import type { Outcome, ReminderStep } from '../../shared/domain/reminders/reminder.ts';
import { describe } from '../reminders/describe.ts';
import type { ReminderRow } from '../reminders/ledger.ts';
import type { Desk } from '../session/desk.ts';

type Ledger = CoreContract['queries']['reminders.ledger'];
type Row = OutputOf<Ledger>['rows'][number];

const outcomeOf: Readonly<Record<ReminderStep, Outcome>> = {
  armed: 'armed',
  held: 'held',
  shown: 'shown',
  opened: 'acted',
  acted: 'acted',
  snoozed: 'acted',
  dismissed: 'dismissed',
  withdrawn: 'withdrawn',
  missed: 'missed',
};
const stepsOf = (outcome: Outcome): string[] => Object.keys(outcomeOf).filter((step) => outcomeOf[step as ReminderStep] === outcome);

/** F10: what became of each reminder, newest first. */
export function readLedger(desk: Desk, input: ParsedInputOf<Ledger>): OutputOf<Ledger> {
  const { db } = desk.cache;
  const conditions: SQL[] = [];
  if (input.kind !== 'all') conditions.push(eq(reminders.kind, input.kind));
  const last = sql`(SELECT s.step FROM ${reminderSteps} s WHERE s.reminder_id = ${reminders.id} ORDER BY s.position DESC LIMIT 1)`;
  if (input.outcome !== 'all') conditions.push(inArray(last, stepsOf(input.outcome)));
  const where = and(...conditions);
  const list = db
    .select()
    .from(reminders)
    .where(where)
    .orderBy(desc(reminders.showAt), desc(reminders.id))
    .limit(input.limit)
    .offset(input.offset)
    .all();
  const ids = list.map((r) => r.id);
  const steps = Map.groupBy(
    db.select().from(reminderSteps).where(inArray(reminderSteps.reminderId, ids)).orderBy(asc(reminderSteps.position)).all(),
    (s) => s.reminderId,
  );
  return {
    rows: list.map((r) => toRow(desk, r, steps.get(r.id) ?? [])),
    total: db.select({ n: count() }).from(reminders).where(where).get()?.n ?? 0,
  };
}

function toRow(desk: Desk, reminder: ReminderRow, steps: readonly (typeof reminderSteps.$inferSelect)[]): Row {
  const about = describe(desk.cache.db, reminder);
  const last = steps.at(-1)?.step ?? 'armed';
  return {
    id: reminder.id,
    kind: reminder.kind,
    ticketId: reminder.ticketId,
    number: about.number,
    subject: about.subject,
    customerName: about.customerName,
    showAt: reminder.showAt,
    outcome: outcomeOf[last],
    lateMs: lateness(reminder, steps),
    steps: steps.map(({ step, at, why }) => ({ step, at, why })),
  };
}

/** Counted from when it could have been shown: one that came here late, or again, was not late before. */
function lateness({ kind, shownAt, showAt }: ReminderRow, steps: readonly (typeof reminderSteps.$inferSelect)[]): number | null {
  if (shownAt === null || kind !== 'callback') return null;
  const armedAt = steps.findLast((s) => s.step === 'armed' && s.at <= shownAt)?.at ?? showAt;
  return Math.max(0, shownAt - Math.max(showAt, armedAt));
}
