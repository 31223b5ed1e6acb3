import { expect, test } from 'vitest';
import { act, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
let lin: Device;
let admin: Device;
const field = { area: '', tags: '', speed: '', home: '', old: '' };
let id = '';

const scene = deskScene(async (it) => {
  const { office } = it;
  admin = await office.device('admin');
  const define = async (name: string, type: string, options: string[], required = false): Promise<string> => {
    const answer = await admin.call('office.run', { operation: 'fields.put', input: { id: null, name, type, options, required } });
    if (!answer.ok) throw new Error(answer.reason);
    return (answer.output as { field: { id: string } }).field.id;
  };
  field.area = await define('片区', 'single', ['城南', '城北'], true);
  field.tags = await define('业务', 'multiple', ['宽带', '电视', '固话']);
  field.speed = await define('速率', 'number', []);
  field.home = await define('客户在家', 'yesNo', []);
  field.old = await define('旧字段', 'text', []);
  lin = await office.device('lin');
  const put = (title: string, text: string) =>
    lin.call('records.act', { kind: 'putPhrase', subjectId: null, args: { shared: false, title, text, position: 1 } });
  await put('开场白', '您好，这里是客服中心。');
  await put('光猫复位', '请按住复位孔五秒。');
  id = await newTicket(lin, '要填字段的一张', { custom: { [field.old]: '老值' } });
  await numbered(lin, id);
  await admin.call('office.run', { operation: 'fields.retire', input: { id: field.old, retired: true } });
  await lin.synced();
  app = await it.start();
  await app.signIn('A1');
  await app.openList('pending');
  await app.openRow(id);
});

const custom = async () => (await scene.db.ticket(id))?.custom as Record<string, unknown>;
const phrases = () => app.page.locator('[data-testid="phrase-list"] li b').allInnerTexts();

test('D10 a slash opens the phrases, letters narrow them by pinyin, Enter puts the text at the caret', async () => {
  await app.at('composer').click();
  await app.type('客户 ，');
  await app.press('ArrowLeft');
  await app.type('/');
  await eventually(async () => (await phrases()).sort()).toEqual(['光猫复位', '开场白']);
  await app.type('gm');
  await eventually(phrases).toEqual(['光猫复位']);
  await app.press('Enter');
  await eventually(() => app.at('composer').inputValue()).toBe('客户 请按住复位孔五秒。，');
  expect(await app.at('phrase-list').count()).toBe(0);
});

test('D10 Ctrl ; and the button open them too; Esc leaves the text alone', async () => {
  await app.at('composer').fill('');
  await app.press('Control+;');
  await app.at('phrase-list').waitFor();
  await app.press('Escape');
  await eventually(() => app.at('phrase-list').count()).toBe(0);
  expect(await app.at('composer').inputValue()).toBe('');
  await app.at('phrase-open').click();
  await eventually(async () => (await phrases()).length).toBe(2);
  await app.page.locator('[data-testid="phrase-list"] li', { hasText: '开场白' }).click();
  await eventually(() => app.at('composer').inputValue()).toBe('您好，这里是客服中心。');
  await app.type('见 1/2');
  expect(await app.at('phrase-list').count()).toBe(0);
});

test('X24 custom fields stand on the handling screen; 已完成 names a required one that is empty', async () => {
  const fields = await app.at('custom-fields').innerText();
  expect(fields).toMatch(/片区[\s\S]*未填/);
  expect(fields).toMatch(/旧字段[\s\S]*老值[\s\S]*已停用/);
  await app.focusList();
  await app.press('w');
  await app.press('Control+Enter');
  await eventually(() => app.at('action-failure').innerText()).toBe('完成前要填：片区');
  expect((await scene.db.ticket(id))?.status).toBe('pending');
  await app.press('Escape');
});

test('X24 they are edited and go out with 更新工单, before and after in 操作记录', async () => {
  await app.at(`field-custom-${field.area}`).click();
  await app.page.locator('.ant-select-item-option', { hasText: '城南' }).click();
  await app.at(`field-custom-${field.speed}`).click();
  await app.at(`custom-${field.speed}`).fill('快');
  expect(await app.at('custom-fields').innerText()).toContain('请填数字');
  await app.at(`custom-${field.speed}`).fill('300');
  await app.at('composer').click();
  await app.at(`custom-${field.home}-yes`).check();
  expect(await custom()).toEqual({ [field.old]: '老值' });
  await app.at('composer').fill('上门确认');
  await app.press('Control+Enter');
  await eventually(custom).toEqual({ [field.old]: '老值', [field.area]: '城南', [field.speed]: 300, [field.home]: true });
  await app.openList('processing');
  await app.openRow(id);
  const updated = app.at('event-update').first();
  await eventually(() => updated.innerText()).toMatch(/片区\s*（空）\s*→\s*城南/);
  expect(await updated.innerText()).toMatch(/速率\s*（空）\s*→\s*300/);
  expect(await updated.innerText()).toMatch(/客户在家\s*（空）\s*→\s*是/);
});

test('X24 an edit that was not sent goes along with 已完成 instead of being lost', async () => {
  await app.at(`field-custom-${field.area}`).click();
  await app.page.locator('.ant-select-item-option', { hasText: '城北' }).click();
  await app.focusList();
  await app.press('w');
  await app.insert('已修好');
  await app.press('Control+Enter');
  await eventually(async () => (await scene.db.ticket(id))?.status).toBe('resolved');
  expect((await custom())[field.area]).toBe('城北');
});

test('X04 a new ticket takes custom fields, and warns of a customer with the same phone', async () => {
  const known = await newTicket(lin, '已有客户', { customer: { name: '老客户', phones: ['13955556666'] } });
  await numbered(lin, known);
  await act(lin, known, 'update', { note: '记', changes: [], waiting: false });
  const { customerId } = (await scene.db.ticket(known))!;
  await app.openList('processing');
  await app.row(known).waitFor();
  await app.press('n');
  await app.at('new-customer').click();
  await app.at('new-customer-name').fill('又一位');
  await app.at('new-customer-phone').fill('139 5555 6666');
  await app.at(`use-twin-${customerId}`).click();
  expect(await app.at('new-customer-chosen').innerText()).toContain('老客户');
  await app.at('new-subject').fill('第二次来电');
  await app.page.locator(`#new-custom-${field.speed}`).fill('500');
  await app.at('new-submit').click();
  await eventually(async () => (await scene.db.tickets()).find((x) => x.subject === '第二次来电')).toMatchObject({
    customerId,
    custom: { [field.speed]: 500 },
    assigneeId: scene.office.people.lin.id,
  });
});
