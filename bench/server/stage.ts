import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreLocation } from '../../server/store/open-store.ts';
import { type Child, startChild } from './child.ts';
import type { Arrived, Desks, Sent, Tally } from './desks.ts';
import { type Figures, figure } from './figures.ts';
import type { Load } from './gauge.ts';
import type { Effects, Serving } from './serving.ts';
import type { Plan, Seat } from './world.ts';

/** A server with its database and processes full of clients, for one measurement. */
export interface Stage {
  readonly server: Child<Serving>;
  readonly clients: readonly Child<Desks>[];
  /** Of all clients; each process has some of them. */
  readonly seats: readonly Seat[];
  /** What stood in the database before anything was measured. */
  readonly before: Effects;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly location: StoreLocation;
  /** For what the processes say. */
  readonly folder: string;
  /** Processes for the clients. */
  readonly workers: number;
  readonly plan: Plan;
  /** Which accounts have a client. */
  readonly takesPart: (seat: Seat) => boolean;
  /** Changes that each of them misses after its first read. */
  readonly missed: number;
}

/** Fills the database, starts the server and lets every client read what there is. */
export async function setStage({ location, folder, workers, plan, takesPart, missed }: StageOptions): Promise<Stage> {
  await mkdir(folder, { recursive: true });
  const child = (name: string): string => join(import.meta.dirname, `${name}.ts`);
  const server = startChild<Serving>(child('serving'), join(folder, 'server.log'));
  const clients = Array.from({ length: workers }, (_, i) => startChild<Desks>(child('desks'), join(folder, `clients-${i}.log`)));
  const close = async (): Promise<void> => {
    await Promise.all(clients.map((c) => c.stop()));
    await server.stop();
  };
  try {
    const { url, password, seats: all } = await server.ask('open', { location, plan });
    const seats = all.filter(takesPart);
    await Promise.all(clients.map((c, i) => c.ask('open', { url, password, seats: seats.filter((_, n) => n % workers === i) })));
    if (missed > 0) await server.ask('miss', { events: missed });
    return { server, clients, seats, before: await server.ask('effects', { commandIds: [] }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What all clients' processes did together. */
export interface ClientsDid {
  readonly load: Load;
  readonly tally: Tally;
}

/** Of several processes: the worst of what cannot be added. */
export function together(parts: readonly ClientsDid[]): ClientsDid {
  const worst = (of: (load: Load) => number): number => Math.max(...parts.map((p) => of(p.load)));
  const sum = (of: (part: ClientsDid) => number): number => parts.reduce((n, p) => n + of(p), 0);
  const failed: Record<string, number> = {};
  for (const { tally } of parts) for (const [why, n] of Object.entries(tally.failed)) failed[why] = (failed[why] ?? 0) + n;
  return {
    load: {
      lagP99: worst((l) => l.lagP99),
      lagWorst: worst((l) => l.lagWorst),
      busy: worst((l) => l.busy),
      cpu: sum((p) => p.load.cpu),
      rss: sum((p) => p.load.rss),
      rssWorst: sum((p) => p.load.rssWorst),
      heap: sum((p) => p.load.heap),
    },
    tally: { requests: sum((p) => p.tally.requests), pulls: sum((p) => p.tally.pulls), failed },
  };
}

export function loadFigures(server: Load, { load, tally }: ClientsDid, lagGoal: number | null): Figures {
  const failed = Object.entries(tally.failed).filter(([, n]) => n > 0);
  const lost = failed.reduce((n, [, m]) => n + m, 0);
  return {
    'requests without an answer': figure(lost, ''),
    ...Object.fromEntries(failed.map(([why, n]) => [`of them ${why}`, figure(n, '')])),
    'server: loop lag p99': figure(server.lagP99, 'ms', lagGoal),
    'server: loop lag worst': figure(server.lagWorst, 'ms'),
    'server: loop busy': figure(server.busy * 100, '%'),
    'server: processor': figure(server.cpu, 's'),
    'server: memory': figure(server.rss, 'MB'),
    'server: memory worst': figure(server.rssWorst, 'MB'),
    'server: heap': figure(server.heap, 'MB'),
    // Near 100 % it is the clients that are measured: give them more processes.
    'clients: loop busy': figure(load.busy * 100, '%'),
    'clients: loop lag p99': figure(load.lagP99, 'ms'),
    'clients: processor': figure(load.cpu, 's'),
  };
}

/** What was given to the server must have taken effect once each, and everybody must have what the server says. */
export async function findFaults({ server, clients, before }: Stage, given: number): Promise<string[]> {
  const faults: string[] = [];
  const held = Object.assign({}, ...(await Promise.all(clients.map((c) => c.ask('settle'))))) as Awaited<ReturnType<Desks['settle']>>;
  const decided = await Promise.all(clients.map((c) => c.ask('decided')));
  const applied = decided.flatMap((d) => d.applied);
  const refused = decided.flatMap((d) => d.refused);
  if (refused.length > 0) faults.push(`${refused.length} commands were refused: ${[...new Set(refused)].join(', ')}`);
  if (applied.length + refused.length !== given) faults.push(`of ${given} commands ${applied.length + refused.length} were decided`);
  if (new Set(applied).size !== applied.length) faults.push('a command was answered twice');
  const after = await server.ask('effects', { commandIds: applied });
  if (after.logged !== applied.length) faults.push(`${applied.length} commands were answered, ${after.logged} stand in the log`);
  if (after.told !== applied.length) faults.push(`${applied.length} commands were answered, ${after.told} left an event`);
  const [events, versions] = [after.events - before.events, after.versions - before.versions];
  if (events !== applied.length) faults.push(`${applied.length} commands left ${events} events`);
  if (versions !== applied.length) faults.push(`${applied.length} commands raised the versions of tickets by ${versions}`);
  const views = await server.ask('views', { accountIds: Object.keys(held) });
  const wrong = Object.keys(held).filter((id) => held[id]!.checksum !== views[id]?.checksum);
  if (wrong.length > 0) {
    const [first] = wrong as [string];
    const says = [held[first]!.counts, views[first]?.counts].map((c) => JSON.stringify(c)).join(' instead of ');
    faults.push(`${wrong.length} clients hold other rows than the server shows them; the first ${says}`);
  }
  const { errors } = await server.ask('load');
  if (errors.length > 0) faults.push(`the server logged ${errors.length} errors: ${[...new Set(errors)].join(', ')}`);
  return faults;
}

/** Who should have seen what, and when they did. @returns ms from each command to each other screen; `missed`: never came there */
export function latencies(sent: readonly Sent[], arrived: readonly Arrived[]): { times: number[]; missed: number } {
  const first = new Map<string, number>();
  for (const { id, accountId, at } of arrived) {
    const key = `${id} ${accountId}`;
    first.set(key, Math.min(at, first.get(key) ?? Infinity));
  }
  const wanted = sent.flatMap(({ id, at, watchers }) => watchers.map((accountId) => ({ at, came: first.get(`${id} ${accountId}`) })));
  const times = wanted.flatMap(({ at, came }) => (came === undefined ? [] : [came - at]));
  return { times, missed: wanted.length - times.length };
}
