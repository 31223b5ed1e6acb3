import { z } from 'zod';
import { customFieldLimits, customFieldTypes } from '../domain/custom-fields.ts';
import { customerFacts, limits } from '../domain/commands/command.ts';
import { ticketFilter } from '../domain/filter/filter.ts';
import { type Role, roles } from '../domain/people.ts';
import { listNames } from '../domain/ticket-state.ts';
import {
  accountRow,
  attachmentRow,
  callbackRow,
  customerRow,
  customFieldRow,
  eventRow,
  groupRow,
  parametersRow,
  ticketRow,
} from './rows.ts';

// What needs the server at hand: nothing here is queued. Each operation is one entry, with who may call it.

const id = z.string().min(1).max(64);
const none = z.strictObject({});
const name = z.string().trim().min(1).max(60);
const staffNo = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[\w.-]+$/);
const password = z.string().min(8).max(256);
const groups = z.array(id).min(1).max(20);
const deviceId = z.string().min(8).max(64);

/** A device on which an account is signed in, or was until the session was ended from elsewhere. */
export const accountDevice = z.object({
  id: z.string(),
  /** Empty: an older client did not say. */
  system: z.string(),
  name: z.string(),
  firstAt: z.int(),
  lastAt: z.int(),
  /** `out`: the session has ended, the data is still there. `erase`: told, or about to be told, to destroy it. */
  state: z.enum(['in', 'out', 'erase']),
  /** When the device was told to; null: not yet. */
  toldAt: z.int().nullable(),
  /** The one that asks. */
  current: z.boolean(),
});
export type AccountDevice = z.infer<typeof accountDevice>;

export interface Operation<I extends z.ZodType, O extends z.ZodType> {
  readonly roles: readonly Role[];
  readonly input: I;
  readonly output: O;
}
const operation = <I extends z.ZodType, O extends z.ZodType>(allowed: readonly Role[], input: I, output: O): Operation<I, O> => ({
  roles: allowed,
  input,
  output,
});
const admin: readonly Role[] = ['admin'];
const leaders: readonly Role[] = ['leader', 'qa', 'admin'];

/** What becomes of the open tickets of an account that is disabled. Resolved ones stay. */
export const openTicketsFate = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('pool') }),
  z.strictObject({ what: z.literal('keep') }),
  z.strictObject({ what: z.literal('to'), accountId: id }),
]);

/** A customer of a file. `line`: of the file, from 1; the header is 1. */
export const importRow = z.strictObject({
  line: z.int().positive(),
  ...customerFacts,
  /** Present: a ticket is wanted with this subject. */
  subject: z.string().trim().max(limits.subject),
  description: z.string().trim().max(limits.text),
  category: z.string().trim().max(limits.category),
  /** 预约回访 of that ticket, epoch ms. */
  callbackAt: z.int().positive().optional(),
});
export type ImportRow = z.infer<typeof importRow>;

/** What the server finds about a row: `known` is there already (by phone or e-mail), `twin` stands earlier in the same file. */
export const importVerdict = z.object({ line: z.int(), verdict: z.enum(['new', 'known', 'twin', 'bad']), why: z.string() });

/** Which of the old tickets are meant: of a list with words and conditions, of a customer, or these. */
export const olderSelect = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('list'),
    list: z.enum(listNames).exclude(['transferred']),
    text: z.string().max(100),
    filter: ticketFilter,
  }),
  z.strictObject({ by: z.literal('customer'), customerId: id }),
  z.strictObject({ by: z.literal('ids'), ids: z.array(id).min(1).max(50) }),
]);
/** Where a walk through old tickets goes on: behind this one. */
export const olderPlace = z.strictObject({ updatedAt: z.int(), id });

export const operations = {
  /**
   * Tickets that are no longer kept on devices, newest first, with all that hangs on them. They are as at `head`: a device
   * that is further has to ask again.
   */
  'tickets.older': operation(
    roles,
    z.strictObject({
      select: olderSelect,
      /** IANA name; for days in the filter. */
      zone: z.string().max(60),
      behind: olderPlace.nullable(),
      limit: z.int().min(1).max(200),
      /** As in a pull: what the server ever told this device of its place. */
      epoch: z.string().nullable().optional(),
      seen: z.int().nonnegative().optional(),
      mark: z.int().nonnegative().nullable().optional(),
    }),
    z.object({
      epoch: z.string(),
      /** The device has seen what this database never had: its next pull or push says so, and until then none of this holds. */
      wentBack: z.boolean().optional(),
      view: z.string(),
      head: z.int(),
      /** Of the change at `head`; older servers do not say. */
      mark: z.int().nullable().optional(),
      tickets: z.array(ticketRow),
      customers: z.array(customerRow),
      callbacks: z.array(callbackRow),
      events: z.array(eventRow),
      attachments: z.array(attachmentRow),
      /** null: there are no more. */
      next: olderPlace.nullable(),
    }),
  ),
  /** Everybody, with what only the office should see. */
  'staff.list': operation(
    leaders,
    none,
    z.object({ people: z.array(accountRow.extend({ openTickets: z.int(), lastSeenAt: z.int().nullable() })) }),
  ),
  /** The password is made by the server and told once. @throws not-possible `staff-no-taken` */
  'staff.add': operation(
    admin,
    z.strictObject({ staffNo, name, role: z.enum(roles), groupIds: groups, priorityGroupId: id }),
    z.object({ account: accountRow, password: z.string() }),
  ),
  /** @throws not-possible `last-admin`, `group-missing` */
  'staff.change': operation(
    admin,
    z.strictObject({
      id,
      name: name.optional(),
      role: z.enum(roles).optional(),
      groupIds: groups.optional(),
      priorityGroupId: id.optional(),
    }),
    z.object({ account: accountRow }),
  ),
  'staff.resetPassword': operation(admin, z.strictObject({ id }), z.object({ password: z.string() })),
  /** @throws not-possible `last-admin`, `self`, `target-disabled` */
  'staff.disable': operation(admin, z.strictObject({ id, tickets: openTicketsFate }), z.object({ account: accountRow, moved: z.int() })),
  'staff.enable': operation(admin, z.strictObject({ id }), z.object({ account: accountRow })),
  /** @throws not-possible `wrong-password`, `weak-password` */
  'account.changePassword': operation(roles, z.strictObject({ old: z.string().min(1).max(256), next: password }), none),
  /** The devices of whoever asks. */
  'account.devices': operation(roles, none, z.object({ devices: z.array(accountDevice) })),
  /** Ends the sessions there; what lies there stays. @throws not-possible `not-found`, `this-device` */
  'account.signOutDevice': operation(roles, z.strictObject({ deviceId }), none),
  'staff.devices': operation(admin, z.strictObject({ id }), z.object({ devices: z.array(accountDevice) })),
  /** `erase`: what lies there of this account is destroyed at the next contact. @throws not-possible `not-found`, `this-device` */
  'staff.signOutDevice': operation(admin, z.strictObject({ id, deviceId, erase: z.boolean() }), none),
  'groups.add': operation(admin, z.strictObject({ name }), z.object({ group: groupRow })),
  'groups.rename': operation(admin, z.strictObject({ id, name }), z.object({ group: groupRow })),
  /** @throws not-possible `group-in-use` */
  'groups.remove': operation(admin, z.strictObject({ id }), none),
  /** What a change would do to open tickets now. */
  'parameters.preview': operation(
    admin,
    z.strictObject({ change: parametersRow.partial() }),
    z.object({
      /** Open tickets that would get another deadline, lose theirs or get their first one. */
      retimed: z.int(),
      /** Of those, how many would be past it and so be released at once. */
      releasedAtOnce: z.int(),
      open: z.int(),
    }),
  ),
  'parameters.set': operation(
    admin,
    /** `applyToOpen`: a changed `ticketTtl` moves the deadlines of open tickets, too. */
    z.strictObject({ change: parametersRow.partial(), applyToOpen: z.boolean() }),
    z.object({ parameters: parametersRow, retimed: z.int() }),
  ),
  /** Makes (`id` null) or changes a definition; its type stays. @throws not-possible `type-fixed`, `too-many`, `name-taken`, `options-missing` */
  'fields.put': operation(
    admin,
    z.strictObject({
      id: id.nullable(),
      name: z.string().trim().min(1).max(customFieldLimits.name),
      type: z.enum(customFieldTypes),
      options: z.array(z.string().trim().min(1).max(customFieldLimits.option)).max(customFieldLimits.options),
      required: z.boolean(),
    }),
    z.object({ field: customFieldRow }),
  ),
  /** Taken out of use or back into it; values stay. */
  'fields.retire': operation(admin, z.strictObject({ id, retired: z.boolean() }), z.object({ field: customFieldRow })),
  'fields.order': operation(admin, z.strictObject({ ids: z.array(id).max(200) }), none),
  /** Rows of a file, in pieces; nothing of them is in use before `import.commit`. */
  'import.stage': operation(
    leaders,
    z.strictObject({ importId: id, rows: z.array(importRow).min(1).max(500) }),
    z.object({ verdicts: z.array(importVerdict) }),
  ),
  /** One transaction. `all`: nothing unless every row is new or known. @throws not-possible `import-gone`, `bad-rows` */
  'import.commit': operation(
    leaders,
    z.strictObject({ importId: id, mode: z.enum(['all', 'good']), tickets: z.boolean(), owner: z.enum(['me', 'nobody']), groupId: id }),
    z.object({ customers: z.int(), tickets: z.int(), known: z.int(), left: z.int() }),
  ),
  'import.discard': operation(leaders, z.strictObject({ importId: id }), none),
  /** Newest first: who did what to staff, rules, imports and exports, and what was denied. */
  'audit.list': operation(
    admin,
    z.strictObject({ before: z.int().nullable(), limit: z.int().min(1).max(200) }),
    z.object({
      entries: z.array(
        z.object({ id, at: z.int(), action: z.string(), accountId: id.nullable(), accountName: z.string(), detail: z.string() }),
      ),
    }),
  ),
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
export const operationNames = Object.keys(operations) as OperationName[];
export type OperationInput<N extends OperationName> = z.infer<Operations[N]['input']>;
export type OperationOutput<N extends OperationName> = z.infer<Operations[N]['output']>;

/** Why an operation was not carried out although the request is well formed and allowed; travels in `error.message`. */
export const impossibilities = [
  'staff-no-taken',
  'last-admin',
  'self',
  'this-device',
  'target-disabled',
  'target-missing',
  'group-missing',
  'group-in-use',
  'name-taken',
  'type-fixed',
  'too-many',
  'options-missing',
  'wrong-password',
  'weak-password',
  'import-gone',
  'bad-rows',
  'not-found',
] as const;
export type Impossibility = (typeof impossibilities)[number];

export const operationRequest = z.strictObject({ protocol: z.int(), input: z.unknown() });
export const operationResponse = z.object({ output: z.unknown() });

export const exportFields = [
  'number',
  'subject',
  'description',
  'status',
  'priority',
  'category',
  'nature',
  'source',
  'customer',
  'phones',
  'emails',
  'address',
  'tier',
  'assignee',
  'group',
  'createdBy',
  'createdAt',
  'updatedAt',
  'dueAt',
  'resolvedAt',
  'callbackAt',
  'invalid',
  'lastNote',
] as const;
export type ExportField = (typeof exportFields)[number];

/**
 * The tickets that the account may see and that are in `ids` or pass list, words and filter. The answer is CSV in UTF-8
 * with a BOM; header `x-total` says how many rows will come. A cell that a spreadsheet would run is made harmless.
 */
export const exportRequest = z.strictObject({
  protocol: z.int(),
  fields: z
    .array(z.union([z.enum(exportFields), z.strictObject({ custom: id })]))
    .min(1)
    .max(80),
  select: z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('ids'), ids: z.array(id).min(1).max(5000) }),
    z.strictObject({ by: z.literal('filter'), list: z.enum(listNames), text: z.string().max(100), filter: ticketFilter }),
  ]),
  locale: z.enum(['zh-CN', 'en-US']),
  /** IANA name; for days in the filter and times in the file. */
  zone: z.string().min(1).max(60),
});
export type ExportRequest = z.infer<typeof exportRequest>;
