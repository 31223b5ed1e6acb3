import { expect, test } from 'vitest';
import { act, detail, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { customerReplies } from '../support/core/customer-replies.ts';
import { telephoneSwitch } from '../support/core/telephone-switch.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { picture } from '../support/e2e/pictures.ts';

let app: DeskApp;
let lin: Device;
const ids = { slow: '', done: '', other: '', twin: '' };
const scene = deskScene(async ({ office, start }) => {
  lin = await office.device('lin');
  ids.slow = await newTicket(lin, '晚间频繁掉线', { customer: { name: '周砚秋', phones: ['138 1234 6021'], tier: '金卡客户' } });
  await numbered(lin, ids.slow);
  const customerId = (await detail(lin, ids.slow))!.customer!.id;
  ids.done = await newTicket(lin, '去年报装', { customerId, customer: undefined });
  await act(lin, ids.done, 'resolve', { report: '已装好' });
  ids.other = await newTicket(lin, '搬家移机', { customer: { name: '何帆舟', phones: ['13700000000'] } });
  ids.twin = await newTicket(lin, '发票抬头', { customer: { name: '何夫人', phones: ['13700000000'] } });
  await lin.synced();
  app = await start();
  await app.signIn('A1');
  await app.openList('pending');
  await app.row(ids.slow).waitFor();
});

/** As a telephone program on this computer does it: the second start hands its arguments to the first. */
const link = (url: string): Promise<unknown> =>
  app.running.app.evaluate(({ app: main }, text) => main.emit('second-instance', {}, ['zuoxi', text], ''), url);
const sheet = () => app.at('call-sheet');
const events = async (id: string) => (await scene.db.events(id)).map((e) => e.command);

test('Y04 F16 a call shows who it is beside the work, takes no letter from who types, and changes nothing by itself', async () => {
  await app.openRow(ids.other);
  await app.at('composer').click();
  await app.type('客户说');
  const before = await scene.db.tickets();
  await link('zuoxi://call?phone=%2B86%20138-1234-6021');
  await sheet().waitFor();
  await app.page.keyboard.type(' 12');
  expect(await app.at('composer').inputValue()).toBe('客户说 12');
  await eventually(() => app.at('caller-name').innerText()).toBe('周砚秋');
  expect(await app.at('call-number').innerText()).toContain('138****6021');
  const text = await sheet().innerText();
  for (const each of ['金卡客户', '晚间频繁掉线', '去年报装']) expect(text).toContain(each);
  await picture(app, 'call-known');
  expect(await scene.db.tickets()).toEqual(before);
});

test('Y06 one click notes the call in the ticket, once, and the other opens it', async () => {
  await app.at(`call-link-${ids.slow}`).click();
  await eventually(() => app.at(`call-link-${ids.slow}`).innerText()).toContain('已关联');
  await app.at(`call-link-${ids.slow}`).click({ force: true });
  await eventually(async () => (await scene.db.events(ids.slow)).map((e) => e.note)).toEqual([
    '',
    expect.stringMatching(/^来电 \d\d:\d\d，号码 138\*{4}6021$/),
  ]);
  await app.at(`call-open-${ids.slow}`).click();
  await sheet().waitFor({ state: 'detached' });
  await eventually(() => app.at('ticket-panel').innerText()).toContain('号码 138****6021');
  expect(await events(ids.slow)).toEqual(['create', 'note']);
});

test('Y04 Y06 by keyboard alone: the number is typed, one of two is chosen, and a new ticket begins with the customer in it', async () => {
  await app.focusList();
  await app.press('Control+k');
  await app.type('>来电');
  await app.at('palette-cmd-call').waitFor();
  await app.press('Enter');
  await app.at('call-typed').waitFor();
  await app.type('12');
  await app.press('Enter');
  await eventually(() => sheet().innerText()).toContain('请输入电话号码');
  await app.at('call-typed').fill('');
  await app.type('0137 0000 0000');
  await app.press('Enter');
  await app.at('call-choose').waitFor();
  expect(await app.at('call-choose').innerText()).toMatch(/2 位客户[^]*何夫人[^]*何帆舟|2 位客户[^]*何帆舟[^]*何夫人/);
  const name = await app.at('call-choose').locator('b').first().innerText();
  await app.press('Tab');
  await app.press('Tab');
  await app.press('Enter');
  await eventually(() => app.at('caller-name').innerText()).toBe(name);
  await app.at('call-new-ticket').focus();
  await app.press('Enter');
  await eventually(() => app.at('new-customer-chosen').innerText()).toContain(name);
  expect(await sheet().count()).toBe(0);
  await app.at('new-clear').click();
});

test('Y04 nobody has the number: a click begins a ticket for a new customer, and what is typed there is not lost to the next call', async () => {
  const before = (await scene.db.tickets()).length;
  await link('zuoxi://call?phone=13655556666');
  await app.at('caller-unknown').waitFor();
  await app.at('call-new-customer').click();
  await eventually(() => app.at('new-customer-phone').inputValue()).toBe('13655556666');
  await app.at('new-customer-name').fill('苏念');
  await link('zuoxi://call?phone=13677778888');
  await app.at('caller-unknown').waitFor();
  await app.at('call-new-customer').click();
  await eventually(() => sheet().innerText()).toContain('另一位新客户');
  expect(await app.at('new-customer-name').inputValue()).toBe('苏念');
  expect(await app.at('new-customer-phone').inputValue()).toBe('13655556666');
  await app.press('Escape');
  await sheet().waitFor({ state: 'detached' });
  expect(await scene.db.tickets()).toHaveLength(before);
  await app.at('new-subject').fill('咨询套餐');
  await app.at('new-submit').click();
  await eventually(async () => (await scene.db.tickets()).find((t) => t.subject === '咨询套餐')?.source).toBe('phone');
});

test('F08 the customer replies: the desk says so, the callback stands, and one click lets the ticket wait for it again', async () => {
  const dueAt = Date.now() + 3 * 3_600_000;
  await act(lin, ids.twin, 'scheduleCallback', { callbackId: crypto.randomUUID(), dueAt, note: '' });
  await act(lin, ids.twin, 'update', { note: '等客户寄来抬头', changes: [], waiting: true });
  await lin.synced();
  await app.openList('processing');
  await app.openRow(ids.twin);
  await customerReplies(scene.office.server, ids.twin, '抬头已寄出');
  await eventually(() => app.at('customer-replied').innerText()).toMatch(/回复：抬头已寄出[^]*预约回访没有变/);
  expect(await scene.db.ticket(ids.twin)).toMatchObject({ status: 'processing' });
  await app.at('composer').click();
  await app.type('另一句');
  await app.press('Escape');
  await app.press('r');
  await app.at('customer-replied').waitFor({ state: 'detached' });
  await eventually(async () => (await scene.db.ticket(ids.twin))?.status).toBe('waiting');
  expect(await scene.db.callbacks(ids.twin)).toMatchObject([{ dueAt, outcome: null, snoozes: 0 }]);
  expect(await app.at('composer').inputValue()).toBe('另一句');
});

test('Y05 D03 a call brings the window back from the tray, and with it who calls', async () => {
  await app.at('window-close').click();
  await eventually(() => app.visible()).toBe(false);
  const put = await telephoneSwitch(scene.office.server);
  await put('A1', '13812346021');
  await eventually(() => app.visible()).toBe(true);
  await eventually(async () => ((await sheet().count()) === 0 ? '' : sheet().innerText())).toContain('周砚秋');
  await app.press('Escape');
  await sheet().waitFor({ state: 'detached' });
});

test('Y05 what the telephone switch puts through stands in the window by itself, with the ticket that was made', async () => {
  const put = await telephoneSwitch(scene.office.server);
  const { ticketId } = await put('A1', '13699990000');
  await eventually(async () => ((await sheet().count()) === 0 ? '' : sheet().innerText())).toContain('来电 136****0000');
  await app.at(`call-open-${ticketId}`).click();
  await eventually(() => app.at('ticket-panel').innerText()).toContain('来电 136****0000');
  await app.page.reload();
  await app.synced();
  expect(await sheet().count()).toBe(0);
});
