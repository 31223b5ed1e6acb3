import { StorageError } from '../../db/storage-error.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import {
  type AnyCommand,
  type Command,
  creating,
  isRecordCommand,
  type RecordCommand,
  type Refusal,
} from '../../shared/domain/commands/index.ts';
import type { Result } from '../../shared/lib/result.ts';
import { actMany, type ActOptions, type Saved } from '../commands/act.ts';
import type { CoreContext } from '../context.ts';
import type { Desk } from '../session/desk.ts';

export type ActResult = OutputOf<CoreContract['calls']['tickets.act']>;
export type RecordResult = OutputOf<CoreContract['calls']['records.act']>;

/** Saves commands on this disk, in one step, and tells all who wait for them: screens, reminders, the way to the server. */
export function giveMany(
  ctx: CoreContext,
  desk: Desk,
  commands: readonly AnyCommand[],
  options: ActOptions = {},
): Result<Saved, Refusal>[] {
  let results: Result<Saved, Refusal>[];
  try {
    results = actMany(desk.cache, commands, desk.me(), ctx.clock.now(), options);
  } catch (error) {
    // What replaces a refused command is the only place of its text, whatever the agent was told.
    if (options.replaces === undefined) desk.doubt(commands.map((c) => c.id));
    throw error;
  }
  const saved = results.flatMap((r) => (r.ok ? [r.value] : []));
  if (saved.length === 0) return results;
  const records = commands.some((c) => isRecordCommand(c));
  ctx.hub.emit(
    [
      'tickets',
      'outbox',
      'sync',
      'drafts',
      'attachments',
      ...(saved.some((s) => s.customers) ? (['customers'] as const) : []),
      ...(records ? (['personal', 'directory', 'session'] as const) : []),
    ],
    saved.map((s) => s.subjectId),
  );
  desk.engine.kick();
  try {
    desk.scheduler.refresh();
  } catch (error) {
    // The commands are saved, whatever the disk does now.
    if (!(error instanceof StorageError)) throw error;
  }
  return results;
}

export function give(ctx: CoreContext, desk: Desk, command: Command, options: ActOptions = {}): ActResult {
  return answer(giveMany(ctx, desk, [command], options)[0]!);
}

function answer(result: Result<Saved, Refusal>): ActResult {
  if (!result.ok) return { ok: false, refusal: result.error };
  const { commandId, subjectId, savedAt } = result.value;
  return { ok: true, commandId, ticketId: subjectId, savedAt };
}

/**
 * The same with the files that wait in its form, if there are any: before whatever may end the ticket's stay in these
 * hands, after what makes it. All of it is saved, or nothing.
 */
export function giveWithFiles(ctx: CoreContext, desk: Desk, command: Command, draft: string | undefined): ActResult {
  const args = draft === undefined ? null : desk.attachments.toAttach(draft);
  if (args === null) return give(ctx, desk, command, { draft });
  const { ticketId, occurredAt } = command;
  const first = creating.includes(command.kind);
  // Ids in the order in which they are given: a history of one moment is in the order of its ids.
  const [before, after] = [command.id, ctx.ids()];
  const attach: Command = { id: first ? after : before, kind: 'attach', ticketId, args, occurredAt };
  const given = first ? [command, attach] : [attach, { ...command, id: after }];
  const results = giveMany(ctx, desk, given, { draft, together: true });
  return answer(results[first ? 0 : 1]!);
}

export function giveRecord(ctx: CoreContext, desk: Desk, command: RecordCommand, options: ActOptions = {}): RecordResult {
  const result = giveMany(ctx, desk, [command], options)[0]!;
  if (!result.ok) return { ok: false, refusal: result.error };
  const { commandId, savedAt, subjectId } = result.value;
  return { ok: true, commandId, subjectId, savedAt };
}
