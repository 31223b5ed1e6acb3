import { eq } from 'drizzle-orm';
import { readAttention, readKept, textOf } from '../../db/reads/attention.ts';
import { keptDrafts, outbox } from '../../db/schema/tables.ts';
import { toCommand } from '../../db/writes/optimistic.ts';
import { BridgeError } from '../../shared/bridge/errors.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import {
  type AnyCommand,
  type Choice,
  type Command,
  commandSchema,
  isRecordKind,
  settledArgs,
} from '../../shared/domain/commands/index.ts';
import type { Desk } from '../session/desk.ts';
import type { CoreContext } from '../context.ts';
import type { QueuedRow } from '../sync/queue.ts';
import { type ActResult, give, giveMany } from './give.ts';

type Calls = CoreContract['calls'];
type Queries = CoreContract['queries'];

export const attentionList = (desk: Desk | null): OutputOf<Queries['attention.list']> =>
  desk === null ? [] : readAttention(desk.cache.db);

const refusedRow = (desk: Desk, commandId: string): QueuedRow => {
  const row = desk.cache.db.select().from(outbox).where(eq(outbox.commandId, commandId)).get();
  if (row?.state !== 'refused') throw new BridgeError('BadInput', 'attention');
  return row;
};

/** The same command once more, under a new id: the server has answered the old one for good. */
export function retryRefused(ctx: CoreContext, desk: Desk, commandId: string): OutputOf<Calls['attention.retry']> {
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
  desk.attachments.forgetLoose();
  ctx.hub.emit(['outbox', 'sync']);
}

/** The same command with the values that the agent chose (SY7); nothing is sent if the others' were chosen everywhere. */
export function settleConflict(
  ctx: CoreContext,
  desk: Desk,
  commandId: string,
  choices: readonly Choice[],
): OutputOf<Calls['attention.settle']> {
  const row = refusedRow(desk, commandId);
  const before = toCommand(row);
  const args = settledArgs(before, choices);
  if (args === null) {
    discardRefused(ctx, desk, commandId);
    return { ok: true, commandId: null };
  }
  const parsed = commandSchema.safeParse({ ...before, id: ctx.ids(), args, occurredAt: ctx.clock.now() });
  if (!parsed.success) return { ok: false, refusal: { code: 'bad-arguments' } };
  const result = giveMany(ctx, desk, [parsed.data], { replaces: commandId })[0]!;
  return result.ok ? { ok: true, commandId: parsed.data.id } : { ok: false, refusal: result.error };
}

export const keptTexts = (desk: Desk | null): OutputOf<Queries['attention.kept']> => (desk === null ? [] : readKept(desk.cache.db));

export function discardKept(ctx: CoreContext, desk: Desk, form: string): void {
  desk.cache.transaction((db) => db.delete(keptDrafts).where(eq(keptDrafts.form, form)).run());
  ctx.hub.emit(['outbox', 'sync']);
}
