import { eq } from 'drizzle-orm';
import { readMeta } from '../../db/reads/meta.ts';
import { readAttention, textOf } from '../../db/reads/attention.ts';
import { readQueue } from '../../db/reads/queue.ts';
import { outbox } from '../../db/schema/tables.ts';
import { toCommand } from '../../db/writes/optimistic.ts';
import { BridgeError } from '../../shared/bridge/errors.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import { type AnyCommand, type Command, isRecordKind } from '../../shared/domain/commands/index.ts';
import { countByState, type QueuedRow } from '../sync/queue.ts';
import type { Desk } from '../session/desk.ts';
import type { CoreContext } from '../context.ts';
import { type ActResult, give, giveMany } from './give.ts';

type SyncState = OutputOf<CoreContract['queries']['sync.state']>;

type RetryResult = OutputOf<CoreContract['calls']['attention.retry']>;

const signedOut: SyncState = {
  connection: 'offline',
  offlineSince: null,
  lastSyncedAt: null,
  pending: 0,
  attention: 0,
  firstSync: null,
  nextRetryAt: null,
  problem: null,
};

export function syncState(desk: Desk | null): SyncState {
  if (desk === null) return signedOut;
  const { db } = desk.cache;
  const lastSyncedAt = readMeta(db, 'lastSyncedAt');
  const first = readMeta(db, 'firstSync');
  const incomplete = readMeta(db, 'cursor') === null;
  return {
    ...desk.engine.state,
    lastSyncedAt: lastSyncedAt === null ? null : Number(lastSyncedAt),
    pending: countByState(db, 'queued'),
    attention: countByState(db, 'refused'),
    firstSync: first !== null ? (JSON.parse(first) as { done: number; total: number }) : incomplete ? { done: 0, total: 0 } : null,
  };
}

export const syncQueue = (desk: Desk | null): OutputOf<CoreContract['queries']['sync.queue']> =>
  desk === null ? [] : readQueue(desk.cache.db).map(({ callbackId: _, ...item }) => item);

export const attentionList = (desk: Desk | null): OutputOf<CoreContract['queries']['attention.list']> =>
  desk === null ? [] : readAttention(desk.cache.db);

const refusedRow = (desk: Desk, commandId: string): QueuedRow => {
  const row = desk.cache.db.select().from(outbox).where(eq(outbox.commandId, commandId)).get();
  if (row?.state !== 'refused') throw new BridgeError('BadInput', 'attention');
  return row;
};

/** The same command once more, under a new id: the server has answered the old one for good. */
export function retryRefused(ctx: CoreContext, desk: Desk, commandId: string): RetryResult {
  const row = refusedRow(desk, commandId);
  const command = { ...toCommand(row), id: ctx.ids(), occurredAt: ctx.clock.now() } as AnyCommand;
  const result = giveMany(ctx, desk, [command], { replaces: commandId })[0]!;
  return result.ok ? { ok: true, commandId: command.id, savedAt: result.value.savedAt } : { ok: false, refusal: result.error };
}

/** What was typed, as a note on the ticket instead. */
export function refusedToNote(ctx: CoreContext, desk: Desk, commandId: string): ActResult {
  const row = refusedRow(desk, commandId);
  const note = textOf(row.args).slice(0, 4000);
  if (note === '' || isRecordKind(row.kind)) return { ok: false, refusal: { code: 'bad-arguments' } };
  const command: Command = { id: ctx.ids(), kind: 'note', ticketId: row.subjectId, args: { note }, occurredAt: ctx.clock.now() };
  return give(ctx, desk, command, { replaces: commandId });
}

export function discardRefused(ctx: CoreContext, desk: Desk, commandId: string): void {
  const row = refusedRow(desk, commandId);
  desk.cache.transaction((db) => db.delete(outbox).where(eq(outbox.position, row.position)).run());
  ctx.hub.emit(['outbox', 'sync']);
}
