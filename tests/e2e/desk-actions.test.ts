import { describe, expect, test } from 'vitest';
import { transfer } from '../../server/store/schema.ts';
import { act, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
/** Another computer of the same agent, where the tickets come from. */
let other: Device;
const scene = deskScene(async ({ office, start }) => {
  other = await office.device('lin');
  app = await start();
  await app.signIn('A1');
});
const statusOf = async (id: string) => (await scene.db.ticket(id))?.status;

/** A ticket in 待处理, open in the panel. */
async function openNew(subject: string, more: Parameters<typeof newTicket>[2] = {}): Promise<string> {
  const id = await newTicket(other, subject, more);
  await numbered(other, id);
  await app.openList('pending');
  await app.openRow(id);
  await eventually(() => app.at('ticket-panel').innerText()).toContain(subject);
  return id;
}
const failure = () => eventually(() => app.at('action-failure').innerText());

describe('the five actions', () => {
  test('X12 更新工单 by keyboard: the typed note is in the record and the ticket is in 处理中', async () => {
    const id = await openNew('光猫红灯');
    await app.press('g');
    await app.type('已远程复位，观察一小时');
    await app.press('Control+Enter');
    await eventually(() => statusOf(id)).toBe('processing');
    expect((await scene.db.events(id)).at(-1)).toMatchObject({
      command: 'update',
      note: '已远程复位，观察一小时',
      actorId: scene.office.people.lin.id,
    });
    await app.row(id).waitFor({ state: 'detached' });
    await app.openList('processing');
    await app.row(id).waitFor();
  });

  test('X12 更新工单 by mouse: a field is changed together with the note, and waits for nothing else', async () => {
    const id = await openNew('测速不达标');
    await app.at('field-priority').click();
    await app.page.locator('.ant-select-item-option', { hasText: '紧急' }).click();
    await eventually(() => app.at('field-priority').innerText()).toBe('紧急');
    expect((await scene.db.ticket(id))?.priority).toBe('high');
    await app.write('升级处理');
    await app.at('act-update').click();
    await eventually(async () => (await scene.db.ticket(id))?.priority).toBe('urgent');
    expect((await scene.db.events(id)).at(-1)).toMatchObject({ note: '升级处理', changes: { priority: { from: 'high', to: 'urgent' } } });
  });

  test('X13 已完成 with W: an empty report is asked for, nothing typed is lost on the way, the report arrives', async () => {
    const id = await openNew('路由器故障');
    await app.press('w');
    await app.press('Control+Enter');
    await failure().toBe('先写处理结果，再完成。');
    expect(await statusOf(id)).toBe('pending');
    await app.type('上门更换路由器，测速正常');
    await app.press('Escape');
    await app.at('act-resolve').waitFor();
    expect(await app.at('composer').inputValue()).toBe('上门更换路由器，测速正常');
    await app.at('act-resolve').click();
    await app.at('confirm').click();
    await eventually(() => statusOf(id)).toBe('resolved');
    expect((await scene.db.events(id)).at(-1)).toMatchObject({ command: 'resolve', note: '上门更换路由器，测速正常' });
    await app.openList('resolved');
    await app.row(id).waitFor();
  });

  test('X14 转派 with Z: a colleague is found by name, oneself and the disabled are not offered, the reason arrives', async () => {
    const id = await openNew('片区不对');
    const { bai } = scene.office.people;
    await app.press('z');
    const search = app.at('person-search');
    const offered = () =>
      app
        .at('ticket-panel')
        .locator('[role=option]')
        .evaluateAll((all) => all.map((each) => each.getAttribute('data-testid')!.slice(7)).sort());
    await eventually(offered).toEqual(['A2', 'A3', 'G1', 'L1', 'Q1']);
    for (const nobody of ['林知夏', 'A1', '童安', 'A9']) {
      await search.fill(nobody);
      await eventually(() => app.at('ticket-panel').innerText()).toContain('没有找到可以转派的同事。');
    }
    await search.fill('');
    await app.at('confirm').click();
    await failure().toBe('先选一位同事。');
    await search.fill('白');
    await eventually(offered).toEqual(['A2']);
    await search.press('Enter');
    await eventually(() => app.at('confirm').innerText()).toContain('转派给 白露');
    await app.write('属于东区');
    await app.press('Control+Enter');
    await eventually(async () => (await scene.db.ticket(id))?.assigneeId).toBe(bai.id);
    expect(await statusOf(id)).toBe('pending');
    const moved = (await scene.db.orm.select().from(transfer)).filter((each) => each.ticketId === id);
    expect(moved).toMatchObject([{ fromId: scene.office.people.lin.id, toId: bai.id, reason: '属于东区' }]);
    await app.row(id).waitFor({ state: 'detached' });
    await app.openList('transferred');
    await eventually(() => app.row(id).innerText()).toMatch(/白露[\s\S]*属于东区/);
  });

  test('X15 F12 无效 with X: the line says before the second one that the customer will be 无效, and so it is', async () => {
    const first = await openNew('空号一', { customer: { name: '何以安', phones: ['13900001111'] } });
    const customerId = (await scene.db.ticket(first))!.customerId;
    const second = await newTicket(other, '空号二', { customerId, customer: undefined });
    await numbered(other, second);
    const will = () => eventually(() => app.at('will').innerText());

    await app.press('x');
    await will().toBe('无效：工单释放并记一次无效，客户 1 / 2。');
    await app.press('Control+Enter');
    await failure().toBe('先写无效的原因。');
    await app.type('空号');
    await app.press('Control+Enter');
    await eventually(() => scene.db.ticket(first)).toMatchObject({ status: 'released', invalid: true, assigneeId: null });
    expect(await scene.db.customer(customerId)).toMatchObject({ invalidReleases: 1, invalidAt: null });

    await app.row(first).waitFor({ state: 'detached' });
    await app.openRow(second);
    await app.press('x');
    await will().toBe('无效：第 2 次无效，客户会移入 无效，名下工单离开公共池。');
    await app.type('还是空号');
    await app.press('Control+Enter');
    await eventually(async () => (await scene.db.customer(customerId))?.invalidReleases).toBe(2);
    const moved = await scene.db.customer(customerId);
    expect(moved?.invalidAt).not.toBeNull();
    expect(moved?.invalidBy).toBe(scene.office.people.lin.id);
  });

  test('X16 释放 with S gives the ticket back to the pool', async () => {
    const id = await openNew('重复报障');
    await app.press('s');
    await eventually(() => app.at('will').innerText()).toContain('工单回公共池');
    expect(await statusOf(id)).toBe('pending');
    await app.press('Control+Enter');
    await eventually(() => scene.db.ticket(id)).toMatchObject({ status: 'released', invalid: false, assigneeId: null });
    await app.row(id).waitFor({ state: 'detached' });
  });

  test('X16 a release is taken back with 撤销', async () => {
    const id = await openNew('误点释放');
    await app.press('s');
    await app.press('Control+Enter');
    await eventually(() => statusOf(id)).toBe('released');
    await app.at('toast').getByRole('button', { name: '撤销' }).click();
    await eventually(() => scene.db.ticket(id)).toMatchObject({ status: 'pending', assigneeId: scene.office.people.lin.id });
    await app.row(id).waitFor();
  });
});

describe('bad input', () => {
  test('X12 an empty update is asked for, and a text stops at the limit, which is shown', async () => {
    const id = await openNew('超长记录');
    await app.at('act-update').click();
    await failure().toBe('先写处理情况，或改一个字段。');
    await app.write('长'.repeat(4200));
    await eventually(() => app.at('draft-state').innerText()).toContain('4000 / 4000');
    await app.press('Control+Enter');
    await eventually(async () => (await scene.db.events(id)).at(-1)?.note).toBe('长'.repeat(4000));
  });

  test('X30 a callback in the past is refused with a sentence and keeps its note; a time to come is taken', async () => {
    const id = await openNew('约错时间');
    await app.focusList();
    await app.press('h');
    await app.at('callback-note').fill('告知配件到货');
    await app.at('callback-time').fill('2020-01-01T09:00');
    await app.press('Control+Enter');
    await failure().toBe('这个时间已经过去了，请选晚于现在的时间。');
    expect(await scene.db.callbacks(id)).toEqual([]);
    expect(await app.at('callback-note').inputValue()).toBe('告知配件到货');
    await app.at('callback-quick-h1').click();
    await app.at('confirm').click();
    await eventually(() => scene.db.callbacks(id)).toMatchObject([
      { note: '告知配件到货', outcome: null, assigneeId: scene.office.people.lin.id },
    ]);
    const [made] = await scene.db.callbacks(id);
    expect(made!.dueAt - made!.createdAt).toBeGreaterThan(58 * 60_000);
    expect(made!.dueAt - made!.createdAt).toBeLessThanOrEqual(60 * 60_000);
  });
});

test('X17 操作记录 tells newest first what was done, by whom, with which words and which values', async () => {
  const id = await newTicket(other, '查记录');
  await numbered(other, id);
  await act(other, id, 'update', { note: '第一次跟进', changes: [{ field: 'priority', from: 'high', to: 'low' }], waiting: false });
  await act(other, id, 'note', { note: '客户要求晚上联系' });
  await eventually(async () => (await scene.db.events(id)).length).toBe(3);
  await app.openList('processing');
  await app.openRow(id);
  const timeline = app.at('timeline');
  await eventually(() => timeline.locator('li').count()).toBe(3);
  const shown = await timeline.locator('li').evaluateAll((all) => all.map((each) => each.getAttribute('data-testid')!.slice(6)));
  expect(shown).toEqual((await scene.db.events(id)).map(({ command }) => command).toReversed());
  const texts = await timeline.locator('li').allInnerTexts();
  expect(texts[0]).toMatch(/林知夏[\s\S]*备注[\s\S]*客户要求晚上联系/);
  expect(texts[1]).toMatch(/林知夏[\s\S]*更新工单[\s\S]*第一次跟进/);
  expect(texts[1]).toMatch(/优先级\s*高\s*→\s*低/);
  expect(texts[2]).toMatch(/林知夏[\s\S]*新建工单/);
});
