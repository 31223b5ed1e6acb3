import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { act, newId, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import type { TrayItem } from '../support/desktop/tray-watcher.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
let other: Device;
let bai: Device;
let tray: TrayItem;
const scene = deskScene(async ({ office, start, desktop }) => {
  [other, bai] = await Promise.all([office.device('lin'), office.device('bai')]);
  app = await start();
  await app.signIn('A1');
  tray = await desktop.tray.waitForItem();
});

const tip = () => eventually(async () => (await tray.properties()).toolTip.title);
const labels = async (): Promise<string[]> => (await tray.menu()).map(({ label }) => label);
const native = (part: string) => scene.desktop.notifications.waitFor(({ summary, body }) => `${summary}\n${body}`.includes(part), 25_000);
async function ticketOf(device: Device, subject: string): Promise<{ id: string; number: number }> {
  const id = await newTicket(device, subject);
  const { number } = await numbered(device, id);
  return { id, number: number! };
}
const callBack = (id: string, inMs: number) =>
  act(other, id, 'scheduleCallback', { callbackId: newId(), dueAt: Date.now() + inMs, note: '' });
async function closeWindow(): Promise<void> {
  await app.at('window-close').click();
  await eventually(() => app.visible()).toBe(false);
}

test('D04 the tray says what the lists say: how many are due, which come next', async () => {
  await tip().toBe('坐席工单台，没有到时间的提醒');
  const soon = await ticketOf(other, '先打这张');
  await callBack(soon.id, 3_600_000);
  const later = await ticketOf(other, '再打 A&B');
  await callBack(later.id, 7_200_000);
  await app.openBucket('next7');
  await eventually(() => app.count('bucket-next7')).toBe(4);
  await eventually(() => app.page.locator('main [data-key]').count()).toBe(4);
  const lines = await app.page
    .locator('main [data-key]')
    .evaluateAll((rows) => rows.slice(0, 3).map((row) => ['.kd', '.no', '.su'].map((part) => row.querySelector(part)!.textContent!.trim())))
    .then((rows) => rows.map(([kind, number, subject]) => `${kind} #${number} ${subject}`));
  expect(lines[0]).toBe(`回访 #${soon.number} 先打这张`);
  await eventually(async () => (await labels()).slice(0, 4).map((label) => label.replace(/^.*?(?=回访|到期)/, ''))).toEqual([
    '没有到时间的提醒',
    ...lines,
  ]);
  expect((await labels()).slice(-2)).toEqual(['打开坐席工单台', '退出']);

  const due = await ticketOf(other, '马上');
  await callBack(due.id, 1_500);
  await tip().toBe('坐席工单台，1 条已到时间');
  await eventually(async () => (await labels())[0]).toBe('1 条已到时间');
  await app.openBucket('today');
  await eventually(() => app.page.locator('main .r.over').count()).toBe(1);
  await app.clickPopup('popup-contacted');
  await tip().toBe('坐席工单台，没有到时间的提醒');
});

test('D04 F14 the number of 待处理 in the tray is the list’s, while tickets come and go', async () => {
  const told = async () => Number((await labels()).find((label) => label.startsWith('待处理 '))?.slice(4) ?? 0);
  const first = (await scene.db.tickets()).filter(({ status }) => status === 'pending').length;
  expect(first).toBeGreaterThan(0);
  await eventually(() => app.count('pending')).toBe(first);
  await eventually(told).toBe(first);
  const { id } = await ticketOf(other, '多一张');
  await eventually(() => app.count('pending')).toBe(first + 1);
  await eventually(told).toBe(first + 1);
  await act(other, id, 'update', { note: '看过了', changes: [], waiting: false });
  await eventually(() => app.count('pending')).toBe(first);
  await eventually(told).toBe(first);
});

test('D04 closing the window leaves the app in the tray, which is said once; a click on the icon brings the window back', async () => {
  await closeWindow();
  await native('坐席工单台仍在运行');
  await tray.activate();
  await eventually(() => app.visible()).toBe(true);
  await closeWindow();
  await tray.activate();
  await eventually(() => app.visible()).toBe(true);
  expect(scene.desktop.notifications.shown.filter(({ summary }) => summary === '坐席工单台仍在运行')).toHaveLength(1);
});

test('D03 with the window closed a due callback comes as a native notification, and a click on it opens the ticket', async () => {
  const { id, number } = await ticketOf(other, '关窗后到时间');
  await closeWindow();
  await callBack(id, 1_500);
  const shown = await native('关窗后到时间');
  expect(shown.summary).toMatch(/^回访时间到 \d\d:\d\d · 周砚秋$/);
  expect(shown.body).toBe(`${number} 关窗后到时间`);
  expect(await app.visible()).toBe(false);
  scene.desktop.notifications.invoke(shown.id);
  await eventually(() => app.visible()).toBe(true);
  await eventually(() => app.at('ticket-panel').innerText()).toMatch(new RegExp(`${number}[\\s\\S]*关窗后到时间`));
  // Opened, it is not asked about again.
  await app.at('popup').waitFor({ state: 'detached' });
});

test('D03 a transfer and an assignment come as well while the window is closed', async () => {
  const he = await scene.office.device('he');
  const given = await ticketOf(bai, '关窗时转来');
  const assigned = await ticketOf(bai, '关窗时分配来');
  await he.until('tickets.get', { ticketId: assigned.id, transferId: null }, (t) => t !== null);
  await closeWindow();
  await act(bai, given.id, 'transfer', { toId: scene.office.people.lin.id, reason: '' });
  expect((await native('关窗时转来')).summary).toBe('白露 转派给你一张工单');
  await act(he, assigned.id, 'assign', { toId: scene.office.people.lin.id, note: '' });
  const shown = await native('关窗时分配来');
  expect(shown.summary).toBe('贺云开 分配给你一张工单');
  scene.desktop.notifications.invoke(shown.id);
  await eventually(() => app.visible()).toBe(true);
  await eventually(() => app.at('ticket-panel').innerText()).toContain('关窗时分配来');
  // The other one waits in the corner.
  await eventually(() => app.at('popup').innerText()).toContain('关窗时转来');
  await app.clickPopup('popup-dismiss');
});

test('D04 F09 暂停提醒 in the tray holds what falls due, and 恢复提醒 tells it', async () => {
  const { id } = await ticketOf(other, '暂停时到时间');
  await closeWindow();
  // One that was opened and not yet called is still due.
  await tip().toBe('坐席工单台，1 条已到时间');
  await tray.pick('暂停提醒一小时');
  await eventually(labels).toContain('恢复提醒');
  await callBack(id, 1_500);
  // It is due, and counted, and nobody is told.
  await tip().toMatch(/，2 条已到时间，提醒已暂停到/);
  expect(scene.desktop.notifications.shown.filter(({ body }) => body.includes('暂停时到时间'))).toEqual([]);
  await tray.pick('恢复提醒');
  await native('暂停时到时间');
  await eventually(labels).toContain('暂停提醒一小时');
  await tray.activate();
  await eventually(() => app.visible()).toBe(true);
  await app.clickPopup('popup-contacted');
  await tip().toBe('坐席工单台，1 条已到时间');
});

test('D04 an entry of the tray menu opens its ticket', async () => {
  await closeWindow();
  await tray.pick((await labels()).find((label) => label.includes('先打这张'))!);
  await eventually(() => app.visible()).toBe(true);
  await eventually(() => app.at('ticket-panel').innerText()).toContain('先打这张');
});

test('D04 a second start ends itself and brings up the window of the first', async () => {
  await closeWindow();
  const { runtime, display } = scene.desktop;
  const projectRoot = path.resolve(import.meta.dirname, '..', '..');
  const second = spawn(runtime.executable, [...runtime.args, `--user-data-dir=${app.dataDir}`, projectRoot], {
    env: { ...process.env, ...display.env, ELECTRON_RUN_AS_NODE: undefined, NODE_OPTIONS: undefined },
    stdio: 'ignore',
  });
  const [code] = (await once(second, 'exit')) as [number | null];
  expect(code).toBe(0);
  await eventually(() => app.visible()).toBe(true);
  expect(scene.desktop.tray.items()).toHaveLength(1);
});

test('D04 退出 in the tray menu ends the app', async () => {
  await tray.pick('退出');
  await scene.desktop.tray.waitForNoItem(15_000);
  expect((await app.running.stop()).exitCode).toBe(0);
});
