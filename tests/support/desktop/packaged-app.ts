import { type ChildProcess, spawn } from 'node:child_process';
import { chromium, type Browser, type Page } from 'playwright-core';
import { appEnvironment } from './app-driver.ts';
import { waitUntil } from './wait-until.ts';

/** A packaged app has no inspector for a driver (S10): its window is worked over Chromium's own protocol. */
export interface PackagedApp {
  readonly child: ChildProcess;
  readonly page: Page;
  /** Everything that it wrote to stderr. */
  output(): string;
  /** Ends what was started, as a person who kills it would. */
  kill(): Promise<void>;
}

export interface PackagedOptions {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

const START_MS = 60_000;
const CONNECT_MS = 20_000;
/** A start of the test runtime hangs now and then, every process idle. */
const TRIES = 3;

export async function startPackaged(options: PackagedOptions): Promise<PackagedApp> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (tries === TRIES) throw error;
      process.stderr.write(`${String(error)} It is started once more.\n`);
    }
  }
}

async function startOnce({ args, env, executable }: PackagedOptions): Promise<PackagedApp> {
  const child = spawn(executable, ['--remote-debugging-port=0', ...args], {
    env: appEnvironment(env),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: an AppImage starts others.
    detached: true,
  });
  let output = '';
  child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async (): Promise<void> => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
    await ended;
  };
  try {
    const address = await waitUntil('the start of the app', () => /DevTools listening on (ws:\S+)/.exec(output)?.[1], START_MS);
    const page = await pageAt(Number(new URL(address).port));
    return { child, page, output: () => output, kill };
  } catch (error) {
    await kill();
    throw new Error(`${String(error)}\n${output.slice(-2000)}`, { cause: error });
  }
}

/** The window of an app whose protocol listens there. A driver that comes before the window is there may hold it back for good. */
export async function pageAt(port: number): Promise<Page> {
  const at = `http://127.0.0.1:${port}`;
  const isThere = async (): Promise<true | undefined> => {
    const answer = await fetch(`${at}/json/list`).catch(() => null);
    const targets = ((await answer?.json()) ?? []) as readonly { type: string; url: string; title: string }[];
    return targets.some(({ title, type, url }) => type === 'page' && url.startsWith('app://') && title !== '') || undefined;
  };
  await waitUntil('the window of the app', isThere, START_MS);
  for (let tries = 1; ; tries += 1) {
    try {
      return await pageOf(await chromium.connectOverCDP(at, { timeout: CONNECT_MS }));
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

async function pageOf(browser: Browser): Promise<Page> {
  const page = await waitUntil('the page of the app', () => browser.contexts()[0]?.pages()[0], START_MS);
  await page.locator('#root > *').first().waitFor({ state: 'attached', timeout: START_MS });
  return page;
}
