import { settleRaw } from '../limit/file.ts';
import { RawRows } from '../limit/rows.ts';
import { rawCreate } from '../limit/saves.ts';
import { rawDelta, rawDrain } from '../limit/sync.ts';
import { CHANGES, makeDraft } from '../peers/data.ts';
import { median, timed } from '../peers/timing.ts';
import { type Measured, type Stage, withBoth } from '../stage.ts';
import { create, customersFor } from './action.ts';

const ROUNDS = 3;
const MICROSECONDS = 1000;

interface Stats {
  readonly pulls: number;
  readonly pushes: number;
  /** Time that the server worked on them. */
  readonly workMs: number;
  /** Commands that took effect. */
  readonly taken: number;
}

interface Drained {
  /** Wall time less the server's work. */
  readonly client: number;
  readonly cpu: number;
  readonly requests: number;
  /** Commands whose effect the server or the device does not have exactly once. */
  readonly wrong: number;
}

/** A thousand new tickets, made offline, until the server has them and the device what it made of them. */
export const drain = (stage: Stage): Promise<readonly Measured[]> =>
  withBoth(stage, async (both) => {
    const { cut, cycle, desk, mend, raw, start } = both;
    const drafts = Array.from({ length: stage.runs(ROUNDS) * CHANGES }, (_, i) => makeDraft(i));
    const rows = raw && new RawRows(raw);
    const save = raw && rawCreate(raw, rows!, drafts);
    const { cache } = desk;
    const client = cache.db.$client;
    const customers = customersFor(both);
    const numbered = client.prepare('SELECT count(DISTINCT number) FROM ticket WHERE number >= 90000000').pluck();
    const queued = client.prepare(`SELECT count(*) FROM outbox WHERE state <> 'done'`).pluck();
    const drained: Drained[] = [];
    const limits: number[] = [];
    start();
    for (let round = 0; round < stage.runs(ROUNDS); round += 1) {
      // The limit's tickets come, too.
      await cycle();
      cut();
      for (let i = 0; i < CHANGES; i += 1) create(both, drafts[round * CHANGES + i]!, customers[i % customers.length]!);
      // Lets what was kicked begin, and hang.
      await new Promise((resolve) => setTimeout(resolve, 50));
      while (cache.upkeep());
      const known = numbered.get() as number;
      drained.push(
        await stage.ours(async () => {
          const before = await stage.ask<Stats>('/stats');
          await mend();
          const cpu = process.cpuUsage();
          const wall = await timed(cycle);
          const { system, user } = process.cpuUsage(cpu);
          const after = await stage.ask<Stats>('/stats');
          const effects = [after.taken - before.taken, (numbered.get() as number) - known, CHANGES - (queued.get() as number)];
          return {
            client: wall - (after.workMs - before.workMs),
            cpu: (user + system) / MICROSECONDS,
            requests: after.pulls + after.pushes - before.pulls - before.pushes,
            wrong: Math.max(...effects.map((n) => Math.abs(n - CHANGES))),
          };
        }),
      );
      while (cache.upkeep());
      if (raw === null) continue;
      await rawDelta(stage.url, raw, rows!);
      for (let i = 0; i < CHANGES; i += 1) save!(drafts[i]!, customers[i % customers.length]!);
      settleRaw(raw);
      const before = await stage.ask<Stats>('/stats');
      const wall = await timed(() => rawDrain(stage.url, raw, rows!));
      limits.push(wall - ((await stage.ask<Stats>('/stats')).workMs - before.workMs));
      settleRaw(raw);
    }
    const middle = (read: (d: Drained) => number): number => median(drained.map(read));
    return [
      { name: 'drain.client', value: middle((d) => d.client), limit: raw === null ? null : median(limits) },
      { name: 'drain.cpu', value: middle((d) => d.cpu), limit: null },
      { name: 'drain.requests', value: middle((d) => d.requests), limit: null },
      { name: 'drain.wrong', value: Math.max(...drained.map((d) => d.wrong)), limit: null },
    ];
  });
