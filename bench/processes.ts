import { fork, type ForkOptions, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../scripts/build.ts';
import type { Shares } from './profile.ts';
import type { Job, Kept, Measured } from './stage.ts';
import { firstMessage } from './first-message.ts';

const here = import.meta.dirname;
export const out = join(here, '../out');
/** A million tickets are made and written in some minutes. */
const SERVER_MS = 1_800_000;
const SUITE_MS = 3_600_000;
const settings: ForkOptions = { execArgv: ['--max-old-space-size=8192', '--no-warnings'], stdio: ['ignore', 2, 2, 'ipc'] };

export interface Done {
  readonly measured: readonly Measured[];
  readonly kept: Kept | null;
  /** Of a profile. */
  readonly shares: Shares | null;
}

/** Runs suites, each in a new process. */
export interface Runner {
  /** @throws Error what failed there */
  run(job: Job): Promise<Done>;
  remove(): void;
}

/** As the app ships its core: in one file. Loaded module by module it would take 200 MB more. */
export async function bundledRunner(): Promise<Runner> {
  // Inside the project: what is native is left outside the bundle and found from there.
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(out, 'bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await bundle({ name: 'child', entry: 'bench/child.ts', target: 'node24' }, folder);
  } catch (error) {
    remove();
    throw error;
  }
  return { run: (job) => runIn(join(folder, 'child.cjs'), job), remove };
}

/** As the sources are, so that a profile says what is where. */
export const plainRunner: Runner = { run: (job) => runIn(join(here, 'child.ts'), job), remove: () => {} };

async function runIn(program: string, job: Job): Promise<Done> {
  const child = fork(program, [JSON.stringify(job)], settings);
  try {
    const { done, error } = await firstMessage<{ done?: Done; error?: string }>(child, SUITE_MS, job.suite);
    if (done === undefined) throw new Error(`${job.suite} failed: ${error}`);
    return done;
  } finally {
    child.kill('SIGKILL');
  }
}

export interface Server {
  readonly url: string;
  stop(): void;
}

/** Starts the server of so many tickets, with so many notes each. @param dir where it keeps them */
export async function startServer(dir: string, size: number, history: number): Promise<Server> {
  const child = fork(join(here, 'serving.ts'), [JSON.stringify([dir, size, history])], settings);
  try {
    const { url } = await firstMessage<{ url: string }>(child, SERVER_MS, 'the server');
    return { url, stop: () => void child.kill('SIGKILL') };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Has the system forget what it holds of some files in memory (posix_fadvise, by way of dd). @returns whether it did */
export function dropCached(files: readonly string[]): boolean {
  if (process.platform !== 'linux') return false;
  return files.every((file) => {
    spawnSync('sync', [file]);
    const { status } = spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']);
    return status === 0 && pagesOf(file) === 0;
  });
}

/** Pages of a file that are in memory; null if the system does not say. */
function pagesOf(file: string): number | null {
  const { status, stdout } = spawnSync('fincore', ['--noheadings', '--output', 'PAGES', file], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

/** A program of the bench with `--json`. Slowness is no failure, wrong answers are: it says so on stderr and by its exit code. */
export function runProgram(program: string, args: readonly string[]): { readonly ok: boolean; readonly answer: unknown } {
  const { status, stdout } = spawnSync(process.execPath, [join(here, program), '--json', ...args], {
    stdio: ['ignore', 'pipe', 2],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const text = stdout.trim();
  return { ok: status === 0, answer: text === '' ? null : (JSON.parse(text) as unknown) };
}
