import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import type { Command } from '../../shared/domain/commands/index.ts';
import { act } from '../commands/act.ts';
import type { CoreContext } from '../context.ts';
import type { Desk } from '../session/session.ts';

export type ActResult = OutputOf<CoreContract['calls']['tickets.act']>;

/** Saves a command on this disk and tells all who wait for it: screens, reminders, the way to the server. */
export function give(
  ctx: CoreContext,
  desk: Desk,
  command: Command,
  options: { readonly draft?: string | undefined; readonly replaces?: string | undefined } = {},
): ActResult {
  const result = act(desk.cache, command, desk.me(), ctx.clock.now(), options);
  if (!result.ok) return { ok: false, refusal: result.error };
  ctx.hub.emit(['tickets', 'outbox', 'sync', 'drafts'], [command.ticketId]);
  desk.scheduler.refresh();
  desk.engine.kick();
  return { ok: true, ...result.value };
}
