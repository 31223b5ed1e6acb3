import type { Transport } from '../../core/ports.ts';
import { createHttpTransport } from '../../core/transport/http-transport.ts';
import { answerParent } from './child.ts';
import { awayCommands, sharedCommand } from './commands.ts';
import { Desk } from './desk.ts';
import { Gauge, instant, type Load } from './gauge.ts';
import type { RowSum } from './held-rows.ts';
import type { Seat } from './world.ts';

// Many clients in a process of their own, as the bench asks for them.

/** So many read their first rows at a time. */
const LANES = 8;
/** Who is not whole after so long never will be. */
const PATIENCE_MS = 900_000;
const MINUTE = 60_000;

/** Requests of all clients of this process. */
export interface Tally {
  readonly requests: number;
  readonly pulls: number;
  /** Requests without a usable answer, by what went wrong. */
  readonly failed: Readonly<Record<string, number>>;
}
const counts = { requests: 0, pulls: 0, failed: {} as Record<string, number> };
const since = (before: Tally): Tally => ({
  requests: counts.requests - before.requests,
  pulls: counts.pulls - before.pulls,
  failed: Object.fromEntries(Object.entries(counts.failed).map(([why, n]) => [why, n - (before.failed[why] ?? 0)])),
});
const tally = (): Tally => ({ ...counts, failed: { ...counts.failed } });

const http = createHttpTransport();
async function counted<T>(name: string, request: Promise<T>): Promise<T> {
  counts.requests += 1;
  try {
    return await request;
  } catch (error) {
    const why = `${name}: ${error instanceof Error ? error.message : String(error)}`;
    counts.failed[why] = (counts.failed[why] ?? 0) + 1;
    throw error;
  }
}
const transport: Transport = {
  ...http,
  refresh: (...a) => counted('refresh', http.refresh(...a)),
  push: (...a) => counted('push', http.push(...a)),
  pull: (...a) => {
    counts.pulls += 1;
    return counted('pull', http.pull(...a));
  },
};

/** Of a command in the steady state: who gave it when, and on whose screens it belongs. */
export interface Sent {
  readonly id: string;
  readonly at: number;
  readonly watchers: readonly string[];
}
/** When an account's client had the row. */
export interface Arrived {
  readonly id: string;
  readonly accountId: string;
  readonly at: number;
}
/** What became of all commands so far. */
export interface Decided {
  readonly applied: readonly string[];
  readonly refused: readonly string[];
}

let desks: readonly Desk[] = [];
const gauge = new Gauge();
let arrived: Arrived[] = [];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function inLanes(work: (desk: Desk) => Promise<void>): Promise<void> {
  const left = [...desks];
  const lane = async (): Promise<void> => {
    for (let desk = left.shift(); desk !== undefined; desk = left.shift()) await work(desk);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

const answers = {
  /** Signs in and reads everything, unmeasured. */
  async open({ url, password, seats }: { url: string; password: string; seats: readonly Seat[] }): Promise<void> {
    desks = seats.map((seat) => {
      const onNews = (ids: readonly string[]): void => {
        const at = instant();
        arrived.push(...ids.map((id) => ({ id, accountId: seat.accountId, at })));
      };
      return new Desk({ url, seat, transport, onNews });
    });
    await inLanes((desk) => desk.prepare(password));
  },

  /** All at once: renew the access, push, pull, open the live channel. @returns ms until each was whole; null: never */
  async comeBack({ commands }: { commands: number }): Promise<{ times: (number | null)[]; load: Load; tally: Tally }> {
    const queues = desks.map((desk) => awayCommands(desk.seat, commands, Date.now()));
    const before = tally();
    gauge.begin();
    const start = instant();
    const late = pause(PATIENCE_MS).then(() => null);
    const times = await Promise.all(desks.map((desk, i) => Promise.race([desk.comeBack(queues[i]!).then(() => instant() - start), late])));
    return { times, load: gauge.read(), tally: since(before) };
  },

  async goLive(): Promise<void> {
    await Promise.all(desks.map((desk) => desk.goLive()));
    await Promise.all(desks.map((desk) => desk.idle()));
    arrived = [];
  },

  /** @param places of these agents among all, so that their commands are spread evenly over all processes */
  async work(input: { seconds: number; perMinute: number; agents: number; places: Readonly<Record<string, number>> }): Promise<{
    sent: Sent[];
    load: Load;
    tally: Tally;
  }> {
    const { seconds, perMinute, agents, places } = input;
    const period = MINUTE / perMinute;
    const sent: Sent[] = [];
    const before = tally();
    gauge.begin();
    const start = instant();
    const workers = desks.filter((desk) => desk.seat.role === 'agent');
    await Promise.all(
      workers.map(async (desk) => {
        const first = (places[desk.seat.accountId]! / agents) * period;
        for (let n = 0; first + n * period < seconds * 1000; n++) {
          await pause(Math.max(0, start + first + n * period - instant()));
          const { command, watchers } = sharedCommand(desk.seat, n, Date.now());
          sent.push({ id: command.id, at: instant(), watchers });
          desk.give(command);
        }
      }),
    );
    await pause(Math.max(0, start + seconds * 1000 - instant()));
    const result = { sent, load: gauge.read(), tally: since(before) };
    await Promise.all(desks.map((desk) => desk.idle()));
    return result;
  },

  async arrived(): Promise<readonly Arrived[]> {
    return arrived;
  },

  /** What each has after all have gone offline and read once more. */
  async settle(): Promise<Readonly<Record<string, RowSum>>> {
    await inLanes((desk) => desk.settle());
    return Object.fromEntries(desks.map((desk) => [desk.seat.accountId, desk.rows.sum()]));
  },

  async decided(): Promise<Decided> {
    return { applied: desks.flatMap((d) => d.applied), refused: desks.flatMap((d) => d.refused) };
  },
};
export type Desks = typeof answers;

answerParent(answers, async () => {});
