import { z } from 'zod';
import { limits } from '../../shared/domain/commands/command.ts';
import { normalPhone } from '../../shared/domain/contacts.ts';
import type { Id } from '../../shared/lib/ids.ts';

/** A call that a telephone switch puts through to an agent. */
export const switchCallRequest = z.strictObject({
  /** The switch's own; the same again is the same call. */
  id: z.string().min(1).max(100),
  phone: z
    .string()
    .max(limits.phone)
    .refine((p) => /^\+?\d{3,20}$/.test(normalPhone(p))),
  staffNo: z.string().trim().min(1).max(40),
  /** Epoch ms, by the switch's clock. */
  at: z.int().nonnegative(),
});
export type SwitchCallRequest = z.infer<typeof switchCallRequest>;

export interface SwitchCallAnswer {
  /** Who has the number, the agent's own first; of somebody new, the one that was made. */
  readonly customerIds: readonly Id[];
  /** The ticket that was made for somebody new; null: the number was known, or see `refused`. */
  readonly ticketId: Id | null;
  /** Why nothing was made for somebody new, as a refusal's code; null: it was, or there was no need. */
  readonly refused: string | null;
}
