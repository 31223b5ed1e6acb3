import { z } from 'zod';
import { natures, priorities, sources, ticketStatuses } from '../tickets.ts';

/** Days are calendar days in the reader's zone; `none`: has no such time. */
export const relativeTimes = [
  'overdue',
  'today',
  'yesterday',
  'tomorrow',
  'last7',
  'last30',
  'next3',
  'next7',
  'thisMonth',
  'lastMonth',
  'none',
] as const;
export type RelativeTime = (typeof relativeTimes)[number];

/** `from` inclusive, `to` exclusive, epoch ms. */
export const timeRange = z.union([
  z.strictObject({ relative: z.enum(relativeTimes) }),
  z.strictObject({ from: z.int().nullable(), to: z.int().nullable() }),
]);
export type TimeRange = z.infer<typeof timeRange>;

const words = z.string().trim().min(1).max(100);
const ids = z.array(z.string().min(1).max(64)).min(1).max(100);
const names = z.array(z.string().max(60)).min(1).max(100);
const many = <const T extends readonly [string, ...string[]]>(of: T) => z.array(z.enum(of)).min(1).max(of.length);

export const textFields = ['subject', 'description', 'customer', 'phone', 'email', 'address', 'history'] as const;
export const timeFields = ['createdAt', 'updatedAt', 'dueAt', 'nextAt', 'resolvedAt', 'callbackAt'] as const;
/** `null` inside: nobody. `me` stands for whoever reads. */
export const personFields = ['assigneeId', 'createdBy', 'ownerId'] as const;

/** One condition; all of a filter have to hold. A filter has at most one of each field (and of each custom field). */
export const condition = z.discriminatedUnion('field', [
  z.strictObject({ field: z.literal('status'), any: many(ticketStatuses) }),
  z.strictObject({ field: z.literal('priority'), any: many(priorities) }),
  z.strictObject({ field: z.literal('nature'), any: many(natures) }),
  z.strictObject({ field: z.literal('source'), any: many(sources) }),
  z.strictObject({ field: z.literal('category'), any: names }),
  /** Customer group, for example 金卡客户. */
  z.strictObject({ field: z.literal('tier'), any: names }),
  z.strictObject({ field: z.literal('groupId'), any: ids }),
  z.strictObject({
    field: z.enum(personFields),
    any: z
      .array(z.union([z.literal('me'), z.string().min(1).max(64), z.null()]))
      .min(1)
      .max(100),
  }),
  /** Contains these words, whatever their case; phones by any part of their digits. */
  z.strictObject({ field: z.enum(textFields), contains: words }),
  z.strictObject({ field: z.literal('number'), from: z.int().nullable(), to: z.int().nullable() }),
  z.strictObject({ field: z.enum(timeFields), at: timeRange }),
  z.strictObject({ field: z.literal('invalid'), is: z.boolean() }),
  /** Has an open callback. */
  z.strictObject({ field: z.literal('callback'), is: z.boolean() }),
  z.strictObject({
    field: z.literal('custom'),
    /** Id of the definition. */
    key: z.string().min(1).max(64),
    test: z.discriminatedUnion('op', [
      z.strictObject({ op: z.literal('contains'), text: words }),
      z.strictObject({ op: z.literal('any'), values: z.array(z.string().max(200)).min(1).max(50) }),
      /** Both ends inclusive. */
      z.strictObject({ op: z.literal('number'), from: z.number().nullable(), to: z.number().nullable() }),
      /** `YYYY-MM-DD`, both ends inclusive. */
      z.strictObject({ op: z.literal('date'), from: z.string().max(10).nullable(), to: z.string().max(10).nullable() }),
      z.strictObject({ op: z.literal('is'), value: z.boolean() }),
      z.strictObject({ op: z.literal('empty') }),
    ]),
  }),
]);
export type Condition = z.infer<typeof condition>;

/** What names a condition: its field, and for a custom one its definition. */
export const conditionKey = (c: Pick<Condition, 'field'> & { readonly key?: string }): string =>
  c.field === 'custom' ? `custom.${c.key ?? ''}` : c.field;

/** At most 30 conditions, one per field; an empty filter holds everything. */
export const ticketFilter = z
  .array(condition)
  .max(30)
  .refine((list) => new Set(list.map((c) => conditionKey(c))).size === list.length, { message: 'field-twice' });
export type TicketFilter = z.infer<typeof ticketFilter>;
