import { join } from 'node:path';
import type { StoreLocation } from '../../server/store/open-store.ts';
import { ticketsFor } from './commands.ts';
import { figure, type Outcome, quantile } from './figures.ts';
import { findFaults, latencies, loadFigures, setStage, type Stage, together } from './stage.ts';

export interface ReturnOptions {
  readonly clients: number;
  /** Queued at each of them. */
  readonly commands: number;
  /** Changes that each of them has missed. */
  readonly events: number;
  readonly workers: number;
}
export interface SteadyOptions {
  readonly agents: number;
  /** Commands of each. */
  readonly perMinute: number;
  readonly seconds: number;
  readonly workers: number;
}
interface Place {
  readonly location: StoreLocation;
  readonly folder: string;
}

/** The goals of docs/performance.md, ms. */
const wholeGoal = ({ location }: Place): number => ('databaseUrl' in location ? 500 : 2000);
const LAG_GOAL = 200;
/** A lost hint is found out by the next poll, half a minute later. */
const LATE_MS = 35_000;
const LOOK_MS = 200;

/** All clients return at once: each renews its access, pushes what it holds and pulls what it has missed. */
export async function measureReturn(place: Place, { clients, commands, events, workers }: ReturnOptions): Promise<Outcome> {
  const plan = { agents: clients, tickets: ticketsFor(commands) };
  return onStage({ ...place, workers, plan, takesPart: (s) => s.role === 'agent', missed: events }, async (stage) => {
    await stage.server.ask('begin');
    const parts = await Promise.all(stage.clients.map((c) => c.ask('comeBack', { commands })));
    const server = await stage.server.ask('load');
    const all = parts.flatMap((p) => p.times);
    const times = all.filter((t) => t !== null);
    const did = together(parts);
    const seconds = Math.max(0, ...times) / 1000;
    const never = all.length - times.length;
    return {
      figures: {
        clients: figure(clients, ''),
        'whole again p50': figure(quantile(times, 0.5), 'ms'),
        'whole again p99': figure(quantile(times, 0.99), 'ms', wholeGoal(place)),
        'whole again worst': figure(quantile(times, 1), 'ms'),
        requests: figure(did.tally.requests / seconds, '/s'),
        commands: figure((clients * commands) / seconds, '/s'),
        ...loadFigures(server, did, LAG_GOAL),
      },
      faults: [...(never > 0 ? [`${never} clients never became whole`] : []), ...(await findFaults(stage, clients * commands))],
    };
  });
}

/** Everybody works and listens: how long until what one does is on the screens of the others whom it concerns. */
export async function measureSteady(place: Place, { agents, perMinute, seconds, workers }: SteadyOptions): Promise<Outcome> {
  const plan = { agents, tickets: ticketsFor(Math.ceil((seconds * perMinute) / 60)) };
  return onStage({ ...place, workers, plan, takesPart: () => true, missed: 0 }, async (stage) => {
    await Promise.all(stage.clients.map((c) => c.ask('goLive')));
    const places = Object.fromEntries(stage.seats.filter((s) => s.role === 'agent').map((s, i) => [s.accountId, i]));
    await stage.server.ask('begin');
    const parts = await Promise.all(stage.clients.map((c) => c.ask('work', { seconds, perMinute, agents, places })));
    const server = await stage.server.ask('load');
    const did = together(parts);
    const sent = parts.flatMap((p) => p.sent);
    const arrived = async () => (await Promise.all(stage.clients.map((c) => c.ask('arrived')))).flat();
    const deadline = Date.now() + LATE_MS;
    let seen = latencies(sent, await arrived());
    while (seen.missed > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      seen = latencies(sent, await arrived());
    }
    return {
      figures: {
        agents: figure(agents, ''),
        commands: figure(sent.length / seconds, '/s'),
        'on another screen p50': figure(quantile(seen.times, 0.5), 'ms'),
        'on another screen p99': figure(quantile(seen.times, 0.99), 'ms'),
        'on another screen worst': figure(quantile(seen.times, 1), 'ms'),
        'arrivals awaited': figure(seen.times.length + seen.missed, ''),
        missed: figure(seen.missed, '', 0),
        requests: figure(did.tally.requests / seconds, '/s'),
        pulls: figure(did.tally.pulls / seconds, '/s'),
        ...loadFigures(server, did, null),
      },
      faults: [
        ...(seen.missed > 0 ? [`${seen.missed} changes never came to a screen where they belong`] : []),
        ...(await findFaults(stage, sent.length)),
      ],
    };
  });
}

async function onStage(options: Parameters<typeof setStage>[0], play: (stage: Stage) => Promise<Outcome>): Promise<Outcome> {
  const stage = await setStage(options);
  try {
    return await play(stage);
  } finally {
    await stage.close();
  }
}

/** A place of its own under `root` for one measurement on one of the two databases. */
export const placeIn = (root: string, name: string, databaseUrl: string | null): Place => {
  const folder = join(root, name);
  return { folder, location: databaseUrl === null ? { dataDir: join(folder, 'data') } : { databaseUrl } };
};
