/**
 * Customers' groups, duty, custom fields, what an account keeps for itself, and search. Never edited once released.
 * In the triggers `OR IGNORE` would give way to the conflict clause of the statement that fires them.
 */
export const desk = {
  name: '0002-desk',
  sql: `
ALTER TABLE account ADD COLUMN duty TEXT NOT NULL DEFAULT 'on';
ALTER TABLE account ADD COLUMN duty_since INTEGER;
ALTER TABLE customer ADD COLUMN group_id TEXT;
CREATE INDEX customer_owner ON customer (owner_id);
CREATE INDEX ticket_status ON ticket (status, updated_at);
CREATE INDEX ticket_updated ON ticket (updated_at);
ALTER TABLE outbox RENAME COLUMN ticket_id TO subject_id;
DROP INDEX outbox_ticket;
CREATE INDEX outbox_subject ON outbox (subject_id);
CREATE TABLE custom_field (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, options TEXT NOT NULL, required INTEGER NOT NULL,
  position REAL NOT NULL, removed_at INTEGER, updated_at INTEGER NOT NULL);
CREATE TABLE saved_search (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL, name TEXT NOT NULL, list TEXT NOT NULL, text TEXT NOT NULL,
  filter TEXT NOT NULL, sort TEXT NOT NULL, descending INTEGER NOT NULL, position REAL NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE phrase (
  id TEXT PRIMARY KEY, owner_id TEXT, title TEXT NOT NULL, text TEXT NOT NULL, position REAL NOT NULL,
  updated_at INTEGER NOT NULL);

CREATE TABLE search_doc (docid INTEGER PRIMARY KEY, entity TEXT NOT NULL, id TEXT NOT NULL);
CREATE UNIQUE INDEX search_doc_of ON search_doc (entity, id);
CREATE VIRTUAL TABLE search USING fts5(body, content='', contentless_delete=1, tokenize='ascii');
CREATE TABLE search_dirty (entity TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (entity, id)) WITHOUT ROWID;
CREATE TRIGGER ticket_added AFTER INSERT ON ticket BEGIN
  INSERT INTO search_dirty VALUES ('ticket', new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER ticket_changed AFTER UPDATE ON ticket
WHEN old.subject IS NOT new.subject OR old.description IS NOT new.description OR old.number IS NOT new.number
  OR old.customer_id IS NOT new.customer_id BEGIN
  INSERT INTO search_dirty VALUES ('ticket', new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER ticket_gone AFTER DELETE ON ticket BEGIN
  INSERT INTO search_dirty VALUES ('ticket', old.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER event_added AFTER INSERT ON ticket_event WHEN new.note <> '' BEGIN
  INSERT INTO search_dirty VALUES ('ticket', new.ticket_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER event_changed AFTER UPDATE ON ticket_event WHEN old.note IS NOT new.note BEGIN
  INSERT INTO search_dirty VALUES ('ticket', new.ticket_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER event_gone AFTER DELETE ON ticket_event WHEN old.note <> '' BEGIN
  INSERT INTO search_dirty VALUES ('ticket', old.ticket_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER customer_added AFTER INSERT ON customer BEGIN
  INSERT INTO search_dirty VALUES ('customer', new.id) ON CONFLICT DO NOTHING;
  INSERT INTO search_dirty SELECT 'ticket', id FROM ticket WHERE customer_id = new.id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER customer_changed AFTER UPDATE ON customer
WHEN old.name IS NOT new.name OR old.phones IS NOT new.phones OR old.emails IS NOT new.emails
  OR old.address IS NOT new.address BEGIN
  INSERT INTO search_dirty VALUES ('customer', new.id) ON CONFLICT DO NOTHING;
  INSERT INTO search_dirty SELECT 'ticket', id FROM ticket WHERE customer_id = new.id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER customer_gone AFTER DELETE ON customer BEGIN
  INSERT INTO search_dirty VALUES ('customer', old.id) ON CONFLICT DO NOTHING;
  INSERT INTO search_dirty SELECT 'ticket', id FROM ticket WHERE customer_id = old.id ON CONFLICT DO NOTHING;
END;
INSERT OR IGNORE INTO search_dirty SELECT 'ticket', id FROM ticket;
INSERT OR IGNORE INTO search_dirty SELECT 'customer', id FROM customer;
`,
} as const;
