import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { OpenWindow } from './stage.ts';

/** What a process takes, MB. `own`: its part of what it shares with others counts once; where the system does not say, all. */
export interface Taken {
  readonly resident: number;
  readonly own: number;
}

const MB = 1024 * 1024;

/** Every process of the app by what it is: main, renderer, core, gpu, network … */
export async function processesOf({ corePid, running }: OpenWindow): Promise<Record<string, Taken>> {
  const metrics = await running.app.evaluate(({ app }) =>
    app.getAppMetrics().map(({ pid, type, name, serviceName, memory }) => ({
      pid,
      name: type === 'Browser' ? 'main' : type === 'Tab' ? 'renderer' : (name ?? serviceName ?? type),
      kilobytes: memory.workingSetSize,
    })),
  );
  const core = await corePid();
  const taken: Record<string, Taken> = {};
  // A core that Electron did not fork itself is none of its processes.
  if (!metrics.some(({ pid }) => pid === core)) taken['core'] = await memoryOf(core, 0);
  for (const { kilobytes, name, pid } of metrics) {
    const base = pid === core ? 'core' : name;
    const key = base in taken ? `${base} ${pid}` : base;
    taken[key] = await memoryOf(pid, kilobytes);
  }
  return taken;
}

async function memoryOf(pid: number, kilobytes: number): Promise<Taken> {
  const file = `/proc/${pid}/smaps_rollup`;
  if (!existsSync(file)) return { resident: kilobytes / 1024, own: kilobytes / 1024 };
  const text = await readFile(file, 'utf8');
  const read = (name: string): number => (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024) / MB;
  return { resident: read('Rss'), own: read('Pss') };
}
