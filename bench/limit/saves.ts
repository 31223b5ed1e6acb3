import type Database from 'better-sqlite3';
import { v7 } from 'uuid';
import { NOW, type SampleTicket } from '../peers/data.ts';
import { me, toForm, toTicket } from '../peers/our-rows.ts';
import type { RawRows } from './rows.ts';
import { learnSounds } from './words.ts';

const queueSql = `INSERT INTO outbox (command_id, kind, subject_id, args, occurred_at, state, attempts, subject)
  VALUES (?, ?, ?, ?, ?, 'queued', 0, ?)`;

interface NotedTicket {
  readonly rowid: number;
  readonly subject: string;
  readonly description: string;
  readonly customerId: string;
}

/** What a saved note writes: ticket, event, what the server had of both, words, queue; one FULL transaction. */
export function rawNote(raw: Database.Database, rows: RawRows): (ticketId: string, note: string) => void {
  const ticket = raw.prepare('UPDATE ticket SET updated_at = ?, version = version + 1 WHERE id = ?');
  const base = raw.prepare('INSERT OR IGNORE INTO base_row VALUES (?, ?, ?)');
  const queue = raw.prepare(queueSql);
  const read = raw.prepare<[string], NotedTicket>('SELECT rowid, *, customer_id customerId FROM ticket WHERE id = ?');
  const write = raw.transaction((ticketId: string, note: string) => {
    const id = v7();
    const before = read.get(ticketId)!;
    base.run('ticket', ticketId, JSON.stringify(before));
    base.run('event', id, null);
    ticket.run(NOW, ticketId);
    const changes = { id, ticketId, actorId: me.id, command: 'note', note, changes: {}, occurredAt: NOW, receivedAt: null };
    rows.insertEvent(changes);
    rows.unindexTicket(before.rowid);
    rows.indexTicket(before.rowid, before, rows.notesOf(ticketId));
    queue.run(id, 'note', ticketId, JSON.stringify({ note }), NOW, before.subject);
  });
  return (ticketId, note) => {
    write.immediate(ticketId, note);
  };
}

/**
 * What a new ticket writes: its row and event, that the server had neither, words, queue; one FULL transaction.
 * @param drafts that will be saved; their sounds are learned here, which is not to be timed
 */
export function rawCreate(
  raw: Database.Database,
  rows: RawRows,
  drafts: readonly SampleTicket[],
): (draft: SampleTicket, customerId: string) => void {
  learnSounds(drafts.map((d) => d.subject));
  const base = raw.prepare('INSERT OR IGNORE INTO base_row VALUES (?, ?, NULL)');
  const queue = raw.prepare(queueSql);
  const write = raw.transaction((sample: SampleTicket, customerId: string) => {
    const [commandId, ticketId] = [v7(), v7()];
    const ticket = { ...toTicket(sample, null), id: ticketId, number: null, customerId };
    base.run('ticket', ticketId);
    base.run('event', commandId);
    const rowid = rows.insertTicket(ticket);
    const event = { id: commandId, ticketId, actorId: me.id, command: 'create', note: '', changes: {}, occurredAt: NOW, receivedAt: null };
    rows.insertEvent(event);
    rows.indexTicket(rowid, ticket, '');
    queue.run(commandId, 'create', ticketId, JSON.stringify(toForm(sample, customerId)), NOW, ticket.subject);
  });
  return (draft, customerId) => {
    write.immediate(draft, customerId);
  };
}
