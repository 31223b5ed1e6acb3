import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../support/desktop/wait-until.ts';
import { buildShell } from './shell-stub/build-shell.ts';
import { type Desktop, startDesktop } from '../support/desktop/desktop.ts';
import { eventually } from '../support/e2e/app.ts';
import { isAlive, launchShell, type ShellRun } from './shell-stub/shell-run.ts';

let folder: string;
let appDir: string;
let desktop: Desktop;
const started: (() => Promise<unknown>)[] = [];

async function launch(name: string, options: { host?: 'node' | 'utility'; args?: string[] } = {}): Promise<ShellRun> {
  const run = await launchShell({ desktop, appDir, dataDir: path.join(folder, name), ...options });
  started.push(() => run.running.stop());
  return run;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-shell-life-'));
  started.push(() => rm(folder, { recursive: true, force: true }));
  appDir = path.join(folder, 'app');
  await buildShell(appDir);
  desktop = await startDesktop();
  started.push(() => desktop.stop());
}, 600_000);

afterAll(async () => {
  for (const stop of started.toReversed()) await stop();
}, 60_000);

for (const host of ['node', 'utility'] as const) {
  test(`D01 a killed core (${host}) is started again, and the window works on with the new one`, async () => {
    const shell = await launch(`killed-${host}`, { host });
    const first = await shell.corePid();
    const page = await shell.page();
    const refused = page.evaluate(() => {
      const { probe } = window as unknown as { probe: { core: { call(name: string, input: unknown): Promise<unknown> } } };
      return probe.core.call('sync.retry', {}).then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );
    });
    // Behind the call that will never be answered, so that call has arrived.
    await shell.order({ say: 'pid' });
    process.kill(first, 'SIGKILL');
    expect(await refused).toBe('CoreUnavailable');
    await waitUntil('the next core', async () => ((await shell.seen()).core.join() === 'true,false,true' ? true : undefined), 15_000);
    const second = await shell.corePid();
    expect(second).not.toBe(first);
    expect(await shell.order({ host: 'secrets.kind', input: {} })).toEqual({ kind: 'file' });
    const item = await desktop.tray.waitForItem();
    await eventually(async () => (await item.properties()).toolTip.title).toContain('2 条已到时间');
    expect(await shell.running.stop()).toEqual({ quit: 'in time', exitCode: 0 });
    expect(isAlive(second)).toBe(false);
    expect(await shell.log()).toContain('core-ended');
  });
}

test('a core beside Electron holds no file of Electron, which would keep it from starting', async () => {
  const shell = await launch('inherited');
  const folderOf = `/proc/${await shell.corePid()}/fd`;
  const links = await Promise.all((await readdir(folderOf)).map((name) => readlink(path.join(folderOf, name)).catch(() => '')));
  expect(links.filter((each) => each.endsWith('.pak') || each.includes('electron'))).toEqual([]);
  expect(links.length).toBeGreaterThan(3);
  await shell.running.stop();
});

test('a page that loads again leaves no port behind in the core', async () => {
  const shell = await launch('reload');
  const before = (await shell.order({ say: 'ports' })) as { opened: number; closed: number };
  await (await shell.page()).reload();
  const after = (await shell.order({ say: 'ports' })) as { opened: number; closed: number };
  expect(after.opened).toBe(before.opened + 1);
  await eventually(async () => ((await shell.order({ say: 'ports' })) as { closed: number }).closed).toBe(before.closed + 1);
  await shell.running.stop();
});

test('D04 a hidden start has a tray and no window, until somebody clicks', async () => {
  const shell = await launch('hidden', { args: ['--hidden'] });
  const item = await desktop.tray.waitForItem();
  await eventually(async () => (await item.properties()).toolTip.title).toContain('2 条已到时间');
  expect(await shell.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
  await item.activate();
  await eventually(() => shell.visible()).toBe(true);
  expect(await shell.order({ say: 'ports' })).toMatchObject({ opened: 2 });
  await shell.running.stop();
});

test('R27 a page that crashes is loaded again', async () => {
  const shell = await launch('crash');
  await shell.page();
  const title = () =>
    shell.running.app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return contents === undefined || contents.isCrashed() || contents.isLoading() ? '' : contents.getTitle();
    });
  await eventually(title).toBe('外壳试验');
  await shell.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
  await eventually(() => shell.log()).toContain('page-crashed');
  await eventually(title).toBe('外壳试验');
  expect((await shell.running.stop()).quit).toBe('in time');
});

test('R27 a page that hangs is ended and loaded again', async () => {
  const shell = await launch('hang');
  await shell.page();
  const pid = () => shell.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId());
  const hung = await pid();
  await shell.running.app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0]!;
    window.webContents.executeJavaScript('for (;;);').catch(() => undefined);
    // Chromium says so after half a minute without an answer to a click.
    window.emit('unresponsive');
  });
  await waitUntil('the next page', async () => ([0, hung].includes(await pid()) ? undefined : true), 30_000);
  const title = () => shell.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getTitle());
  await eventually(title).toBe('外壳试验');
  expect(await shell.log()).toEqual(expect.arrayContaining(['page-hangs', 'page-crashed']));
  await shell.running.stop();
});

test('the window opens where and as large as it was', async () => {
  const first = await launch('bounds');
  await first.page();
  const wanted = { x: 211, y: 97, width: 1011, height: 705 };
  const bounds = (of: ShellRun) =>
    eventually(() => of.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds()));
  await first.running.app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), wanted);
  await bounds(first).toEqual(wanted);
  await first.running.stop();
  const again = await launch('bounds');
  await again.page();
  await bounds(again).toEqual(wanted);
  await again.running.stop();
});

test('quitting from the tray ends the window, the core and the tray, in order', async () => {
  const shell = await launch('quit');
  const core = await shell.corePid();
  const item = await desktop.tray.waitForItem();
  await item.pick('退出');
  await desktop.tray.waitForNoItem();
  await waitUntil('the end of the app', () => (isAlive(shell.running.pid) ? undefined : true), 15_000);
  expect(isAlive(core)).toBe(false);
  const log = await shell.log();
  expect(log.at(-1)).toBe('quit');
  expect(log).not.toContain('shutdown-step');
  expect(log).not.toContain('core-ended');
  expect(log).not.toContain('uncaught');
});

test('a signal to end is obeyed in order as well', async () => {
  const shell = await launch('signal');
  const core = await shell.corePid();
  process.kill(shell.running.pid, 'SIGTERM');
  await waitUntil('the end of the app', () => (isAlive(shell.running.pid) ? undefined : true), 15_000);
  expect(isAlive(core)).toBe(false);
  expect((await shell.log()).at(-1)).toBe('quit');
});

test('a core whose shell was killed does not stay behind', async () => {
  const shell = await launch('orphan');
  const core = await shell.corePid();
  await shell.running.kill();
  await waitUntil('the end of the core', () => (isAlive(core) ? undefined : true), 15_000);
});
