import { expect, test } from 'vitest';
import { act, newId, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { picture } from '../support/e2e/pictures.ts';

let app: DeskApp;
let other: Device;
let bai: Device;
let he: Device;
const scene = deskScene(async ({ office, start }) => {
  [other, bai, he] = await Promise.all([office.device('lin'), office.device('bai'), office.device('he')]);
  app = await start();
  await app.signIn('A1');
});

const popupText = () => eventually(() => app.at('popup').innerText());
const noPopup = () => app.at('popup').waitFor({ state: 'detached' });
const native = (title: string) => scene.desktop.notifications.waitFor(({ summary }) => summary === title, 25_000);
async function ticketOf(device: Device, subject: string): Promise<{ id: string; number: number }> {
  const id = await newTicket(device, subject);
  const { number } = await numbered(device, id);
  return { id, number: number! };
}
/** The value of a datetime-local field. */
function fieldTime(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
const clock = (at: number): string => new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

test('X28 转派 to me raises a popup at the bottom right and a native notification with all of its words', async () => {
  const { id, number } = await ticketOf(bai, '转给林知夏的一张');
  await act(bai, id, 'transfer', { toId: scene.office.people.lin.id, reason: '客户指定' });
  await popupText().toMatch(/白露 转派给你[\s\S]*转给林知夏的一张[\s\S]*客户指定/);
  const shown = await native('白露 转派给你一张工单');
  expect(shown).toMatchObject({ appName: '坐席工单台', body: `${number} 转给林知夏的一张\n客户指定` });

  await app.clickPopup('popup-open');
  await noPopup();
  await eventually(() => app.at('ticket-panel').innerText()).toContain('转给林知夏的一张');
  expect((await scene.db.ticket(id))?.assigneeId).toBe(scene.office.people.lin.id);
  // Acted on here, it has no business on the desktop any more.
  await eventually(() => scene.desktop.notifications.withdrawn).toContain(shown.id);
});

test('X28 the popup stands in the bottom right corner, above the buttons of the ticket, and Esc closes it', async () => {
  const { id } = await ticketOf(bai, '第二张转派');
  await act(bai, id, 'transfer', { toId: scene.office.people.lin.id, reason: '' });
  await app.at('popup').waitFor();
  const box = (await app.at('popup').boundingBox())!;
  const buttons = (await app.at('act-update').boundingBox())!;
  const size = await app.page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  expect(box.x).toBeGreaterThan(size.width / 2);
  expect(box.x + box.width).toBeLessThanOrEqual(size.width);
  expect(box.y).toBeGreaterThan(size.height / 4);
  expect(box.y + box.height).toBeLessThanOrEqual(buttons.y);
  await app.press('Escape');
  await noPopup();
  expect(await app.at('act-update').isVisible()).toBe(true);
});

test('X29 分配 to me raises a popup and a native notification', async () => {
  const { id, number } = await ticketOf(bai, '组长分配的一张');
  await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
  await act(he, id, 'assign', { toId: scene.office.people.lin.id, note: '今天内联系' });
  await popupText().toMatch(/贺云开 分配给你[\s\S]*组长分配的一张[\s\S]*今天内联系/);
  expect(await native('贺云开 分配给你一张工单')).toMatchObject({ body: `${number} 组长分配的一张\n今天内联系` });
  await app.openList('pending');
  await app.row(id).waitFor();
  await app.clickPopup('popup-dismiss');
  await noPopup();
});

test('X30 预约回访 set with H: saved on the server, falls due with popup and native notification, 已联系 by mouse ends it', async () => {
  const { id, number } = await ticketOf(other, '要回访的一张');
  await app.openList('pending');
  await app.openRow(id);
  await app.press('h');
  await app.at('callback-note').fill('确认网速');
  // The form stands: only the sending has to be done by then.
  const dueAt = Math.ceil(Date.now() / 1000) * 1000 + 4_000;
  await app.at('callback-time').fill(fieldTime(dueAt));
  await app.press('Control+Enter');
  await eventually(() => scene.db.callbacks(id)).toMatchObject([{ dueAt, note: '确认网速', outcome: null }]);

  await popupText().toMatch(/回访时间到[\s\S]*周砚秋 · 138\*{4}6021[\s\S]*要回访的一张[\s\S]*确认网速/);
  expect(Date.now()).toBeGreaterThanOrEqual(dueAt);
  const shown = await native(`回访时间到 ${clock(dueAt)} · 周砚秋`);
  expect(shown.body).toBe(`${number} 要回访的一张\n确认网速`);
  expect(shown.summary + shown.body).not.toContain('13812346021');
  await app.clickPopup('popup-contacted');
  await noPopup();
  await eventually(() => scene.db.callbacks(id)).toMatchObject([{ outcome: 'done', snoozes: 0 }]);
  await eventually(() => scene.desktop.notifications.withdrawn).toContain(shown.id);
});

test('X30 稍后 by mouse moves the callback by ten minutes, on the server too', async () => {
  const { id } = await ticketOf(other, '稍后再打');
  const callbackId = newId();
  const dueAt = Date.now() + 2_000;
  await act(other, id, 'scheduleCallback', { callbackId, dueAt, note: '' });
  await popupText().toContain('稍后再打');
  const before = Date.now();
  await app.clickPopup('popup-snooze');
  await noPopup();
  await eventually(() => scene.db.callbacks(id)).toMatchObject([{ id: callbackId, outcome: null, snoozes: 1 }]);
  const [moved] = await scene.db.callbacks(id);
  expect(moved!.dueAt).toBeGreaterThanOrEqual(before + 600_000);
  expect(moved!.dueAt).toBeLessThanOrEqual(Date.now() + 600_000);
  expect((await scene.db.events(id)).at(-1)?.command).toBe('rescheduleCallback');
});

test('X30 明天 09:00 is chosen in the menu of 稍后', async () => {
  const { id } = await ticketOf(other, '明天再打');
  await act(other, id, 'scheduleCallback', { callbackId: newId(), dueAt: Date.now() + 2_000, note: '' });
  await popupText().toContain('明天再打');
  await app.clickPopup('popup-snooze-more');
  await app.page.getByRole('menuitem', { name: '明天 09:00' }).click();
  await noPopup();
  const morning = new Date();
  morning.setHours(9, 0, 0, 0);
  morning.setDate(morning.getDate() + 1);
  await eventually(async () => (await scene.db.callbacks(id))[0]?.snoozes).toBe(1);
  const [moved] = await scene.db.callbacks(id);
  expect(Math.abs(moved!.dueAt - morning.getTime())).toBeLessThan(60_000);
});

test('X30 a time of one’s own: typed in the popup, refused while it is past, Esc goes back to the buttons', async () => {
  const { id } = await ticketOf(other, '选个时间再打');
  await act(other, id, 'scheduleCallback', { callbackId: newId(), dueAt: Date.now() + 2_000, note: '' });
  await popupText().toContain('选个时间再打');
  const choose = async (): Promise<void> => {
    await app.clickPopup('popup-snooze-more');
    await app.page.getByRole('menuitem', { name: '其他时间…' }).click();
    await app.at('popup-snooze-time').waitFor();
  };
  await choose();
  await app.at('popup-snooze-time').press('Escape');
  await app.at('popup-snooze-time').waitFor({ state: 'detached' });
  await popupText().toContain('选个时间再打');
  await choose();
  await app.at('popup-snooze-time').fill('2020-01-01T09:00');
  await eventually(() => app.at('popup').innerText()).toContain('这个时间已经过去了');
  await app.press('Enter');
  await popupText().toContain('选个时间再打');
  await picture(app, 'popup-snooze-time');
  const until = Math.ceil(Date.now() / 60_000) * 60_000 + 3 * 3_600_000;
  await app.at('popup-snooze-time').fill(fieldTime(until).slice(0, 16));
  await app.press('Enter');
  await noPopup();
  await eventually(() => scene.db.callbacks(id)).toMatchObject([{ dueAt: until, snoozes: 1 }]);
});

test('F10 提醒记录 says what became of each reminder, by mouse, and leads to its ticket', async () => {
  await app.at('nav-settings').click();
  await app.at('settings-ledger').click();
  const rows = () => app.page.locator('[data-testid="ledger-row"]').allInnerTexts();
  const row = (subject: string) => async () => (await rows()).find((text) => text.includes(subject) && text.includes('已提醒')) ?? '';
  await eventually(row('稍后再打')).toMatch(/回访[\s\S]*周砚秋[\s\S]*定好[\s\S]*已提醒[\s\S]*稍后再提醒/);
  await eventually(row('第二张转派')).toMatch(/转派[\s\S]*已关闭[\s\S]*定好[\s\S]*已提醒[\s\S]*关闭了提醒/);
  await picture(app, 'F10-ledger');
  await app.at('ledger-kind-assignment').click();
  await eventually(rows).toHaveLength(1);
  expect((await rows())[0]).toContain('组长分配的一张');
  await app.page.getByRole('button', { name: /组长分配的一张/ }).click();
  await eventually(() => app.at('ticket-panel').innerText()).toContain('组长分配的一张');
});

test('F11 handled on another device of mine: the popup goes, and so does the notification of the system', async () => {
  const { id } = await ticketOf(other, '别处处理的');
  const callbackId = newId();
  const dueAt = Date.now() + 2_000;
  await act(other, id, 'scheduleCallback', { callbackId, dueAt, note: '别处' });
  await popupText().toContain('别处处理的');
  const shown = await scene.desktop.notifications.waitFor(({ body }) => body.includes('别处处理的'), 25_000);
  await act(other, id, 'completeCallback', { callbackId, outcome: 'done', note: '' });
  await noPopup();
  await eventually(() => scene.desktop.notifications.withdrawn).toContain(shown.id);
});

test('F01 F02 F04 with the server down a callback is told at its time, 稍后 is kept and waits, and goes once when the server is back', async () => {
  const { id } = await ticketOf(other, '断网的回访');
  const callbackId = newId();
  const dueAt = Date.now() + 8_000;
  await act(other, id, 'scheduleCallback', { callbackId, dueAt, note: '' });
  await app.openList('pending');
  // The callback is here, and not its ticket alone.
  await eventually(() => app.row(id).locator('[data-cell=next]').innerText()).toContain('回访');
  await scene.stopServer();
  await popupText().toContain('断网的回访');
  expect(Date.now()).toBeGreaterThanOrEqual(dueAt);
  await scene.desktop.notifications.waitFor(({ body }) => body.includes('断网的回访'), 25_000);
  await app.clickPopup('popup-snooze');
  await noPopup();
  await eventually(() => app.at('sync-state').innerText()).toMatch(/离线[\s\S]*1/);
  expect(await scene.db.callbacks(id)).toMatchObject([{ dueAt, snoozes: 0 }]);
  await scene.startServer();
  await eventually(() => scene.db.callbacks(id)).toMatchObject([{ id: callbackId, snoozes: 1, outcome: null }]);
  expect((await scene.db.events(id)).filter((e) => e.command === 'rescheduleCallback')).toHaveLength(1);
  const told = scene.desktop.notifications.shown.filter(({ body }) => body.includes('断网的回访'));
  expect(told).toHaveLength(1);
});
