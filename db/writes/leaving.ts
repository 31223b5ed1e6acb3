import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { type RecordKind, recordKinds } from '../../shared/domain/commands/index.ts';
import { finishedStatuses } from '../../shared/domain/ticket-state.ts';
import type { Reader } from '../reader.ts';
import { wantPurge } from '../reads/meta.ts';
import { attachments, callbacks, customers, drafts, events, fetched, keptDrafts, outbox, tickets, unseen } from '../schema/tables.ts';

// What the server takes off this device goes with everything that it said about it. What the agent typed stays, apart.

/** One of these, as the right side of a comparison; one statement serves however many there are. */
const oneOf = (those: readonly string[]): SQL => sql`IN (SELECT value FROM json_each(${JSON.stringify(those)}))`;

/** Takes tickets off the device with all that hangs on them. @param now device time, epoch ms */
export function removeTickets(db: Reader, ids: readonly string[], now: number): void {
  if (ids.length === 0) return;
  keepTyped(db, oneOf(ids), now);
  db.delete(tickets)
    .where(sql`${tickets.id} ${oneOf(ids)}`)
    .run();
  for (const table of [events, callbacks, attachments, unseen, fetched])
    db.delete(table)
      .where(sql`${table.ticketId} ${oneOf(ids)}`)
      .run();
}

export function removeCustomers(db: Reader, ids: readonly string[], now: number): void {
  if (ids.length === 0) return;
  keepTyped(db, oneOf(ids), now);
  db.delete(customers)
    .where(sql`${customers.id} ${oneOf(ids)}`)
    .run();
}

/** Before all rows go: what was typed about any of them. */
export const keepAllTyped = (db: Reader, now: number): void =>
  keepTyped(db, sql`IN (SELECT id FROM ticket UNION SELECT id FROM customer)`, now);

/**
 * Commands that the server has and that were only remembered: about a ticket or customer that is not here they would
 * keep its text on the device, so they go with it. @returns how many
 */
export const forgetDone = (db: Reader): number =>
  db.run(sql`DELETE FROM outbox WHERE state = 'done' AND CASE
    WHEN kind ${oneOf(personalKinds)} THEN 0
    WHEN kind ${oneOf(customerKinds)} THEN NOT EXISTS (SELECT 1 FROM customer WHERE id = subject_id)
    ELSE NOT EXISTS (SELECT 1 FROM ticket WHERE id = subject_id) END`).changes;

const customerKinds: readonly RecordKind[] = ['addCustomer', 'editCustomer', 'restoreCustomer'];
const personalKinds = recordKinds.filter((kind) => !customerKinds.includes(kind));

/** @param which of the tickets and customers, as the right side of a comparison with their id */
function keepTyped(db: Reader, which: SQL, now: number): void {
  const number = sql`(SELECT number FROM ticket WHERE 'ticket:' || id = ${drafts.form})`;
  const typed = sql`substr(${drafts.form}, 1, instr(${drafts.form}, ':')) IN ('ticket:', 'customer:')
    AND substr(${drafts.form}, instr(${drafts.form}, ':') + 1) ${which}`;
  db.run(sql`INSERT OR REPLACE INTO kept_draft (form, value, number, kept_at)
    SELECT ${drafts.form}, ${drafts.value}, ${number}, ${now} FROM ${drafts} WHERE ${typed}`);
  db.delete(drafts).where(typed).run();
  // What it was called and how it looked are the ticket's, not the agent's.
  db.update(outbox)
    .set({
      number: sql`coalesce((SELECT number FROM ticket WHERE id = ${outbox.subjectId}), ${outbox.number})`,
      subject: '',
      refusal: sql`json_remove(${outbox.refusal}, '$.fields')`,
    })
    .where(sql`${outbox.subjectId} ${which}`)
    .run();
}

/**
 * What was typed about a ticket or customer that is here (again) is a draft (again), unless there is a newer one. What was
 * typed about one that was only made here and has gone is kept apart: no screen leads to its draft any more.
 * @param now device time, epoch ms
 */
export function placeTyped(db: Reader, now: number): void {
  for (const { form, value, keptAt } of db.select().from(keptDrafts).all()) {
    if (!isHere(db, form)) continue;
    db.insert(drafts).values({ form, value, savedAt: keptAt }).onConflictDoNothing().run();
    db.delete(keptDrafts).where(eq(keptDrafts.form, form)).run();
  }
  for (const { form, value } of db.select().from(drafts).all()) {
    if (isHere(db, form)) continue;
    // What is kept already was typed while it was away, so it is newer.
    db.insert(keptDrafts).values({ form, value, number: null, keptAt: now }).onConflictDoNothing().run();
    db.delete(drafts).where(eq(drafts.form, form)).run();
  }
}

/** Whether what a form is about is on this device; true for forms that are about nothing in particular. */
export function isHere(db: Reader, form: string): boolean {
  const [kind, id] = form.split(':', 2);
  // The form of a new one (`customer:new`) is about nothing that could leave.
  if (id === undefined || id === 'new' || (kind !== 'ticket' && kind !== 'customer')) return true;
  const table = kind === 'ticket' ? sql`ticket` : sql`customer`;
  return db.get(sql`SELECT 1 FROM ${table} WHERE id = ${id}`) !== undefined;
}

/** Keeps text about what is no longer here, in the place of what was typed about it before. */
export function keepText(db: Reader, form: string, value: string, keptAt: number): 'kept' {
  db.insert(keptDrafts)
    .values({ form, value, number: null, keptAt })
    .onConflictDoUpdate({ target: keptDrafts.form, set: { value, keptAt } })
    .run();
  return 'kept';
}

/** How long finished tickets that were fetched because somebody asked for them stay. */
const FETCHED_MS = 86_400_000;

/**
 * Takes finished tickets that have aged out of the window off the device; whatever still waits for something stays.
 * @param before server time, epoch ms: not touched since @param now device time, epoch ms
 * @returns how many went
 */
export function ageOut(db: Reader, before: number, now: number): number {
  const waits = sql`EXISTS (SELECT 1 FROM callback c WHERE c.ticket_id = ${tickets.id} AND c.outcome IS NULL)
    OR EXISTS (SELECT 1 FROM outbox q WHERE q.subject_id = ${tickets.id} AND q.state <> 'done')
    OR EXISTS (SELECT 1 FROM draft d WHERE d.form = 'ticket:' || ${tickets.id})
    OR EXISTS (SELECT 1 FROM unseen u WHERE u.ticket_id = ${tickets.id})
    OR EXISTS (SELECT 1 FROM fetched f WHERE f.ticket_id = ${tickets.id} AND f.at > ${now - FETCHED_MS})`;
  const old = db
    .select({ id: tickets.id })
    .from(tickets)
    .where(and(inArray(tickets.status, [...finishedStatuses]), sql`${tickets.updatedAt} < ${before}`, sql`NOT (${waits})`))
    .all();
  removeTickets(
    db,
    old.map((t) => t.id),
    now,
  );
  if (old.length > 0) wantPurge(db);
  return old.length;
}
