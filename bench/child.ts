import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CpuProfiler, sharesOf } from './profile.ts';
import { type Job, type Kept, readKept, type Stage } from './stage.ts';
import { suites } from './suites/index.ts';

// One suite in a process of its own. The job comes as the only argument; the figures go to the parent.

const job = JSON.parse(process.argv[2]!) as Job;

async function main(): Promise<unknown> {
  const profiler = job.profile === null ? null : new CpuProfiler();
  let kept: Kept | null = null;
  const stage: Stage = {
    ...job,
    runs: (usual) => (job.quick ? Math.ceil(usual / 10) : usual),
    ours: (work) => (profiler === null ? work() : profiler.run(work)),
    keeps: (desk) => {
      kept = readKept(job.dir, desk);
    },
    ask: async <T>(path: string) => (await (await fetch(job.url + path)).json()) as T,
  };
  const measured = await suites[job.suite]!(stage);
  if (profiler === null) return { measured, kept, shares: null };
  const profile = profiler.profile();
  mkdirSync(dirname(job.profile!), { recursive: true });
  writeFileSync(job.profile!, JSON.stringify(profile));
  return { measured, kept, shares: sharesOf(profile) };
}

// No `await` here: bundled, this is CommonJS.
main().then(
  (done) => process.send!({ done }, () => process.exit(0)),
  (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.send!({ error: text }, () => process.exit(1));
  },
);
