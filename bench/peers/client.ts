import '../../scripts/require-modern-node.ts';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AdapterModule, Job } from './adapter.ts';
import { measureMain, measureReopen } from './phases.ts';

// One engine in a process of its own. The job comes as the only argument; the figures go to the parent.

const KB = 1024;
/** Most that this process had so far, MB. Linux counts the parent's memory in `maxRSS`, from before this program was loaded. */
function memory(): number {
  if (process.platform !== 'linux') return Math.round(process.resourceUsage().maxRSS / KB);
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / KB);
}

const job = JSON.parse(process.argv[2]!) as Job;
try {
  const load = job.adapter.endsWith('.cjs') ? createRequire(import.meta.url) : (path: string): unknown => import(path);
  const module = (await load(job.adapter)) as AdapterModule;
  const figures = job.phase === 'main' ? await measureMain(module, job, memory) : await measureReopen(module, job);
  process.send!({ figures }, () => process.exit(0));
} catch (error) {
  process.send!({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, () => process.exit(1));
}
