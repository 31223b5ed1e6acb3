import { z } from 'zod';
import type { Attachment } from '../domain/attachments.ts';
import { type CustomField, customFieldTypes } from '../domain/custom-fields.ts';
import { ticketFilter } from '../domain/filter/filter.ts';
import type { Phrase, SavedSearch } from '../domain/personal.ts';
import { dutyStates, roles } from '../domain/people.ts';
import { listNames, sortColumns } from '../domain/ticket-state.ts';
import type { Account, StaffGroup } from '../domain/people.ts';
import {
  type Callback,
  callbackOutcomes,
  type Customer,
  natures,
  type Parameters,
  priorities,
  sources,
  type Ticket,
  type TicketEvent,
  ticketStatuses,
  type Transfer,
} from '../domain/tickets.ts';

const id = z.string().min(1).max(64);
const time = z.int();

export const accountRow = z.object({
  id,
  staffNo: z.string(),
  name: z.string(),
  role: z.enum(roles),
  groupIds: z.array(id),
  priorityGroupId: id,
  disabled: z.boolean(),
  duty: z.enum(dutyStates),
  dutySince: time.nullable(),
}) satisfies z.ZodType<Account>;

export const groupRow = z.object({ id, name: z.string() }) satisfies z.ZodType<StaffGroup>;

export const ticketRow = z.object({
  id,
  number: z.int().nullable(),
  subject: z.string(),
  description: z.string(),
  category: z.string(),
  nature: z.enum(natures),
  priority: z.enum(priorities),
  source: z.enum(sources),
  status: z.enum(ticketStatuses),
  customerId: id,
  assigneeId: id.nullable(),
  groupId: id,
  createdBy: id.nullable(),
  createdAt: time,
  updatedAt: time,
  dueAt: time.nullable(),
  nextAt: time.nullable(),
  resolvedAt: time.nullable(),
  invalid: z.boolean(),
  expiredFrom: id.nullable(),
  custom: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])),
  deletedAt: time.nullable(),
  version: z.int(),
}) satisfies z.ZodType<Ticket>;

export const customerRow = z.object({
  id,
  name: z.string(),
  phones: z.array(z.string()),
  emails: z.array(z.string()),
  address: z.string(),
  tier: z.string(),
  ownerId: id.nullable(),
  groupId: id.nullable(),
  source: z.enum(sources),
  invalidReleases: z.int(),
  invalidAt: time.nullable(),
  invalidBy: id.nullable(),
  releasedBy: z.array(id),
  createdAt: time,
  updatedAt: time,
}) satisfies z.ZodType<Customer>;

export const callbackRow = z.object({
  id,
  ticketId: id,
  customerId: id,
  assigneeId: id,
  dueAt: time,
  note: z.string(),
  outcome: z.enum(callbackOutcomes).nullable(),
  outcomeNote: z.string(),
  snoozes: z.int(),
  createdAt: time,
  closedAt: time.nullable(),
}) satisfies z.ZodType<Callback>;

export const attachmentRow = z.object({
  id,
  ticketId: id,
  eventId: id,
  name: z.string(),
  size: z.int(),
  sha256: z.string(),
  type: z.string(),
  createdBy: id,
  createdAt: time,
  removedAt: time.nullable(),
}) satisfies z.ZodType<Attachment>;

export const eventRow = z.object({
  id,
  ticketId: id,
  actorId: id.nullable(),
  command: z.string(),
  note: z.string(),
  changes: z.record(z.string(), z.object({ from: z.unknown(), to: z.unknown() })),
  occurredAt: time,
  receivedAt: time.nullable(),
}) satisfies z.ZodType<TicketEvent>;

export const transferRow = z.object({
  id,
  ticketId: id,
  fromId: id,
  toId: id,
  reason: z.string(),
  at: time,
  snapshot: z.object({ ticket: ticketRow, customerName: z.string(), events: z.array(eventRow) }),
}) satisfies z.ZodType<Transfer>;

export const parametersRow = z.object({
  allowReclaimAfterRelease: z.boolean(),
  agentsMayCreate: z.boolean(),
  ticketTtl: z.int().positive().nullable(),
  invalidReleaseLimit: z.int().positive(),
  resolvedAutoCloseDays: z.int().nonnegative(),
  trashDays: z.int().positive(),
  suspendedDays: z.int().positive(),
  offlineLeaseDays: z.int().positive(),
  cacheDays: z.int().min(31).max(3650),
  maskPhones: z.boolean(),
}) satisfies z.ZodType<Parameters>;

export const customFieldRow = z.object({
  id,
  name: z.string(),
  type: z.enum(customFieldTypes),
  options: z.array(z.string()),
  required: z.boolean(),
  position: z.number(),
  removedAt: time.nullable(),
  updatedAt: time,
}) satisfies z.ZodType<CustomField>;

export const searchRow = z.object({
  id,
  accountId: id,
  name: z.string(),
  list: z.enum(listNames),
  text: z.string(),
  filter: ticketFilter,
  sort: z.enum(sortColumns),
  descending: z.boolean(),
  position: z.number(),
  updatedAt: time,
}) satisfies z.ZodType<SavedSearch>;

export const phraseRow = z.object({
  id,
  ownerId: id.nullable(),
  title: z.string(),
  text: z.string(),
  position: z.number(),
  updatedAt: time,
}) satisfies z.ZodType<Phrase>;
