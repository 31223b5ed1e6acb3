import { z } from 'zod';
import { entry } from './define.ts';
import { customerRowView, ticketRowView } from './views.ts';

// 来电: who calls, as this computer knows it.

/** A customer with the number that calls. */
export const caller = z.object({
  customer: customerRowView,
  /** The most urgent first, at most 20. */
  open: z.array(ticketRowView),
  /** Finished or let go, the last first, at most 3. */
  past: z.array(ticketRowView),
});

export const callCalls = {
  /** A window shows it; it is not shown again. */
  'calls.taken': entry(z.strictObject({ callId: z.string().max(100) }), z.object({})),
};

export const callQueries = {
  /** The last call that a telephone switch put through to this agent, for a minute at most or until it is taken. */
  'calls.incoming': entry(z.strictObject({}), z.object({ callId: z.string(), phone: z.string(), at: z.number() }).nullable()),
  /** Those of this device, however the number is written there; own ones first, at most ten. Asks no server. */
  'calls.find': entry(z.strictObject({ phone: z.string().max(40) }), z.array(caller)),
};
