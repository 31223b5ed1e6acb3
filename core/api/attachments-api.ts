import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { attachmentCalls as contractCalls } from '../../shared/bridge/attachment-entries.ts';
import type { Implementation } from '../../shared/bridge/rpc.ts';
import type { Command } from '../../shared/domain/commands/index.ts';
import type { CoreContext } from '../context.ts';
import type { Desk } from '../session/desk.ts';
import { give } from './give.ts';

export { listFiles } from '../attachments/list.ts';

type Calls = Pick<Implementation<CoreContract>['calls'], keyof typeof contractCalls>;

/** What screens ask of the files. */
export const attachmentCalls = (ctx: CoreContext, desk: () => Desk): Calls => {
  const done = {};
  return {
    'attachments.addPicked': ({ form, files }) => desk().attachments.addPicked(form, files),
    'attachments.begin': ({ form, name, size }) => desk().attachments.intake.begin(form, name, size),
    'attachments.append': ({ id, bytes }) => desk().attachments.intake.append(id, bytes),
    'attachments.send': ({ ticketId, form }) => {
      const args = desk().attachments.toAttach(form);
      if (args === null) return { ok: false, refusal: { code: 'bad-arguments' } };
      const command: Command = { id: ctx.ids(), kind: 'attach', ticketId, args, occurredAt: ctx.clock.now() };
      return give(ctx, desk(), command, { draft: form });
    },
    'attachments.discard': ({ id }) =>
      desk()
        .attachments.discard(id)
        .then(() => done),
    'attachments.load': ({ id }) => {
      desk().attachments.downloader.load(id);
      return done;
    },
    'attachments.cancelLoad': ({ id }) =>
      desk()
        .attachments.downloader.cancel(id)
        .then(() => done),
    'attachments.piece': ({ id, index }) => desk().attachments.piece(id, index),
    'attachments.save': ({ id, handle }) => desk().attachments.save(id, handle),
  };
};
