import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { act, newId, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
let lin: Device;
const scene = deskScene(async (it) => {
  lin = await it.office.device('lin');
  app = await it.start();
  await app.signIn('A1');
});

async function openPage(): Promise<void> {
  await app.at('nav-settings').click();
  await app.at('settings-desktop').click();
  await app.at('settings-page-desktop').waitFor();
}
const chosen = (testId: string) => app.at(testId).getAttribute('aria-checked');
const kept = async () => JSON.parse(await readFile(path.join(app.dataDir, 'shell.json'), 'utf8')) as unknown;

/** As the desktop does it when somebody clicks a link. */
async function followLink(link: string): Promise<void> {
  const { runtime, display } = scene.desktop;
  const projectRoot = path.resolve(import.meta.dirname, '..', '..');
  const second = spawn(runtime.executable, [...runtime.args, `--user-data-dir=${app.dataDir}`, projectRoot, link], {
    env: { ...process.env, ...display.env, ELECTRON_RUN_AS_NODE: undefined, NODE_OPTIONS: undefined },
    stdio: 'ignore',
  });
  expect(((await once(second, 'exit')) as [number | null])[0]).toBe(0);
}

test('D04 opening at login and hidden is chosen by mouse and stands in the desktop’s own place', async () => {
  await openPage();
  await eventually(() => chosen('openAtLogin-off')).toBe('true');
  expect(await app.at('startHidden-on').count()).toBe(0);
  await app.at('openAtLogin-on').click();
  await eventually(() => chosen('openAtLogin-on')).toBe('true');
  const entry = () => readFile(path.join(scene.desktop.folder, 'config', 'autostart', 'zuoxi.desktop'), 'utf8');
  expect(await entry()).toContain('--hidden\n');
  await app.at('startHidden-off').click();
  await eventually(entry).not.toContain('--hidden');
  await app.at('openAtLogin-off').click();
  await eventually(() => entry().catch(() => 'gone')).toBe('gone');
});

test('the keys for the window are chosen by pressing them; too few are not taken', async () => {
  await app.at('shortcut').click();
  await app.press('Control+c');
  await app.press('Control+Alt+F8');
  await eventually(() => app.at('shortcut').innerText()).toMatch(/Ctrl\s*Alt\s*F8/);
  await eventually(kept).toMatchObject({ shortcut: 'Ctrl+Alt+F8', closeToTray: true });
  expect(await app.running.app.evaluate(({ globalShortcut }) => globalShortcut.isRegistered('Ctrl+Alt+F8'))).toBe(true);
  await app.at('shortcut').click();
  await app.press('Escape');
  await app.at('shortcut-clear').click();
  await eventually(kept).toMatchObject({ shortcut: null });
  // Esc was about the keys alone.
  expect(await app.at('settings-page-desktop').isVisible()).toBe(true);
});

test('F09 quiet hours are set by mouse and kept for the account; what makes them do nothing is said', async () => {
  await app.at('quiet-on').click();
  await app.at('quiet-from').fill('22:30');
  await app.at('quiet-to').fill('07:15');
  await app.at('quiet-to').blur();
  await eventually(() => app.at('settings-page-desktop').innerText()).toContain('到第二天');
  for (const kind of ['transfer', 'assignment', 'callback', 'expiry']) await app.at(`quiet-${kind}`).setChecked(kind === 'callback');
  await eventually(() => app.at('quiet-callback').isChecked()).toBe(true);
  // A page that loads again knows only what the core has kept.
  await app.page.reload();
  await openPage();
  expect(await app.at('quiet-from').inputValue()).toBe('22:30');
  expect(await app.at('quiet-to').inputValue()).toBe('07:15');
  const kinds = ['transfer', 'assignment', 'callback', 'expiry'];
  expect(await Promise.all(kinds.map((kind) => app.at(`quiet-${kind}`).isChecked()))).toEqual([false, false, true, false]);
  await app.at('quiet-callback').uncheck();
  await eventually(() => app.at('settings-page-desktop').innerText()).toContain('一种也没选');
  await app.at('quiet-callback').check();
  await app.at('quiet-to').fill('22:30');
  await app.at('quiet-to').blur();
  await eventually(() => app.at('settings-page-desktop').innerText()).toContain('开始和结束一样');
  await app.at('quiet-off').click();
  await eventually(() => app.at('quiet-from').count()).toBe(0);
});

test('D03 a test reminder comes as a real notification, and the page says so', async () => {
  const before = scene.desktop.notifications.shown.length;
  await app.at('test-reminder').click();
  await eventually(() => scene.desktop.notifications.shown.length).toBe(before + 1);
  await eventually(() => app.at('test-reminder-result').innerText()).toContain('系统说已经显示');
});

test('S23 the diagnostics of a desk in use hold no customer, no ticket and nobody’s name', async () => {
  const id = await newTicket(lin, 'ZX-CANARY 宽带掉线');
  await numbered(lin, id);
  await app.openList('pending');
  await app.openRow(id);
  await app.write('canary-note 打过电话');
  await openPage();
  await app.at('copy-diagnostics').click();
  await eventually(() => app.at('toast').innerText()).toContain('诊断信息已复制');
  const text = await app.running.app.evaluate(({ clipboard }) => clipboard.readText());
  expect(text).toContain('connection: online');
  expect(text).toContain('event=core-ready');
  const { name } = scene.office.people.lin;
  for (const canary of ['CANARY', 'canary', '宽带', '周砚秋', name, scene.office.server.url, scene.desktop.folder]) {
    expect(text).not.toContain(canary);
  }
  expect(text).not.toMatch(/(?<!\d)1[3-9]\d{9}(?!\d)/);
});

test('D04 the keys of the menu work without a menu bar: settings, and closing to the tray', async () => {
  // Playwright's own keys end in the page; these go on to the window if the page leaves them, as from a keyboard.
  const press = (keyCode: string) =>
    app.running.app.evaluate(({ BrowserWindow }, key) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      for (const type of ['keyDown', 'keyUp'] as const) webContents.sendInputEvent({ type, keyCode: key, modifiers: ['control'] });
    }, keyCode);
  await app.openList('pending');
  await press(',');
  await app.at('settings-page-desktop').waitFor();
  await press('W');
  await eventually(() => app.visible()).toBe(false);
  await app.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.show());
  await eventually(() => app.visible()).toBe(true);
});

test('R23 a clicked link opens its ticket in the window that runs', async () => {
  const id = await newTicket(lin, '从链接打开');
  const { number } = await numbered(lin, id);
  await app.openList('pending');
  await app.row(id).first().waitFor();
  await app.at('window-close').click();
  await eventually(() => app.visible()).toBe(false);
  await followLink(`zuoxi://ticket/${id}`);
  await eventually(() => app.visible()).toBe(true);
  await eventually(() => app.at('ticket-panel').innerText()).toMatch(new RegExp(`${number}[\\s\\S]*从链接打开`));
  const before = await scene.db.ticket(id);
  await followLink(`zuoxi://resolve/${id}`);
  // The app hears of it after the second start has ended.
  await eventually(() => readFile(path.join(app.dataDir, 'logs', 'main.log'), 'utf8')).toContain('"link-refused"');
  await app.synced();
  expect(await scene.db.ticket(id)).toEqual(before);
});

test('R23 a link waits for whoever signs in, and leads nobody there a second time', async () => {
  const id = await newTicket(lin, '登录前点的链接');
  await numbered(lin, id);
  await app.openList('pending');
  await app.row(id).first().waitFor();
  await app.signOut();
  await followLink(`zuoxi://ticket/${id}`);
  await app.signIn('A1');
  await eventually(() => app.at('ticket-panel').innerText()).toContain('登录前点的链接');
  await app.signOut();
  await app.signIn('A2');
  await app.openList('pending');
  expect(await app.page.locator('[data-testid="ticket-panel"]').filter({ hasText: '登录前点的链接' }).count()).toBe(0);
  await app.signOut();
  await app.signIn('A1');
  await app.openList('pending');
  await app.row(id).first().waitFor();
  expect(await app.page.locator('[data-testid="ticket-panel"]').filter({ hasText: '登录前点的链接' }).count()).toBe(0);
});

test('D08 in another zone the window tells the times of there', async () => {
  const id = await newTicket(lin, '换时区');
  await numbered(lin, id);
  const at = new Date();
  at.setDate(at.getDate() + 1);
  at.setHours(12, 0, 0, 0);
  await act(lin, id, 'scheduleCallback', { callbackId: newId(), dueAt: at.getTime(), note: '' });
  await app.openList('pending');
  const zone = await app.page.context().newCDPSession(app.page);
  const shownIn = async (timezoneId: string): Promise<void> => {
    await zone.send('Emulation.setTimezoneOverride', { timezoneId });
    await app.page.evaluate(() => window.dispatchEvent(new Event('focus')));
    const clock = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: timezoneId });
    await eventually(() => app.row(id).first().innerText()).toContain(clock.format(at));
  };
  await shownIn('Asia/Tokyo');
  await shownIn('Asia/Kolkata');
  await zone.send('Emulation.setTimezoneOverride', { timezoneId: '' });
});

test('R27 who types on without a pause has it saved while typing', async () => {
  const id = await newTicket(lin, '不停地写');
  await numbered(lin, id);
  await app.openList('pending');
  await app.openRow(id);
  await app.at('composer').click();
  // Each next letter takes the words away again, so the page itself looks for them.
  await app.page.evaluate((words) => {
    const saw = (): boolean => document.querySelector('[data-testid="draft-state"]')?.textContent?.includes(words) === true;
    const saved = new Promise<void>((resolve) => {
      new MutationObserver(() => saw() && resolve()).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    Object.assign(window, { saved });
  }, '草稿已保存');
  let typing = true;
  const typed = app.page.keyboard.type('abcdefghij'.repeat(8), { delay: 80 }).then(() => (typing = false));
  await app.page.evaluate(() => (window as unknown as { saved: Promise<void> }).saved);
  expect(typing).toBe(true);
  await typed;
});

test('R27 a page whose process is killed comes back by itself, with what was typed and the same core', async () => {
  const id = await newTicket(lin, '页面崩溃');
  await numbered(lin, id);
  await app.openList('pending');
  await app.openRow(id);
  await app.write('写到一半的内容');
  await eventually(() => app.at('ticket-panel').innerText()).toContain('草稿已保存');
  const core = await app.corePid();
  // Playwright gives up a page that crashed; the window itself is asked from here on.
  const inPage = (script: string): Promise<unknown> =>
    app.running.app.evaluate(
      ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(code) as Promise<unknown>,
      script,
    );
  const pid = () => app.running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId());
  for (let kill = 1; kill <= 3; kill++) {
    const killed = await pid();
    process.kill(killed, 'SIGKILL');
    await eventually(async () => [0, killed].includes(await pid())).toBe(false);
    // Where somebody was in the window goes with the page.
    const list = `document.querySelector('[data-testid="nav-pending"]')`;
    await eventually(() => inPage(`${list} !== null`)).toBe(true);
    await inPage(`${list}.click()`);
    const row = `document.querySelector('main [data-testid="row-${id}"]')`;
    await eventually(() => inPage(`${row} !== null`)).toBe(true);
    await inPage(`${row}.click()`);
    await eventually(() => inPage(`document.querySelector('[data-testid="composer"]')?.value ?? ''`)).toBe('写到一半的内容');
  }
  expect(await app.corePid()).toBe(core);
});
