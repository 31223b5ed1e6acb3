import { z } from 'zod';
import { limits } from '../domain/commands/command.ts';
import { refusalSchema } from '../domain/commands/index.ts';
import { bucketCodes } from '../domain/reminders/buckets.ts';
import { outcomes, reminderKinds, reminderSteps } from '../domain/reminders/reminder.ts';
import { entry } from './define.ts';
import { bucketCount, id, reminderRow } from './views.ts';

// 提醒: buckets, popups, the tray's numbers, the ledger.

const none = z.strictObject({});
const time = z.number();
const page = { offset: z.int().min(0).max(10_000_000), limit: z.int().min(1).max(200) };
const scope = z.enum(['mine', 'team']);

/** Of one kind, or several in one. */
const popupKind = z.enum([...reminderKinds, 'mixed']);

export const popup = z.object({
  /** The reminder's id; `digest:…` for several in one. */
  id: z.string(),
  kind: popupKind,
  showAt: time,
  ticketId: id.nullable(),
  callbackId: id.nullable(),
  number: z.int().nullable(),
  subject: z.string(),
  customerName: z.string(),
  /** Masked. */
  phone: z.string(),
  /** Who transferred or assigned it. */
  fromName: z.string(),
  note: z.string(),
  /** Of a digest: what it collects, nearest first, at most 20. */
  items: z.array(z.object({ ticketId: id, number: z.int().nullable(), subject: z.string(), at: time })),
  count: z.int(),
});

/** One reminder with all that became of it. */
export const ledgerRow = z.object({
  id: z.string(),
  kind: z.enum(reminderKinds),
  ticketId: id.nullable(),
  number: z.int().nullable(),
  subject: z.string(),
  customerName: z.string(),
  showAt: time,
  outcome: z.enum(outcomes),
  /** How long after its time it was shown, ms; null: not shown, or it has no time of its own (news). */
  lateMs: z.int().nullable(),
  /** Oldest first. `why` is a word of `stepReasons` or ''. */
  steps: z.array(z.object({ step: z.enum(reminderSteps), at: time, why: z.string() })),
});

export const reminderCalls = {
  /** `contacted` completes the callback; `snooze` moves it to `until`, by default 10 minutes from now. Both are queued commands. */
  'reminders.act': entry(
    z.strictObject({
      id: z.string().max(120),
      action: z.enum(['open', 'contacted', 'snooze', 'dismiss']),
      until: time.optional(),
    }),
    z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), ticketId: id.nullable() }),
      z.object({ ok: z.literal(false), refusal: refusalSchema }),
    ]),
  ),
  /** What was typed into a native notification: a note of that ticket. Refused, it waits under 需要处理. */
  'reminders.reply': entry(
    z.strictObject({ id: z.string().max(120), ticketId: id, text: z.string().trim().min(1).max(limits.text) }),
    z.discriminatedUnion('ok', [z.object({ ok: z.literal(true) }), z.object({ ok: z.literal(false), refusal: refusalSchema })]),
  ),
  /** Holds all reminders for some minutes; 0 ends it at once. What fell due meanwhile is told as one afterwards. */
  'reminders.pause': entry(z.strictObject({ minutes: z.int().min(0).max(480) }), z.object({ until: time.nullable() })),
  /** The agent entered 我的工单: once a local day this raises the popup of expiring tickets (X31). */
  'reminders.enterMyTickets': entry(none, z.object({})),
  /** A native notification as those to come, so that the agent sees whether the system lets them through. */
  'reminders.test': entry(none, z.object({ shown: z.boolean() })),
  /** The computer woke up or was unlocked: a hint to look at the clock and the server at once. */
  'reminders.woke': entry(none, z.object({})),
};

export const reminderQueries = {
  'reminders.counts': entry(z.strictObject({ scope }), z.record(z.enum(bucketCodes), bucketCount)),
  'reminders.bucket': entry(
    z.strictObject({
      bucket: z.enum(bucketCodes),
      scope,
      /** One person of 下属; null: all. */
      accountId: id.nullable(),
      kind: z.enum(['all', 'callback', 'expiry']),
      ...page,
    }),
    z.object({
      from: time,
      to: time,
      rows: z.array(reminderRow),
      total: z.int(),
      counts: z.object({ all: z.int(), callback: z.int(), expiry: z.int() }),
      people: z.array(z.object({ accountId: id, name: z.string(), total: z.int(), overdue: z.int() })),
    }),
  ),
  /** Shown and not yet dealt with, newest last. */
  'reminders.popups': entry(none, z.array(popup)),
  /** Newest first; kept for 90 days. */
  'reminders.ledger': entry(
    z.strictObject({ kind: z.enum(['all', ...reminderKinds]), outcome: z.enum(['all', ...outcomes]), ...page }),
    z.object({ rows: z.array(ledgerRow), total: z.int() }),
  ),
  /** For the tray: equal to the lists it stands for. */
  'reminders.tray': entry(
    none,
    z.object({
      signedIn: z.boolean(),
      /** Callbacks and deadlines that are past and still mine to handle. */
      dueNow: z.int(),
      next: z
        .array(z.object({ ticketId: id, number: z.int().nullable(), subject: z.string(), at: time, kind: z.enum(['callback', 'expiry']) }))
        .max(3),
      pending: z.int(),
      /** 待处理: the unread number. */
      unread: z.int(),
      /** Reminders are held until then; null: they are not. */
      pausedUntil: time.nullable(),
    }),
  ),
};
