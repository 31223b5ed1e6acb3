import '../../scripts/require-modern-node.ts';
import path from 'node:path';
import { newTicket, numbered, openOffice, PASSWORD } from '../support/core/desk.ts';
import { launchApp, type RunningApp } from '../support/desktop/app-driver.ts';
import { waitUntil } from '../support/desktop/wait-until.ts';
import { startDesktop } from '../support/e2e/desktop.ts';
import { countFrom } from './arguments.ts';
import { temporaryFolder } from './own-folder.ts';

// npm run renderer-kills -- --kills N: the process of the page is killed while somebody writes, again and again. The
// window has to be back within three seconds, with all that was typed two seconds before.

const kills = countFrom('kills', 10);
/** What was typed so long ago is on the disk (R1). */
const SAVED_MS = 2_000;
/** R27. */
const BACK_MS = 3_000;
/** A fourth crash within a minute closes the window to the tray, so that a broken page does not flicker for ever. */
const KILLS_A_START = 3;
const PATIENCE_MS = 25_000;

temporaryFolder('renderer-kills');
const desktop = await startDesktop();
const office = await openOffice();
const desk = await office.device('lin');
const tickets: string[] = [];
for (let i = 0; i < 5; i += 1) {
  const id = await newTicket(desk, `页面崩溃 ${i + 1}`);
  await numbered(desk, id);
  tickets.push(id);
}

/** Playwright gives up a page that crashed; the window itself is asked. */
const inPage = <T>({ app }: RunningApp, script: string): Promise<T> =>
  app.evaluate(({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(code) as Promise<T>, script);
const processOf = ({ app }: RunningApp): Promise<number> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId());
const element = (testId: string): string => `document.querySelector('main [data-testid="${testId}"], [data-testid="${testId}"]')`;
/** A page that is gone at the moment has none. */
const has = (running: RunningApp, testId: string): Promise<boolean> =>
  inPage<boolean>(running, `${element(testId)} !== null`).catch(() => false);
const click = async (running: RunningApp, testId: string): Promise<void> => {
  await waitUntil(testId, async () => ((await has(running, testId)) ? true : undefined), PATIENCE_MS);
  await inPage(running, `void ${element(testId)}.click()`);
};

async function start(first: boolean): Promise<RunningApp> {
  const running = await launchApp({
    runtime: desktop.runtime,
    display: desktop.display,
    dataDir: path.join(desktop.folder, 'app'),
    env: { ZUOXI_NODE: process.execPath, ZUOXI_SERVER: office.server.url, XDG_CONFIG_HOME: path.join(desktop.folder, 'config') },
    args: ['--disable-gpu'],
  });
  const page = await running.window();
  if (first) {
    await page.getByTestId('signin-staff-no').fill('A1');
    await page.getByTestId('signin-password').fill(PASSWORD);
    await page.keyboard.press('Enter');
  }
  await page.getByTestId('account-menu').waitFor();
  return running;
}

/** Opens a ticket's composer. @returns what stands in it; null: it is not there */
async function compose(running: RunningApp, id: string, wanted: string): Promise<string | null> {
  await click(running, 'nav-pending');
  await click(running, `row-${id}`);
  const read = () => inPage<string | null>(running, `${element('composer')}?.value ?? null`).catch(() => null);
  await waitUntil('the draft', async () => ((await read()) === wanted ? true : undefined), PATIENCE_MS).catch(() => undefined);
  return read();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const typed = new Map<string, string>();
const took: number[] = [];
let [lost, late] = [0, 0];
let running = await start(true);
try {
  for (let kill = 0; kill < kills; kill += 1) {
    if (kill > 0 && kill % KILLS_A_START === 0) {
      await running.kill();
      running = await start(false);
    }
    const id = tickets[kill % tickets.length]!;
    const before = typed.get(id) ?? '';
    if ((await compose(running, id, before)) !== before) {
      lost += 1;
      process.stdout.write(`kill ${kill}: the draft was not there before\n`);
    }
    await inPage(running, `${element('composer')}.focus(); ${element('composer')}.setSelectionRange(1e6, 1e6)`);
    const text = `${kill + 1} 写到一半。`;
    await running.app.evaluate(({ BrowserWindow }, words) => BrowserWindow.getAllWindows()[0]!.webContents.insertText(words), text);
    typed.set(id, before + text);
    await pause(SAVED_MS);

    const killed = await processOf(running);
    const from = performance.now();
    process.kill(killed, 'SIGKILL');
    const isBack = async () => (![0, killed].includes(await processOf(running)) && (await has(running, 'nav-pending')) ? true : undefined);
    await waitUntil('the page', isBack, PATIENCE_MS);
    const ms = performance.now() - from;
    took.push(ms);
    if (ms > BACK_MS) {
      late += 1;
      process.stdout.write(`kill ${kill + 1}: back after ${Math.round(ms)} ms\n`);
    }
    const there = await compose(running, id, before + text);
    if (there !== before + text) {
      lost += 1;
      process.stdout.write(`kill ${kill + 1}: ${there?.length ?? 0} of ${(before + text).length} characters are there\n`);
      typed.set(id, there ?? '');
    }
  }
} finally {
  await running.kill();
  await office.close();
  await desktop.stop();
}
const sorted = took.toSorted((a, b) => a - b);
process.stdout.write(`back after ${Math.round(sorted[Math.floor(kills / 2)]!)} ms p50, ${Math.round(sorted.at(-1)!)} ms at most\n`);
process.stdout.write(`renderer: ${kills} kills, ${lost} drafts lost, ${late} not back\n`);
// The database in this process stays open otherwise.
process.exit(lost + late === 0 ? 0 : 1);
