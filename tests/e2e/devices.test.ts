import { hostname } from 'node:os';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { newTicket, numbered } from '../support/core/desk.ts';
import { type Device, startDevice } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { picture } from '../support/e2e/pictures.ts';
import { type Relay, startRelay } from '../support/e2e/relay.ts';

const CANARY = '漏水报修-canary-71';
let admin: DeskApp;
let lin: DeskApp;
/** Another computer of lin's, without a window. */
let other: Device;
let relay: Relay;
let ticketId = '';
const scene = deskScene(async ({ office, start }) => {
  relay = await startRelay(office.server.url);
  other = startDevice();
  await other.signIn(office.server.url, 'A1');
  ticketId = await newTicket(other, CANARY);
  await numbered(other, ticketId);
  lin = await start({ name: 'lin', server: relay.url });
  await lin.signIn('A1');
  admin = await start({ name: 'admin' });
  await admin.signIn('G1');
});
afterAll(async () => {
  await other.stop();
  await relay.close();
});

const openPage = async (app: DeskApp, page: string): Promise<void> => {
  await app.at('nav-settings').click();
  await app.at(`settings-${page}`).click();
  await app.at(`settings-page-${page}`).waitFor();
};
/** Ids of lin's devices: the window's, and the one without a window. */
const idOf = async (app: DeskApp): Promise<string> => {
  const [profile] = (await filesUnder(app.dataDir)).filter((f) => path.basename(f) === 'profile.json');
  return (JSON.parse(await readFile(profile!, 'utf8')) as { deviceId: string }).deviceId;
};
const filesUnder = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((f) => f.isFile()).map((f) => path.join(f.parentPath, f.name));
/** What lies in an app's folder of tickets: caches, keys and tokens, and whatever file says the words. */
const left = async (app: DeskApp): Promise<string[]> => {
  const found: string[] = [];
  for (const file of await filesUnder(app.dataDir)) {
    if (/[\da-f]{24}\./.test(path.basename(file))) found.push(path.basename(file));
    const bytes = await readFile(file);
    for (const coding of ['utf8', 'utf16le'] as const) if (bytes.includes(Buffer.from(CANARY, coding))) found.push(file);
  }
  return found;
};
const words = (app: DeskApp, id: string) => eventually(() => app.at(id).innerText());
const speak = async (app: DeskApp, locale: 'zh-CN' | 'en-US'): Promise<void> => {
  await openPage(app, 'general');
  await app.at(`locale-${locale}`).click();
};

test('SY11 the own devices are listed, this one marked; another is signed out with the keyboard and keeps its data', async () => {
  await openPage(lin, 'devices');
  const [here] = [await idOf(lin)];
  await words(lin, `device-${here}`).toMatch(/这台电脑[\s\S]*最近联系/);
  expect(await lin.at(`device-${here}`).innerText()).toContain(hostname().slice(0, 60));
  const rows = await lin.page
    .locator('[data-testid^="device-"]:is(li)')
    .evaluateAll((all) => all.map((e) => e.getAttribute('data-testid')!.slice(7)));
  expect(rows).toHaveLength(2);
  const there = rows.find((id) => id !== here)!;
  expect(await lin.at(`device-out-${here}`).count()).toBe(0);
  await picture(lin, 'devices-own');
  await lin.at(`device-out-${there}`).focus();
  await lin.press('Enter');
  await words(lin, `device-out-${there}`).toBe('确定退出？');
  await lin.press('Enter');
  await words(lin, `device-${there}`).toContain('已退出，数据还在');
  await other.until('session.state', {}, (s) => s.phase === 'locked' && s.reason === 'session-ended');
  await other.signIn(scene.office.server.url, 'A1');
});

test(
  'SY11 R11 R25 管理员 erases a device by mouse; its window says so with what was lost, and nothing is left',
  { timeout: 120_000 },
  async () => {
    const device = await idOf(lin);
    // A file of Chromium's may go while they are read.
    await eventually(async () => (await left(lin)).length).toBeGreaterThan(0);
    relay.way = 'cut';
    await lin.openList('pending');
    await lin.openRow(ticketId);
    await lin.write('还没提交的话');
    await lin.press('Control+Enter');
    await words(lin, 'sync-state').toContain('1 条待同步');

    await openPage(admin, 'people');
    await admin.at('person-more-A1').click();
    await admin.page.getByRole('menuitem', { name: '登录的设备' }).click();
    await words(admin, 'person-devices').toContain(hostname().slice(0, 60));
    await picture(admin, 'devices-person');
    await admin.at(`device-erase-${device}`).click();
    // R11: nothing can be called back before the next contact, and it is said.
    await words(admin, 'erase-dialog').toMatch(/下次连上服务器时才会清除[\s\S]*断网时它的数据还在，14 天内仍能打开/);
    await picture(admin, 'devices-erase');
    await admin.at('erase-confirm').click();
    await words(admin, `device-${device}`).toContain('等待清除');
    // Out of reach it is as it was.
    await lin.openList('processing');
    expect(await lin.row(ticketId).innerText()).toContain(CANARY);

    relay.way = 'open';
    await lin.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await lin.at('signin-staff-no').waitFor({ timeout: 60_000 });
    await words(lin, 'erased').toMatch(/管理员要求清除工号 A1 [\s\S]*1 项操作还没提交/);
    expect(await lin.page.locator('body').innerText()).not.toContain(CANARY);
    await eventually(() => left(lin)).toEqual([]);
    await picture(lin, 'erased-zh');
    await lin.at('signin-language').click();
    await lin.page.getByRole('menuitem', { name: 'English' }).click();
    await words(lin, 'erased').toMatch(/all data of staff number A1 on this computer has been deleted/);
    await picture(lin, 'erased-en');
    await lin.at('signin-language').click();
    await lin.page.getByRole('menuitem', { name: '简体中文' }).click();
    // Its other device has not been touched.
    expect((await other.read('session.state', {})).phase).toBe('ready');
  },
);

test(
  'R25 从本机移除此账号: unsynced work wants a tick, and then the sign-in screen is all that is left',
  { timeout: 120_000 },
  async () => {
    await lin.signIn('A1');
    await lin.openList('pending');
    await lin.openRow(ticketId);
    relay.way = 'cut';
    await lin.write('又一句没提交的话');
    await lin.press('Control+Enter');
    await words(lin, 'sync-state').toContain('1 条待同步');
    await openPage(lin, 'devices');
    await lin.at('remove-account').click();
    await words(lin, 'remove-account-dialog').toContain('有 1 项操作还没提交到服务器');
    expect(await lin.at('remove-confirm').isDisabled()).toBe(true);
    await picture(lin, 'remove-account');
    await lin.at('remove-agree').focus();
    await lin.press('Space');
    await lin.at('remove-confirm').focus();
    await lin.press('Enter');
    await lin.at('signin-staff-no').waitFor();
    await eventually(() => lin.at('remove-account').count()).toBe(0);
    expect(await lin.at('erased').count()).toBe(0);
    await eventually(() => left(lin)).toEqual([]);
  },
);

test('R25 an account that signed out here is removed from the sign-in screen', { timeout: 120_000 }, async () => {
  relay.way = 'open';
  await lin.signIn('A2');
  await lin.signOut();
  await lin.at('remove-account').click();
  await words(lin, 'remove-account-dialog').toContain('没有等待提交的操作');
  await picture(lin, 'remove-account-signin');
  await lin.at('remove-confirm').click();
  await eventually(() => lin.at('remove-account').count()).toBe(0);
  await eventually(() => left(lin)).toEqual([]);
});

test('R11 the same screens in English', { timeout: 120_000 }, async () => {
  await admin.press('Escape');
  await speak(admin, 'en-US');
  await openPage(admin, 'devices');
  await picture(admin, 'devices-own-en');
  await openPage(admin, 'people');
  await admin.at('person-more-A1').click();
  await admin.page.getByRole('menuitem', { name: 'Devices' }).click();
  await words(admin, 'person-devices').toContain('Sign out and erase');
  await picture(admin, 'devices-person-en');
  await admin.page.locator('[data-testid^="device-erase-"]').first().click();
  await words(admin, 'erase-dialog').toContain('can be opened for 14 days');
  await picture(admin, 'devices-erase-en');
  await admin.press('Escape');
  await admin.at('person-devices').waitFor();
  await admin.press('Escape');
  await openPage(admin, 'devices');
  await admin.at('remove-account').click();
  await words(admin, 'remove-account-dialog').toContain('No actions are waiting');
  await picture(admin, 'remove-account-en');
  await admin.press('Escape');
});
