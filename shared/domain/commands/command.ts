import { z } from 'zod';
import { attachmentLimits } from '../attachments.ts';
import { callbackOutcomes, natures, priorities, sources } from '../tickets.ts';

/** Lengths in UTF-16 code units; the screens show the same limits. */
export const limits = {
  subject: 200,
  text: 4000,
  name: 60,
  phone: 24,
  phones: 5,
  email: 120,
  address: 200,
  tier: 40,
  category: 60,
  callbackDays: 365,
} as const;

const id = z.uuid();
const time = z.int().nonnegative();
const text = z.string().trim().max(limits.text);
const words = text.min(1);
const customValue = z.union([z.string().max(limits.text), z.number(), z.boolean(), z.array(z.string().max(200)).max(50), z.null()]);

const custom = z.record(z.string().min(1).max(64), customValue);

/** What is known of a customer; each way of making one takes these. */
export const customerFacts = {
  name: z.string().trim().min(1).max(limits.name),
  phones: z.array(z.string().trim().min(3).max(limits.phone)).max(limits.phones),
  emails: z.array(z.string().trim().max(limits.email).pipe(z.email())).max(limits.phones),
  address: z.string().trim().max(limits.address),
  tier: z.string().trim().max(limits.tier),
} as const;

/** A changed field with the value that the agent saw, so that the server can tell a merge from a conflict. */
const fieldChange = z.discriminatedUnion('field', [
  z.strictObject({ field: z.literal('subject'), from: z.string(), to: z.string().trim().min(1).max(limits.subject) }),
  z.strictObject({ field: z.literal('description'), from: z.string(), to: text }),
  z.strictObject({ field: z.literal('category'), from: z.string(), to: z.string().trim().max(limits.category) }),
  z.strictObject({ field: z.literal('nature'), from: z.enum(natures), to: z.enum(natures) }),
  z.strictObject({ field: z.literal('priority'), from: z.enum(priorities), to: z.enum(priorities) }),
  z.strictObject({ field: z.literal('custom'), key: z.string().min(1).max(64), from: customValue, to: customValue }),
]);
export type FieldChange = z.infer<typeof fieldChange>;

/** Argument schema of every command, by kind. The only place where a command's arguments are declared. */
export const commandArgs = {
  create: z.strictObject({
    customerId: id,
    /** Present when the customer is new: made in the same transaction. */
    customer: z
      .strictObject({
        name: customerFacts.name,
        phones: customerFacts.phones,
        emails: customerFacts.emails.optional(),
        address: customerFacts.address.optional(),
        tier: customerFacts.tier.optional(),
        /** Refuse it if another customer has one of these phones or e-mails. */
        unique: z.boolean().optional(),
      })
      .optional(),
    subject: z.string().trim().min(1).max(limits.subject),
    description: text,
    category: z.string().trim().max(limits.category),
    nature: z.enum(natures),
    priority: z.enum(priorities),
    source: z.enum(sources),
    groupId: id,
    /** null: into the pool of the group. */
    assigneeId: id.nullable(),
    custom: custom.optional(),
  }),
  /** 领取 of a customer without an open ticket: a new ticket in the own hands. */
  claimCustomer: z.strictObject({ customerId: id, subject: z.string().trim().min(1).max(limits.subject) }),
  claim: z.strictObject({}),
  assign: z.strictObject({ toId: id, note: text }),
  /** A leader takes an open ticket out of somebody's hands, into the pool. */
  withdraw: z.strictObject({ reason: text }),
  /** A leader gives the open callbacks of a finished ticket to another; open tickets are assigned. */
  handOver: z.strictObject({ toId: id, note: text }),
  update: z
    .strictObject({ note: text, changes: z.array(fieldChange).max(40), waiting: z.boolean() })
    .refine((a) => a.note.length > 0 || a.changes.length > 0, { message: 'empty-update' }),
  note: z.strictObject({ note: words }),
  resolve: z.strictObject({ report: words }),
  transfer: z.strictObject({ toId: id, reason: text }),
  release: z.strictObject({ reason: text }),
  invalidate: z.strictObject({ reason: words }),
  expire: z.strictObject({}),
  reopen: z.strictObject({ reason: words }),
  review: z.discriminatedUnion('verdict', [
    z.strictObject({ verdict: z.literal('close'), note: text }),
    z.strictObject({ verdict: z.literal('back'), note: words }),
  ]),
  autoClose: z.strictObject({}),
  customerReply: z.strictObject({ text: words }),
  scheduleCallback: z.strictObject({ callbackId: id, dueAt: time, note: text }),
  rescheduleCallback: z.strictObject({ callbackId: id, from: time, dueAt: time }),
  completeCallback: z.strictObject({ callbackId: id, outcome: z.enum(callbackOutcomes).exclude(['cancelled']), note: text }),
  cancelCallback: z.strictObject({ callbackId: id, reason: text }),
  /** Files whose bytes are with the server, or on their way to it. */
  attach: z.strictObject({
    files: z
      .array(
        z.strictObject({
          id,
          name: z.string().min(1).max(attachmentLimits.name),
          size: z.int().min(1).max(attachmentLimits.size),
          sha256: z.string().regex(/^[0-9a-f]{64}$/),
          type: z.string().max(120),
        }),
      )
      .min(1)
      .max(attachmentLimits.files),
  }),
  removeAttachment: z.strictObject({ attachmentId: id }),
  undo: z.strictObject({ eventId: id }),
} as const;

export type CommandKind = keyof typeof commandArgs;
export const commandKinds = Object.keys(commandArgs) as CommandKind[];
export type CommandArgs<K extends CommandKind> = z.infer<(typeof commandArgs)[K]>;

/** Commands that make their ticket. */
export const creating: readonly CommandKind[] = ['create', 'claimCustomer'];

/** What only the server or a channel may issue; refused from a device. */
export const serverCommands: readonly CommandKind[] = ['expire', 'autoClose', 'customerReply'];

interface CommandOf<K extends CommandKind> {
  /** UUIDv7 made by the device; the server applies each id once. */
  readonly id: string;
  readonly kind: K;
  readonly ticketId: string;
  readonly args: CommandArgs<K>;
  /** Device time, epoch ms. */
  readonly occurredAt: number;
}
/** A command about a ticket. */
export type Command = { [K in CommandKind]: CommandOf<K> }[CommandKind];

/** One schema for each kind of command about a ticket. */
export const ticketEnvelopes = commandKinds.map((kind) =>
  z.strictObject({ id, kind: z.literal(kind), ticketId: id, args: commandArgs[kind], occurredAt: time }),
);
