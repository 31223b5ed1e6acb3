import { eq, sql } from 'drizzle-orm';
import { find } from '../../../core/api/records-api.ts';
import { bucketCounts } from '../../../core/api/reminders-api.ts';
import { createTicket, listTickets } from '../../../core/api/tickets-api.ts';
import { countByState } from '../../../core/sync/queue.ts';
import { customers, tickets } from '../../../db/schema/tables.ts';
import { openDesk } from '../../desk.ts';
import type { Adapter, Job } from '../adapter.ts';
import { toForm } from '../our-rows.ts';

const page = { filter: [], due: 'all' as const, offset: 0, limit: 50 };

/** This project's core as a desk has it. */
export async function open({ dir, phase, url }: Job): Promise<Adapter> {
  const { close, ctx, cut, cycle, desk, mend, start } = await openDesk({ dir, url });
  const { db } = desk.cache;
  if (phase === 'reopen') start();
  let known: readonly string[] = [];

  return {
    syncAll: () => {
      start();
      return cycle();
    },
    count: () =>
      db
        .select({ n: sql<number>`count(*)` })
        .from(tickets)
        .get()!.n,
    delta: cycle,
    get: (id) => db.select({ updatedAt: tickets.updatedAt }).from(tickets).where(eq(tickets.id, id)).get(),
    list: () => listTickets(ctx, desk, { ...page, list: 'processing', text: '', sort: 'next', descending: false }).rows,
    buckets: () => Object.fromEntries(Object.entries(bucketCounts(ctx, desk, 'mine')).map(([name, { total }]) => [name, total])),
    search: (text) => listTickets(ctx, desk, { ...page, list: 'all', text, sort: 'updated', descending: true }).rows,
    palette: (text) => find(desk, text).tickets,
    goOffline: () => {
      cut();
      known = db
        .select({ id: customers.id })
        .from(customers)
        .limit(1000)
        .all()
        .map((c) => c.id);
    },
    createDraft: (sample) => {
      const number = Number(sample.customer.id.slice(1));
      const result = createTicket(ctx, desk, toForm(sample, known[number % known.length]!));
      if (!result.ok) throw new Error(`refused: ${result.refusal.code}`);
    },
    drain: async (accepted) => {
      const stop = ctx.hub.subscribe(() => {
        if (countByState(db, 'queued') === 0) accepted();
      });
      await mend();
      await cycle();
      stop();
    },
    close,
  };
}
