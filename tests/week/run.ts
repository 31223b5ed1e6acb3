import '../../scripts/require-modern-node.ts';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Midnight } from './gauges.ts';
import { growing, WARM_UP } from './judge.ts';
import { leakNames } from './leaks.ts';
import type { PlayerTold } from './player.ts';

// npm run week -- --days N [--bugs all|none|NAME,NAME] [--jobs J] [--verbose]: an agent at the real core for N simulated
// days; at each midnight all that could grow is counted. `--bugs` plants leaks, and wants each of them seen.

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '7' },
    bugs: { type: 'string', default: 'none' },
    jobs: { type: 'string', default: '2' },
    verbose: { type: 'boolean', default: false },
  },
});

/** Sent commands stay for a week: their leak shows after it. */
const LEAK_DAYS = 10;

interface Outcome {
  readonly midnights: readonly Midnight[];
  readonly end: Extract<PlayerTold, { end: unknown }>['end'];
}

/** @param stop whether it has shown enough @throws Error if it ended before its time */
function play(days: number, leak: string | null, stop: (midnights: readonly Midnight[]) => boolean = () => false): Promise<Outcome | null> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'player.ts'), [String(days), ...(leak === null ? [] : [leak])], {
      execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const midnights: Midnight[] = [];
    let end: Outcome['end'] | null = null;
    child.on('message', (told: PlayerTold) => {
      if ('end' in told) ({ end } = told);
      else {
        midnights.push(told.midnight);
        if (stop(midnights)) child.kill('SIGTERM');
      }
    });
    child.on('exit', (code) => {
      if (end !== null) resolve({ midnights, end });
      else if (stop(midnights)) resolve(null);
      else reject(new Error(`it ended on day ${midnights.length + 1} with ${code ?? 'a signal'}`));
    });
  });
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function table(midnights: readonly Midnight[]): void {
  for (const name of Object.keys(midnights[0]!.gauges))
    say(`  ${name.padEnd(24)} ${midnights.map((m) => Number(m.gauges[name]!.toFixed(2))).join('  ')}`);
}

const leaksGrow = (midnights: readonly Midnight[]): boolean => growing(midnights).length > 0;

/** @returns the names of those that nobody noticed */
async function hunt(names: readonly string[], jobs: number): Promise<string[]> {
  const left = [...names];
  const missed: string[] = [];
  const next = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const seen: Midnight[] = [];
      const outcome = await play(LEAK_DAYS, name, (midnights) => {
        seen.splice(0, seen.length, ...midnights);
        return leaksGrow(midnights);
      });
      if (outcome !== null && !leaksGrow(outcome.midnights)) missed.push(name);
      say(`planted leak ${name}: ${missed.includes(name) ? 'NOT seen' : growing(seen).join('; ')}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, next));
  return missed;
}

async function main(): Promise<number> {
  const days = Number(values.days);
  if (!Number.isInteger(days) || days <= WARM_UP) throw new Error(`--days takes a whole number above ${WARM_UP}`);
  const outcome = (await play(days, null))!;
  const { midnights, end } = outcome;
  const grew = growing(midnights);
  if (values.verbose || grew.length > 0) table(midnights);
  for (const line of grew) say(`growing: ${line}`);
  for (const fault of end.faults) say(`an error in the log: ${fault}`);
  // A week in which little happened proves little.
  const idle = end.actions < days * 60 || end.told < days * 10;
  if (idle) say('too little happened');
  const leaks = values.bugs === 'none' ? [] : values.bugs === 'all' ? leakNames : values.bugs.split(',');
  const missed = await hunt(leaks, Number(values.jobs));
  const caught = leaks.length === 0 ? '' : `, planted leaks seen ${leaks.length - missed.length}/${leaks.length}`;
  say(`week: ${days} days, ${end.actions} actions, ${end.told} reminders told, ${grew.length} growing${caught}`);
  return grew.length + end.faults.length + missed.length === 0 && !idle ? 0 : 1;
}

process.exitCode = await main();
