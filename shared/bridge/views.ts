import { z } from 'zod';
import { commandKinds, recordKinds, refusalSchema } from '../domain/commands/index.ts';
import { dutyStates, roles } from '../domain/people.ts';
import { reminderKinds } from '../domain/reminders/reminder.ts';
import { sortColumns } from '../domain/ticket-state.ts';
import { callbackOutcomes, natures, priorities, sources, ticketStatuses } from '../domain/tickets.ts';
import { wayProblems } from './way-problems.ts';

// What the screens see: the schemas of the values that cross the bridge.

const time = z.number();
export const id = z.string().min(1).max(64);
export const kind = z.enum(commandKinds as [(typeof commandKinds)[number], ...typeof commandKinds]);

/** Of anything that can lie in the queue. */
export const anyKind = z.enum([...commandKinds, ...recordKinds] as [(typeof commandKinds)[number] | (typeof recordKinds)[number]]);

export const person = z.object({
  id,
  staffNo: z.string(),
  name: z.string(),
  role: z.enum(roles),
  groupIds: z.array(id),
  priorityGroupId: id,
  disabled: z.boolean(),
  duty: z.enum(dutyStates),
  dutySince: time.nullable(),
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
  /** Gives tickets to others, reviews, exports, imports. */
  mayAssign: z.boolean(),
  mayAdminister: z.boolean(),
  /** Where secrets lie; anything but `os` is shown as a warning. */
  secrets: z.enum(['os', 'file', 'memory']),
  /** Why the agent has to sign in again, if so. The cache and the queue are kept. */
  reason: z
    .enum(['session-ended', 'lease-expired', 'account-disabled', 'newer-database', 'store-unreadable', 'key-store', 'disk'])
    .nullable(),
  /** What lay here of this account was destroyed on an administrator's order, with so many unsynced commands; told until somebody signs in. */
  erased: z.object({ staffNo: z.string(), waiting: z.int() }).nullable(),
  demo: z.boolean(),
});

/** An account of which something lies on this device. */
export const storedAccount = z.object({
  id: z.string(),
  name: z.string(),
  staffNo: z.string(),
  /** Of its server. */
  url: z.string(),
  /** Commands that have not gone to the server. */
  waiting: z.int(),
  /** The one that is signed in. */
  current: z.boolean(),
});

/** The cache was damaged and has been made anew. */
export const recovery = z.object({
  at: time,
  /** Commands that were found again: those that wait for the server, and refused ones. */
  commands: z.int(),
  drafts: z.int(),
  /** Commands and drafts that could not be read. */
  unreadable: z.int(),
});

export const syncState = z.object({
  connection: z.enum(['online', 'connecting', 'offline']),
  /** When the connection was lost, if it is. */
  offlineSince: time.nullable(),
  /** When the device last held everything that the server had. */
  lastSyncedAt: time.nullable(),
  /** Commands saved here and not yet with the server. */
  pending: z.int(),
  /** Refused commands and kept texts that wait for the agent. */
  attention: z.int(),
  firstSync: z.object({ done: z.int(), total: z.int() }).nullable(),
  nextRetryAt: time.nullable(),
  problem: z.enum([...wayProblems, 'protocol', 'server-fault', 'sign-in-needed', 'disk-full', 'disk-fault']).nullable(),
});

export const queueItem = z.object({
  commandId: id,
  kind: anyKind,
  /** null: it is not about a ticket. */
  ticketId: id.nullable(),
  /** The customer that it is about, if it is about one. */
  customerId: id.nullable(),
  number: z.int().nullable(),
  /** What the ticket, customer, search or phrase is called. */
  subject: z.string(),
  occurredAt: time,
  attempts: z.int(),
});

/** A place where the words of a search stand: `ranges` are [start, end) in `text`, which is cut out around them. */
export const hit = z.object({
  field: z.enum(['number', 'subject', 'customer', 'phone', 'description', 'history']),
  text: z.string(),
  ranges: z.array(z.tuple([z.int(), z.int()])),
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
  createdAt: time,
  updatedAt: time,
  resolvedAt: time.nullable(),
  nature: z.enum(natures),
  assigneeId: id.nullable(),
  assigneeName: z.string(),
  groupName: z.string(),
  createdByName: z.string(),
  tier: z.string(),
  /** The first one; masked where the parameter says so. */
  phone: z.string(),
  invalid: z.boolean(),
  /** Lies in the pool because its time ran out in these hands; '' otherwise. */
  expiredFromName: z.string(),
  custom: z.record(z.string(), z.unknown()),
  /** A claim that the server has not confirmed: 待确认. */
  claiming: z.boolean(),
  /** Where the words of the search stand; empty without a search. */
  hits: z.array(hit),
  /** Has commands that the server has not answered: 待同步. */
  pending: z.boolean(),
  /** A draft is kept for it. */
  draft: z.boolean(),
  /** Changed by somebody else since it was last opened here. */
  unseen: z.boolean(),
  /** Only in 已转派. */
  transfer: z.object({ id, toName: z.string(), at: time, reason: z.string() }).nullable(),
});

export const dueParts = ['all', 'overdue', 'soon', 'today', 'later'] as const;

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
  groupId: id,
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
      emails: z.array(z.string()),
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

export const listLayout = z.strictObject({
  /** Those shown, in order, with widths in px. `custom.ID` for a custom field. */
  columns: z.array(z.strictObject({ key: z.string().max(80), width: z.int().min(40).max(1200) })).max(60),
  sort: z.enum(sortColumns),
  descending: z.boolean(),
});

export const settings = z.object({
  locale: z.enum(['zh-CN', 'en-US']),
  theme: z.enum(['system', 'light', 'dark']),
  /** Minutes after local midnight at which expiring tickets are announced. */
  expiryNoticeAt: z.int().min(0).max(1439),
  /** Between these minutes after local midnight, also across it, reminders of these kinds are held. */
  quiet: z.strictObject({
    on: z.boolean(),
    from: z.int().min(0).max(1439),
    to: z.int().min(0).max(1439),
    kinds: z.array(z.enum(reminderKinds)).max(reminderKinds.length),
  }),
  /** The one-time word that the app lives on in the tray has been said. */
  trayExplained: z.boolean(),
  /** How each list shows its columns, by the list's name. */
  layouts: z.record(z.string().max(40), listLayout),
});

/** Stands for a file on this computer; means nothing outside the shell and ends with it. */
export const fileHandle = z.strictObject({ handle: id, name: z.string(), size: z.number() });

export const customerRowView = z.object({
  id,
  name: z.string(),
  /** Masked where the parameter says so. */
  phone: z.string(),
  tier: z.string(),
  address: z.string(),
  source: z.enum(sources),
  ownerId: id.nullable(),
  ownerName: z.string(),
  groupName: z.string(),
  invalidReleases: z.int(),
  invalidAt: time.nullable(),
  openTickets: z.int(),
  tickets: z.int(),
  /** The nearest open callback of its tickets. */
  nextCallbackAt: time.nullable(),
  updatedAt: time,
  pending: z.boolean(),
  hits: z.array(z.object({ field: z.enum(['name', 'phone', 'email', 'address']), text: z.string(), ranges: hit.shape.ranges })),
});

export const customerCard = customerRowView
  .omit({ hits: true, phone: true, nextCallbackAt: true, openTickets: true, tickets: true })
  .extend({
    phones: z.array(z.string()),
    emails: z.array(z.string()),
    maskPhones: z.boolean(),
    invalidByName: z.string(),
    /** Newest first; those on this device that I may see. */
    tickets: z.array(ticketRowView),
    /** Open first, by time, then the closed ones, newest first. */
    callbacks: z.array(callbackView.extend({ ticketId: id, subject: z.string(), assigneeName: z.string() })),
    mayEdit: z.boolean(),
    mayRestore: z.boolean(),
    mayOwn: z.boolean(),
    /** What 领取 would do: take the ticket that lies in the pool, or make a new one; null: why not. */
    claim: z.union([
      z.object({ ok: z.literal(true), ticketId: id.nullable() }),
      z.object({ ok: z.literal(false), refusal: refusalSchema.shape.code }),
    ]),
  });

/** A person with the work in their hands, for whoever gives it out. */
export const loadRow = z.object({
  account: person,
  open: z.int(),
  pending: z.int(),
  overdue: z.int(),
  callbacksToday: z.int(),
  callbacksOverdue: z.int(),
  /** Finished by them since the day began. */
  resolvedToday: z.int(),
  /** Resolved tickets with open callbacks: not open, and yet to be handed over. */
  callbacksOnFinished: z.int(),
});

export const importState = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('none') }),
  /** The file is being read; bytes. */
  z.object({ phase: z.literal('reading'), done: z.number(), total: z.number() }),
  z.object({
    phase: z.literal('unreadable'),
    why: z.enum(['empty', 'too-large', 'not-text', 'not-xlsx', 'quotes', 'no-rows', 'too-many-rows', 'gone']),
    line: z.int().nullable(),
  }),
  z.object({
    phase: z.literal('mapping'),
    fileName: z.string(),
    /** null for XLSX. */
    encoding: z.enum(['utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be', 'gb18030']).nullable(),
    /** Others under which the bytes make sense, too. */
    alternatives: z.array(z.enum(['utf-8', 'utf-16le', 'utf-16be', 'gb18030'])),
    delimiter: z.enum([',', ';', '\t']).nullable(),
    header: z.array(z.string()),
    /** The first 20 rows. */
    preview: z.array(z.array(z.string())),
    rows: z.int(),
    /** Our field → column; what was chosen for such a header last time, or what its words say. */
    mapping: z.record(z.string(), z.int()),
  }),
  z.object({
    phase: z.literal('checking'),
    done: z.int(),
    total: z.int(),
  }),
  z.object({
    phase: z.literal('checked'),
    total: z.int(),
    fresh: z.int(),
    known: z.int(),
    /** Every row that cannot come in and why; the first 2,000. */
    bad: z.array(z.object({ line: z.int(), why: z.string(), value: z.string() })),
    badTotal: z.int(),
    withTicket: z.int(),
  }),
  z.object({ phase: z.literal('committing') }),
  z.object({ phase: z.literal('done'), customers: z.int(), tickets: z.int(), known: z.int(), left: z.int() }),
  z.object({ phase: z.literal('failed'), reason: z.string() }),
]);

/** Which export it is about: the file's handle is its own. */
const exportFile = { handle: z.string(), fileName: z.string() };

export const exportState = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('none') }),
  z.object({ phase: z.literal('running'), ...exportFile, rows: z.int(), total: z.int().nullable() }),
  z.object({ phase: z.literal('done'), ...exportFile, rows: z.int() }),
  z.object({ phase: z.literal('cancelled'), ...exportFile }),
  z.object({ phase: z.literal('failed'), ...exportFile, reason: z.enum(['offline', 'forbidden', 'disk', 'broken-off', 'server-fault']) }),
]);
