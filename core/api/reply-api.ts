import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { InputOf, OutputOf } from '../../shared/bridge/define.ts';
import type { CoreContext } from '../context.ts';
import type { Desk } from '../session/desk.ts';
import { give } from './give.ts';
import { actOnReminder } from './reminders-api.ts';

type Reply = CoreContract['calls']['reminders.reply'];

/** What was typed into a native notification becomes a note of its ticket; refused, it waits under 需要处理. */
export function replyToReminder(ctx: CoreContext, desk: Desk, { id, ticketId, text }: InputOf<Reply>): OutputOf<Reply> {
  const command = { id: ctx.ids(), ticketId, occurredAt: ctx.clock.now(), kind: 'note', args: { note: text } } as const;
  const result = give(ctx, desk, command, { onlyPlace: true });
  if (!result.ok) {
    ctx.hub.emit(['outbox', 'sync']);
    return result;
  }
  actOnReminder(ctx, desk, { id, action: 'open' });
  return { ok: true };
}
