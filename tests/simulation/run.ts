import '../../scripts/require-modern-node.ts';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addCounts, type Counts, noCounts } from './counts.ts';
import { foundSeeds } from './found-seeds.ts';
import { bugCalled, type PlantedBug, plantedBugs } from './planted-bugs.ts';
import type { Outcome } from './schedule.ts';
import { shortfalls } from './floors.ts';
import type { Told, Work } from './worker.ts';

// npm run simulate -- --seeds N [--from S] [--bug NAME] [--bugs all|none|list|NAME,NAME] [--jobs J] [--json] [--verbose]

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    bug: { type: 'string' },
    bugs: { type: 'string', default: 'none' },
    jobs: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

/** Within so many seeds a planted bug has to be found. */
const WITHIN = 1000;
/** A process keeps about a megabyte of each schedule. */
const AT_ONCE = 500;
/** A schedule takes about a second; a process that says nothing for so long hangs. */
const SILENT_MS = 600_000;

const say = (line: string): void => {
  if (!values.json) process.stdout.write(`${line}\n`);
};

/** Lets a process of its own play seeds. @returns how they ended */
function play(work: Work, onOutcome: (outcome: Outcome) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'worker.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let timer = setTimeout(() => child.kill('SIGKILL'), SILENT_MS);
    child.on('message', (told: Told) => {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), SILENT_MS);
      if ('outcome' in told) onOutcome(told.outcome);
      // Its end may be told before its last words.
      else resolve();
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      if (code !== 0) reject(new Error(`a worker ended with ${code ?? 'a signal'}`));
    });
    child.send(work);
  });
}

const replay = (seed: number, bug: string | null): string =>
  `npm run simulate -- --seeds 1 --from ${seed}${bug === null ? '' : ` --bug ${bug}`} --verbose`;

interface Totals {
  readonly counts: Counts;
  violations: number;
}

/** Plays seeds without a bug, on several processes. */
async function playSeeds(seeds: readonly number[], jobs: number): Promise<Totals> {
  const totals: Totals = { counts: noCounts(), violations: 0 };
  const lines = values.verbose ? 100_000 : 0;
  const shares = Array.from({ length: Math.min(jobs, seeds.length) }, (_, i) => seeds.filter((_s, k) => k % jobs === i));
  await Promise.all(
    shares.map(async (share) => {
      for (let at = 0; at < share.length; at += AT_ONCE)
        await play({ seeds: share.slice(at, at + AT_ONCE), bug: values.bug ?? null, lines, untilFound: false }, (outcome) => {
          addCounts(totals.counts, outcome.counts);
          if (values.verbose) say(outcome.lines.join('\n'));
          if (values.verbose || seeds.length === 1) say(`seed ${outcome.seed}: trace ${outcome.trace}`);
          if (outcome.violation === null) return;
          totals.violations += 1;
          say(`seed ${outcome.seed} violates ${outcome.violation.message}\n  ${replay(outcome.seed, values.bug ?? null)}`);
          if (!values.verbose) say(outcome.lines.map((l) => `    ${l}`).join('\n'));
        });
    }),
  );
  return totals;
}

/** Looks for each of these. @returns those that were not found */
async function huntBugs(bugs: readonly PlantedBug[], from: number, jobs: number): Promise<string[]> {
  const missed: string[] = [];
  const left = [...bugs];
  const hunt = async (): Promise<void> => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const { name } = bug;
      const seeds = Array.from({ length: WITHIN }, (_, i) => from + i);
      let found: Outcome | null = null;
      let played = 0;
      await play({ seeds, bug: name, lines: 0, untilFound: true }, (outcome) => {
        played += 1;
        if (outcome.violation !== null && outcome.violation.invariant !== 'fault') found = outcome;
      }).catch((error: unknown) => say(`planted bug ${name}: ${String(error)}`));
      if (found === null) {
        missed.push(name);
        say(`planted bug ${name}: NOT found in ${played} schedules`);
      } else {
        const { seed, violation } = found as Outcome;
        say(`planted bug ${name}: found in schedule ${played} by ${violation!.message.slice(0, 110)}\n  ${replay(seed, name)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, hunt));
  return missed;
}

async function main(): Promise<number> {
  if (values.bugs === 'list') {
    for (const { name, file, why } of plantedBugs) say(`${name.padEnd(28)} ${file}: ${why}`);
    return 0;
  }
  const from = Number(values.from);
  const jobs = Number(values.jobs);
  const wanted = Array.from({ length: Number(values.seeds) }, (_, i) => from + i);
  // Those that once showed a fault are played each time, but for a replay of one.
  const seeds = wanted.length > 1 && values.bug === undefined ? [...new Set([...foundSeeds, ...wanted])] : wanted;
  const { counts, violations } = await playSeeds(seeds, jobs);
  const bugs = values.bugs === 'none' ? [] : values.bugs === 'all' ? plantedBugs : values.bugs.split(',').map(bugCalled);
  const missed = await huntBugs(bugs, from, jobs);
  say(
    Object.entries(counts)
      .map(([name, n]) => `${name} ${n}`)
      .join(', '),
  );
  const short = values.bug === undefined ? shortfalls(counts) : [];
  for (const line of short) say(`too little happened: ${line}`);
  const caught = bugs.length > 0 ? `${bugs.length - missed.length}/${bugs.length}` : 'not asked';
  if (values.json) process.stdout.write(`${JSON.stringify({ counts, violations, missed, short })}\n`);
  process.stdout.write(`simulation: ${counts.schedules} schedules, ${violations} violations, planted bugs caught ${caught}\n`);
  return violations + missed.length + short.length === 0 ? 0 : 1;
}

process.exitCode = await main();
