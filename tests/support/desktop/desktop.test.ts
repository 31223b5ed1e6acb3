import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveRuntime, type Runtime } from '../../../scripts/runtime.ts';
import { ensureDesktopPackages } from '../../../scripts/system-packages.ts';
import { launchApp, type RunningApp } from './app-driver.ts';
import { type Display, startDisplay } from './display.ts';
import { type NotificationService, startNotificationService } from './notification-service.ts';
import { startTrayWatcher, type TrayWatcher } from './tray-watcher.ts';
import { waitUntil } from './wait-until.ts';

const manifest = { name: 'desktop-probe', productName: '桌面试验', version: '7.8.9', main: 'main.cjs' };

const mainSource = `
const { app, BrowserWindow, Menu, Notification, Tray, nativeImage, utilityProcess } = require('electron');
const path = require('node:path');
const happened = (globalThis.happened = []);
let tray;
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 900, height: 600, webPreferences: { sandbox: true } });
  window.loadFile(path.join(__dirname, 'index.html'));
  const pixels = Buffer.alloc(22 * 22 * 4, 0xc0);
  tray = new Tray(nativeImage.createFromBitmap(pixels, { width: 22, height: 22 }));
  tray.setToolTip('坐席工单台：2 个提醒');
  tray.setContextMenu(Menu.buildFromTemplate([
    { label: '打开主窗口', click: () => happened.push('menu: open') },
    { type: 'separator' },
    { label: '免打扰', type: 'checkbox', checked: true },
    { label: '状态', submenu: [{ label: '小休', click: () => happened.push('menu: break') }] },
    { label: '退出', enabled: false },
  ]));
  tray.on('click', () => happened.push('tray: click'));
  globalThis.removeTray = () => tray.destroy();
  globalThis.remind = (title, body) => {
    const notification = new Notification({ title, body });
    notification.on('click', () => happened.push('notification: click ' + title));
    notification.on('close', () => happened.push('notification: close ' + title));
    notification.show();
    globalThis.lastNotification = notification;
  };
  const worker = utilityProcess.fork(path.join(__dirname, 'worker.cjs'));
  worker.on('message', (answer) => happened.push('worker: ' + answer));
  worker.on('exit', (code) => happened.push('worker: exit ' + code));
  worker.postMessage(20);
  globalThis.stopWorker = () => worker.postMessage('stop');
});
app.on('window-all-closed', () => {});
if (process.argv.includes('--stubborn')) app.on('before-quit', (event) => event.preventDefault());
app.on('quit', () => require('node:fs').writeFileSync(path.join(app.getPath('userData'), 'quit'), ''));
`;

const workerSource = `
process.parentPort.on('message', ({ data }) => {
  if (data === 'stop') process.exit(3);
  process.parentPort.postMessage(data * 2 + 2);
});
`;

const pageSource = `<!doctype html><meta charset="utf-8"><title>试验</title>
<body style="background:#1677ff;color:#fff;font:40px sans-serif"><h1>退款工单 #1024</h1></body>`;

let runtime: Runtime;
let folder: string;
let display: Display;
let notifications: NotificationService;
let tray: TrayWatcher;
let running: RunningApp;
const started: (() => Promise<unknown>)[] = [];

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function happened(event: string): Promise<void> {
  await waitUntil(
    `${event} in the app`,
    async () => {
      const all = await running.app.evaluate(() => (globalThis as unknown as { happened: string[] }).happened);
      return all.includes(event) ? true : undefined;
    },
    3_000,
  );
}

async function remind(title: string, body: string): Promise<void> {
  await running.app.evaluate(
    (_electron, [first, second]) => {
      (globalThis as unknown as { remind: (title: string, body: string) => void }).remind(first, second);
    },
    [title, body] as const,
  );
}

beforeAll(async () => {
  ensureDesktopPackages();
  runtime = await resolveRuntime();
  folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-desktop-'));
  started.push(() => rm(folder, { recursive: true, force: true }));
  const appDir = path.join(folder, 'app');
  await mkdir(appDir);
  await writeFile(path.join(appDir, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(appDir, 'main.cjs'), mainSource);
  await writeFile(path.join(appDir, 'worker.cjs'), workerSource);
  await writeFile(path.join(appDir, 'index.html'), pageSource);

  display = await startDisplay();
  started.push(() => display.stop());
  notifications = await startNotificationService(display);
  started.push(() => notifications.stop());
  tray = await startTrayWatcher(display);
  started.push(() => tray.stop());
  running = await launchApp({
    runtime,
    display,
    appDir,
    dataDir: path.join(folder, 'data'),
    env: { PROBE: 'present' },
    args: ['--probe-argument'],
  });
  started.push(() => running.stop());
}, 600_000);

afterAll(async () => {
  for (const stop of started.toReversed()) await stop();
}, 60_000);

test('the app knows its own name, version, folders and environment', async () => {
  const facts = await running.app.evaluate(({ app }) => ({
    name: app.getName(),
    version: app.getVersion(),
    isPackaged: app.isPackaged,
    userData: app.getPath('userData'),
    appPath: app.getAppPath(),
    probe: process.env['PROBE'],
    lastArgument: process.argv.at(-1),
  }));
  expect(facts).toEqual({
    name: '桌面试验',
    version: '7.8.9',
    isPackaged: false,
    userData: path.join(folder, 'data'),
    appPath: path.join(folder, 'app'),
    probe: 'present',
    lastArgument: '--probe-argument',
  });
});

test('its window can be read and pictured', async () => {
  const page = await running.window();
  expect(await page.locator('h1').textContent()).toBe('退款工单 #1024');
  const picture = await readFile(await running.screenshot('window', path.join(folder, 'pictures')));
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  expect(picture.readUInt32BE(16)).toBeGreaterThan(800);
});

test('the window follows the theme that the app chose, not one that the driver pretends', async () => {
  const page = await running.window();
  const isDark = () => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  for (const theme of ['dark', 'light'] as const) {
    await running.app.evaluate(({ nativeTheme }, wanted) => {
      nativeTheme.themeSource = wanted;
    }, theme);
    await expect.poll(isDark).toBe(theme === 'dark');
  }
});

test('a notification arrives with its full text, and a click on it reaches the app', async () => {
  await remind('工单 #1024 将在 10 分钟后超时', '客户：张三\n退款未到账，请尽快处理。');
  const shown = await notifications.waitFor(({ summary }) => summary.includes('#1024'));
  expect(shown).toMatchObject({
    appName: '桌面试验',
    summary: '工单 #1024 将在 10 分钟后超时',
    body: '客户：张三\n退款未到账，请尽快处理。',
  });
  expect(shown.actions.map(({ key }) => key)).toContain('default');
  notifications.invoke(shown.id);
  await happened('notification: click 工单 #1024 将在 10 分钟后超时');
});

test('a notification can be dismissed by the user and withdrawn by the app', async () => {
  await remind('会被关掉', '');
  notifications.dismiss((await notifications.waitFor(({ summary }) => summary === '会被关掉')).id);
  await happened('notification: close 会被关掉');

  await remind('会被收回', '');
  const { id } = await notifications.waitFor(({ summary }) => summary === '会被收回');
  await running.app.evaluate(() => {
    (globalThis as unknown as { lastNotification: { close: () => void } }).lastNotification.close();
  });
  await waitUntil('the withdrawal', () => (notifications.withdrawn.includes(id) ? true : undefined), 5_000);
});

test('waiting for a notification that never comes fails and names those that came', async () => {
  await expect(notifications.waitFor(({ summary }) => summary === '没有', 100)).rejects.toThrow(/会被关掉/);
});

test('the tray icon shows its text and its menu, and answers to clicks', async () => {
  const item = await tray.waitForItem();
  const properties = await item.properties();
  expect(properties.toolTip.title + properties.toolTip.text + properties.title).toContain('坐席工单台：2 个提醒');
  expect(properties.hasIconPixels || properties.iconName !== '').toBe(true);

  const menu = await item.menu();
  expect(menu.map(({ kind, label, enabled, checked }) => [kind, label, enabled, checked])).toEqual([
    ['standard', '打开主窗口', true, undefined],
    ['separator', '', true, undefined],
    ['standard', '免打扰', true, true],
    ['standard', '状态', true, undefined],
    ['standard', '退出', false, undefined],
  ]);

  await item.activate();
  await happened('tray: click');
  await item.pick('打开主窗口');
  await happened('menu: open');
  await item.pick('小休');
  await happened('menu: break');
  await expect(item.pick('退出')).rejects.toThrow(/cannot be picked/);
  await expect(item.pick('没有')).rejects.toThrow(/打开主窗口/);
});

test('a utility process answers, and its exit code is seen', async () => {
  await happened('worker: 42');
  await running.app.evaluate(() => (globalThis as unknown as { stopWorker: () => void }).stopWorker());
  await happened('worker: exit 3');
});

test('a tray icon that the app removes is gone', async () => {
  await running.app.evaluate(() => (globalThis as unknown as { removeTray: () => void }).removeTray());
  await tray.waitForNoItem();
});

test('an app that will not quit is killed after the deadline', async () => {
  const other = await launchApp({
    runtime,
    display,
    appDir: path.join(folder, 'app'),
    dataDir: path.join(folder, 'stubborn'),
    args: ['--stubborn'],
  });
  expect(await other.stop(500)).toMatchObject({ quit: 'killed' });
  expect(isAlive(other.pid)).toBe(false);
}, 30_000);

test('a killed app gets no chance to tidy up, and one that quits does', async () => {
  const dataDir = path.join(folder, 'killed');
  const appDir = path.join(folder, 'app');
  const killed = await launchApp({ runtime, display, appDir, dataDir });
  await killed.kill();
  expect(isAlive(killed.pid)).toBe(false);
  expect(existsSync(path.join(dataDir, 'quit'))).toBe(false);

  const again = await launchApp({ runtime, display, appDir, dataDir });
  expect(await again.stop()).toEqual({ quit: 'in time', exitCode: 0 });
  expect(existsSync(path.join(dataDir, 'quit'))).toBe(true);
}, 60_000);

test('the app quits in time, and the screen and bus end with their owner', async () => {
  expect(await running.stop()).toEqual({ quit: 'in time', exitCode: 0 });
  expect(await running.stop()).toMatchObject({ quit: 'already ended' });
  const other = await startDisplay({ width: 800, height: 600 });
  expect(other.env['DISPLAY']).not.toBe(display.env['DISPLAY']);
  expect(other.busAddress).not.toBe(display.busAddress);
  await other.stop();
  await expect(startNotificationService({ busAddress: other.busAddress })).rejects.toThrow(/out of reach/);
}, 30_000);
