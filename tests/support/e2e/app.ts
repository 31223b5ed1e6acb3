import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchApp, type RunningApp } from '../desktop/app-driver.ts';
import { waitUntil } from '../desktop/wait-until.ts';
import type { BucketCode } from '../../../shared/domain/reminders/buckets.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import type { Desktop } from './desktop.ts';

/** Long enough for a busy machine; nothing is measured with it. */
const PATIENCE = 60_000;

/** Asks until the answer is as the assertion after it wants. */
export function eventually<T>(look: () => T | Promise<T>) {
  return expect.poll(look, { timeout: PATIENCE, interval: 40 });
}

/** The real app in its window, worked with mouse and keyboard. */
export interface DeskApp {
  readonly running: RunningApp;
  readonly page: Page;
  readonly dataDir: string;
  at(testId: string): Locator;
  signIn(staffNo: string, password?: string): Promise<void>;
  signOut(): Promise<void>;
  synced(): Promise<void>;
  openList(list: ListName): Promise<void>;
  openBucket(bucket: BucketCode): Promise<void>;
  /** Opens a row of the list on screen with the mouse. */
  openRow(ticketId: string): Promise<void>;
  row(ticketId: string): Locator;
  /** Ids of the tickets whose rows are on screen, in their order. */
  rows(): Promise<string[]>;
  /** The number beside a list or a bucket; null while it is not known. */
  count(of: ListName | `bucket-${BucketCode}`): Promise<number | null>;
  /** Puts the caret where the list is, so that single letters act. */
  focusList(): Promise<void>;
  write(text: string): Promise<void>;
  /** Types key by key where the caret is, once it is in a field. */
  type(text: string): Promise<void>;
  /** The same as an input method does it: the whole text at once, without keys. */
  insert(text: string): Promise<void>;
  press(keys: string): Promise<void>;
  /** Waits out the moment in which a popup that has just come takes no clicks. */
  popupTakesClicks(): Promise<void>;
  /** Clicks in a popup once it takes clicks. */
  clickPopup(testId: string): Promise<void>;
  corePid(): Promise<number>;
  visible(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface AppOptions {
  readonly desktop: Desktop;
  /** Of the folder with the app's data; the same again for another start of the same app. */
  readonly name?: string;
  /** Preset address; null: the agent types it. */
  readonly server: string | null;
  /** Variables of whoever starts it. */
  readonly env?: Readonly<Record<string, string>>;
}

/** On a busy machine one start in some thirty hangs with every process idle; the next one does not, and it is said. */
async function launch(
  desktop: Desktop,
  dataDir: string,
  server: string | null,
  env: AppOptions['env'],
): Promise<{ running: RunningApp; page: Page }> {
  const attempt = async () => {
    const running = await launchApp({
      runtime: desktop.runtime,
      display: desktop.display,
      dataDir,
      env: {
        ...env,
        ZUOXI_NODE: process.execPath,
        ZUOXI_SERVER: server ?? undefined,
        // What opens at login is written there, and not for whoever runs the tests.
        XDG_CONFIG_HOME: path.join(desktop.folder, 'config'),
      },
      // A virtual screen has no GPU; Chromium would start a process for one and see it fail.
      args: ['--disable-gpu'],
      timeoutMs: 12_000,
    });
    try {
      const page = await running.window();
      // A dialog that still grows moves its button away from under the pointer; the tour walks with motion.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.locator('#root > *').first().waitFor({ state: 'attached', timeout: 20_000 });
      return { running, page };
    } catch (error) {
      await running.kill();
      throw error;
    }
  };
  try {
    return await attempt();
  } catch (error) {
    process.stderr.write(`A start of the app hung, and is tried once more: ${String(error).split('\n')[0]}\n`);
    return attempt();
  }
}

/** A key that opens a form gives it the caret a moment later. */
async function caret(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const field = document.activeElement;
    return (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) && !field.readOnly && !field.disabled;
  });
}

export async function startApp({ desktop, env, name = 'app', server }: AppOptions): Promise<DeskApp> {
  const dataDir = path.join(desktop.folder, name);
  const { running, page } = await launch(desktop, dataDir, server, env);
  page.setDefaultTimeout(PATIENCE);
  const at = (testId: string): Locator => page.getByTestId(testId);

  const app: DeskApp = {
    running,
    page,
    dataDir,
    at,
    async signIn(staffNo, password = 'secret-pass') {
      await at('signin-staff-no').fill(staffNo);
      await at('signin-password').fill(password);
      await page.keyboard.press('Enter');
      await at('account-menu').waitFor();
      await app.synced();
    },
    async signOut() {
      await at('account-menu').click();
      await page.getByRole('menuitem', { name: '退出登录' }).click();
      await at('signin-staff-no').waitFor();
    },
    async synced() {
      await at('sync-state').filter({ hasText: '已同步' }).waitFor();
    },
    async openList(list) {
      await at(`nav-${list}`).click();
      await at(`list-${list}`).locator('[role=grid][aria-busy=false]').waitFor({ state: 'attached' });
    },
    async openBucket(bucket) {
      await at(`nav-bucket-${bucket}`).click();
      await at(`bucket-${bucket}`).locator('[role=grid][aria-busy=false]').waitFor({ state: 'attached' });
    },
    row: (ticketId) => page.locator(`main [data-testid="row-${ticketId}"]`),
    async openRow(ticketId) {
      const selected = page.locator(`main [data-testid="row-${ticketId}"][aria-selected=true]`);
      // A list that is read again just then moves the row away from under the pointer.
      const opened = async (): Promise<true | undefined> => {
        await app.row(ticketId).first().click();
        return selected.waitFor({ timeout: 2_000 }).then(
          () => true,
          () => undefined,
        );
      };
      await waitUntil(`the ticket ${ticketId} to open`, opened, PATIENCE);
    },
    async rows() {
      const found = await page
        .locator('main [data-testid^="row-"]')
        .evaluateAll((all) =>
          all.map((each) => ({ id: each.getAttribute('data-testid')!.slice(4), index: Number(each.getAttribute('aria-rowindex')) })),
        );
      return found.sort((a, b) => a.index - b.index).map(({ id }) => id);
    },
    async count(of) {
      const text = await at(`count-${of}`).innerText();
      return text === '' ? null : Number(text);
    },
    async focusList() {
      await page.locator('main .rows').focus();
    },
    async write(text) {
      await at('composer').click();
      await page.keyboard.insertText(text);
    },
    async type(text) {
      await caret(page);
      await page.keyboard.type(text);
    },
    async insert(text) {
      await caret(page);
      await page.keyboard.insertText(text);
    },
    press: (keys) => page.keyboard.press(keys),
    async popupTakesClicks() {
      await at('popup').waitFor();
      const from = await page.evaluate(() => performance.now());
      await page.waitForFunction((start) => performance.now() > start + 600, from);
    },
    async clickPopup(testId) {
      await app.popupTakesClicks();
      await at(testId).click();
    },
    async corePid() {
      const lines = (await readFile(path.join(dataDir, 'logs', 'main.log'), 'utf8')).trim().split('\n');
      const ready = lines
        .map((line) => JSON.parse(line) as { event: string; pid?: number })
        .findLast(({ event }) => event === 'core-ready');
      if (ready?.pid === undefined) throw new Error('The log names no core that got ready.');
      return ready.pid;
    },
    visible: () => running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((each) => each.isVisible())),
    async stop() {
      await running.stop();
    },
  };
  return app;
}
