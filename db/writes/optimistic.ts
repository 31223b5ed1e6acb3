import { asc, ne } from 'drizzle-orm';
import { type Change, type Command, decide, type DecisionState } from '../../shared/domain/commands/index.ts';
import type { Account } from '../../shared/domain/people.ts';
import { readDecisionState } from '../reads/decision-state.ts';
import type { Reader } from '../open.ts';
import { baseRows, outbox, type RowEntity } from '../schema/tables.ts';
import { type EntityRows, getRow, putRow, removeRow } from './rows.ts';

/** Keeps the server's version of a row, once, before a queued command changes it. */
function keepBase(db: Reader, entity: RowEntity, id: string): void {
  db.insert(baseRows)
    .values({ entity, id, row: getRow(db, entity, id) })
    .onConflictDoNothing()
    .run();
}

function putOver<E extends RowEntity>(db: Reader, entity: E, row: EntityRows[E] & { readonly id: string }): void {
  keepBase(db, entity, row.id);
  putRow(db, entity, row);
}

/** Writes what a command leads to over the server's rows, so that it can be taken back. */
export function writeChange(db: Reader, change: Change): void {
  putOver(db, 'ticket', change.ticket);
  if (change.customer) putOver(db, 'customer', change.customer);
  for (const callback of change.callbacks) putOver(db, 'callback', callback);
  if (change.transfer) putOver(db, 'transfer', change.transfer);
  putOver(db, 'event', change.event);
}

/** Decides a command on the rows at hand and, if allowed, writes its effect. */
export function applyLocally(db: Reader, command: Command, actor: Account, now: number): ReturnType<typeof decide> {
  const state: DecisionState = readDecisionState(db, command);
  const decision = decide(state, command, actor, now);
  if (decision.ok) writeChange(db, decision.value);
  return decision;
}

/** Puts the server's versions back; the queue's effects are gone until `reapplyQueue`. */
export function restoreBase(db: Reader): void {
  for (const { entity, id, row } of db.select().from(baseRows).all()) {
    if (row === null) removeRow(db, entity, id);
    else putRow(db, entity, row as never);
  }
  db.delete(baseRows).run();
}

/**
 * Runs the queue again over the server's rows. A command that no longer fits has no effect here and stays queued: the
 * server, and not this cache, refuses it.
 */
export function reapplyQueue(db: Reader, actor: Account): void {
  const rows = db.select().from(outbox).where(ne(outbox.state, 'refused')).orderBy(asc(outbox.position)).all();
  for (const row of rows) {
    const command = { id: row.commandId, kind: row.kind, ticketId: row.ticketId, args: row.args, occurredAt: row.occurredAt } as Command;
    // The command's own time, so that running it again gives the same rows.
    applyLocally(db, command, actor, row.occurredAt);
  }
}
