import { isNotNull, isNull, sql } from 'drizzle-orm';
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { CustomFieldType } from '../../shared/domain/custom-fields.ts';
import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import type { Duty, Role } from '../../shared/domain/people.ts';
import type { ReminderKind, ReminderStep } from '../../shared/domain/reminders/reminder.ts';
import type { CallbackOutcome, CustomValue, Nature, Priority, Source, TicketStatus, Transfer } from '../../shared/domain/tickets.ts';
import type { ListName, SortColumn } from '../../shared/domain/ticket-state.ts';
import type { AnyKind, Refusal } from '../../shared/domain/commands/index.ts';
import { jsonText } from './json-text.ts';

// The shape that drizzle reads and writes; the migrations make it, and a test compares the two.

export const meta = sqliteTable('meta', { key: text().primaryKey(), value: text().notNull() });

export const accounts = sqliteTable('account', {
  id: text().primaryKey(),
  staffNo: text('staff_no').notNull(),
  name: text().notNull(),
  role: text().$type<Role>().notNull(),
  groupIds: jsonText('group_ids').$type<string[]>().notNull(),
  priorityGroupId: text('priority_group_id').notNull(),
  disabled: integer({ mode: 'boolean' }).notNull(),
  duty: text().$type<Duty>().notNull(),
  dutySince: integer('duty_since'),
});

export const groups = sqliteTable('staff_group', { id: text().primaryKey(), name: text().notNull() });

export const customers = sqliteTable(
  'customer',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    phones: jsonText().$type<string[]>().notNull(),
    emails: jsonText().$type<string[]>().notNull(),
    address: text().notNull(),
    tier: text().notNull(),
    ownerId: text('owner_id'),
    source: text().$type<Source>().notNull(),
    invalidReleases: integer('invalid_releases').notNull(),
    invalidAt: integer('invalid_at'),
    invalidBy: text('invalid_by'),
    releasedBy: jsonText('released_by').$type<string[]>().notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    groupId: text('group_id'),
  },
  (t) => [
    index('customer_owner').on(t.ownerId, t.invalidAt),
    index('customer_invalid')
      .on(t.invalidBy, t.invalidAt)
      .where(sql`invalid_at IS NOT NULL`),
  ],
);

export const tickets = sqliteTable(
  'ticket',
  {
    id: text().primaryKey(),
    number: integer(),
    subject: text().notNull(),
    description: text().notNull(),
    category: text().notNull(),
    nature: text().$type<Nature>().notNull(),
    priority: text().$type<Priority>().notNull(),
    source: text().$type<Source>().notNull(),
    status: text().$type<TicketStatus>().notNull(),
    customerId: text('customer_id').notNull(),
    assigneeId: text('assignee_id'),
    groupId: text('group_id').notNull(),
    createdBy: text('created_by'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    dueAt: integer('due_at'),
    nextAt: integer('next_at'),
    resolvedAt: integer('resolved_at'),
    invalid: integer({ mode: 'boolean' }).notNull(),
    expiredFrom: text('expired_from'),
    custom: jsonText().$type<Record<string, CustomValue>>().notNull(),
    deletedAt: integer('deleted_at'),
    version: integer().notNull(),
  },
  (t) => [
    index('ticket_mine').on(t.assigneeId, t.status, t.nextAt, t.dueAt, t.deletedAt, t.updatedAt, t.id),
    index('ticket_expired').on(t.expiredFrom, t.dueAt, t.status, t.deletedAt).where(isNotNull(t.expiredFrom)),
    index('ticket_due').on(t.dueAt),
    index('ticket_customer').on(t.customerId),
    index('ticket_status').on(t.status, t.updatedAt),
    index('ticket_updated')
      .on(sql`${t.updatedAt} DESC`, t.id, t.groupId, t.nextAt)
      .where(isNull(t.deletedAt)),
    index('ticket_next')
      .on(sql`${t.nextAt} IS NULL`, t.nextAt, sql`${t.updatedAt} DESC`, t.id, t.groupId)
      .where(isNull(t.deletedAt)),
    index('ticket_group').on(t.groupId, t.status, t.nextAt).where(isNull(t.deletedAt)),
  ],
);

export const events = sqliteTable(
  'ticket_event',
  {
    id: text().primaryKey(),
    ticketId: text('ticket_id').notNull(),
    actorId: text('actor_id'),
    command: text().notNull(),
    note: text().notNull(),
    changes: jsonText().$type<Record<string, { from: unknown; to: unknown }>>().notNull(),
    occurredAt: integer('occurred_at').notNull(),
    receivedAt: integer('received_at'),
  },
  (t) => [index('event_ticket').on(t.ticketId)],
);

export const callbacks = sqliteTable(
  'callback',
  {
    id: text().primaryKey(),
    ticketId: text('ticket_id').notNull(),
    customerId: text('customer_id').notNull(),
    assigneeId: text('assignee_id').notNull(),
    dueAt: integer('due_at').notNull(),
    note: text().notNull(),
    outcome: text().$type<CallbackOutcome>(),
    outcomeNote: text('outcome_note').notNull(),
    snoozes: integer().notNull(),
    createdAt: integer('created_at').notNull(),
    closedAt: integer('closed_at'),
  },
  (t) => [index('callback_ticket').on(t.ticketId), index('callback_mine').on(t.assigneeId, t.outcome, t.dueAt)],
);

export const attachments = sqliteTable(
  'attachment',
  {
    id: text().primaryKey(),
    ticketId: text('ticket_id').notNull(),
    eventId: text('event_id').notNull(),
    name: text().notNull(),
    size: integer().notNull(),
    sha256: text().notNull(),
    type: text().notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    removedAt: integer('removed_at'),
  },
  (t) => [index('attachment_ticket').on(t.ticketId)],
);

/** Files whose bytes, or a beginning of them, lie on this device, each under a key that stands here alone: without its row a file is noise. */
export const attachmentFiles = sqliteTable('attachment_file', {
  id: text().primaryKey(),
  /** The form in which it waits for its command; null once it has one, and for what was downloaded. */
  form: text(),
  name: text().notNull(),
  size: integer().notNull(),
  /** '' until it is known. */
  sha256: text().notNull(),
  type: text().notNull(),
  /** Hex. */
  key: text().notNull(),
  state: text().$type<'copying' | 'loading' | 'ready'>().notNull(),
  /** Pixels of a picture that may be shown; null for anything else. */
  width: integer(),
  height: integer(),
  at: integer().notNull(),
});

export const transfers = sqliteTable(
  'transfer',
  {
    id: text().primaryKey(),
    ticketId: text('ticket_id').notNull(),
    fromId: text('from_id').notNull(),
    toId: text('to_id').notNull(),
    reason: text().notNull(),
    at: integer().notNull(),
    snapshot: jsonText().$type<Transfer['snapshot']>().notNull(),
  },
  (t) => [index('transfer_mine').on(t.fromId, t.at)],
);

/**
 * Commands in the order in which they were given. `acked`: the server has it, its effect has not been pulled yet. `done`:
 * pulled; kept for some days, should the server be restored from a backup that is older.
 */
export const outbox = sqliteTable(
  'outbox',
  {
    position: integer().primaryKey({ autoIncrement: true }),
    commandId: text('command_id').notNull().unique(),
    kind: text().$type<AnyKind>().notNull(),
    /** The row that it is about; of a ticket's command the ticket. */
    subjectId: text('subject_id').notNull(),
    args: jsonText().$type<unknown>().notNull(),
    occurredAt: integer('occurred_at').notNull(),
    state: text().$type<'queued' | 'acked' | 'done' | 'refused'>().notNull(),
    /** Place in the server's feed, once acked. */
    seq: integer(),
    attempts: integer().notNull(),
    refusal: jsonText().$type<Refusal>(),
    refusedAt: integer('refused_at'),
    /** What its subject was called when the command was given: it may have left this device by the time it is refused. */
    subject: text().notNull(),
    /** The ticket's number as far as it was known then; stays when the ticket has left. */
    number: integer(),
    /** Device time at which it became `done`. */
    doneAt: integer('done_at'),
  },
  (t) => [index('outbox_state').on(t.state, t.position), index('outbox_subject').on(t.subjectId)],
);

/** The server's version of each row that a queued command has changed here; null: the row did not exist. */
export const baseRows = sqliteTable(
  'base_row',
  { entity: text().$type<RowEntity>().notNull(), id: text().notNull(), row: jsonText().$type<unknown>() },
  (t) => [primaryKey({ columns: [t.entity, t.id] })],
);
export type RowEntity = 'ticket' | 'customer' | 'callback' | 'event' | 'transfer' | 'account' | 'search' | 'phrase' | 'attachment';

export const customFields = sqliteTable('custom_field', {
  id: text().primaryKey(),
  name: text().notNull(),
  type: text().$type<CustomFieldType>().notNull(),
  options: jsonText().$type<string[]>().notNull(),
  required: integer({ mode: 'boolean' }).notNull(),
  position: real().notNull(),
  removedAt: integer('removed_at'),
  updatedAt: integer('updated_at').notNull(),
});

export const savedSearches = sqliteTable('saved_search', {
  id: text().primaryKey(),
  accountId: text('account_id').notNull(),
  name: text().notNull(),
  list: text().$type<ListName>().notNull(),
  text: text().notNull(),
  filter: jsonText().$type<TicketFilter>().notNull(),
  sort: text().$type<SortColumn>().notNull(),
  descending: integer({ mode: 'boolean' }).notNull(),
  position: real().notNull(),
  updatedAt: integer('updated_at').notNull(),
});

export const phrases = sqliteTable('phrase', {
  id: text().primaryKey(),
  ownerId: text('owner_id'),
  title: text().notNull(),
  text: text().notNull(),
  position: real().notNull(),
  updatedAt: integer('updated_at').notNull(),
});

/**
 * Rows of the search index (`search`, FTS5, no table of drizzle's) that have to be written again; filled by triggers. Such a row has its
 * ticket's rowid, doubled, or its customer's, doubled plus one.
 */
export const searchDirty = sqliteTable('search_dirty', { docid: integer().primaryKey() });

/** Tickets that somebody else changed since they were last opened here. */
export const unseen = sqliteTable('unseen', { ticketId: text('ticket_id').primaryKey() });

export const drafts = sqliteTable('draft', {
  form: text().primaryKey(),
  value: text().notNull(),
  savedAt: integer('saved_at').notNull(),
});

/** Unsent text about a ticket that has left this account's view: kept for the agent, without anything of the ticket but its number. */
export const keptDrafts = sqliteTable('kept_draft', {
  form: text().primaryKey(),
  value: text().notNull(),
  number: integer(),
  keptAt: integer('kept_at').notNull(),
});

/** Tickets older than the window that were fetched because somebody asked for them, and when. */
export const fetched = sqliteTable('fetched', { ticketId: text('ticket_id').primaryKey(), at: integer().notNull() });

export const reminders = sqliteTable(
  'reminder',
  {
    id: text().primaryKey(),
    kind: text().$type<ReminderKind>().notNull(),
    subject: text().notNull(),
    ticketId: text('ticket_id'),
    showAt: integer('show_at').notNull(),
    state: text().$type<'armed' | 'shown' | 'closed'>().notNull(),
    /** Several shown as one share it. */
    digest: text(),
    /** Natively only; no corner popup. */
    quiet: integer({ mode: 'boolean' }).notNull(),
    shownAt: integer('shown_at'),
  },
  (t) => [uniqueIndex('reminder_key').on(t.kind, t.subject, t.showAt), index('reminder_state').on(t.state, t.showAt)],
);

/** The ledger: what became of each reminder, step by step. */
export const reminderSteps = sqliteTable(
  'reminder_step',
  {
    position: integer().primaryKey({ autoIncrement: true }),
    reminderId: text('reminder_id').notNull(),
    step: text().$type<ReminderStep>().notNull(),
    at: integer().notNull(),
    why: text().notNull(),
  },
  (t) => [index('step_reminder').on(t.reminderId)],
);
