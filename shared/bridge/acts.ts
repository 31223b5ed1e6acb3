import { z } from 'zod';
import { refusalSchema } from '../domain/commands/index.ts';
import { id } from './views.ts';

/** The forms that keep drafts: `ticket:ID` the composer, `new` the new-ticket form. */
export const form = z.string().min(1).max(100);

export const actResult = z.discriminatedUnion('ok', [
  /** 已保存: on this disk, in one transaction with the removal of the draft. */
  z.object({ ok: z.literal(true), commandId: id, ticketId: id, savedAt: z.number() }),
  z.object({ ok: z.literal(false), refusal: refusalSchema }),
]);
