import { z } from 'zod';
import { commandArgs, recordArgs, recordKinds, refusalSchema } from '../domain/commands/index.ts';
import { natures, priorities, sources } from '../domain/tickets.ts';
import { ticketFilter } from '../domain/filter/filter.ts';
import { listNames, sortColumns } from '../domain/ticket-state.ts';
import {
  exportRequest,
  impossibilities,
  olderPlace,
  olderSelect,
  type OperationName,
  operationNames,
  operations,
} from '../protocol/operations.ts';
import { customFieldRow, parametersRow, phraseRow, searchRow } from '../protocol/rows.ts';
import { contract, entry } from './define.ts';
import { actResult, form } from './acts.ts';
import { attentionCalls, attentionQueries } from './attention-entries.ts';
import { attachmentCalls, attachmentQueries } from './attachment-entries.ts';
import { callCalls, callQueries } from './call-entries.ts';
import { reminderCalls, reminderQueries } from './reminder-entries.ts';
import { shellCalls, shellQueries } from './shell-entries.ts';
import { updateCalls, updateQueries } from './update-entries.ts';
import { wayProblems } from './way-problems.ts';
import {
  fileHandle,
  id,
  kind,
  person,
  recovery,
  sessionState,
  storedAccount,
  syncState,
  queueItem,
  ticketRowView,
  dueParts,
  ticketDetail,
  settings,
  customerCard,
  customerRowView,
  exportState,
  importState,
  loadRow,
} from './views.ts';

const none = z.strictObject({});
const time = z.number();
const page = { offset: z.int().min(0).max(10_000_000), limit: z.int().min(1).max(200) };

// ── core ────────────────────────────────────────────────────────────────────────────────────────────────

/** What the core answers to windows and to the shell. Names are `area.verb`. */
export const coreContract = contract(
  {
    'session.probe': entry(
      z.strictObject({ url: z.string().max(300) }),
      z.discriminatedUnion('ok', [
        z.object({ ok: z.literal(true), url: z.string(), name: z.string(), demo: z.boolean() }),
        z.object({
          ok: z.literal(false),
          reason: z.enum(['bad-address', 'insecure', ...wayProblems, 'protocol', 'server-old']),
        }),
      ]),
    ),
    'session.signIn': entry(
      z.strictObject({
        url: z.string().max(300),
        staffNo: z.string().trim().min(1).max(40),
        password: z.string().min(1).max(256),
        /** Put a cache that cannot be read aside and start with a new one: after `store-unreadable`, if the agent says so. */
        startAnew: z.boolean().optional(),
      }),
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
            ...wayProblems,
            'protocol',
            'server-old',
            'server-fault',
            'store-unreadable',
            'key-store',
            'newer-database',
            'disk',
          ]),
          /** Milliseconds to wait, for `throttled`. */
          retryAfter: time.nullable(),
          /** Commands that wait in the cache, for `store-unreadable`. */
          waiting: z.int().optional(),
        }),
      ]),
    ),
    /** Closes the cache (kept, encrypted) and ends the session on the server if it can be reached. */
    'session.signOut': entry(none, z.object({})),
    /** Destroys what lies here of an account. `lose`: so many unsynced commands may go; if there are more, nothing happens. */
    'session.removeAccount': entry(
      z.strictObject({ id, lose: z.int().nonnegative() }),
      z.discriminatedUnion('ok', [z.object({ ok: z.literal(true) }), z.object({ ok: z.literal(false), waiting: z.int() })]),
    ),
    /** The agent has read what `session.recovery` says. */
    'session.recoverySeen': entry(none, z.object({})),
    /** The same for `session.restored`. */
    'session.restoredSeen': entry(none, z.object({})),
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
        /** Default: the own priority group, and the own hands. `pool`: nobody's. */
        groupId: id.optional(),
        assigneeId: z.union([id, z.literal('pool')]).optional(),
        custom: commandArgs.create.shape.custom,
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
    /** The same command on many tickets: each is saved or refused by itself. At most 1,000. */
    'tickets.actMany': entry(
      z
        .strictObject({
          ticketIds: z.array(id).min(1).max(1000),
          kind: z.enum(['assign', 'claim', 'withdraw', 'handOver', 'transfer', 'review', 'reopen']),
          args: z.unknown(),
        })
        .refine((x) => commandArgs[x.kind].safeParse(x.args).success, { message: 'args', path: ['args'] }),
      z.object({ saved: z.int(), refused: z.array(z.object({ ticketId: id, refusal: refusalSchema })) }),
    ),
    /**
     * Fetches tickets that are too old to be kept here, newest first, into the lists of this device. `next` null: there are
     * no more.
     */
    'tickets.older': entry(
      z.strictObject({ select: olderSelect, behind: olderPlace.nullable() }),
      z.discriminatedUnion('ok', [
        z.object({ ok: z.literal(true), found: z.int(), next: olderPlace.nullable() }),
        z.object({
          ok: z.literal(false),
          reason: z.enum(['offline', 'forbidden', 'protocol', 'server-fault', 'sign-in-needed', 'not-ready']),
        }),
      ]),
    ),
    /** A command about a customer, a saved search, a phrase or duty. `subjectId` null: a new one. */
    'records.act': entry(
      z
        .strictObject({
          kind: z.enum(recordKinds as [(typeof recordKinds)[number]]),
          subjectId: id.nullable(),
          args: z.unknown(),
          draft: form.optional(),
        })
        .refine((x) => recordArgs[x.kind].safeParse(x.args).success, { message: 'args', path: ['args'] }),
      z.discriminatedUnion('ok', [
        z.object({ ok: z.literal(true), commandId: id, subjectId: id, savedAt: time }),
        z.object({ ok: z.literal(false), refusal: refusalSchema }),
      ]),
    ),
    /** 领取 of a customer: its ticket in the pool, or a new one with this subject. */
    'customers.claim': entry(z.strictObject({ customerId: id, subject: z.string().trim().min(1).max(200) }), actResult),
    /** What the server alone can do, now or not at all; see `protocol/operations.ts`. */
    'office.run': entry(
      z
        .strictObject({ operation: z.enum(operationNames as [OperationName]), input: z.unknown() })
        .refine((x) => operations[x.operation].input.safeParse(x.input).success, { message: 'input', path: ['input'] }),
      z.discriminatedUnion('ok', [
        z.object({ ok: z.literal(true), output: z.unknown() }),
        z.object({
          ok: z.literal(false),
          reason: z.enum(['offline', 'forbidden', 'server-fault', 'sign-in-needed', ...impossibilities]),
        }),
      ]),
    ),
    /** Reads a picked file and says what is in it, in `imports.state`. */
    'imports.open': entry(z.strictObject({ file: fileHandle }), z.object({})),
    'imports.encoding': entry(z.strictObject({ encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'gb18030']) }), z.object({})),
    /** Checks every row, here and with the server, without using any. */
    'imports.check': entry(z.strictObject({ mapping: z.record(z.string().max(40), z.int().nonnegative()) }), z.object({})),
    'imports.commit': entry(
      z.strictObject({ mode: z.enum(['all', 'good']), tickets: z.boolean(), owner: z.enum(['me', 'nobody']) }),
      z.object({}),
    ),
    /** Ends it at any phase; nothing stays behind. */
    'imports.cancel': entry(none, z.object({})),
    /** Writes the template into a file that the agent chose. */
    'imports.template': entry(z.strictObject({ handle: id }), z.object({ ok: z.boolean() })),
    'exports.start': entry(
      z.strictObject({ handle: id, fileName: z.string().max(260), request: exportRequest.omit({ protocol: true, zone: true }) }),
      z.object({}),
    ),
    'exports.cancel': entry(none, z.object({})),
    ...attachmentCalls,
    /** The agent has looked at it: clears `unseen`. */
    'tickets.seen': entry(z.strictObject({ ticketId: id }), z.object({})),
    ...attentionCalls,
    /** `value`: JSON text of the form, at most 40,000 characters. */
    'drafts.save': entry(z.strictObject({ form, value: z.string().max(40_000) }), z.object({ savedAt: time })),
    'drafts.discard': entry(z.strictObject({ form }), z.object({})),
    ...reminderCalls,
    ...callCalls,
    'settings.set': entry(settings.partial().strict(), z.object({})),
  },
  {
    'session.state': entry(none, sessionState),
    'session.accounts': entry(none, z.array(storedAccount)),
    /** The cache was damaged and made anew; null: it was not, or the agent has read it. */
    'session.recovery': entry(none, recovery.nullable()),
    /** When this device found that the server was restored from a backup, until the agent has read it (SY14). */
    'session.restored': entry(none, z.object({ at: time }).nullable()),
    'sync.state': entry(none, syncState),
    'sync.queue': entry(none, z.array(queueItem)),
    ...attentionQueries,
    /** Of the signed-in account's own tickets; equal to the lists' totals. */
    'tickets.counts': entry(none, z.record(z.enum(listNames), z.int())),
    'tickets.list': entry(
      z.strictObject({
        /** `all`, `review` and `expired`: of what a leader (own groups), qa or admin (all) may see; empty for an agent. */
        list: z.enum(listNames),
        /** Words of the search box; '' for none. */
        text: z.string().max(100).default(''),
        filter: ticketFilter.default([]),
        /** Overdue / within 2 h / later today / later. */
        due: z.enum(dueParts),
        sort: z.enum(sortColumns),
        descending: z.boolean(),
        ...page,
      }),
      z.object({
        rows: z.array(ticketRowView),
        /** Words find at most 1,000; `more`: there are more, which no page shows. */
        total: z.int(),
        more: z.boolean(),
        /** null: too many were found to count them. */
        due: z.object({ all: z.int(), overdue: z.int(), soon: z.int(), today: z.int(), later: z.int() }).nullable(),
      }),
    ),
    /** null: not on this device (never was, or it left my view). `list` chooses the view of 已转派 for a ticket that I gave away. */
    'tickets.get': entry(z.strictObject({ ticketId: id, transferId: id.nullable() }), ticketDetail.nullable()),
    /** Categories and customers' tiers in use, for forms that offer them: as they are when it is asked, for all rows are read for it. */
    'directory.words': entry(none, z.object({ categories: z.array(z.string()), tiers: z.array(z.string()) })),
    'directory.list': entry(
      none,
      z.object({
        accounts: z.array(person),
        groups: z.array(z.object({ id, name: z.string() })),
        /** In their order, those out of use last. */
        customFields: z.array(customFieldRow),
        parameters: parametersRow,
      }),
    ),
    /** For the palette: what fits best, tickets before customers. Empty words find nothing. */
    'search.find': entry(
      z.strictObject({ text: z.string().max(100) }),
      z.object({
        tickets: z.array(ticketRowView),
        ticketTotal: z.int(),
        ticketMore: z.boolean(),
        customers: z.array(customerRowView),
        customerTotal: z.int(),
      }),
    ),
    'customers.list': entry(
      z.strictObject({
        /** `mine` 我的资源; `invalid` those that I moved to 无效 (leaders: their groups'); `free` may be claimed; `all` that I may see. */
        view: z.enum(['mine', 'invalid', 'free', 'all']),
        text: z.string().max(100),
        sort: z.enum(['name', 'updated', 'tier', 'open', 'callback']),
        descending: z.boolean(),
        ...page,
      }),
      z.object({
        rows: z.array(customerRowView),
        total: z.int(),
        counts: z.object({ mine: z.int(), invalid: z.int(), free: z.int(), all: z.int() }),
      }),
    ),
    /** Of 我的资源 and of 无效; equal to the totals of these views. */
    'customers.counts': entry(none, z.object({ mine: z.int(), invalid: z.int() })),
    /** null: not on this device. */
    'customers.get': entry(z.strictObject({ customerId: id }), customerCard.nullable()),
    /** Customers that have one of these contacts, as far as this device knows. */
    'customers.twins': entry(
      z.strictObject({
        phones: z.array(z.string().max(40)).max(10),
        emails: z.array(z.string().max(200)).max(10),
        exceptId: id.nullable(),
      }),
      z.array(z.object({ id, name: z.string(), ownerName: z.string(), contact: z.string() })),
    ),
    'searches.list': entry(
      none,
      z.array(searchRow.omit({ accountId: true }).extend({ total: z.int(), more: z.boolean(), pending: z.boolean() })),
    ),
    /** Own first, then shared; with words, those that fit (also by pinyin initials). */
    'phrases.list': entry(
      z.strictObject({ text: z.string().max(60) }),
      z.array(phraseRow.extend({ mine: z.boolean(), mayEdit: z.boolean(), pending: z.boolean() })),
    ),
    /** People to whom I may give work, with what they have; empty for an agent. `groupId` null: all of mine. */
    'team.load': entry(z.strictObject({ groupId: id.nullable() }), z.array(loadRow)),
    /** What an account has in its hands, for a hand-over; null: I may not see it. */
    'team.work': entry(
      z.strictObject({ accountId: id }),
      z.object({ open: z.array(ticketRowView), callbacks: z.array(ticketRowView) }).nullable(),
    ),
    'imports.state': entry(none, importState),
    'exports.state': entry(none, exportState),
    /** By name or any part of a phone number, at most 20. */
    'customers.find': entry(
      z.strictObject({ text: z.string().max(60) }),
      z.array(z.object({ id, name: z.string(), phone: z.string(), tier: z.string(), address: z.string() })),
    ),
    ...attachmentQueries,
    'drafts.get': entry(z.strictObject({ form }), z.object({ value: z.string(), savedAt: time }).nullable()),
    ...reminderQueries,
    ...callQueries,
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
    /** The agent picks files; a page gets handles for them, never paths. Empty: cancelled. */
    'files.pick': entry(
      z.strictObject({ several: z.boolean(), kind: z.enum(['any', 'table']).default('any') }),
      z.object({ files: z.array(fileHandle) }),
    ),
    /** The agent says where to save; the folder is remembered. null: cancelled. Nothing is written before the core does. */
    'files.save': entry(
      z.strictObject({ suggested: z.string().max(200) }),
      z.object({ file: z.object({ handle: id, name: z.string() }).nullable() }),
    ),
    /** Shows a saved file in its folder. */
    'files.reveal': entry(z.strictObject({ handle: id }), z.object({})),
    ...shellCalls,
    ...updateCalls,
  },
  {
    'app.info': entry(
      none,
      z.object({ version: z.string(), platform: z.enum(['win32', 'darwin', 'linux']), ownButtons: z.boolean(), testBuild: z.boolean() }),
    ),
    'window.state': entry(none, z.object({ maximized: z.boolean(), focused: z.boolean() })),
    ...shellQueries,
    ...updateQueries,
  },
);
export type ShellContract = typeof shellContract;
