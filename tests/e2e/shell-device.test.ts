import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desktop, startDesktop } from '../support/desktop/desktop.ts';
import { waitUntil } from '../support/desktop/wait-until.ts';
import { buildShell } from './shell-stub/build-shell.ts';
import { eventually } from '../support/e2e/app.ts';
import { isAlive, launchShell, type ShellRun } from './shell-stub/shell-run.ts';

let folder: string;
let appDir: string;
let desktop: Desktop;
let shell: ShellRun;
const started: (() => Promise<unknown>)[] = [];

async function launch(name: string): Promise<ShellRun> {
  const run = await launchShell({
    desktop,
    appDir,
    dataDir: path.join(folder, name),
    env: { XDG_CONFIG_HOME: path.join(folder, 'config') },
  });
  started.push(() => run.running.stop());
  return run;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-device-'));
  started.push(() => rm(folder, { recursive: true, force: true }));
  appDir = path.join(folder, 'app $x');
  await buildShell(appDir);
  desktop = await startDesktop();
  started.push(() => desktop.stop());
  shell = await launch('main');
}, 600_000);

afterAll(async () => {
  for (const stop of started.toReversed()) await stop();
}, 60_000);

const set = (run: ShellRun, change: object) => run.call('shell', 'shell.set', change);
const settings = async () => (await shell.seen()).device;

test('D04 open at login is an entry of the desktop, and taking it away leaves nothing', async () => {
  await eventually(settings).toMatchObject({ openAtLogin: false, supports: { openAtLogin: true, shortcut: true } });
  expect(await set(shell, { openAtLogin: true })).toEqual({ ok: true });
  await eventually(settings).toMatchObject({ openAtLogin: true });
  const autostart = path.join(folder, 'config', 'autostart');
  const entry = await readFile(path.join(autostart, 'zuoxi.desktop'), 'utf8');
  expect(entry).toContain(`"${appDir.replace('$', '\\\\$')}" --hidden\n`);
  // Somebody switches it off in the desktop's own settings; a page that opens sees it.
  await writeFile(path.join(autostart, 'zuoxi.desktop'), `${entry}Hidden=true\n`);
  await (await shell.page()).reload();
  await eventually(settings).toMatchObject({ openAtLogin: false });
  expect(await set(shell, { openAtLogin: false })).toEqual({ ok: true });
  expect(await readdir(autostart)).toEqual([]);
});

test('the keys for the window work in the whole desktop, so a second program cannot have them, and is told', async () => {
  expect(await set(shell, { shortcut: 'Ctrl+Alt+F9' })).toEqual({ ok: true });
  expect(await shell.running.app.evaluate(({ globalShortcut }) => globalShortcut.isRegistered('Ctrl+Alt+F9'))).toBe(true);
  const other = await launch('other');
  expect(await set(other, { shortcut: 'Ctrl+Alt+F9' })).toEqual({ ok: false, reason: 'taken' });
  expect(await set(other, { shortcut: 'Ctrl+Alt+F10' })).toEqual({ ok: true });
  expect(await set(shell, { shortcut: null })).toEqual({ ok: true });
  expect(await set(other, { shortcut: 'Ctrl+Alt+F9' })).toEqual({ ok: true });
  await other.running.stop();
});

test('D04 the tray pauses reminders for an hour and resumes them', async () => {
  const item = await desktop.tray.waitForItem();
  const labels = async (): Promise<string[]> => (await item.menu()).map(({ label }) => label);
  await item.pick('暂停提醒一小时');
  await eventually(labels).toContain('恢复提醒');
  expect((await labels()).some((label) => /^提醒已暂停到 (明天 )?\d\d:\d\d$/.test(label))).toBe(true);
  await item.pick('恢复提醒');
  await eventually(labels).toContain('暂停提醒一小时');
  expect(await shell.order({ say: 'acts' })).toEqual([{ minutes: 60 }, { minutes: 0 }]);
});

test('D08 a wake and an unlock are told to the core', async () => {
  await shell.running.app.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('resume');
    powerMonitor.emit('unlock-screen');
  });
  await eventually(async () => ((await shell.order({ say: 'acts' })) as unknown[]).slice(2)).toEqual(['woke', 'woke']);
});

test('D03 what a customer wrote reaches the desktop as text, not as markup', async () => {
  const input = {
    id: 'm-1',
    kind: 'transfer',
    title: '转派',
    body: '<b>A & B</b> <img src="http://evil.example/x">',
    ticketId: 't',
    actions: [],
    reply: null,
  };
  expect(await shell.order({ host: 'notify.show', input })).toEqual({ shown: true });
  const { body } = await desktop.notifications.waitFor(({ summary }) => summary === '转派');
  expect(body).toBe('&lt;b&gt;A &amp; B&lt;/b&gt; &lt;img src="http://evil.example/x"&gt;');
});

test('S23 the diagnostics say how the desk is, and nothing of what stands in it', async () => {
  await shell.order({ host: 'secrets.set', input: { name: 'token/1', value: 'canary-secret-5150' } });
  const fields = { name: 'tickets.list', ms: 77, what: '客户 13800138000 说', token: 'q1w2e3r4t5y6u7i8o9p0aa' };
  await shell.order({ host: 'log.write', input: { level: 'warn', event: 'slow', fields } });
  expect(await shell.call('shell', 'app.copyDiagnostics')).toEqual({ ok: true });
  const text = await shell.running.app.evaluate(({ clipboard }) => clipboard.readText());
  for (const part of [
    'version: 0.1.0',
    'platform: linux',
    'problem: unreachable',
    'pending: 3',
    'event=core-ready',
    'event=slow name=tickets.list ms=77',
  ]) {
    expect(text).toContain(part);
  }
  for (const canary of ['canary', '13800138000', '客户', 'q1w2e3r4t5y6', '晚间掉线', folder, 'http']) expect(text).not.toContain(canary);
});

test('D04 where closing does not go to the tray, it ends the app, core and all', async () => {
  const quitting = await launch('quitting');
  const core = await quitting.corePid();
  expect(await set(quitting, { closeToTray: false })).toEqual({ ok: true });
  await (
    await quitting.page()
  ).evaluate(() => {
    const { probe } = window as unknown as { probe: { shell: { call(name: string, input: unknown): Promise<unknown> } } };
    // Not at once: with the window goes the page that this is asked in.
    setTimeout(() => void probe.shell.call('window.close', {}), 50);
  });
  await waitUntil('the end of the app', () => (isAlive(quitting.running.pid) ? undefined : true), 15_000);
  expect(isAlive(core)).toBe(false);
  expect((await quitting.log()).at(-1)).toBe('quit');
});
