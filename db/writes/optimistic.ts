import { asc, inArray, sql } from 'drizzle-orm';
import {
  type AnyCommand,
  type Change,
  decide,
  decideRecord,
  isRecordCommand,
  isRecordKind,
  type RecordRow,
  type Refusal,
} from '../../shared/domain/commands/index.ts';
import type { Account } from '../../shared/domain/people.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { readDecisionState, readRecordState } from '../reads/decision-state.ts';
import { oncePer } from '../once.ts';
import type { Reader } from '../reader.ts';
import { placeTyped } from './leaving.ts';
import { baseRows, outbox, type RowEntity } from '../schema/tables.ts';
import { type EntityRows, getRow, putRow, removeRow } from './rows.ts';

const statements = oncePer((db) => ({
  keep: db
    .insert(baseRows)
    .values({ entity: sql.placeholder('entity'), id: sql.placeholder('id'), row: sql`${sql.placeholder('row')}` })
    .onConflictDoNothing()
    .prepare(),
  kept: db.select().from(baseRows).prepare(),
  queue: db
    .select()
    .from(outbox)
    .where(inArray(outbox.state, ['queued', 'acked']))
    .orderBy(asc(outbox.position))
    .prepare(),
}));

/** Keeps the server's version of a row, once, before a queued command changes it. */
function keepBase(db: Reader, entity: RowEntity, id: string): void {
  const row = getRow(db, entity, id);
  statements(db).keep.run({ entity, id, row: row === null ? null : JSON.stringify(row) });
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
  for (const attachment of change.attachments ?? []) putOver(db, 'attachment', attachment);
  putOver(db, 'event', change.event);
}

function writeRecord(db: Reader, { entity, id, row }: RecordRow): void {
  keepBase(db, entity, id);
  if (row === null) removeRow(db, entity, id);
  else putRow(db, entity, row);
}

/** What a command wrote besides its ticket. */
export interface Written {
  readonly customers: boolean;
}

/** Decides a command on the rows at hand and, if allowed, writes its effect. */
export function applyLocally(db: Reader, command: AnyCommand, actor: Account, now: number): Result<Written, Refusal> {
  if (isRecordCommand(command)) {
    // The account as it is now: an earlier command may have changed it (duty).
    const decision = decideRecord(readRecordState(db, command, actor), command, getRow(db, 'account', actor.id) ?? actor, now);
    if (!decision.ok) return err(decision.error);
    for (const row of decision.value) writeRecord(db, row);
    return ok({ customers: decision.value.some((row) => row.entity === 'customer') });
  }
  const decision = decide(readDecisionState(db, command), command, actor, now);
  if (!decision.ok) return err(decision.error);
  writeChange(db, decision.value);
  return ok({ customers: decision.value.customer !== undefined });
}

/** A row of the queue as the command that it holds. */
export function toCommand(row: typeof outbox.$inferSelect): AnyCommand {
  const { commandId: id, kind, subjectId, args, occurredAt } = row;
  const envelope = { id, kind, args, occurredAt };
  return (isRecordKind(kind) ? { ...envelope, subjectId } : { ...envelope, ticketId: subjectId }) as AnyCommand;
}

/** Puts the server's versions back; the queue's effects are gone until `reapplyQueue`. */
export function restoreBase(db: Reader): void {
  for (const { entity, id, row } of statements(db).kept.all()) {
    if (row === null) removeRow(db, entity, id);
    else putRow(db, entity, row as never);
  }
  db.delete(baseRows).run();
}

/**
 * Runs the queue again over the server's rows, and puts what was typed where it belongs now. A command that no longer fits
 * has no effect here and stays queued: the server, and not this cache, refuses it. @param now device time, epoch ms
 */
export function reapplyQueue(db: Reader, actor: Account, now: number): void {
  // The command's own time, so that running it again gives the same rows.
  for (const row of statements(db).queue.all()) applyLocally(db, toCommand(row), actor, row.occurredAt);
  placeTyped(db, now);
}
