import { z } from 'zod';
import { attachmentLimits, CHUNK, fileRefusals } from '../domain/attachments.ts';
import { refusalSchema } from '../domain/commands/index.ts';
import { actResult, form } from './acts.ts';
import { entry } from './define.ts';
import { fileHandle, id } from './views.ts';

// The part of the core's contract that is about attachments; `contract.ts` takes it in.

const fileId = z.uuid();
const name = z.string().max(300);
const refused = z.object({ name: z.string(), why: z.enum(fileRefusals) });

export const fileView = z.object({
  id,
  /** The line of the history by which it came; null until it has one. */
  eventId: id.nullable(),
  name: z.string(),
  size: z.number(),
  type: z.string(),
  /** `draft`: waits in its form; `waiting`: its command is saved; `failed`: the server refused it, see `refusal`. */
  state: z.enum(['copying', 'draft', 'waiting', 'uploading', 'synced', 'failed']),
  /** Bytes copied, sent or received, while something is under way. */
  done: z.number(),
  refusal: refusalSchema.nullable(),
  /** Its command, while that waits or is refused. */
  commandId: id.nullable(),
  /** Its form, for a draft. */
  form: z.string().nullable(),
  /** All of its bytes are on this device. */
  here: z.boolean(),
  loading: z.boolean(),
  /** A download that was broken off; going on starts where it ended. */
  partly: z.boolean(),
  loadFailure: z.enum(['offline', 'gone', 'damaged', 'disk', 'server-fault']).nullable(),
  /** Here, and a picture that may be shown. */
  picture: z.boolean(),
  byName: z.string(),
  mayRemove: z.boolean(),
});

export const attachmentCalls = {
  /** Copies picked files into the device's store; each is kept in the form until it is sent or discarded. */
  'attachments.addPicked': entry(
    z.strictObject({ form, files: z.array(fileHandle).min(1).max(100) }),
    z.object({ added: z.int(), refused: z.array(refused) }),
  ),
  /** A file that the page itself holds (pasted, dropped): announced, then given in pieces. */
  'attachments.begin': entry(
    z.strictObject({ form, name, size: z.number().nonnegative() }),
    z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), id }), z.object({ ok: z.literal(false), why: z.enum(fileRefusals) })]),
  ),
  /** The next piece, `CHUNK` bytes long but for the last. A refusal ends it and leaves nothing. */
  'attachments.append': entry(
    z.strictObject({ id: fileId, bytes: z.instanceof(Uint8Array).refine((b) => b.length > 0 && b.length <= CHUNK) }),
    z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), whole: z.boolean() }),
      z.object({ ok: z.literal(false), why: z.enum(fileRefusals) }),
    ]),
  ),
  /** Sends what waits in the form of a ticket, without words. */
  'attachments.send': entry(z.strictObject({ ticketId: id, form }), actResult),
  /** A file that waits in a form goes, with its bytes. */
  'attachments.discard': entry(z.strictObject({ id: fileId }), z.object({})),
  /** Downloads, or goes on with it. How it goes is told in `attachments.list`. */
  'attachments.load': entry(z.strictObject({ id: fileId }), z.object({})),
  /** Ends a download; nothing of it stays. */
  'attachments.cancelLoad': entry(z.strictObject({ id: fileId }), z.object({})),
  /** One piece of a picture that may be shown. null: it is not here. */
  'attachments.piece': entry(
    z.strictObject({
      id: fileId,
      index: z
        .int()
        .min(0)
        .max(Math.ceil(attachmentLimits.size / CHUNK)),
    }),
    z.object({ bytes: z.instanceof(Uint8Array), type: z.string(), pieces: z.int() }).nullable(),
  ),
  /** Writes a file into a place that the agent chose. */
  'attachments.save': entry(
    z.strictObject({ id: fileId, handle: id }),
    z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true) }),
      z.object({ ok: z.literal(false), why: z.enum(['absent', 'damaged', 'disk']) }),
    ]),
  ),
} as const;

export const attachmentQueries = {
  /** `ticket`: its attachments and those on their way; `form`: what waits in it; `command`: of a refused one; `kept`: what waits for tickets that are not here. */
  'attachments.list': entry(
    z.strictObject({ of: z.enum(['ticket', 'form', 'command', 'kept']), id: z.string().max(100) }),
    z.array(fileView),
  ),
} as const;
