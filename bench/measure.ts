import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, mediansOf, toFigure } from './figures.ts';
import { FILE, type Part, parts, RAW_FILE } from './parts.ts';
import { type Done, dropCached, type Runner, startServer } from './processes.ts';
import type { Job, Measured } from './stage.ts';

/** These change what they measure, and get a copy. */
const writing: ReadonlySet<Part> = new Set(['delta', 'action', 'drain']);

const SYNCS = 3;
/** From here on one first sync has to do. */
const LARGE = 200_000;
const WARM_OPENINGS = 5;
const COLD_OPENINGS = 3;

export interface Wanted {
  /** An empty folder, which is left with files in it. */
  readonly root: string;
  readonly size: number;
  /** Notes on each ticket. */
  readonly history: number;
  /** As few repeats as can be. */
  readonly quick: boolean;
  readonly parts: ReadonlySet<Part>;
  readonly runner: Runner;
  readonly say: (line: string) => void;
}

/** Measures some parts at one size. @throws Error what failed, or which answer is wrong */
export async function measure({ history, parts: chosen, quick, root, runner, say, size }: Wanted): Promise<Figure[]> {
  const figures: Figure[] = [];
  const rows = join(root, 'server');
  mkdirSync(rows, { recursive: true });
  say(`${size} tickets: making them`);
  const server = await startServer(rows, size, history);
  const jobIn = (suite: string, dir: string): Job => ({ suite, dir, url: server.url, size, quick, profile: null });
  const note = (measured: readonly Measured[], kept: Done['kept']): void => {
    figures.push(...measured.map((m) => toFigure(m, kept, size)));
  };
  try {
    const filled = await fill(jobIn, note);
    for (const part of parts.filter((p) => p !== 'first-sync' && chosen.has(p))) {
      say(`${size} tickets: ${part}`);
      if (part === 'open') note(...(await openings(jobIn, filled)));
      else if (writing.has(part)) await inCopy(filled, part, async (dir) => noteRun(part, dir));
      else await noteRun(part, filled);
    }
    return figures;
  } finally {
    server.stop();
  }

  async function noteRun(part: Part, dir: string): Promise<void> {
    const { kept, measured } = await runner.run(jobIn(part, dir));
    note(measured, kept);
  }

  /** First syncs, of which the last one's files are kept. */
  async function fill(
    jobIn: (suite: string, dir: string) => Job,
    note: (m: readonly Measured[], kept: Done['kept']) => void,
  ): Promise<string> {
    const wanted = chosen.has('first-sync');
    const runs: Done[] = [];
    const count = wanted && size < LARGE && !quick ? SYNCS : 1;
    const dir = join(root, 'filled');
    for (let i = 1; i <= count; i += 1) {
      say(`${size} tickets: first sync, ${i} of ${count}`);
      rmSync(dir, { recursive: true, force: true });
      mkdirSync(dir);
      runs.push(await runner.run(jobIn('first-sync', dir)));
    }
    if (!wanted) return dir;
    note(mediansOf(runs.map((run) => run.measured)), runs.at(-1)!.kept);
    say(`${size} tickets: first sync, asked every 5 ms`);
    const asked = join(root, 'asked');
    mkdirSync(asked);
    const { kept, measured } = await runner.run(jobIn('asking', asked));
    rmSync(asked, { recursive: true });
    note(measured, kept);
    return dir;
  }

  async function openings(jobIn: (suite: string, dir: string) => Job, dir: string): Promise<[Measured[], Done['kept']]> {
    const open = async (suite: string): Promise<Done> => runner.run(jobIn(suite, dir));
    const measured: Measured[] = [];
    let kept: Done['kept'] = null;
    for (const [name, count] of [
      ['open.warm', WARM_OPENINGS],
      ['open.cold', COLD_OPENINGS],
    ] as const) {
      const ours: (readonly Measured[])[] = [];
      const limits: (readonly Measured[])[] = [];
      const ready = (file: string): boolean => name === 'open.warm' || dropCached([join(dir, file)]);
      for (let i = 0; i < (quick ? 1 : count); i += 1) {
        if (!ready(FILE) || !ready(RAW_FILE)) break;
        const opened = await open('open-ours');
        kept = opened.kept;
        ours.push(opened.measured);
        limits.push((await open('open-limit')).measured);
      }
      const [value] = mediansOf(ours);
      const [limit] = mediansOf(limits);
      if (value === undefined || limit === undefined) say('This system does not let a file go from memory: open.cold is not measured.');
      else measured.push({ name, value: value.value, limit: limit.value });
    }
    return [measured, kept];
  }
}

async function inCopy(from: string, name: string, work: (dir: string) => Promise<void>): Promise<void> {
  const dir = `${from}-${name}`;
  cpSync(from, dir, { recursive: true });
  try {
    await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
