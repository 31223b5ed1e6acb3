import { z } from 'zod';
import { refusalSchema } from '../domain/commands/index.ts';
import { actResult, form } from './acts.ts';
import { entry } from './define.ts';
import { id, queueItem } from './views.ts';

// 需要处理: what the server refused and what was kept when its ticket left.

const none = z.strictObject({});
const time = z.int();
/** A field that somebody else changed while this command was on its way. Values as in the field itself. */
export const conflictField = z.object({
  /** `subject`, `custom.…`, `customer.…` or `callback`. */
  field: z.string(),
  base: z.unknown(),
  mine: z.unknown(),
  /** As it stands on this device now. */
  theirs: z.unknown(),
  /** '' and null: not known here. */
  theirsBy: z.string(),
  theirsAt: time.nullable(),
});

export const attentionItem = queueItem.extend({
  refusedAt: time,
  /** The agent may choose between the values; null: nothing is to choose, or what it is about is no longer here. */
  conflict: z.array(conflictField).nullable(),
  /** What it is about is on this device. */
  here: z.boolean(),
  /** Of a command that goes along with changed fields; '' if there is none. */
  note: z.string(),
  refusal: refusalSchema,
  /** What the agent wrote, to be copied or turned into a note. */
  text: z.string(),
  /** Names for the ids inside `refusal`. */
  names: z.record(z.string(), z.string()),
});

/** Unsent text about a ticket or customer that has left this account's view. */
export const keptText = z.object({
  form: z.string(),
  about: z.enum(['ticket', 'customer']),
  number: z.int().nullable(),
  text: z.string(),
  keptAt: time,
});

const saved = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), commandId: id, savedAt: time }),
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
