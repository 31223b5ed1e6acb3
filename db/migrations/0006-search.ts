/**
 * A row of the search index has its ticket's or customer's own rowid, doubled, plus one for a customer: whoever searches gets to the
 * rows without a table in between. `rowid` stays what it is, since nothing compacts the file with VACUUM. All is indexed again, in
 * slices. Lists and counts are read in an index, without reading a ticket. Never edited once released.
 */
export const search = {
  name: '0006-search',
  sql: `
DROP TRIGGER ticket_added;
DROP TRIGGER ticket_changed;
DROP TRIGGER ticket_gone;
DROP TRIGGER event_added;
DROP TRIGGER event_changed;
DROP TRIGGER event_gone;
DROP TRIGGER customer_added;
DROP TRIGGER customer_changed;
DROP TRIGGER customer_gone;
DROP TABLE search_doc;
DROP TABLE search_dirty;
INSERT INTO search (search) VALUES ('delete-all');
INSERT INTO search (search, rank) VALUES ('crisismerge', 1000);
DROP INDEX ticket_next;
DROP INDEX ticket_updated;
DROP INDEX ticket_mine;
CREATE INDEX ticket_next ON ticket (next_at IS NULL, next_at, updated_at DESC, id, group_id) WHERE deleted_at IS NULL;
CREATE INDEX ticket_mine ON ticket (assignee_id, status, next_at, due_at, deleted_at, updated_at, id);
CREATE INDEX ticket_expired ON ticket (expired_from, due_at, status, deleted_at) WHERE expired_from IS NOT NULL;
CREATE INDEX ticket_updated ON ticket (updated_at DESC, id, group_id, next_at) WHERE deleted_at IS NULL;
CREATE TABLE search_dirty (docid INTEGER PRIMARY KEY);
CREATE TRIGGER ticket_added AFTER INSERT ON ticket BEGIN
  INSERT INTO search_dirty VALUES (new.rowid * 2) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER ticket_changed AFTER UPDATE ON ticket
WHEN old.subject IS NOT new.subject OR old.description IS NOT new.description OR old.number IS NOT new.number
  OR old.customer_id IS NOT new.customer_id BEGIN
  INSERT INTO search_dirty VALUES (new.rowid * 2) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER ticket_gone AFTER DELETE ON ticket BEGIN
  INSERT INTO search_dirty VALUES (old.rowid * 2) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER event_added AFTER INSERT ON ticket_event WHEN new.note <> '' BEGIN
  INSERT INTO search_dirty SELECT rowid * 2 FROM ticket WHERE id = new.ticket_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER event_changed AFTER UPDATE ON ticket_event WHEN old.note IS NOT new.note BEGIN
  INSERT INTO search_dirty SELECT rowid * 2 FROM ticket WHERE id = new.ticket_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER event_gone AFTER DELETE ON ticket_event WHEN old.note <> '' BEGIN
  INSERT INTO search_dirty SELECT rowid * 2 FROM ticket WHERE id = old.ticket_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER customer_added AFTER INSERT ON customer BEGIN
  INSERT INTO search_dirty VALUES (new.rowid * 2 + 1) ON CONFLICT DO NOTHING;
  INSERT INTO search_dirty SELECT rowid * 2 FROM ticket WHERE customer_id = new.id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER customer_changed AFTER UPDATE ON customer
WHEN old.name IS NOT new.name OR old.phones IS NOT new.phones OR old.emails IS NOT new.emails
  OR old.address IS NOT new.address BEGIN
  INSERT INTO search_dirty VALUES (new.rowid * 2 + 1) ON CONFLICT DO NOTHING;
  INSERT INTO search_dirty SELECT rowid * 2 FROM ticket WHERE customer_id = new.id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER customer_gone AFTER DELETE ON customer BEGIN
  INSERT INTO search_dirty VALUES (old.rowid * 2 + 1) ON CONFLICT DO NOTHING;
  INSERT INTO search_dirty SELECT rowid * 2 FROM ticket WHERE customer_id = old.id ON CONFLICT DO NOTHING;
END;
INSERT INTO search_dirty SELECT rowid * 2 FROM ticket;
INSERT INTO search_dirty SELECT rowid * 2 + 1 FROM customer;
`,
} as const;
