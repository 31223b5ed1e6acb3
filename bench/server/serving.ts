import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { createServer, type ZuoxiServer } from '../../server/create-server.ts';
import { lineLogger } from '../../server/logger.ts';
import { openStore, type StoreLocation } from '../../server/store/open-store.ts';
import { rowsOf, type Store } from '../../server/store/store.ts';
import { pull } from '../../server/sync/pull.ts';
import { plainHasher } from '../../server/testing.ts';
import type { Account } from '../../shared/domain/people.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { pullResponse } from '../../shared/protocol/wire.ts';
import { answerParent } from './child.ts';
import { Gauge, type Load } from './gauge.ts';
import { HeldRows, type RowSum } from './held-rows.ts';
import { loadWorld, makeWorld, missWork, type Plan, type Seat, type World } from './world.ts';

// The production server in a process of its own, as the bench asks for it. Only passwords are cheap here: signing in is no
// part of what is measured.

/** Every account of the bench signs in with it. */
const PASSWORD = 'bench-2026';
const clock = { now: () => Date.now() };

interface Running {
  readonly store: Store;
  readonly server: ZuoxiServer;
  readonly accounts: readonly Account[];
  /** Let go before anything is measured. */
  world: World | null;
}
let running: Running | null = null;
const the = (): Running => {
  if (running === null) throw new Error('not open');
  return running;
};
const gauge = new Gauge();
/** What the server logged as errors: event and code. */
const errors: string[] = [];

const lines = lineLogger((line) => process.stderr.write(line), clock.now);
const logger: Logger = {
  ...lines,
  error(event, fields) {
    errors.push(`${event} ${String(fields?.['code'] ?? fields?.['error'] ?? '')}`.trim());
    lines.error(event, fields);
  },
};

/** What commands left in the database. */
export interface Effects {
  /** Of the asked ones: those that stand in the log as applied, and those that have an event. */
  readonly logged: number;
  readonly told: number;
  /** Of all tickets together. Each command that takes effect raises both by one. */
  readonly versions: number;
  readonly events: number;
}

const answers = {
  async open({
    location,
    plan,
  }: {
    location: StoreLocation;
    plan: Plan;
  }): Promise<{ url: string; password: string; seats: readonly Seat[] }> {
    const store = await openStore(location, clock.now());
    const world = makeWorld(plan, clock.now());
    await loadWorld(store, world, await plainHasher.hash(PASSWORD));
    const server = await createServer({ store, clock, ids: v7, logger, name: 'bench', hasher: plainHasher });
    running = { store, server, accounts: world.accounts, world };
    const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
    return { url, password: PASSWORD, seats: world.seats };
  },
  /** So many changes for each agent, while no client listens. */
  async miss({ events }: { events: number }): Promise<void> {
    await missWork(the().store, the().world!, events, clock.now());
  },
  async begin(): Promise<void> {
    the().world = null;
    gauge.begin();
  },
  async load(): Promise<Load & { readonly errors: readonly string[] }> {
    return { ...gauge.read(), errors: [...errors] };
  },
  async effects({ commandIds }: { commandIds: readonly string[] }): Promise<Effects> {
    const asked = sql`(SELECT value FROM jsonb_array_elements_text(${JSON.stringify(commandIds)}::jsonb))`;
    const [row] = await rowsOf<Record<keyof Effects, number | string>>(
      the().store.orm,
      sql`SELECT (SELECT count(*) FROM command_log WHERE id IN ${asked} AND answer ->> 'status' = 'applied') AS logged,
                 (SELECT count(*) FROM ticket_event WHERE id IN ${asked}) AS told,
                 (SELECT coalesce(sum(version), 0) FROM ticket) AS versions,
                 (SELECT count(*) FROM ticket_event) AS events`,
    );
    const { logged, told, versions, events } = row!;
    return { logged: Number(logged), told: Number(told), versions: Number(versions), events: Number(events) };
  },
  /** What each of these accounts would be given if it came anew. */
  async views({ accountIds }: { accountIds: readonly string[] }): Promise<Readonly<Record<string, RowSum>>> {
    const out: Record<string, RowSum> = {};
    for (const account of the().accounts.filter((a) => accountIds.includes(a.id))) {
      const rows = new HeldRows();
      let after: string | null = null;
      do {
        const request = { protocol: PROTOCOL_VERSION, epoch: null, view: null, cursor: null, after, limit: 1000 };
        const page = await pull(the().store, account, request, clock.now());
        // As it comes out at the other end.
        rows.apply(pullResponse.parse(JSON.parse(JSON.stringify(page))));
        after = page.after;
      } while (after !== null);
      out[account.id] = rows.sum();
    }
    return out;
  },
};
export type Serving = typeof answers;

answerParent(answers, async () => {
  await running?.server.close();
  await running?.store.close();
});
