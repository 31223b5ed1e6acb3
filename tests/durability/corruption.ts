import '../../scripts/require-modern-node.ts';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { countFrom } from './arguments.ts';
import type { Lane, LaneCount } from './corruption-lane.ts';
import { temporaryFolder } from './own-folder.ts';

// npm run corruption -- --damages N [--seed N]: damages a cache in use, starts the core on it, and holds what it shows,
// finds again and counts as lost to what had been there. Half of it runs with the seed, half with the next one.

const lane = (of: Lane): Promise<LaneCount> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(join(import.meta.dirname, 'corruption-lane.ts'), { workerData: of });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a lane ended with ${code} and no counts`)));
  });

async function main(): Promise<number> {
  const damages = countFrom('damages', 200);
  const seed = countFrom('seed', 20_261_122);
  // Theirs lie in it.
  temporaryFolder('corruption');
  const half = Math.floor(damages / 2);
  const lanes = [
    { damages: damages - half, seed },
    { damages: half, seed: seed + 1 },
  ];
  const counts = await Promise.all(lanes.filter((of) => of.damages > 0).map(lane));
  const sum = (of: keyof LaneCount): number => counts.reduce((n, c) => n + c[of], 0);
  const slowest = Math.max(...counts.map((c) => c.slowestMs)) / 1000;
  process.stdout.write(
    `corruption: ${damages} damages, ${sum('shown')} shown as data, ${sum('failed')} failed, ${sum('doubled')} doubled; ${sum('recovered')} recovered (${sum('late')} while in use, ${sum('partly')} with something unreadable, ${sum('gone')} with nothing to keep), slowest ${slowest.toFixed(1)} s\n`,
  );
  // A run in which hardly anything was hit proves nothing.
  return sum('shown') + sum('failed') + sum('doubled') === 0 && sum('recovered') * 2 >= damages && sum('late') > 0 && sum('gone') > 0
    ? 0
    : 1;
}

process.exitCode = await main();
