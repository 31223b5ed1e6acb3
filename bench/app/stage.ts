import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { projectRoot } from '../../scripts/own-process.ts';
import { launchApp, type RunningApp } from '../../tests/support/desktop/app-driver.ts';
import { waitUntil } from '../../tests/support/desktop/wait-until.ts';
import { type Desktop, startDesktop } from '../../tests/support/e2e/desktop.ts';
import { me } from '../peers/our-rows.ts';
import { readLateness, startLateness, type Syncing } from './lateness.ts';
import { type OfficeServer, startOfficeServer } from './office-server.ts';
import { installPageBench } from './page-bench.ts';

const bareFolder = path.join(import.meta.dirname, 'bare');
const PATIENCE_MS = 60_000;
/** A start of the test runtime hangs now and then; the driver tries again after that. */
const LAUNCH_MS = 30_000;
/** Nothing is said against a slow first sync here; it is measured elsewhere. */
const SYNC_MS = 1_800_000;

export interface StageOptions {
  /** Tickets of the office. */
  readonly size: number;
  /** On the screen that is there, drawn by what it is drawn by; otherwise on a virtual one, drawn by software. */
  readonly realScreen: boolean;
}

/** The app in its window, signed in, with the probes in its page. */
export interface OpenWindow {
  readonly running: RunningApp;
  readonly page: Page;
  at(testId: string): Locator;
  corePid(): Promise<number>;
  stop(): Promise<void>;
}

export interface Stage {
  readonly size: number;
  /** How it went when all tickets came for the first time. */
  readonly syncing: Syncing;
  readonly desktop: Desktop;
  readonly office: OfficeServer;
  /** What every start of the runtime gets. */
  readonly args: readonly string[];
  readonly appDir: string;
  readonly bareDir: string;
  /** Where the app keeps its data. */
  readonly dataDir: string;
  env(more?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** Starts the app on its filled cache. */
  open(): Promise<OpenWindow>;
  /** Starts the bare window with a page of `bareDir`. */
  openBare(page: string): Promise<{ readonly page: Page; stop(): Promise<void> }>;
  close(): Promise<void>;
}

/** A desktop, an office with so many tickets, and the app that has all of them. */
export async function openStage({ realScreen, size }: StageOptions, say: (line: string) => void): Promise<Stage> {
  const stops: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  };
  try {
    const desktop = await startDesktop({ usePresentDisplay: realScreen });
    stops.push(() => desktop.stop());
    const office = await startOfficeServer(size);
    stops.push(() => office.close());
    // A virtual screen has no GPU; Chromium would start a process for one and see it fail.
    const args = realScreen ? [] : ['--disable-gpu'];
    const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
      ZUOXI_NODE: process.execPath,
      ZUOXI_SERVER: office.url,
      XDG_CONFIG_HOME: path.join(desktop.folder, 'config'),
      ...more,
    });
    const dataDir = path.join(desktop.folder, 'app');
    const launch = async (appDir: string, data: string, more: readonly string[] = []) => {
      const running = await launchApp({
        runtime: desktop.runtime,
        display: desktop.display,
        dataDir: data,
        appDir,
        env: env(),
        args: [...args, ...more],
        timeoutMs: LAUNCH_MS,
      });
      stops.push(() => running.stop());
      const page = await running.window();
      page.setDefaultTimeout(PATIENCE_MS);
      return { running, page };
    };

    const first = await launch(projectRoot, dataDir);
    say(`first sync of ${size} tickets …`);
    await first.page.getByTestId('signin-staff-no').fill(me.staffNo);
    await first.page.getByTestId('signin-password').fill('bench-2026');
    await first.page.evaluate(startLateness);
    await first.running.app.evaluate(startLateness);
    const signedInAt = performance.now();
    await first.page.keyboard.press('Enter');
    await first.page.getByTestId('account-menu').waitFor();
    // Only then: a list on screen is read again with every page that comes.
    await first.page.getByTestId('sync-state').filter({ hasText: '已同步' }).waitFor({ timeout: SYNC_MS });
    const syncing = {
      seconds: (performance.now() - signedInAt) / 1000,
      page: await first.page.evaluate(readLateness),
      main: await first.running.app.evaluate(readLateness),
    };
    await first.page.getByTestId('nav-all').click();
    await first.page.locator(`[data-testid="list-all"] .rows[aria-rowcount="${size + 1}"]`).waitFor();
    await first.running.stop();

    return {
      size,
      syncing,
      desktop,
      office,
      args,
      appDir: projectRoot,
      bareDir: bareFolder,
      dataDir,
      env,
      async open() {
        const { page, running } = await launch(projectRoot, dataDir);
        await page.addInitScript(installPageBench);
        // The probes have to be there before the port to the core is.
        await page.reload();
        await page.locator('main [data-testid^="row-"]').first().waitFor();
        await page.getByTestId('sync-state').filter({ hasText: '已同步' }).waitFor();
        return {
          running,
          page,
          at: (testId) => page.getByTestId(testId),
          corePid: () => corePidIn(dataDir),
          stop: async () => void (await running.stop()),
        };
      },
      async openBare(name) {
        const address = `file://${path.join(bareFolder, name)}`;
        const { page, running } = await launch(bareFolder, path.join(desktop.folder, 'bare'), [address]);
        await page.evaluate(installPageBench);
        return { page, stop: async () => void (await running.stop()) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function corePidIn(dataDir: string): Promise<number> {
  return waitUntil(
    'the core in the log',
    async () => {
      const text = await readFile(path.join(dataDir, 'logs', 'main.log'), 'utf8');
      const lines = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string; pid?: number });
      return lines.findLast(({ event }) => event === 'core-ready')?.pid;
    },
    PATIENCE_MS,
  );
}
