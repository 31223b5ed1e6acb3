/** First shape of the cache. Never edited once released; what follows comes as a new migration. */
export const initial = {
  name: '0001-initial',
  sql: `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE account (
  id TEXT PRIMARY KEY, staff_no TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, group_ids TEXT NOT NULL,
  priority_group_id TEXT NOT NULL, disabled INTEGER NOT NULL);
CREATE TABLE staff_group (id TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE customer (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, phones TEXT NOT NULL, emails TEXT NOT NULL, address TEXT NOT NULL,
  tier TEXT NOT NULL, owner_id TEXT, source TEXT NOT NULL, invalid_releases INTEGER NOT NULL, invalid_at INTEGER,
  invalid_by TEXT, released_by TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE ticket (
  id TEXT PRIMARY KEY, number INTEGER, subject TEXT NOT NULL, description TEXT NOT NULL, category TEXT NOT NULL,
  nature TEXT NOT NULL, priority TEXT NOT NULL, source TEXT NOT NULL, status TEXT NOT NULL, customer_id TEXT NOT NULL,
  assignee_id TEXT, group_id TEXT NOT NULL, created_by TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  due_at INTEGER, next_at INTEGER, resolved_at INTEGER, invalid INTEGER NOT NULL, expired_from TEXT,
  custom TEXT NOT NULL, deleted_at INTEGER, version INTEGER NOT NULL);
CREATE INDEX ticket_mine ON ticket (assignee_id, status, next_at);
CREATE INDEX ticket_due ON ticket (due_at);
CREATE INDEX ticket_customer ON ticket (customer_id);
CREATE TABLE ticket_event (
  id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL, actor_id TEXT, command TEXT NOT NULL, note TEXT NOT NULL,
  changes TEXT NOT NULL, occurred_at INTEGER NOT NULL, received_at INTEGER);
CREATE INDEX event_ticket ON ticket_event (ticket_id);
CREATE TABLE callback (
  id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL, customer_id TEXT NOT NULL, assignee_id TEXT NOT NULL,
  due_at INTEGER NOT NULL, note TEXT NOT NULL, outcome TEXT, outcome_note TEXT NOT NULL, snoozes INTEGER NOT NULL,
  created_at INTEGER NOT NULL, closed_at INTEGER);
CREATE INDEX callback_ticket ON callback (ticket_id);
CREATE INDEX callback_mine ON callback (assignee_id, outcome, due_at);
CREATE TABLE transfer (
  id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL, from_id TEXT NOT NULL, to_id TEXT NOT NULL, reason TEXT NOT NULL,
  at INTEGER NOT NULL, snapshot TEXT NOT NULL);
CREATE INDEX transfer_mine ON transfer (from_id, at);
CREATE TABLE outbox (
  position INTEGER PRIMARY KEY AUTOINCREMENT, command_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  ticket_id TEXT NOT NULL, args TEXT NOT NULL, occurred_at INTEGER NOT NULL, state TEXT NOT NULL, seq INTEGER,
  attempts INTEGER NOT NULL, refusal TEXT, refused_at INTEGER, subject TEXT NOT NULL);
CREATE INDEX outbox_state ON outbox (state, position);
CREATE INDEX outbox_ticket ON outbox (ticket_id);
CREATE TABLE base_row (entity TEXT NOT NULL, id TEXT NOT NULL, row TEXT, PRIMARY KEY (entity, id)) WITHOUT ROWID;
CREATE TABLE unseen (ticket_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE draft (form TEXT PRIMARY KEY, value TEXT NOT NULL, saved_at INTEGER NOT NULL);
CREATE TABLE reminder (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, ticket_id TEXT, show_at INTEGER NOT NULL,
  state TEXT NOT NULL, digest TEXT, quiet INTEGER NOT NULL, shown_at INTEGER);
CREATE UNIQUE INDEX reminder_key ON reminder (kind, subject, show_at);
CREATE INDEX reminder_state ON reminder (state, show_at);
CREATE TABLE reminder_step (
  position INTEGER PRIMARY KEY AUTOINCREMENT, reminder_id TEXT NOT NULL, step TEXT NOT NULL, at INTEGER NOT NULL,
  why TEXT NOT NULL);
CREATE INDEX step_reminder ON reminder_step (reminder_id);
`,
} as const;
