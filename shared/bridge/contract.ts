import { z } from 'zod';
import { commandArgs, commandKinds, refusalSchema } from '../domain/commands/index.ts';
import { roles } from '../domain/people.ts';
import { bucketCodes } from '../domain/reminders/buckets.ts';
import { reminderKinds } from '../domain/reminders/reminder.ts';
import { callbackOutcomes, natures, priorities, sources, ticketStatuses } from '../domain/tickets.ts';
import { listNames } from '../domain/ticket-state.ts';
import { contract, entry } from './define.ts';

const none = z.strictObject({});
const id = z.string().min(1).max(64);
const time = z.number();
const kind = z.enum(commandKinds as [(typeof commandKinds)[number], ...typeof commandKinds]);
const page = { offset: z.int().min(0).max(10_000_000), limit: z.int().min(1).max(200) };

// ── what the screens see ────────────────────────────────────────────────────────────────────────────────

const person = z.object({
  id,
  staffNo: z.string(),
  name: z.string(),
  role: z.enum(roles),
  groupIds: z.array(id),
  priorityGroupId: id,
  disabled: z.boolean(),
});

export const sessionState = z.object({
  /** `starting` until the last account's cache is open or known to be absent; `locked`: lease over, sign in again. */
  phase: z.enum(['starting', 'signedOut', 'locked', 'ready']),
  server: z.object({ url: z.string(), name: z.string() }).nullable(),
  /** Address set by policy or by the demo start; the agent need not type it. */
  presetServer: z.string().nullable(),
  lastStaffNo: z.string().nullable(),
  account: person.nullable(),
  /** Has the 我的 / 下属 switch (X33). */
  mayWiden: z.boolean(),
  /** Has the list of others' tickets (X07). */
  seesOthers: z.boolean(),
  mayCreate: z.boolean(),
  /** Where secrets lie; anything but `os` is shown as a warning. */
  secrets: z.enum(['os', 'file', 'memory']),
  /** Why the agent has to sign in again, if so. The cache and the queue are kept. */
  reason: z.enum(['session-ended', 'lease-expired', 'account-disabled']).nullable(),
  demo: z.boolean(),
});

export const syncState = z.object({
  connection: z.enum(['online', 'connecting', 'offline']),
  /** When the connection was lost, if it is. */
  offlineSince: time.nullable(),
  /** When the device last held everything that the server had. */
  lastSyncedAt: time.nullable(),
  /** Commands saved here and not yet with the server. */
  pending: z.int(),
  /** Refused commands that wait for the agent. */
  attention: z.int(),
  firstSync: z.object({ done: z.int(), total: z.int() }).nullable(),
  nextRetryAt: time.nullable(),
  problem: z.enum(['unreachable', 'not-zuoxi', 'protocol', 'server-fault', 'sign-in-needed']).nullable(),
});

export const queueItem = z.object({
  commandId: id,
  kind,
  ticketId: id,
  number: z.int().nullable(),
  subject: z.string(),
  occurredAt: time,
  attempts: z.int(),
});

export const attentionItem = queueItem.extend({
  refusedAt: time,
  refusal: refusalSchema,
  /** What the agent wrote, to be copied or turned into a note. */
  text: z.string(),
  /** Names for the ids inside `refusal`. */
  names: z.record(z.string(), z.string()),
});

export const ticketRowView = z.object({
  id,
  number: z.int().nullable(),
  subject: z.string(),
  customerName: z.string(),
  status: z.enum(ticketStatuses),
  priority: z.enum(priorities),
  category: z.string(),
  source: z.enum(sources),
  /** 时限 and what it is of. */
  nextAt: time.nullable(),
  nextKind: z.enum(['callback', 'expiry']).nullable(),
  dueAt: time.nullable(),
  updatedAt: time,
  assigneeName: z.string(),
  /** Has commands that the server has not answered: 待同步. */
  pending: z.boolean(),
  /** A draft is kept for it. */
  draft: z.boolean(),
  /** Changed by somebody else since it was last opened here. */
  unseen: z.boolean(),
  /** Only in 已转派. */
  transfer: z.object({ id, toName: z.string(), at: time, reason: z.string() }).nullable(),
});

const dueParts = ['all', 'overdue', 'soon', 'today', 'later'] as const;

export const callbackView = z.object({
  id,
  dueAt: time,
  note: z.string(),
  outcome: z.enum(callbackOutcomes).nullable(),
  outcomeNote: z.string(),
  snoozes: z.int(),
  pending: z.boolean(),
});

export const eventView = z.object({
  id,
  /** '' stands for the system, '~' for the customer (a channel). */
  actorName: z.string(),
  command: z.string(),
  note: z.string(),
  /** Values are ready for the eye where they were ids (names instead). */
  changes: z.record(z.string(), z.object({ from: z.unknown(), to: z.unknown() })),
  occurredAt: time,
  receivedAt: time.nullable(),
  pending: z.boolean(),
});

export const ticketDetail = z.object({
  id,
  number: z.int().nullable(),
  subject: z.string(),
  description: z.string(),
  category: z.string(),
  nature: z.enum(natures),
  priority: z.enum(priorities),
  source: z.enum(sources),
  status: z.enum(ticketStatuses),
  assigneeId: id.nullable(),
  assigneeName: z.string(),
  groupName: z.string(),
  createdAt: time,
  updatedAt: time,
  dueAt: time.nullable(),
  nextAt: time.nullable(),
  nextKind: z.enum(['callback', 'expiry']).nullable(),
  custom: z.record(z.string(), z.unknown()),
  version: z.int(),
  customer: z
    .object({
      id,
      name: z.string(),
      phones: z.array(z.string()),
      address: z.string(),
      tier: z.string(),
      invalidReleases: z.int(),
      invalidAt: time.nullable(),
    })
    .nullable(),
  /** Open ones first, by time. */
  callbacks: z.array(callbackView),
  /** Newest first. */
  events: z.array(eventView),
  /** Why nothing can be done with it here; null if something can. */
  readOnly: z.enum(['transferred', 'resolved', 'released', 'other-assignee', 'suspended']).nullable(),
  /** Commands that this account may carry out now, by the same rule that the server applies. */
  allowed: z.array(kind),
  pending: z.boolean(),
  /** 待同步 commands of this ticket. */
  queue: z.array(queueItem),
  /** F12: the next 无效 moves the customer to 无效. */
  nextInvalidMovesCustomer: z.boolean(),
  invalidReleaseLimit: z.int(),
  /** Of the transfer by which it left me, when this is the view of 已转派. */
  transfer: z.object({ toName: z.string(), at: time, reason: z.string() }).nullable(),
});

export const bucketCount = z.object({ total: z.int(), overdue: z.int() });

export const reminderRow = z.object({
  /** Stable key of the row: `callback:ID` or `expiry:TICKET`. */
  key: z.string(),
  kind: z.enum(['callback', 'expiry']),
  at: time,
  ticketId: id,
  callbackId: id.nullable(),
  number: z.int().nullable(),
  subject: z.string(),
  customerName: z.string(),
  assigneeId: id.nullable(),
  assigneeName: z.string(),
  status: z.enum(ticketStatuses),
  overdue: z.boolean(),
  pending: z.boolean(),
});

export const popup = z.object({
  /** The reminder's id; `digest:…` for several in one. */
  id: z.string(),
  kind: z.enum(reminderKinds),
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

export const settings = z.object({
  locale: z.enum(['zh-CN', 'en-US']),
  theme: z.enum(['system', 'light', 'dark']),
  /** Minutes after local midnight at which expiring tickets are announced. */
  expiryNoticeAt: z.int().min(0).max(1439),
  /** The one-time word that the app lives on in the tray has been said. */
  trayExplained: z.boolean(),
});

const actResult = z.discriminatedUnion('ok', [
  /** 已保存: on this disk, in one transaction with the removal of the draft. */
  z.object({ ok: z.literal(true), commandId: id, ticketId: id, savedAt: time }),
  z.object({ ok: z.literal(false), refusal: refusalSchema }),
]);

// ── core ────────────────────────────────────────────────────────────────────────────────────────────────

const scope = z.enum(['mine', 'team']);
/** The forms that keep drafts: `ticket:ID` the composer, `new` the new-ticket form. */
const form = z.string().min(1).max(100);

/** What the core answers to windows and to the shell. Names are `area.verb`. */
export const coreContract = contract(
  {
    'session.probe': entry(
      z.strictObject({ url: z.string().max(300) }),
      z.discriminatedUnion('ok', [
        z.object({ ok: z.literal(true), url: z.string(), name: z.string(), demo: z.boolean() }),
        z.object({ ok: z.literal(false), reason: z.enum(['bad-address', 'insecure', 'unreachable', 'not-zuoxi', 'protocol']) }),
      ]),
    ),
    'session.signIn': entry(
      z.strictObject({ url: z.string().max(300), staffNo: z.string().trim().min(1).max(40), password: z.string().min(1).max(256) }),
      z.discriminatedUnion('ok', [
        z.object({ ok: z.literal(true) }),
        z.object({
          ok: z.literal(false),
          reason: z.enum([
            'bad-credentials',
            'account-disabled',
            'throttled',
            'bad-address',
            'insecure',
            'unreachable',
            'not-zuoxi',
            'protocol',
            'server-fault',
            'store-unreadable',
          ]),
          /** Milliseconds to wait, for `throttled`. */
          retryAfter: time.nullable(),
        }),
      ]),
    ),
    /** Closes the cache (kept, encrypted) and ends the session on the server if it can be reached. */
    'session.signOut': entry(none, z.object({})),
    'sync.retry': entry(none, z.object({})),
    /** One command on one ticket. `draft`: the form whose text this is; removed in the same transaction. */
    'tickets.act': entry(
      z
        .strictObject({ ticketId: id, kind, args: z.unknown(), draft: form.optional() })
        .refine((x) => x.kind !== 'create' && commandArgs[x.kind].safeParse(x.args).success, { message: 'args', path: ['args'] }),
      actResult,
    ),
    'tickets.create': entry(
      z.strictObject({
        customerId: id.nullable(),
        customer: commandArgs.create.shape.customer,
        subject: commandArgs.create.shape.subject,
        description: commandArgs.create.shape.description,
        category: commandArgs.create.shape.category,
        nature: z.enum(natures),
        priority: z.enum(priorities),
        source: z.enum(sources),
        draft: form.optional(),
      }),
      actResult,
    ),
    /** The agent has looked at it: clears `unseen`. */
    'tickets.seen': entry(z.strictObject({ ticketId: id }), z.object({})),
    'attention.retry': entry(z.strictObject({ commandId: id }), actResult),
    /** Sends what was typed as a note instead. */
    'attention.toNote': entry(z.strictObject({ commandId: id }), actResult),
    'attention.discard': entry(z.strictObject({ commandId: id }), z.object({})),
    /** `value`: JSON text of the form, at most 40,000 characters. */
    'drafts.save': entry(z.strictObject({ form, value: z.string().max(40_000) }), z.object({ savedAt: time })),
    'drafts.discard': entry(z.strictObject({ form }), z.object({})),
    /** `contacted` completes the callback, `snooze` moves it by `minutes`; both are queued commands. */
    'reminders.act': entry(
      z.strictObject({
        id: z.string().max(120),
        action: z.enum(['open', 'contacted', 'snooze', 'dismiss']),
        minutes: z.int().min(1).max(10_080).optional(),
      }),
      z.discriminatedUnion('ok', [
        z.object({ ok: z.literal(true), ticketId: id.nullable() }),
        z.object({ ok: z.literal(false), refusal: refusalSchema }),
      ]),
    ),
    /** The agent entered 我的工单: once a local day this raises the popup of expiring tickets (X31). */
    'reminders.enterMyTickets': entry(none, z.object({})),
    /** The zone in which days begin (IANA name); the window tells it at start and when it changes. */
    'settings.set': entry(settings.partial().strict(), z.object({})),
  },
  {
    'session.state': entry(none, sessionState),
    'sync.state': entry(none, syncState),
    'sync.queue': entry(none, z.array(queueItem)),
    'attention.list': entry(none, z.array(attentionItem)),
    /** Of the signed-in account's own tickets; equal to the lists' totals. */
    'tickets.counts': entry(none, z.object({ pending: z.int(), processing: z.int(), resolved: z.int(), transferred: z.int(), all: z.int() })),
    'tickets.list': entry(
      z.strictObject({
        /** `all`: every ticket that a leader (own groups), qa or admin (all) may see; empty for an agent. */
        list: z.enum(listNames),
        /** Overdue / within 2 h / later today / later. */
        due: z.enum(dueParts),
        sort: z.enum(['next', 'number', 'subject', 'customer', 'status', 'due', 'updated', 'priority', 'category']),
        descending: z.boolean(),
        ...page,
      }),
      z.object({
        rows: z.array(ticketRowView),
        total: z.int(),
        due: z.object({ all: z.int(), overdue: z.int(), soon: z.int(), today: z.int(), later: z.int() }),
        /** When these rows were last equal to the server's. */
        asOf: time.nullable(),
      }),
    ),
    /** null: not on this device (never was, or it left my view). `list` chooses the view of 已转派 for a ticket that I gave away. */
    'tickets.get': entry(z.strictObject({ ticketId: id, transferId: id.nullable() }), ticketDetail.nullable()),
    'directory.list': entry(
      none,
      z.object({ accounts: z.array(person), groups: z.array(z.object({ id, name: z.string() })), categories: z.array(z.string()) }),
    ),
    /** By name or any part of a phone number, at most 20. */
    'customers.find': entry(
      z.strictObject({ text: z.string().max(60) }),
      z.array(z.object({ id, name: z.string(), phone: z.string(), tier: z.string(), address: z.string() })),
    ),
    'drafts.get': entry(z.strictObject({ form }), z.object({ value: z.string(), savedAt: time }).nullable()),
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
    /** For the tray: equal to the lists it stands for. */
    'reminders.tray': entry(
      none,
      z.object({
        signedIn: z.boolean(),
        /** Callbacks and deadlines that are past and still mine to handle. */
        dueNow: z.int(),
        next: z.array(z.object({ ticketId: id, number: z.int().nullable(), subject: z.string(), at: time, kind: z.enum(['callback', 'expiry']) })).max(3),
        pending: z.int(),
        /** 待处理: the unread number. */
        unread: z.int(),
      }),
    ),
    'settings.get': entry(none, settings),
  },
);
export type CoreContract = typeof coreContract;

// ── shell ───────────────────────────────────────────────────────────────────────────────────────────────

/** What Electron's main process answers to a window. */
export const shellContract = contract(
  {
    'window.minimize': entry(none, z.object({})),
    'window.toggleMaximize': entry(none, z.object({})),
    /** Closes to the tray; reminders go on. */
    'window.close': entry(none, z.object({})),
  },
  {
    'app.info': entry(
      none,
      z.object({ version: z.string(), platform: z.enum(['win32', 'darwin', 'linux']), ownButtons: z.boolean(), testBuild: z.boolean() }),
    ),
    'window.state': entry(none, z.object({ maximized: z.boolean(), focused: z.boolean() })),
    /** The last ticket that a notification or the tray asked for; `serial` rises with each. */
    'navigation': entry(none, z.object({ serial: z.int(), ticketId: id.nullable(), transferId: id.nullable() })),
  },
);
export type ShellContract = typeof shellContract;

// ── host ────────────────────────────────────────────────────────────────────────────────────────────────

/** What the core asks of the process that hosts it: the key store and native notifications. */
export const hostContract = contract(
  {
    'secrets.kind': entry(none, z.object({ kind: z.enum(['os', 'file', 'memory']) })),
    'secrets.get': entry(z.strictObject({ name: z.string().max(200) }), z.object({ value: z.string().nullable() })),
    'secrets.set': entry(z.strictObject({ name: z.string().max(200), value: z.string().max(4000) }), z.object({})),
    'secrets.delete': entry(z.strictObject({ name: z.string().max(200) }), z.object({})),
    /** Shows or replaces a native notification. `shown` false: the OS said no. */
    'notify.show': entry(
      z.strictObject({
        id: z.string().max(120),
        kind: z.enum(reminderKinds),
        title: z.string().max(200),
        body: z.string().max(1000),
        ticketId: id.nullable(),
        /** Labels of the buttons, where the platform has any. */
        actions: z.array(z.object({ action: z.enum(['open', 'contacted', 'snooze']), label: z.string().max(40) })),
      }),
      z.object({ shown: z.boolean() }),
    ),
    'notify.withdraw': entry(z.strictObject({ id: z.string().max(120) }), z.object({})),
    /** One line in the log file; the host writes all logs, so that they rotate in one place. */
    'log.write': entry(
      z.strictObject({
        level: z.enum(['info', 'warn', 'error']),
        event: z.string().max(100),
        fields: z.record(z.string().max(40), z.union([z.string().max(300), z.number(), z.boolean(), z.null()])),
      }),
      z.object({}),
    ),
  },
  {},
);
export type HostContract = typeof hostContract;
