/**
 * Indexes for lists of everybody's tickets, in the order in which they are shown, and a search index that is merged between
 * writes and not within them. Never edited once released.
 */
export const speed = {
  name: '0005-speed',
  sql: `
CREATE INDEX ticket_next ON ticket (next_at IS NULL, next_at, updated_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX ticket_group ON ticket (group_id, status, next_at) WHERE deleted_at IS NULL;
INSERT INTO search (search, rank) VALUES ('automerge', 0);
INSERT INTO search (search, rank) VALUES ('crisismerge', 64);
`,
} as const;
