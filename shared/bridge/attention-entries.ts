import { z } from 'zod';
import { refusalSchema } from '../domain/commands/index.ts';
import { actResult } from './acts.ts';
import { entry } from './define.ts';
import { attentionItem, keptText } from './views.ts';

// 需要处理: what the server refused and what was kept when its ticket left.

const none = z.strictObject({});
const id = z.string().min(1).max(64);
const form = z.string().min(1).max(120);
const saved = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), commandId: id, savedAt: z.int() }),
  z.object({ ok: z.literal(false), refusal: refusalSchema }),
]);

export const attentionCalls = {
  'attention.retry': entry(z.strictObject({ commandId: id }), saved),
  /** Sends what was typed as a note instead. */
  'attention.toNote': entry(z.strictObject({ commandId: id }), actResult),
  'attention.discard': entry(z.strictObject({ commandId: id }), z.object({})),
  /**
   * Sends the command again with the values that the agent chose, each beside the one that it was chosen over. `commandId`
   * null in the answer: the others' values were chosen everywhere, nothing is left to send.
   */
  'attention.settle': entry(
    z.strictObject({
      commandId: id,
      choices: z
        .array(z.strictObject({ field: z.string().max(80), seen: z.unknown(), value: z.unknown() }))
        .min(1)
        .max(46),
    }),
    z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), commandId: id.nullable() }),
      z.object({ ok: z.literal(false), refusal: refusalSchema }),
    ]),
  ),
  'attention.discardKept': entry(z.strictObject({ form }), z.object({})),
};

export const attentionQueries = {
  'attention.list': entry(none, z.array(attentionItem)),
  'attention.kept': entry(none, z.array(keptText)),
};
