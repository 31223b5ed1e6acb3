import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { Runtime } from '../../../scripts/runtime.ts';
import type { Display } from './display.ts';

export type LaunchOptions = {
  runtime: Pick<Runtime, 'executable' | 'args'>;
  display: Pick<Display, 'env'>;
  /** Becomes the app's userData folder. */
  dataDir: string;
  /** Folder with the package.json of the app; the project itself if absent. */
  appDir?: string;
  env?: NodeJS.ProcessEnv;
  args?: string[];
  timeoutMs?: number;
};

export type RunningApp = {
  app: ElectronApplication;
  pid: number;
  /** The first window, once its document has been parsed. */
  window: () => Promise<Page>;
  /** Writes `<dir>/<name>.png` and returns its path. */
  screenshot: (name: string, dir: string, page?: Page) => Promise<string>;
  /** What the app wrote to stdout and stderr since it was ready. */
  output: () => string;
  /** Quits as the menu would; kills after the deadline, and then says so. */
  stop: (deadlineMs?: number) => Promise<{ quit: 'in time' | 'killed' | 'already ended'; exitCode: number | null }>;
  /** As a crash or a power cut would: no handler of the app runs. */
  kill: () => Promise<void>;
};

const projectRoot = path.resolve(import.meta.dirname, '..', '..', '..');
// What a test runner or the project's scripts leave behind, and no user's desktop has.
const foreignVariables = /^(NODE_OPTIONS|NODE_ENV|NODE_CHANNEL_FD|ELECTRON_RUN_AS_NODE|VITEST.*|TEST|npm_.*)$/;

/** A start that hangs takes `timeoutMs`. */
const MORE_STARTS = 2;

export async function launchApp(options: LaunchOptions): Promise<RunningApp> {
  const { runtime, display, dataDir, appDir = projectRoot, args = [], timeoutMs = 30_000 } = options;
  await mkdir(dataDir, { recursive: true });

  const launch = (): Promise<ElectronApplication> =>
    _electron.launch({
      executablePath: runtime.executable,
      args: [...runtime.args, `--user-data-dir=${dataDir}`, appDir, ...args],
      env: appEnvironment(display.env, options.env),
      cwd: appDir,
      chromiumSandbox: !runtime.args.includes('--no-sandbox'),
      // Otherwise Playwright pretends light mode and hides what the app chose.
      colorScheme: null,
      timeout: timeoutMs,
    });
  // Seen a few times in a hundred starts of the test runtime on a busy machine: every process idle, nothing to wait for.
  const again = (left: number): Promise<ElectronApplication> =>
    launch().catch((error: unknown) => {
      if (left === 0) throw error;
      process.stderr.write(`A start of the app hung, and is tried once more: ${String(error).split('\n')[0]}\n`);
      return again(left - 1);
    });
  const app = await again(MORE_STARTS);

  const child = app.process();
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-200_000));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const ended = new Promise<void>((resolve) => {
    if (hasEnded()) resolve();
    else child.once('exit', () => resolve());
  });
  const kill = async () => {
    if (!hasEnded()) child.kill('SIGKILL');
    await ended;
  };

  const window = async () => {
    const page = await app.firstWindow({ timeout: timeoutMs });
    await page.waitForLoadState('domcontentloaded');
    return page;
  };

  return {
    app,
    pid: child.pid ?? 0,
    window,
    screenshot: async (name, dir, page) => {
      await mkdir(dir, { recursive: true });
      const file = path.join(dir, `${name}.png`);
      await (page ?? (await window())).screenshot({ path: file });
      return file;
    },
    output: () => output,
    stop: async (deadlineMs = 15_000) => {
      if (hasEnded()) return { quit: 'already ended', exitCode: child.exitCode };
      const closing = app.close().catch(() => undefined);
      const timer = Promise.withResolvers<'late'>();
      const deadline = setTimeout(() => timer.resolve('late'), deadlineMs);
      const outcome = await Promise.race([ended, timer.promise]);
      clearTimeout(deadline);
      if (outcome === 'late') await kill();
      await closing;
      return { quit: outcome === 'late' ? 'killed' : 'in time', exitCode: child.exitCode };
    },
    kill,
  };
}

/** This process's variables without those that no user's desktop has, and these over them; undefined removes one. */
export function appEnvironment(...layers: (NodeJS.ProcessEnv | undefined)[]): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !foreignVariables.test(name));
  const merged: NodeJS.ProcessEnv = Object.assign({}, Object.fromEntries(inherited), ...layers);
  return Object.fromEntries(Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
