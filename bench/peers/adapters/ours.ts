import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { bucketCounts } from '../../../core/api/reminders-api.ts';
import { find } from '../../../core/api/records-api.ts';
import { createTicket, listTickets } from '../../../core/api/tickets-api.ts';
import type { CoreContext } from '../../../core/context.ts';
import { ChangeHub } from '../../../core/live/changes.ts';
import { type Transport, TransportError } from '../../../core/ports.ts';
import { buildDesk, type Desk, stopDesk } from '../../../core/session/desk.ts';
import { Tokens } from '../../../core/session/tokens.ts';
import type { EngineState } from '../../../core/sync/engine.ts';
import { countByState } from '../../../core/sync/queue.ts';
import { systemTimers } from '../../../core/system-timers.ts';
import { createHttpTransport } from '../../../core/transport/http-transport.ts';
import { openCache } from '../../../db/open.ts';
import { customers, tickets } from '../../../db/schema/tables.ts';
import { silentLogger } from '../../../shared/lib/logger.ts';
import { createFakeHost } from '../../../tests/support/core/fake-host.ts';
import type { Adapter, Job } from '../adapter.ts';
import { NOW, ZONE } from '../data.ts';
import { me, toForm } from '../our-rows.ts';

const KEY = 'c3'.repeat(32);
const page = { filter: [], due: 'all' as const, offset: 0, limit: 50 };

/**
 * This project's core as a desk has it: engine, transport, cache, queue, search and reminders. Only what lies outside is
 * replaced: the clock stands at the data's present, there is no desktop, and no channel of hints.
 */
export async function open({ dir, phase, url }: Job): Promise<Adapter> {
  const line = createLine();
  const host = createFakeHost();
  const clock = { now: () => NOW };
  const hub = new ChangeHub();
  const ctx: CoreContext = {
    dataDir: dir,
    transport: line.transport,
    host: host.host,
    clock,
    timers: systemTimers,
    ids: v7,
    random: Math.random,
    zone: () => ZONE,
    logger: silentLogger,
    presetServer: null,
    runId: v7(),
    hub,
  };
  const tokens = new Tokens({ host: host.host, transport: line.transport, clock, url, name: 'bench', onErased: () => {} });
  const session = { accessToken: 'bench', accessExpiresIn: 600_000, refreshToken: 'bench', account: me, epoch: 'bench', now: NOW };
  await tokens.accept({ ...session, account: { ...me, groupIds: [...me.groupIds] } });
  const cache = openCache({ path: join(dir, 'ours.db'), key: KEY, now: NOW });
  const desk = buildDesk(ctx, {
    cache,
    url,
    tokens,
    account: me,
    deviceId: 'bench-device',
    folder: join(dir, 'files'),
    onContact: () => {},
    onEnded: () => {},
    onDoubt: () => {},
    doubtful: [],
  });
  const { db } = cache;
  const start = (): void => {
    desk.engine.start();
    desk.attachments.start();
    desk.scheduler.start();
  };
  if (phase === 'reopen') start();
  /** Looks at once. @returns when all that was queued is with the server, and all that it has is here */
  const cycle = async (): Promise<void> => {
    desk.engine.kick();
    for (let tries = 0; (await nextState(hub, desk)).connection !== 'online'; tries += 1) {
      if (tries === 3) throw new Error(`the engine says ${desk.engine.state.problem}`);
      desk.engine.kick();
    }
  };
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
      line.cut();
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
      const stop = hub.subscribe(() => {
        if (countByState(db, 'queued') === 0) accepted();
      });
      const failed = nextState(hub, desk);
      line.mend();
      // What hangs there ends first.
      if (desk.engine.state.connection === 'online') await failed;
      await cycle();
      stop();
    },
    close: async () => {
      line.mend();
      await Promise.all(stopDesk(desk));
      cache.close();
    },
  };
}

/** What the engine says of the end of its next cycle. */
function nextState(hub: ChangeHub, { engine }: Desk): Promise<EngineState> {
  const before = engine.state;
  return new Promise((resolve) => {
    const stop = hub.subscribe(() => {
      if (engine.state === before) return;
      stop();
      resolve(engine.state);
    });
  });
}

/** The way to the server, which can be cut: a request then stays open, so that the engine has nothing else to do. */
function createLine(): { readonly transport: Transport; cut(): void; mend(): void } {
  const http = createHttpTransport();
  let isCut = false;
  let hangUp = (): void => {};
  const silence = (): Promise<never> =>
    new Promise((_, reject) => {
      hangUp = () => reject(new TransportError('unreachable'));
    });
  return {
    transport: {
      ...http,
      push: (...given) => (isCut ? silence() : http.push(...given)),
      pull: (...given) => (isCut ? silence() : http.pull(...given)),
      live: () => ({ close: () => {} }),
    },
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
      hangUp();
    },
  };
}
