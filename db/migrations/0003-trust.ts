/** What an agent typed outlives the ticket's stay on the device, and a command the server's backup. Never edited once released. */
export const trust = {
  name: '0003-trust',
  sql: `
ALTER TABLE outbox ADD COLUMN number INTEGER;
ALTER TABLE outbox ADD COLUMN done_at INTEGER;
CREATE TABLE kept_draft (form TEXT PRIMARY KEY, value TEXT NOT NULL, number INTEGER, kept_at INTEGER NOT NULL);
CREATE TABLE fetched (ticket_id TEXT PRIMARY KEY, at INTEGER NOT NULL);
`,
};
