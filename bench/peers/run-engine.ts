import { fork, type ForkOptions } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from './adapter.ts';
import { findWrong, type Truth } from './answers.ts';
import type { Bundles } from './bundle-adapters.ts';
import type { Engine } from './engines.ts';
import type { MainFigures } from './phases.ts';
import { firstMessage } from '../first-message.ts';

/** One run of one engine. */
export interface Figures extends MainFigures {
  /** From opening what the run left to its first list, ms; null: nothing was left. */
  readonly reopen: number | null;
  /** What it keeps on the disk in the end, MB. */
  readonly disk: number;
}

export interface RunOptions {
  /** How many tickets. */
  readonly size: number;
  /** How many tickets are made while offline. */
  readonly actions: number;
  readonly truth: Truth;
  /** With this engine's adapter, if the project holds it. */
  readonly bundles: Bundles;
}

const here = import.meta.dirname;
const START_MS = 300_000;
const MAIN_MS = 1_800_000;
const REOPEN_MS = 300_000;
const settings: ForkOptions = {
  // With the usual one an engine would end at the largest sizes.
  execArgv: ['--max-old-space-size=8192', '--no-warnings'],
  // What an engine has to say is no part of the result.
  stdio: ['ignore', 2, 2, 'ipc'],
};

/** Measures an engine once, in new processes and an empty folder. @throws Error what failed, or which answers are wrong */
export async function runEngine(engine: Engine, { actions, bundles, size, truth }: RunOptions): Promise<Figures> {
  const dir = mkdtempSync(join(tmpdir(), 'zuoxi-peers-'));
  const server = fork(join(here, engine.server), [String(size)], { ...settings, cwd: dir });
  try {
    const addresses = await firstMessage<{ url: string; extra: Record<string, string> }>(server, START_MS, 'the server');
    const job = {
      adapter: engine.needs === 'nothing' ? bundles.pathOf(engine) : join(here, 'others', engine.adapter),
      options: engine.options ?? {},
      dir,
      size,
      actions,
      ...addresses,
    };
    const main = (await runClient(engine, { ...job, phase: 'main' }, MAIN_MS)) as MainFigures;
    const wrong = findWrong(truth, main.answers, engine.sorts);
    if (wrong.length > 0) throw new Error(`its answers are wrong: ${wrong.join('; ')}`);
    // A browser's profile holds much beside the data.
    const disk = Math.round(sizeOf(engine.needs === 'chromium' ? join(dir, 'profile/Default/IndexedDB') : dir) / 1024 / 1024);
    const again = engine.forgets
      ? null
      : ((await runClient(engine, { ...job, phase: 'reopen' }, REOPEN_MS)) as { open: number; rows: number });
    if (again !== null && again.rows < Math.min(50, truth.list.length)) throw new Error(`opened again it lists ${again.rows} tickets`);
    return { ...main, reopen: again?.open ?? null, disk };
  } finally {
    server.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runClient(engine: Engine, job: Job, most: number): Promise<unknown> {
  const program = engine.needs === 'chromium' ? 'others/client-chromium.mjs' : 'client.ts';
  const client = fork(join(here, program), [JSON.stringify(job)], { ...settings, cwd: job.dir });
  try {
    const { figures, error } = await firstMessage<{ figures?: unknown; error?: string }>(client, most, 'the client');
    if (error !== undefined) throw new Error(error);
    return figures;
  } finally {
    client.kill('SIGKILL');
  }
}

/** Bytes of all files in a folder. */
const sizeOf = (dir: string): number =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
