import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { type DemoServer, startDemoServer } from '../../scripts/demo-server.ts';
import { projectRoot } from '../../scripts/own-process.ts';
import type { Runtime } from '../../scripts/runtime.ts';
import { launchApp, type RunningApp } from '../support/desktop/app-driver.ts';
import { startDisplay } from '../support/desktop/display.ts';
import { type NotificationService, startNotificationService } from '../support/desktop/notification-service.ts';
import { waitUntil } from '../support/desktop/wait-until.ts';
import { askServer, readDatabase, type ServerRows } from './witness.ts';

const folder = path.join(projectRoot, 'out', 'tour-data');
const pictures = path.join(projectRoot, 'out', 'tour');
const serverStopMs = 12_000;
const ME = 'A20817';

interface Stage {
  readonly app: RunningApp;
  readonly page: Page;
  readonly notifications: NotificationService;
  server: DemoServer;
}

/** One step: what is done by mouse and keyboard, and how it is known to have happened. Returns what was seen, in words. */
interface Step {
  readonly name: string;
  run(stage: Stage): Promise<string>;
}

const REPORT = '远程复位后测速正常，客户确认。';
const NOTE = '离线时写下：客户约晚上回电。';
const CREATED = '巡检：离线新建的工单';
const handled = new Map<string, string>();
let callbackDue = 0;

const at = (page: Page, id: string): Locator => page.getByTestId(id);

/** Opens the n-th row on screen of a list. */
async function openRow(page: Page, list: 'pending' | 'processing', index: number): Promise<string> {
  await at(page, `nav-${list}`).click();
  await at(page, `list-${list}`).locator('[role=grid][aria-busy=false]').waitFor({ state: 'attached' });
  const id = await waitUntil(
    `a row of ${list} that nothing has been done to`,
    async () => {
      const found = (await page.locator('main [data-testid^="row-"]').nth(index).getAttribute('data-testid'))!.slice('row-'.length);
      // What has left 待处理 stands there until the list is read again.
      return list === 'pending' && handled.has(found) ? undefined : found;
    },
    30_000,
  );
  await page.locator(`main [data-testid="row-${id}"]`).click();
  await page.locator(`main [data-testid="row-${id}"][aria-selected=true]`).waitFor();
  return id;
}

/** Types into the composer as a person does. */
async function write(page: Page, text: string): Promise<void> {
  await at(page, 'composer').click();
  await page.keyboard.type(text);
}

const onServer = (stage: Stage, what: string, fits: (rows: ServerRows) => boolean): Promise<ServerRows> =>
  waitUntil(
    what,
    async () => {
      const rows = await askServer(stage.server.url);
      return fits(rows) ? rows : undefined;
    },
    30_000,
  );

const statusIs = (stage: Stage, id: string, status: string): Promise<ServerRows> =>
  onServer(stage, `ticket ${id} to be ${status} on the server`, (rows) => rows.tickets.get(id)?.status === status);

/** The expiring tickets of the day, or news from a colleague, may lie over the panel. */
async function dismissPopups(page: Page): Promise<void> {
  for (let i = 0; i < 5 && (await at(page, 'popup').count()) > 0; i += 1) {
    const close = at(page, 'popup-close').first();
    // Clicks count 400 ms after a card has appeared.
    await page.waitForTimeout(450);
    await close.click();
    await page.waitForTimeout(200);
  }
}

const steps: readonly Step[] = [
  {
    name: '登录 sign in',
    async run({ page }) {
      await at(page, 'signin-staff-no').click();
      await page.keyboard.type(ME);
      await at(page, 'signin-password').click();
      await page.keyboard.type('demo-2026');
      await page.keyboard.press('Enter');
      await at(page, 'nav-processing').waitFor({ timeout: 30_000 });
      return `signed in as ${ME}`;
    },
  },
  {
    name: '首次同步 first sync',
    async run(stage) {
      const { page } = stage;
      await waitUntil(
        'the window to say that all is synced',
        async () => ((await at(page, 'sync-state').innerText()).includes('已同步') ? true : undefined),
        60_000,
      );
      const rows = await askServer(stage.server.url);
      const mine = new Map<string, number>();
      for (const t of rows.tickets.values())
        if (t.assigneeId !== null && (t.status === 'processing' || t.status === 'waiting'))
          mine.set(t.assigneeId, (mine.get(t.assigneeId) ?? 0) + 1);
      const shown = await waitUntil(
        'the window to show in 处理中 as many as somebody has on the server',
        async () => {
          const count = Number(await at(page, 'count-processing').innerText());
          return [...mine.values()].includes(count) ? count : undefined;
        },
        30_000,
      );
      return `${rows.tickets.size} tickets on the server, ${shown} of mine in 处理中 on screen`;
    },
  },
  {
    name: '更新工单 update',
    async run(stage) {
      const { page } = stage;
      await dismissPopups(page);
      const id = await openRow(page, 'pending', 0);
      await write(page, '已电话联系，客户在家。');
      await page.keyboard.press('Control+Enter');
      await statusIs(stage, id, 'processing');
      handled.set(id, 'processing');
      return 'pending → processing in the server’s rows';
    },
  },
  {
    name: '已完成 resolve',
    async run(stage) {
      const { page } = stage;
      const id = await openRow(page, 'pending', 0);
      await page.keyboard.press('w');
      await write(page, REPORT);
      await at(page, 'confirm').click();
      const rows = await statusIs(stage, id, 'resolved');
      if (!rows.events.some((e) => e.ticketId === id && e.note === REPORT)) throw new Error('the report is not in the history');
      handled.set(id, 'resolved');
      return 'resolved, with its report in the history';
    },
  },
  {
    name: '转派 transfer',
    async run(stage) {
      const { page } = stage;
      const id = await openRow(page, 'pending', 0);
      const before = (await askServer(stage.server.url)).tickets.get(id)?.assigneeId;
      await page.keyboard.press('z');
      await at(page, 'person-search').click();
      await page.keyboard.type('A208');
      await page.locator('[data-testid^="person-A"]').first().click();
      await at(page, 'confirm').click();
      await onServer(
        stage,
        'another assignee',
        (rows) => rows.tickets.get(id)?.assigneeId !== before && rows.tickets.get(id)?.status === 'pending',
      );
      handled.set(id, 'pending');
      return 'another assignee on the server';
    },
  },
  {
    name: '无效 invalidate',
    async run(stage) {
      const { page } = stage;
      const id = await openRow(page, 'pending', 0);
      await page.keyboard.press('x');
      await write(page, '空号，三次未接通。');
      await at(page, 'confirm').click();
      const rows = await statusIs(stage, id, 'released');
      if (rows.tickets.get(id)?.invalid !== true) throw new Error('released, but not as invalid');
      handled.set(id, 'released');
      return 'released as invalid on the server';
    },
  },
  {
    name: '释放 release',
    async run(stage) {
      const { page } = stage;
      const id = await openRow(page, 'pending', 0);
      await page.keyboard.press('s');
      await at(page, 'confirm').click();
      const rows = await statusIs(stage, id, 'released');
      if (rows.tickets.get(id)?.invalid !== false) throw new Error('released, but as invalid');
      handled.set(id, 'released');
      return 'back in the pool on the server';
    },
  },
  {
    name: '断网 the server process ends',
    async run(stage) {
      await stage.server.stop(serverStopMs);
      await waitUntil(
        'the window to say that it is offline',
        async () => ((await at(stage.page, 'sync-state').innerText()).includes('离线') ? true : undefined),
        60_000,
      );
      const rows = await readDatabase(path.join(folder, 'server'));
      for (const [id, status] of handled)
        if (rows.tickets.get(id)?.status !== status)
          throw new Error(`${id} is ${rows.tickets.get(id)?.status} in the database, not ${status}`);
      return `the window says 离线; all ${handled.size} actions stand in the files of the stopped database`;
    },
  },
  {
    name: '离线草稿与处理 draft and act offline',
    async run({ page }) {
      const id = await openRow(page, 'processing', 0);
      await write(page, NOTE);
      await waitUntil(
        '草稿已保存',
        async () => ((await at(page, 'draft-state').innerText()).includes('草稿已保存') ? true : undefined),
        10_000,
      );
      await page.keyboard.press('Control+Enter');
      handled.set(id, 'processing');
      await waitUntil(
        'one command waiting',
        async () => ((await at(page, 'sync-state').innerText()).includes('1') ? true : undefined),
        10_000,
      );
      return '草稿已保存, then saved and waiting: 1 条待同步';
    },
  },
  {
    name: '离线新建 create offline',
    async run({ page }) {
      await at(page, 'new-ticket').click();
      await at(page, 'new-ticket-form').waitFor();
      await at(page, 'new-customer').click();
      await at(page, 'new-customer-name').click();
      await page.keyboard.type('巡检客户');
      await at(page, 'new-customer-phone').click();
      await page.keyboard.type('13900001234');
      await at(page, 'new-subject').click();
      await page.keyboard.type(CREATED);
      await at(page, 'new-submit').click();
      await at(page, 'nav-pending').click();
      const row = page.locator('[data-testid^="row-"]').filter({ hasText: CREATED });
      await row.waitFor({ timeout: 10_000 });
      if (!(await row.innerText()).includes('待编号')) throw new Error('a ticket without the server must say 待编号');
      return 'in the list as 待编号';
    },
  },
  {
    name: '离线预约回访 schedule a callback offline',
    async run({ page }) {
      const row = page.locator('[data-testid^="row-"]').filter({ hasText: CREATED });
      await row.click();
      await row.and(page.locator('[aria-selected=true]')).waitFor();
      await page.keyboard.press('h');
      // The field has minutes: the next but one is between one and two minutes away.
      callbackDue = Math.ceil((Date.now() + 75_000) / 60_000) * 60_000;
      await typeTime(page, at(page, 'callback-time'), new Date(callbackDue));
      await at(page, 'confirm').click();
      await waitUntil(
        'three commands waiting',
        async () => ((await at(page, 'sync-state').innerText()).includes('3') ? true : undefined),
        10_000,
      );
      await at(page, 'sync-state').click();
      return `due at ${new Date(callbackDue).toTimeString().slice(0, 5)}; the queue shows 3`;
    },
  },
  {
    name: '恢复 the server is back, the queue drains by itself',
    async run(stage) {
      await stage.page.keyboard.press('Escape');
      stage.server = await startDemoServer(folder, ['--quiet-demo']);
      await waitUntil(
        'an empty queue',
        async () => ((await at(stage.page, 'sync-state').innerText()).includes('已同步') ? true : undefined),
        60_000,
      );
      const rows = await onServer(stage, 'the new ticket', (r) => [...r.tickets.values()].some((t) => t.subject === CREATED));
      const made = [...rows.tickets.values()].filter((t) => t.subject === CREATED);
      if (made.length !== 1 || made[0]!.number === null) throw new Error(`${made.length} tickets of that subject on the server`);
      const notes = rows.events.filter((e) => e.note === NOTE).length;
      if (notes !== 1) throw new Error(`the offline note stands ${notes} times in the history`);
      if (!rows.callbacks.some((c) => c.ticketId === made[0]!.id && c.dueAt === callbackDue))
        throw new Error('the callback is not on the server');
      return `once each on the server; the new ticket is now ${made[0]!.number}`;
    },
  },
  {
    name: '回访到时 the callback falls due: native notification',
    async run({ notifications }) {
      const seen = await notifications.waitFor(
        (n) => n.summary.includes('回访时间到') && n.summary.includes('巡检客户'),
        callbackDue - Date.now() + 15_000,
      );
      const off = seen.time - callbackDue;
      if (off < 0) throw new Error(`${-off} ms early`);
      return `seen on D-Bus ${off} ms after its time: ${seen.summary}`;
    },
  },
  {
    name: '右下角弹窗 corner popup',
    async run({ page }) {
      const popup = at(page, 'popup').filter({ hasText: '巡检客户' });
      await popup.waitFor({ timeout: 30_000 });
      const box = (await popup.boundingBox())!;
      const { width, height } = page.viewportSize() ?? (await page.evaluate(() => ({ width: innerWidth, height: innerHeight })));
      if (box.x + box.width / 2 < width / 2 || box.y + box.height / 2 < height / 2) throw new Error('it is not bottom right');
      return 'bottom right, above the composer';
    },
  },
];

/** Keys as a person presses them, in the order of the zh-CN field: year, month, day, hour, minute. */
async function typeTime(page: Page, field: Locator, when: Date): Promise<void> {
  const two = (n: number): string => String(n).padStart(2, '0');
  await field.click({ position: { x: 14, y: 10 } });
  await page.keyboard.type(String(when.getFullYear()));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type(two(when.getMonth() + 1) + two(when.getDate()) + two(when.getHours()) + two(when.getMinutes()));
  const value = await field.inputValue();
  const wanted = `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}T${two(when.getHours())}:${two(when.getMinutes())}`;
  if (value !== wanted) throw new Error(`typed ${value}, wanted ${wanted}`);
}

/** Walks the main path in the real app on a virtual screen. @returns the exit code: 0 if every step was seen to work */
export async function runTour(runtime: Runtime, stopping: AbortSignal): Promise<number> {
  for (const dir of [folder, pictures]) await rm(dir, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const ends: (() => Promise<unknown>)[] = [];
  let ok = 0;
  let failed = 0;
  try {
    const server = await startDemoServer(folder, ['--quiet-demo']);
    const stage: Partial<Stage> & { server: DemoServer } = { server };
    ends.push(() => stage.server.stop(serverStopMs));
    const display = await startDisplay({ width: 1366, height: 768 });
    ends.push(() => display.stop());
    const notifications = await startNotificationService({ busAddress: display.busAddress });
    ends.push(() => notifications.stop());
    const app = await launchApp({
      runtime,
      display,
      dataDir: path.join(folder, 'app'),
      env: { ZUOXI_SERVER: server.url, ZUOXI_NODE: process.execPath },
      args: ['--lang=zh-CN'],
    });
    ends.push(() => app.stop());
    const full: Stage = Object.assign(stage, { app, notifications, page: await app.window() });
    for (const [i, step] of steps.entries()) {
      if (stopping.aborted) break;
      const picture = `${String(i + 1).padStart(2, '0')}-${step.name.split(' ')[0]}`;
      try {
        const seen = await step.run(full);
        ok += 1;
        process.stdout.write(`  ✓ ${step.name}: ${seen}\n`);
      } catch (error) {
        failed += 1;
        process.stdout.write(`  ✗ ${step.name}: ${error instanceof Error ? error.message : String(error)}\n`);
      }
      await app.screenshot(picture, pictures, full.page).catch(() => undefined);
      // What follows builds on it.
      if (failed > 0) break;
    }
  } catch (error) {
    failed += 1;
    process.stdout.write(`  ✗ ${error instanceof Error ? error.message : String(error)}\n`);
  } finally {
    for (const end of ends.toReversed()) await end().catch(() => undefined);
  }
  if (failed === 0 && ok < steps.length) failed = steps.length - ok;
  process.stdout.write(`tour: ${ok} steps ok, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}
