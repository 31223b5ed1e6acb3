import '../../scripts/require-modern-node.ts';
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { rmSync } from 'node:fs';
import type { Outcome } from './schedule.ts';

// npm run simulate:reminders -- --seeds N [--from S] [--jobs J] [--verbose]: reminders under sleep, restarts, kills, clocks
// and zones that change, holds and a desktop that denies, against a model of what each of them owes.

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    verbose: { type: 'boolean', default: false },
  },
});

type Told = { readonly outcome: Outcome } | { readonly done: true };
const tell = (told: Told): Promise<void> => new Promise((resolve) => process.send!(told, () => resolve()));

async function work(seeds: readonly number[]): Promise<void> {
  const { makeTemplate, playSchedule } = await import('./schedule.ts');
  const template = makeTemplate();
  try {
    for (const seed of seeds) await tell({ outcome: await playSchedule(template, seed) });
    await tell({ done: true });
  } finally {
    rmSync(template, { recursive: true, force: true });
  }
}

function play(seeds: readonly number[], onOutcome: (outcome: Outcome) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [], { env: { ...process.env, ZUOXI_REMINDERS_WORKER: '1' } });
    let played = 0;
    child.on('message', (told: Told) => {
      if ('outcome' in told) {
        played += 1;
        onOutcome(told.outcome);
      } else resolve();
    });
    // After its last words, which its exit may overtake.
    child.on('close', (code) => reject(new Error(`a worker ended with ${code ?? 'a signal'} in seed ${seeds[played]}`)));
    child.send(seeds);
  });
}

async function main(): Promise<number> {
  const jobs = Number(values.jobs);
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => Number(values.from) + i);
  const counts: Record<string, number> = {};
  const faults = { missed: 0, doubled: 0, early: 0, late: 0, other: 0 };
  let played = 0;
  const shares = Array.from({ length: Math.min(jobs, seeds.length) }, (_, k) => seeds.filter((_s, i) => i % jobs === k));
  await Promise.all(
    shares.map((share) =>
      play(share, (outcome) => {
        played += 1;
        for (const [name, n] of Object.entries(outcome.counts)) counts[name] = (counts[name] ?? 0) + n;
        if (values.verbose) process.stdout.write(`${outcome.lines.join('\n')}\n`);
        if (outcome.fault === null) return;
        faults[outcome.fault] += 1;
        process.stdout.write(
          `seed ${outcome.seed}: ${outcome.fault}: ${outcome.message}\n  npm run simulate:reminders -- --seeds 1 --from ${outcome.seed} --verbose\n`,
        );
      }),
    ),
  );
  const { doubled, early, late, missed, other } = faults;
  process.stdout.write(
    `${Object.entries(counts)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ')}\n`,
  );
  const rest = other > 0 ? `, ${other} other faults` : '';
  process.stdout.write(`reminders: ${played} schedules, ${missed} missed, ${doubled} doubled, ${early} early, ${late} late${rest}\n`);
  // Schedules in which little was shown prove little.
  const enough = (counts['shown'] ?? 0) >= played;
  if (!enough) process.stdout.write(`too little happened: ${counts['shown'] ?? 0} shown\n`);
  return missed + doubled + early + late + other === 0 && enough ? 0 : 1;
}

if (process.env['ZUOXI_REMINDERS_WORKER'] === '1')
  process.once('message', (seeds: readonly number[]) => {
    work(seeds).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
else process.exitCode = await main();
