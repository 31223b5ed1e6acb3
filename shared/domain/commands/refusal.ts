import { z } from 'zod';

/** Why a command was not carried out; the screens turn each code into a sentence. */
export const refusalCodes = [
  'not-found',
  'not-allowed',
  'not-assignee',
  'wrong-state',
  'conflict',
  'same-assignee',
  'target-self',
  'target-missing',
  'target-disabled',
  'target-not-in-group',
  'callback-missing',
  'callback-closed',
  'time-past',
  'time-too-far',
  'reclaim-forbidden',
  'customer-missing',
  'customer-invalid',
  'customer-owned',
  'customer-has-ticket',
  'customer-valid',
  'duplicate-contact',
  'field-misfit',
  'field-required',
  'nothing-to-hand-over',
  'too-many',
  'id-taken',
  'undo-too-late',
  'undo-overtaken',
  'file-missing',
  'file-refused',
  'file-gone',
  'bad-arguments',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

export const refusalSchema = z.object({
  code: z.enum(refusalCodes),
  /** What the ticket looks like now, as far as the receiver may know, so that the sentence can name who did what. */
  current: z
    .object({
      status: z.string(),
      assigneeId: z.string().nullable(),
      lastCommand: z.string().nullable(),
      lastActorId: z.string().nullable(),
      lastAt: z.number().nullable(),
    })
    .optional(),
  /** For `conflict`: each field with the value seen, the one wanted and the one that stands. */
  fields: z.array(z.object({ field: z.string(), base: z.unknown(), mine: z.unknown(), theirs: z.unknown() })).optional(),
  /** For `bad-arguments`: the paths that failed; for `field-…`: ids of the definitions, by commas; for `duplicate-contact`: the other customer's id; for `file-refused`: why. */
  detail: z.string().optional(),
});
export type Refusal = z.infer<typeof refusalSchema>;
