import { asc, desc, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { attentionItem, conflictField, keptText } from '../../shared/bridge/attention-entries.ts';
import { wantedFields } from '../../shared/domain/commands/index.ts';
import type { Reader } from '../reader.ts';
import { callbacks, events, keptDrafts, outbox } from '../schema/tables.ts';
import { toCommand } from '../writes/optimistic.ts';
import { getRow } from '../writes/rows.ts';
import { ofCustomer, viewQueued } from './queue.ts';
import { nameOf } from './ticket-detail.ts';

type ConflictField = z.infer<typeof conflictField>;
type Queued = typeof outbox.$inferSelect;

const worded = [
  'note',
  'report',
  'reason',
  'callbackNote',
  'subject',
  'description',
  'text',
  'name',
  'title',
  'phones',
  'emails',
  'address',
  'tier',
];

/** Fields whose value is picked from a list, and is no word of the agent's. */
const chosen: readonly unknown[] = ['nature', 'priority'];

/** The words that an agent put into a command or a form, whatever its kind, a line each; '' if there are none. */
export function textOf(args: unknown): string {
  const a = (args ?? {}) as Readonly<Record<string, unknown>>;
  const changes = Array.isArray(a['changes'])
    ? (a['changes'] as readonly { readonly field?: unknown; readonly to?: unknown }[])
        .filter((c) => !chosen.includes(c.field))
        .map((c) => c.to)
    : [];
  const customer = typeof a['customer'] === 'object' ? [textOf(a['customer'])] : [];
  return [...worded.map((key) => a[key]), ...changes, ...customer]
    .flat()
    .filter((word) => (typeof word === 'string' && word !== '') || typeof word === 'number')
    .join('\n');
}

/** Refused commands that wait for the agent, oldest first. */
export function readAttention(db: Reader): z.infer<typeof attentionItem>[] {
  return db
    .select()
    .from(outbox)
    .where(eq(outbox.state, 'refused'))
    .orderBy(asc(outbox.position))
    .all()
    .map((row) => {
      const refusal = row.refusal ?? { code: 'not-found' as const };
      const ids = [refusal.current?.assigneeId, refusal.current?.lastActorId].filter((x): x is string => typeof x === 'string');
      return {
        ...viewQueued(db, row),
        refusedAt: row.refusedAt ?? row.occurredAt,
        refusal,
        conflict: readConflict(db, row),
        here: getRow(db, ofCustomer.includes(row.kind) ? 'customer' : 'ticket', row.subjectId) !== null,
        note: (row.args as { readonly note?: string }).note ?? '',
        text: textOf(row.args),
        names: Object.fromEntries(ids.map((id) => [id, nameOf(db, id)])),
      };
    });
}

/** Between which values the agent may choose: those that the server named, as they stand here now. */
function readConflict(db: Reader, row: Queued): ConflictField[] | null {
  if (row.refusal?.code !== 'conflict') return null;
  const named = new Map((row.refusal.fields ?? []).map((f) => [f.field, f.theirs]));
  const command = toCommand(row);
  const found: ConflictField[] = [];
  for (const { field, base, mine } of wantedFields(command)) {
    const here = valueNow(db, row, field);
    if (here === undefined) return null;
    // Between the refusal and the next page the device still has what the agent saw.
    const current = named.has(field) && same(here, base) ? named.get(field) : here;
    // What somebody changed since is asked for as well.
    if (named.has(field) || (!same(current, base) && !same(current, mine)))
      found.push({ field, base, mine, theirs: current, ...whoChanged(db, row.subjectId, field, current) });
  }
  return found.length === 0 ? null : found;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** undefined: it is not on this device. */
function valueNow(db: Reader, row: Queued, field: string): unknown {
  if (field.startsWith('customer.')) {
    const customer = getRow(db, 'customer', row.subjectId);
    return customer?.[field.slice('customer.'.length) as keyof typeof customer];
  }
  const ticket = getRow(db, 'ticket', row.subjectId);
  if (ticket === null) return undefined;
  if (field === 'callback') {
    const { callbackId } = row.args as { readonly callbackId: string };
    return db.select({ dueAt: callbacks.dueAt }).from(callbacks).where(eq(callbacks.id, callbackId)).get()?.dueAt;
  }
  return field.startsWith('custom.') ? (ticket.custom[field.slice('custom.'.length)] ?? null) : ticket[field as keyof typeof ticket];
}

/** Who gave a field its value, by the history that is here. */
function whoChanged(db: Reader, ticketId: string, field: string, value: unknown): Pick<ConflictField, 'theirsBy' | 'theirsAt'> {
  const history = db
    .select()
    .from(events)
    .where(eq(events.ticketId, ticketId))
    .orderBy(desc(events.receivedAt), desc(events.occurredAt))
    .all();
  const event = history.find((e) => e.changes[field] !== undefined && same(e.changes[field].to, value));
  if (event === undefined) return { theirsBy: '', theirsAt: null };
  return { theirsBy: event.actorId === null ? '' : nameOf(db, event.actorId), theirsAt: event.receivedAt ?? event.occurredAt };
}

/** Unsent text whose ticket or customer has left, newest first. */
export const readKept = (db: Reader): z.infer<typeof keptText>[] =>
  db
    .select()
    .from(keptDrafts)
    .orderBy(desc(keptDrafts.keptAt))
    .all()
    .map(({ form, value, number, keptAt }) => ({
      form,
      about: form.startsWith('ticket:') ? 'ticket' : 'customer',
      number,
      text: textOf(parsed(value)),
      keptAt,
    }));

export const countKept = (db: Reader): number =>
  db
    .select({ n: sql<number>`count(*)` })
    .from(keptDrafts)
    .get()?.n ?? 0;

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return { text: value };
  }
}
