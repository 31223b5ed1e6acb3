import { v7 } from 'uuid';
import { runOnce } from '../../../server/sync/push.ts';
import { createDenials } from '../../../server/audit/denials.ts';
import type { TestServer } from '../../../server/testing.ts';
import { silentLogger } from '../../../shared/lib/logger.ts';

/** What a channel will do when a customer answers. @throws Error with the refusal */
export async function customerReplies({ store, hub }: TestServer, ticketId: string, text: string, now: number = Date.now()): Promise<void> {
  const clock = { now: () => now };
  const deps = { store, clock, logger: silentLogger, announcer: hub, denials: createDenials(store, clock) };
  const result = await runOnce(
    deps,
    { id: v7(), kind: 'customerReply', ticketId, args: { text }, occurredAt: now },
    { role: 'channel' },
    null,
  );
  if (result.status !== 'applied') throw new Error(JSON.stringify(result));
}
