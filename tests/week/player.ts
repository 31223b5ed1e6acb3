import '../../scripts/require-modern-node.ts';
import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chancesFrom } from '../durability/arguments.ts';
import { temporaryFolder } from '../durability/own-folder.ts';
import { plant } from '../simulation/plant.ts';
import type { Midnight } from './gauges.ts';
import { leakCalled } from './leaks.ts';
import type { Told, Wish } from './office.ts';

// One simulated run: `player.ts DAYS [LEAK]`, with --expose-gc. Tells its parent what there was at each midnight.

export type PlayerTold =
  | { readonly midnight: Midnight }
  | { readonly end: { readonly actions: number; readonly refused: number; readonly told: number; readonly faults: readonly string[] } };

const [days, leak] = [Number(process.argv[2]), process.argv[3]];
if (leak !== undefined) plant(leakCalled(leak));
// After the plant: from here on the production is loaded.
const { playDays } = await import('./week.ts');

/** A Monday; on the Sunday after it the clocks in Europe change. */
const START = Date.parse('2026-10-19T00:05:00+08:00');

/** The office in its process; it is asked one thing after the other. */
async function openOffice() {
  const child = fork(join(import.meta.dirname, 'office.ts'), { env: { ...process.env, ZUOXI_WEEK_START: String(START) }, execArgv: [] });
  let settle: ((told: Told) => void) | null = null;
  const next = (): Promise<Told> =>
    new Promise((resolve) => {
      settle = resolve;
    });
  child.on('message', (told: Told) => settle?.(told));
  child.on('exit', (code) => settle?.({ failed: `the office ended with ${code ?? 'a signal'}` }));
  const first = await next();
  if (!('ready' in first)) throw new Error('failed' in first ? first.failed : 'the office is not ready');
  return {
    ...first.ready,
    close: () => child.disconnect(),
    ask: async (wish: Wish): Promise<void> => {
      const said = next();
      child.send(wish);
      const told = await said;
      if ('failed' in told) throw new Error(`${wish.do}: ${told.failed}`);
    },
  };
}

process.on('disconnect', () => process.exit(1));
const folder = temporaryFolder('week');
const logs = join(folder, 'logs');
const dataDir = join(folder, 'desk');
for (const path of [logs, dataDir]) mkdirSync(path);
const { ask, bai, close, url } = await openOffice();
const tell = (told: PlayerTold): Promise<void> =>
  new Promise((resolve) =>
    process.send === undefined ? (process.stdout.write(`${JSON.stringify(told)}\n`), resolve()) : void process.send(told, () => resolve()),
  );
const end = await playDays({
  days,
  start: START,
  dataDir,
  logs,
  url,
  colleague: bai,
  ask,
  chances: chancesFrom(1),
  onMidnight: (midnight) => tell({ midnight }),
});
await tell({ end });
close();
// The channel to the parent would keep it.
process.exit(0);
