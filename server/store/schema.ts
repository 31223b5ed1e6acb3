import { sql } from 'drizzle-orm';
import { bigint, boolean, customType, doublePrecision, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { SwitchCallAnswer } from '../calls/switch-call.ts';
import type { FileRefusal } from '../../shared/domain/attachments.ts';
import type { ImportRow } from '../../shared/protocol/operations.ts';
import type { PushResult } from '../../shared/protocol/wire.ts';
import type { CustomField } from '../../shared/domain/custom-fields.ts';
import type { Duty, Role } from '../../shared/domain/people.ts';
import type { SavedSearch } from '../../shared/domain/personal.ts';
import type { Callback, Customer, Parameters, Ticket, TicketEvent, Transfer } from '../../shared/domain/tickets.ts';

/**
 * What queries are typed with; the tables themselves are made by `migrations.ts`, and a test compares the two.
 * Column names in camel case are those of the domain, so a selected row is a domain row.
 */
const time = (name: string) => bigint(name, { mode: 'number' });
const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
const hash = customType<{ data: string }>({ dataType: () => 'text' });

export const account = pgTable('account', {
  id: text('id').primaryKey(),
  staffNo: text('staff_no').notNull(),
  name: text('name').notNull(),
  role: text('role').$type<Role>().notNull(),
  groupIds: text('group_ids').array().notNull(),
  priorityGroupId: text('priority_group_id').notNull(),
  disabled: boolean('disabled').notNull(),
  passwordHash: hash('password_hash').notNull(),
  duty: text('duty').$type<Duty>().notNull().default('on'),
  dutySince: time('duty_since'),
});

/** When an account was last heard of; apart, because every request would otherwise wait for whoever reads the account. */
export const accountSeen = pgTable('account_seen', { accountId: text('account_id').primaryKey(), at: time('at').notNull() });

export const staffGroup = pgTable('staff_group', { id: text('id').primaryKey(), name: text('name').notNull() });

export const parameter = pgTable('parameter', {
  id: smallint('id').primaryKey(),
  value: jsonb('value').$type<Parameters>().notNull(),
});

export const customer = pgTable('customer', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  phones: text('phones').array().notNull(),
  emails: text('emails').array().notNull(),
  address: text('address').notNull(),
  tier: text('tier').notNull(),
  ownerId: text('owner_id'),
  groupId: text('group_id'),
  source: text('source').$type<Customer['source']>().notNull(),
  invalidReleases: integer('invalid_releases').notNull(),
  invalidAt: time('invalid_at'),
  invalidBy: text('invalid_by'),
  releasedBy: text('released_by').array().notNull(),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
  audience: text('audience').array().notNull(),
});

/** Phones and e-mails of customers in their normal form, to find two that are one. */
export const contact = pgTable('contact', { key: text('key').notNull(), customerId: text('customer_id').notNull() }, (t) => [
  primaryKey({ columns: [t.key, t.customerId] }),
]);

export const ticket = pgTable('ticket', {
  id: text('id').primaryKey(),
  number: integer('number'),
  subject: text('subject').notNull(),
  description: text('description').notNull(),
  category: text('category').notNull(),
  nature: text('nature').$type<Ticket['nature']>().notNull(),
  priority: text('priority').$type<Ticket['priority']>().notNull(),
  source: text('source').$type<Ticket['source']>().notNull(),
  status: text('status').$type<Ticket['status']>().notNull(),
  customerId: text('customer_id').notNull(),
  assigneeId: text('assignee_id'),
  groupId: text('group_id').notNull(),
  createdBy: text('created_by'),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
  dueAt: time('due_at'),
  nextAt: time('next_at'),
  resolvedAt: time('resolved_at'),
  invalid: boolean('invalid').notNull(),
  expiredFrom: text('expired_from'),
  custom: jsonb('custom').$type<Ticket['custom']>().notNull(),
  deletedAt: time('deleted_at'),
  version: integer('version').notNull(),
  audience: text('audience').array().notNull(),
});

export const callback = pgTable('callback', {
  id: text('id').primaryKey(),
  ticketId: text('ticket_id').notNull(),
  customerId: text('customer_id').notNull(),
  assigneeId: text('assignee_id').notNull(),
  dueAt: time('due_at').notNull(),
  note: text('note').notNull(),
  outcome: text('outcome').$type<NonNullable<Callback['outcome']>>(),
  outcomeNote: text('outcome_note').notNull(),
  snoozes: integer('snoozes').notNull(),
  createdAt: time('created_at').notNull(),
  closedAt: time('closed_at'),
});

export const ticketEvent = pgTable('ticket_event', {
  id: text('id').primaryKey(),
  ticketId: text('ticket_id').notNull(),
  actorId: text('actor_id'),
  command: text('command').notNull(),
  note: text('note').notNull(),
  changes: jsonb('changes').$type<TicketEvent['changes']>().notNull(),
  occurredAt: time('occurred_at').notNull(),
  receivedAt: time('received_at'),
  /** Place of its ticket's change in the feed; 0 for what was there before the feed began. */
  seq: time('seq').notNull(),
});

export const transfer = pgTable('transfer', {
  id: text('id').primaryKey(),
  ticketId: text('ticket_id').notNull(),
  fromId: text('from_id').notNull(),
  toId: text('to_id').notNull(),
  reason: text('reason').notNull(),
  at: time('at').notNull(),
  snapshot: jsonb('snapshot').$type<Transfer['snapshot']>().notNull(),
  audience: text('audience').array().notNull(),
});

export const attachment = pgTable('attachment', {
  id: text('id').primaryKey(),
  ticketId: text('ticket_id').notNull(),
  eventId: text('event_id').notNull(),
  name: text('name').notNull(),
  size: integer('size').notNull(),
  sha256: text('sha256').notNull(),
  type: text('type').notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: time('created_at').notNull(),
  removedAt: time('removed_at'),
});

/** Bytes that arrive or have arrived; an attachment once the command has come, and gone after a day without one. */
export const file = pgTable('file', {
  id: text('id').primaryKey(),
  ticketId: text('ticket_id').notNull(),
  accountId: text('account_id').notNull(),
  name: text('name').notNull(),
  size: integer('size').notNull(),
  sha256: text('sha256').notNull(),
  /** By its content; null until the first piece is here. */
  type: text('type'),
  received: integer('received').notNull(),
  whole: boolean('whole').notNull(),
  /** Why its content is not taken. */
  refused: text('refused').$type<FileRefusal>(),
  at: time('at').notNull(),
});

export const filePiece = pgTable(
  'file_piece',
  { fileId: text('file_id').notNull(), start: integer('start').notNull(), bytes: bytea('bytes').notNull() },
  (t) => [primaryKey({ columns: [t.fileId, t.start] })],
);

export const commandLog = pgTable('command_log', {
  id: text('id').primaryKey(),
  deviceId: text('device_id'),
  accountId: text('account_id'),
  kind: text('kind').notNull(),
  /** What the command was about, a ticket or not. */
  ticketId: text('ticket_id').notNull(),
  at: time('at').notNull(),
  /** Null only inside the transaction that decides. */
  answer: jsonb('answer').$type<PushResult>(),
});

export const customField = pgTable('custom_field', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  type: text('type').$type<CustomField['type']>().notNull(),
  options: text('options').array().notNull(),
  required: boolean('required').notNull(),
  position: doublePrecision('position').notNull(),
  removedAt: time('removed_at'),
  updatedAt: time('updated_at').notNull(),
});

export const savedSearch = pgTable('saved_search', {
  id: text('id').primaryKey(),
  accountId: text('account_id').notNull(),
  name: text('name').notNull(),
  list: text('list').$type<SavedSearch['list']>().notNull(),
  text: text('text').notNull(),
  filter: jsonb('filter').$type<SavedSearch['filter']>().notNull(),
  sort: text('sort').$type<SavedSearch['sort']>().notNull(),
  descending: boolean('descending').notNull(),
  position: doublePrecision('position').notNull(),
  updatedAt: time('updated_at').notNull(),
});

export const phrase = pgTable('phrase', {
  id: text('id').primaryKey(),
  ownerId: text('owner_id'),
  title: text('title').notNull(),
  text: text('text').notNull(),
  position: doublePrecision('position').notNull(),
  updatedAt: time('updated_at').notNull(),
});

/** Rows of a file that nobody has committed yet. */
export const importStaged = pgTable(
  'import_staged',
  {
    accountId: text('account_id').notNull(),
    importId: text('import_id').notNull(),
    line: integer('line').notNull(),
    value: jsonb('value').$type<ImportRow>().notNull(),
    /** By what the customer is recognised. */
    keys: text('keys').array().notNull(),
    stagedAt: time('staged_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.importId, t.line] })],
);

export const feedKinds = ['ticket', 'customer', 'account', 'group', 'parameters', 'transfer', 'field', 'search', 'phrase'] as const;
export type FeedKind = (typeof feedKinds)[number];

export const feed = pgTable('feed', {
  seq: time('seq').primaryKey(),
  kind: text('kind').$type<FeedKind>().notNull(),
  subjectId: text('subject_id').notNull(),
  before: text('before').array().notNull(),
  after: text('after').array().notNull(),
  /** Random, 48 bits: another history of the database has another one at the same number. */
  mark: bigint('mark', { mode: 'number' })
    .notNull()
    .default(sql`('x' || translate(left(gen_random_uuid()::text, 13), '-', ''))::bit(48)::bigint`),
});

/** For each entry every tag that it has before or after; `*` for what is public. An account reads by the tags that it holds. */
export const feedTag = pgTable('feed_tag', { tag: text('tag').notNull(), seq: time('seq').notNull() }, (t) => [
  primaryKey({ columns: [t.tag, t.seq] }),
]);

export const feedHead = pgTable('feed_head', { id: smallint('id').primaryKey(), seq: time('seq').notNull() });

export const session = pgTable('session', {
  id: text('id').primaryKey(),
  accountId: text('account_id').notNull(),
  deviceId: text('device_id').notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at').notNull(),
  revokedAt: time('revoked_at'),
  /** Rises with each rotation; refresh tokens of this generation are good. */
  generation: integer('generation').notNull(),
  /** The token whose use made this generation, and when: good for a short while more, its answer may have been lost. */
  rotatedHash: hash('rotated_hash'),
  rotatedAt: time('rotated_at'),
});

/** A computer on which an account is signed in or, ended from elsewhere, was. */
export const device = pgTable(
  'device',
  {
    accountId: text('account_id').notNull(),
    id: text('id').notNull(),
    system: text('system').notNull(),
    name: text('name').notNull(),
    firstAt: time('first_at').notNull(),
    lastAt: time('last_at').notNull(),
    /** When somebody ordered that what lies there is destroyed; until somebody signs in there anew. */
    eraseAt: time('erase_at'),
    /** When the device was told so. */
    toldAt: time('told_at'),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.id] })],
);

export const accessToken = pgTable('access_token', {
  hash: hash('hash').primaryKey(),
  sessionId: text('session_id').notNull(),
  expiresAt: time('expires_at').notNull(),
});

export const refreshToken = pgTable('refresh_token', {
  hash: hash('hash').primaryKey(),
  sessionId: text('session_id').notNull(),
  generation: integer('generation').notNull(),
});

export const loginAttempt = pgTable('login_attempt', {
  key: text('key').primaryKey(),
  failures: integer('failures').notNull(),
  lastAt: time('last_at').notNull(),
  blockedUntil: time('blocked_until').notNull(),
});

/**
 * Sign-ins, sign-outs, refusals and changes of staff, rules and devices; commands have their own log. Read only: what is
 * appended goes through `appendAudit`.
 */
export const audit = pgTable(
  'audit',
  {
    at: time('at').notNull(),
    id: text('id').notNull(),
    action: text('action').notNull(),
    accountId: text('account_id'),
    detail: text('detail').notNull(),
    /** From 1, without holes; given by the database, like the hash. */
    seq: time('seq').notNull(),
    hash: hash('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.at, t.id] })],
);

/** Number and hash of the last entry of the audit log; written by its trigger alone. */
export const auditHead = pgTable('audit_head', {
  id: smallint('id').primaryKey(),
  seq: time('seq').notNull(),
  hash: hash('hash').notNull(),
});

/** What a telephone switch was answered, by its own id of the call. No number is kept. */
export const switchCall = pgTable('switch_call', {
  id: text('id').primaryKey(),
  accountId: text('account_id').notNull(),
  at: time('at').notNull(),
  answer: jsonb('answer').$type<SwitchCallAnswer>().notNull(),
});

export const meta = pgTable('meta', { key: text('key').primaryKey(), value: text('value').notNull() });
