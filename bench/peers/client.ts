import '../../scripts/require-modern-node.ts';
import { createRequire } from 'node:module';
import type { AdapterModule, Job } from './adapter.ts';
import { measureMain, measureReopen } from './phases.ts';

// One engine in a process of its own. The job comes as the only argument; the figures go to the parent.

const MB = 1024;
const memory = (): number => Math.round(process.resourceUsage().maxRSS / MB);

const job = JSON.parse(process.argv[2]!) as Job;
try {
  const load = job.adapter.endsWith('.cjs') ? createRequire(import.meta.url) : (path: string): unknown => import(path);
  const module = (await load(job.adapter)) as AdapterModule;
  const figures = job.phase === 'main' ? await measureMain(module, job, memory) : await measureReopen(module, job);
  process.send!({ figures }, () => process.exit(0));
} catch (error) {
  process.send!({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, () => process.exit(1));
}
