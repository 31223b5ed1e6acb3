import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchApp, type RunningApp } from '../../support/desktop/app-driver.ts';
import type { Desktop } from '../../support/desktop/desktop.ts';
import { waitUntil } from '../../support/desktop/wait-until.ts';

export interface Destination {
  readonly serial: number;
  readonly ticketId: string | null;
  readonly call: { readonly phone: string } | null;
}
interface PageProbe {
  readonly core: { call(name: string, input: unknown): Promise<unknown> };
  readonly shell: { call(name: string, input: unknown): Promise<unknown> };
  readonly seen: {
    readonly violations: string[];
    readonly core: boolean[];
    readonly destinations: Destination[];
    readonly info: unknown;
    readonly device: unknown;
    readonly state: { readonly maximized: boolean; readonly focused: boolean };
  };
}

/** A started shell, seen through its stub page and stub core. */
export interface ShellRun {
  readonly running: RunningApp;
  readonly dataDir: string;
  page(): Promise<Page>;
  seen(): Promise<PageProbe['seen']>;
  call(end: 'core' | 'shell', name: string, input?: unknown): Promise<unknown>;
  /** Has the stub core carry out an order, once it is there. */
  order(order: unknown): Promise<unknown>;
  corePid(): Promise<number>;
  visible(): Promise<boolean>;
  /** The events in the shell's log. */
  log(): Promise<string[]>;
  logText(): Promise<string>;
}

export interface ShellOptions {
  readonly desktop: Desktop;
  readonly appDir: string;
  readonly dataDir: string;
  readonly host?: 'node' | 'utility';
  readonly args?: string[];
  readonly env?: NodeJS.ProcessEnv;
}

export async function launchShell({ desktop, appDir, dataDir, host = 'node', args = [], env = {} }: ShellOptions): Promise<ShellRun> {
  const running = await launchApp({
    runtime: desktop.runtime,
    display: desktop.display,
    appDir,
    dataDir,
    args,
    env: { ZUOXI_NODE: host === 'node' ? process.execPath : undefined, ZUOXI_SERVER: 'http://127.0.0.1:9', ...env },
  });
  const page = async (): Promise<Page> => {
    const found = await running.window();
    await found.waitForFunction(() => 'probe' in window);
    return found;
  };
  const call = async (end: 'core' | 'shell', name: string, input: unknown = {}): Promise<unknown> =>
    (await page()).evaluate(([e, n, i]) => (window as unknown as { probe: PageProbe }).probe[e].call(n, i), [end, name, input] as const);
  const seen = async (): Promise<PageProbe['seen']> =>
    (await page()).evaluate(() => (window as unknown as { probe: PageProbe }).probe.seen);
  const order = async (what: unknown): Promise<unknown> => {
    await waitUntil('the core', async () => ((await seen()).core.at(-1) === true ? true : undefined), 15_000);
    const answer = (await call('core', 'session.probe', { url: JSON.stringify(what) })) as { url: string };
    return JSON.parse(answer.url) as unknown;
  };
  const logText = (): Promise<string> => readFile(path.join(dataDir, 'logs', 'main.log'), 'utf8');
  return {
    running,
    dataDir,
    page,
    seen,
    call,
    order,
    corePid: async () => (await order({ say: 'pid' })) as number,
    visible: () => running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((each) => each.isVisible())),
    logText,
    log: async () =>
      (await logText())
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
  };
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
