import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { v7 } from 'uuid';
import { createCore, type Core } from '../core/create-core.ts';
import { TransportError, type Transport } from '../core/ports.ts';
import { systemClock, systemTimers } from '../core/system-timers.ts';
import { applyPage } from '../core/sync/apply-page.ts';
import { createHttpTransport } from '../core/transport/http-transport.ts';
import { openCache } from '../db/open.ts';
import { DEMO_AGENT, DEMO_PASSWORD } from '../server/seed/people.ts';
import { account } from '../server/store/schema.ts';
import { startTestServer } from '../server/testing.ts';
import { type CoreContract, coreContract } from '../shared/bridge/contract.ts';
import { portPair } from '../shared/bridge/port.ts';
import { type Client, createClient } from '../shared/bridge/rpc.ts';
import { silentLogger } from '../shared/lib/logger.ts';
import { pullResponse } from '../shared/protocol/wire.ts';
import { createFakeHost, type FakeHost } from '../tests/support/core/fake-host.ts';
import { measureBigCache } from './big-cache.ts';
import { type Measured, measured, median, spread, table, timed } from './measure.ts';
import { KEY, openRaw, rawAction, rawBuckets, rawFirstSync, rawLists } from './raw.ts';

// Speed of the core at the demo's 5,000 tickets, beside the limits of the same run. `--json` prints one object;
// `--size N` measures lists, conditions, search and counts over N cached tickets instead, with `--only A,B` those whose names
// begin so.

const RUNS = 3;
/** With its warm-up below what one port may ask in a burst. */
const MANY = 500;
const root = mkdtempSync(join(tmpdir(), 'zuoxi-bench-'));
let folders = 0;
const folder = (): string => join(root, String((folders += 1)));

interface Desk {
  readonly core: Core;
  readonly client: Client<CoreContract>;
}
function startDesk(dataDir: string, host: FakeHost, transport: Transport): Desk {
  const core = createCore({
    dataDir,
    transport,
    host: host.host,
    clock: systemClock,
    timers: systemTimers,
    ids: v7,
    random: Math.random,
    zone: () => 'Asia/Shanghai',
    logger: silentLogger,
    presetServer: null,
  });
  const desk = { core, client: createClient(coreContract) };
  joinAnew(desk);
  return desk;
}

/** A new port has its whole rate before it. */
function joinAnew({ core, client }: Desk): void {
  const [near, far] = portPair();
  core.serve(far);
  client.attach(near);
}

const until = (client: Client<CoreContract>, name: 'sync.state' | 'session.state', fits: (v: never) => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = client.watch(
      name,
      {},
      (value) => {
        if (!fits(value as never)) return;
        queueMicrotask(() => stop());
        resolve();
      },
      reject,
    );
  });
const synced = (client: Client<CoreContract>): Promise<void> =>
  until(client, 'sync.state', (s: { firstSync: unknown; lastSyncedAt: number | null }) => s.firstSync === null && s.lastSyncedAt !== null);

async function main(): Promise<Record<string, Measured>> {
  const results: Record<string, Measured> = {};
  const server = await startTestServer({ demo: true });
  const real = createHttpTransport();
  let offline = false;
  /** While offline a request stays open, so that the core has nothing else to do; `hangUp` ends it. */
  let hangUp = (): void => {};
  const silence = (): Promise<never> =>
    new Promise((_, reject) => {
      hangUp = () => reject(new TransportError('unreachable'));
    });
  const pages: string[] = [];
  /** Keeps what the first sync brought, and is cut when only the core is to be measured. */
  const transport: Transport = {
    ...real,
    push: (...a) => (offline ? silence() : real.push(...a)),
    pull: (...a) => (offline ? silence() : real.pull(...a)),
    live: () => ({ close: () => {} }),
  };
  const recording: Transport = {
    ...transport,
    pull: async (...a) => {
      const page = await real.pull(...a);
      if (page.mode === 'snapshot') pages.push(JSON.stringify(page));
      return page;
    },
  };

  // First sync of everything, over loopback with the server in this process, and the client's part alone.
  const accounts = await server.store.orm.select().from(account);
  const qa = accounts.find((a) => a.role === 'qa')!;
  const agent = accounts.find((a) => a.staffNo === DEMO_AGENT)!;
  const qaDir = folder();
  const qaHost = createFakeHost();
  const qaDesk = startDesk(qaDir, qaHost, recording);
  const overLoopback = await timed(async () => {
    const answer = await qaDesk.client.call('session.signIn', { url: server.url, staffNo: qa.staffNo, password: DEMO_PASSWORD });
    if (!answer.ok) throw new Error(answer.reason);
    await synced(qaDesk.client);
  });
  results['firstSync.loopback'] = measured(overLoopback);
  const me = { ...qa, groupIds: [...qa.groupIds] };
  const ours = await median(RUNS, (i) =>
    timed(() => {
      const cache = openCache({ path: join(root, `ours-${i}.db`), key: KEY, now: Date.now() });
      for (const text of pages) applyPage(cache, pullResponse.parse(JSON.parse(text)), me, Date.now());
      cache.close();
    }),
  );
  const limit = await median(RUNS, (i) => timed(() => rawFirstSync(join(root, `raw-${i}.db`), pages)));
  results['firstSync.client'] = measured(ours, limit, 1.3);

  // An agent's own desk.
  const host = createFakeHost();
  const dataDir = folder();
  let desk = startDesk(dataDir, host, transport);
  const answer = await desk.client.call('session.signIn', { url: server.url, staffNo: agent.staffNo, password: DEMO_PASSWORD });
  if (!answer.ok) throw new Error(answer.reason);
  await synced(desk.client);
  offline = true;

  const raw = openRaw(join(root, 'raw-0.db'));
  const now = Date.now();
  const query = { due: 'all', sort: 'next', descending: false, offset: 0, limit: 50 } as const;
  const rawList = rawLists(raw, agent.id, now);
  const both = async (name: string, ourWork: () => unknown, rawWork: () => unknown, goal: number | null): Promise<void> => {
    for (const d of [desk, qaDesk]) joinAnew(d);
    const l = await spread(MANY, rawWork);
    const o = await spread(MANY, ourWork);
    results[`${name}.p50`] = measured(o.p50, l.p50, goal);
    results[`${name}.p99`] = measured(o.p99, l.p99, goal);
  };
  await both('list.first50', () => desk.client.read('tickets.list', { list: 'processing', ...query }), rawList.mine, 2);
  await both('list.all50', () => qaDesk.client.read('tickets.list', { list: 'all', ...query }), rawList.all, null);
  await both('buckets.mine', () => desk.client.read('reminders.counts', { scope: 'mine' }), rawBuckets(raw, [agent.id], now), 2);
  const team = accounts.filter((a) => a.id !== qa.id).map((a) => a.id);
  await both('buckets.team', () => qaDesk.client.read('reminders.counts', { scope: 'team' }), rawBuckets(raw, team, now), 1.5);

  // An action until it is saved.
  joinAnew(desk);
  const mine = await desk.client.read('tickets.list', { list: 'processing', ...query });
  const ids = mine.rows.map((r) => r.id);
  copyFileSync(join(root, 'raw-1.db'), join(root, 'action.db'));
  const actionDb = openRaw(join(root, 'action.db'));
  const write = rawAction(actionDb, ids);
  const rawSaved = await spread(300, (i) => write(i + 1000));
  const saved = await spread(300, async (i) => {
    const result = await desk.client.call('tickets.act', {
      ticketId: ids[(i + 300) % ids.length]!,
      kind: 'note',
      args: { note: `note ${i}` },
    });
    if (!result.ok) throw new Error(result.refusal.code);
  });
  results['action.saved.p50'] = measured(saved.p50, rawSaved.p50, 2);
  results['action.saved.p99'] = measured(saved.p99, rawSaved.p99, 2);
  actionDb.close();

  // Open a filled cache to the first list.
  hangUp();
  await desk.core.stop();
  const dbFile = join(
    dataDir,
    readdirSync(dataDir).find((f) => f.endsWith('.db'))!,
  );
  const key = [...host.secrets].find(([name]) => name.startsWith('key:'))![1];
  const rawOpen = await median(9, () =>
    timed(() => {
      const again = openRaw(dbFile, key);
      rawLists(again, agent.id, now).mine();
      again.close();
    }),
  );
  const opened = await median(9, async () => {
    const start = performance.now();
    desk = startDesk(dataDir, host, transport);
    await until(desk.client, 'session.state', (s: { phase: string }) => s.phase === 'ready');
    await desk.client.read('tickets.list', { list: 'processing', ...query });
    const taken = performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, 20));
    hangUp();
    await desk.core.stop();
    return taken;
  });
  results['open.firstList'] = measured(opened, rawOpen, 2);

  raw.close();
  await qaDesk.core.stop();
  await server.close();
  return results;
}

try {
  const { json, only, size } = parseArgs({
    options: { size: { type: 'string' }, only: { type: 'string', default: '' }, json: { type: 'boolean', default: false } },
  }).values;
  const wanted = (name: string): boolean => only.split(',').some((begin) => name.startsWith(begin));
  const results = size === undefined ? await main() : await measureBigCache(root, Number(size), wanted);
  process.stdout.write(json ? `${JSON.stringify(results)}\n` : `${table(results)}\n`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
