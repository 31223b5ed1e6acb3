import { spawn } from 'node:child_process';
import { readdir, readFile, rm, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../electron/main/content-security-policy.ts';
import { buildShell } from './shell-stub/build-shell.ts';
import { type Desktop, startDesktop } from '../support/desktop/desktop.ts';
import { eventually } from '../support/e2e/app.ts';
import { isAlive, launchShell, type ShellRun } from './shell-stub/shell-run.ts';

let folder: string;
let appDir: string;
let desktop: Desktop;
let shell: ShellRun;
const started: (() => Promise<unknown>)[] = [];

async function launch(name: string, options: { host?: 'node' | 'utility'; args?: string[] } = {}): Promise<ShellRun> {
  const run = await launchShell({ desktop, appDir, dataDir: path.join(folder, name), ...options });
  started.push(() => run.running.stop());
  return run;
}

const reminder = (id: string, over: object = {}): object => ({
  host: 'notify.show',
  input: { id, kind: 'callback', title: `回访时间到 ${id}`, body: '103526 空调制冷差', ticketId: 't-9', actions: [], reply: null, ...over },
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-shell-'));
  started.push(() => rm(folder, { recursive: true, force: true }));
  appDir = path.join(folder, 'app');
  await buildShell(appDir);
  desktop = await startDesktop();
  started.push(() => desktop.stop());
  shell = await launch('main');
}, 600_000);

afterAll(async () => {
  for (const stop of started.toReversed()) await stop();
}, 60_000);

test('S2 the window shows the page of app://, and answers over both ports', async () => {
  const page = await shell.page();
  expect(page.url()).toBe('app://desk/index.html');
  await eventually(() => shell.visible()).toBe(true);
  expect(await shell.order({ say: 'start' })).toEqual({
    dataDir: path.join(shell.dataDir, 'data'),
    presetServer: 'http://127.0.0.1:9',
    checkOutput: true,
    version: '0.1.0',
  });
  const info = { version: '0.1.0', platform: 'linux', ownButtons: true, testBuild: false };
  const destinations = [{ serial: 0, ticketId: null, transferId: null, call: null, settings: false }];
  // Over the other port, and nothing says which of the two is first.
  await eventually(async () => {
    const seen = await shell.seen();
    return { info: seen.info, destinations: seen.destinations };
  }).toEqual({ info, destinations });
  expect((await shell.seen()).violations).toEqual([]);
});

test('S1 every window is sandboxed and isolated at run time', async () => {
  const found = await shell.running.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((each) => {
      const all = (each.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = all;
      return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
    }),
  );
  expect(found).toEqual([{ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false }]);
});

test('S8 the page gets one named function and nothing of Node or Electron', async () => {
  const found = await (
    await shell.page()
  ).evaluate(() => ({
    bridge: Object.entries((window as unknown as { zuoxi: object }).zuoxi).map(([name, value]) => [name, typeof value]),
    foreign: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in window),
  }));
  expect(found).toEqual({ bridge: [['requestPorts', 'function']], foreign: [] });
});

test('S3 the policy is sent with a nonce of its own for each load, and holds', async () => {
  const page = await shell.page();
  const nonces: string[] = [];
  for (let load = 0; load < 2; load++) {
    const answer = await page.reload();
    const text = (await answer?.text()) ?? '';
    const nonce = /name="zuoxi-nonce" content="([^"]+)"/.exec(text)?.[1] ?? '';
    expect(answer?.headers()).toMatchObject({
      'content-security-policy': contentSecurityPolicy(nonce),
      'x-content-type-options': 'nosniff',
      'content-type': 'text/html; charset=utf-8',
    });
    expect(text).not.toContain('__NONCE__');
    nonces.push(nonce);
  }
  expect(new Set(nonces).size).toBe(2);

  const refused = await page.evaluate(async () => {
    const net = await fetch('https://example.com/').then(
      () => 'allowed',
      () => 'refused',
    );
    const attempt = (run: () => void): string => {
      try {
        run();
        return 'allowed';
      } catch (error) {
        return (error as Error).name;
      }
    };
    const div = document.createElement('div');
    return {
      net,
      markup: attempt(() => (div.innerHTML = '<b>x</b>')),
      script: attempt(() => (document.createElement('script').src = 'https://example.com/x.js')),
    };
  });
  expect(refused).toEqual({ net: 'refused', markup: 'TypeError', script: 'TypeError' });
  await eventually(async () => (await shell.seen()).violations).toContain('connect-src');
});

test('S2 only files of the page are served', async () => {
  const addresses = [
    'app://desk/..%2fmain.cjs',
    'app://desk/../main.cjs',
    'app://desk/%2e%2e/package.json',
    'app://other/index.html',
    'app://desk/no.js',
  ];
  const answers = await shell.running.app.evaluate(
    async ({ net }, all) => Promise.all(all.map(async (each) => (await net.fetch(each)).status)),
    addresses,
  );
  expect(answers).toEqual(addresses.map(() => 404));
});

test('S4 the page cannot leave, and opens no window', async () => {
  const page = await shell.page();
  const opened = await page.evaluate(() => window.open('https://example.com/') === null);
  expect(opened).toBe(true);
  for (const target of ['https://example.com/', 'app://other/index.html', 'file:///etc/passwd']) {
    await page.evaluate((to) => {
      location.href = to;
    }, target);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
    expect(page.url()).toBe('app://desk/index.html');
  }
  expect(await shell.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await eventually(async () => (await shell.log()).filter((event) => event === 'navigation-refused').length).toBeGreaterThanOrEqual(2);
});

test('S6 permissions are refused when asked for and when looked up, but for notifications', async () => {
  const found = await (
    await shell.page()
  ).evaluate(async () => {
    const looked = await Promise.all(
      ['geolocation', 'camera', 'microphone', 'clipboard-read', 'midi'].map((name) =>
        navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state),
      ),
    );
    const place = await new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('given'),
        (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : error.message),
      ),
    );
    return { looked: [...new Set(looked)], place, asked: await Notification.requestPermission() };
  });
  expect(found).toEqual({ looked: ['denied'], place: 'denied', asked: 'granted' });
});

test('S7 a page that is not ours gets no ports', async () => {
  const got = await shell.running.app.evaluate(
    async ({ BrowserWindow }, preload) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await stranger.loadURL('data:text/html,<script>window.got=0;addEventListener("message",()=>window.got++)</script>');
      const count = await stranger.webContents.executeJavaScript(
        'zuoxi.requestPorts(); new Promise((resolve) => setTimeout(() => resolve(window.got), 300))',
      );
      stranger.destroy();
      return count as number;
    },
    path.join(appDir, 'preload.cjs'),
  );
  expect(got).toBe(0);
  expect(await shell.log()).toContain('ports-refused');
});

test('secrets are kept in files that only this user can read, and not in clear', async () => {
  expect(await shell.order({ host: 'secrets.kind', input: {} })).toEqual({ kind: 'file' });
  await shell.order({ host: 'secrets.set', input: { name: 'token/1', value: 'canary-5150' } });
  expect(await shell.order({ host: 'secrets.get', input: { name: 'token/1' } })).toEqual({ value: 'canary-5150' });
  expect(await shell.order({ host: 'secrets.get', input: { name: 'token/2' } })).toEqual({ value: null });
  const secrets = path.join(shell.dataDir, 'secrets');
  expect((await stat(secrets)).mode & 0o777).toBe(0o700);
  const files = await readdir(secrets);
  expect(files.length).toBe(2);
  for (const name of files) {
    expect(name).not.toContain('token');
    expect((await stat(path.join(secrets, name))).mode & 0o777).toBe(0o600);
    expect((await readFile(path.join(secrets, name))).includes('canary-5150')).toBe(false);
  }
  await shell.order({ host: 'secrets.delete', input: { name: 'token/1' } });
  expect(await shell.order({ host: 'secrets.get', input: { name: 'token/1' } })).toEqual({ value: null });
});

test('D04 the tray says what is due, follows the core and leads to a ticket', async () => {
  const item = await desktop.tray.waitForItem();
  await eventually(async () => (await item.properties()).toolTip.title).toBe('坐席工单台，2 条已到时间，待同步 3');
  expect((await item.properties()).hasIconPixels).toBe(true);
  const labels = async (): Promise<string[]> => (await item.menu()).map(({ label }) => label);
  const ticket = (await labels()).find((label) => label.includes('#103551')) ?? '';
  expect(await labels()).toEqual(['2 条已到时间', ticket, '', '待处理 4', '待同步 3', '', '暂停提醒一小时', '', '打开坐席工单台', '退出']);
  expect(ticket).toMatch(/^\d\d:\d\d 回访 #103551 晚间掉线 A&B$/);
  await item.pick(ticket);
  await eventually(async () => (await shell.seen()).destinations.at(-1)).toMatchObject({ serial: 1, ticketId: 't-1', transferId: null });

  await shell.call('core', 'drafts.discard', { form: 'new' });
  await eventually(labels).toEqual(['没有到时间的提醒', '', '待处理 4', '', '暂停提醒一小时', '', '打开坐席工单台', '退出']);
  expect((await item.properties()).toolTip.title).toBe('坐席工单台，没有到时间的提醒');
});

test('D04 closing hides to the tray, says so once, and a click, a second start and a notification bring it back', async () => {
  const item = await desktop.tray.waitForItem();
  const close = () => shell.call('shell', 'window.close');
  await close();
  await eventually(() => shell.visible()).toBe(false);
  const word = await desktop.notifications.waitFor(({ summary }) => summary === '坐席工单台仍在运行');
  expect(word.body).toContain('托盘');
  expect(isAlive(shell.running.pid)).toBe(true);
  expect(desktop.tray.items().length).toBe(1);

  await item.activate();
  await eventually(() => shell.visible()).toBe(true);
  await close();
  await eventually(() => shell.visible()).toBe(false);

  const { runtime, display } = desktop;
  const second = spawn(runtime.executable, [...runtime.args, `--user-data-dir=${shell.dataDir}`, appDir], {
    env: { ...process.env, ...display.env },
    stdio: 'ignore',
  });
  expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0);
  await eventually(() => shell.visible()).toBe(true);
  await close();
  await eventually(() => shell.visible()).toBe(false);

  // D03: also when the window is closed to the tray.
  expect(await shell.order(reminder('r-1'))).toEqual({ shown: true });
  const shown = await desktop.notifications.waitFor(({ summary }) => summary === '回访时间到 r-1');
  expect(shown).toMatchObject({ appName: '坐席工单台', body: '103526 空调制冷差' });
  desktop.notifications.invoke(shown.id);
  await eventually(() => shell.visible()).toBe(true);
  await eventually(async () => (await shell.seen()).destinations.at(-1)).toMatchObject({ serial: 2, ticketId: 't-9', transferId: null });
  await eventually(() => shell.order({ say: 'acts' })).toEqual([{ id: 'r-1', action: 'open' }]);
  expect(desktop.notifications.shown.filter(({ summary }) => summary === '坐席工单台仍在运行').length).toBe(1);
});

test('D03 a notification is replaced and withdrawn by its id', async () => {
  await shell.order(reminder('r-2'));
  const first = await desktop.notifications.waitFor(({ summary }) => summary === '回访时间到 r-2');
  await shell.order(reminder('r-2', { title: '回访时间到 r-2 新' }));
  const second = await desktop.notifications.waitFor(({ summary }) => summary === '回访时间到 r-2 新');
  expect(desktop.notifications.withdrawn).toContain(first.id);
  await shell.order({ host: 'notify.withdraw', input: { id: 'r-2' } });
  await eventually(() => desktop.notifications.withdrawn).toContain(second.id);
});
