/**
 * Attachments and the files behind them. The cursor goes, so that everything is read again: what others attached while
 * this device did not know of attachments is no change any more. Never edited once released.
 */
export const attachments = {
  name: '0004-attachments',
  sql: `
CREATE TABLE attachment (
  id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL, event_id TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
  sha256 TEXT NOT NULL, type TEXT NOT NULL, created_by TEXT NOT NULL, created_at INTEGER NOT NULL, removed_at INTEGER);
CREATE INDEX attachment_ticket ON attachment (ticket_id);
CREATE TABLE attachment_file (
  id TEXT PRIMARY KEY, form TEXT, name TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, type TEXT NOT NULL,
  key TEXT NOT NULL, state TEXT NOT NULL, width INTEGER, height INTEGER, at INTEGER NOT NULL);
DELETE FROM meta WHERE key IN ('cursor', 'after');
`,
} as const;
