import { eq } from 'drizzle-orm';
import type { Cache } from '../../db/open.ts';
import { reminders, reminderSteps } from '../../db/schema/tables.ts';
import { BrokenPromise, type Promises } from './promises.ts';

/** What was shown stands in the app until the agent has dealt with it. */
export function checkScreen({ db }: Cache, should: ReturnType<Promises['onScreen']>): void {
  const rows = db.select().from(reminders).where(eq(reminders.state, 'shown')).all();
  const shown = new Set(rows.map((r) => `${r.subject} ${r.showAt}`));
  for (const { kind, showAt, subject } of should) {
    if (shown.has(`${subject} ${showAt}`)) continue;
    const steps = db
      .select({ step: reminderSteps.step })
      .from(reminderSteps)
      .innerJoin(reminders, eq(reminders.id, reminderSteps.reminderId))
      .where(eq(reminders.subject, subject))
      .all();
    throw new BrokenPromise('missed', `${kind} ${subject} was shown and is not in the app: ${steps.map((s) => s.step).join(' ')}`);
  }
}
