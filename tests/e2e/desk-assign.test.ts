import { expect, test } from 'vitest';
import { act, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
let lin: Device;
let bai: Device;
const ids = { one: '', two: '', three: '', four: '', done: '', again: '', back: '' };

const scene = deskScene(async (it) => {
  const { office } = it;
  lin = await office.device('lin');
  bai = await office.device('bai');
  for (const name of Object.keys(ids) as (keyof typeof ids)[]) {
    ids[name] = await newTicket(lin, `分派 ${name}`);
    await numbered(lin, ids[name]);
  }
  for (const id of [ids.done, ids.again, ids.back]) await act(lin, id, 'resolve', { report: '已修复' });
  await bai.call('records.act', { kind: 'setDuty', subjectId: office.people.bai.id, args: { duty: 'off' } });
  await Promise.all([lin.synced(), bai.synced()]);
  app = await it.start();
  await app.signIn('L1');
});

const holder = async (id: string): Promise<string | null | undefined> => (await scene.db.ticket(id))?.assigneeId;
/** The list on screen is in the server's order, newest first: no row moves under the mouse any more. */
const inPlace = async (): Promise<void> => {
  const newest = (await scene.db.tickets()).sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1));
  await eventually(() => app.rows()).toEqual(newest.map(({ id }) => id));
};
const tick = async (...those: string[]): Promise<void> => {
  for (const id of those) {
    await app.row(id).hover();
    await app.at(`tick-${id}`).click();
  }
};

test('X03 a leader assigns a ticket from the keyboard, and sees before whom it burdens with what', async () => {
  const { bai: to } = scene.office.people;
  await app.openList('all');
  await app.openRow(ids.one);
  await app.focusList();
  await app.press('p');
  await app.at('assign-search').fill('bl');
  const person = app.at('assign-person-A2');
  await person.waitFor();
  expect(await app.page.locator('[data-testid^="assign-person-"]').count()).toBe(1);
  expect(await person.innerText()).toMatch(/白露[\s\S]*下班[\s\S]*0[\s\S]*0[\s\S]*0/);
  await app.press('Enter');
  await eventually(() => app.at('assign-will').innerText()).toContain('白露现在下班');
  await app.at('assign-note').fill('客户等着，请先办');
  await app.press('Control+Enter');
  await eventually(() => holder(ids.one)).toBe(to.id);
  const event = (await scene.db.events(ids.one)).at(-1)!;
  expect(event).toMatchObject({ command: 'assign', note: '客户等着，请先办', actorId: scene.office.people.he.id });
  expect((await scene.db.ticket(ids.one))?.status).toBe('pending');
});

test('X03 many are ticked and assigned at once: what cannot be is told with its reason, the rest is saved', async () => {
  const { bai: to } = scene.office.people;
  await inPlace();
  await tick(ids.two, ids.three, ids.done);
  expect(await app.at('bulk-bar').innerText()).toContain('已选 3 张');
  await app.at('bulk-assign').click();
  await app.at('assign-person-A2').click();
  await app.at('assign-confirm').click();
  await eventually(() => app.at('outcome').innerText()).toContain('1 张没有生效');
  expect(await app.at(`refused-${ids.done}`).innerText()).toContain('工单现在的状态是已完成');
  await eventually(async () => [await holder(ids.two), await holder(ids.three)]).toEqual([to.id, to.id]);
  expect((await scene.db.ticket(ids.done))?.status).toBe('resolved');
  await app.press('Escape');
  await eventually(() => app.at('outcome').count()).toBe(0);
  expect(await app.at('bulk-bar').count()).toBe(0);
});

test('X03 several people get an even share', async () => {
  const { lin: a, bai: b } = scene.office.people;
  await inPlace();
  await tick(ids.one, ids.two, ids.three, ids.four);
  await app.press('p');
  await app.at('assign-several').check();
  await app.at('assign-person-A1').click();
  await app.at('assign-person-A2').click();
  await app.at('assign-confirm').click();
  await app.at('assign-dialog').waitFor({ state: 'detached' });
  await eventually(async () => {
    const now = await Promise.all([ids.one, ids.two, ids.three, ids.four].map(holder));
    return [now.filter((x) => x === a.id).length, now.filter((x) => x === b.id).length];
  }).toEqual([2, 2]);
  expect(await app.at('outcome').count()).toBe(0);
});

test('X03 a leader takes a ticket back into the pool, with the reason', async () => {
  await inPlace();
  await app.openRow(ids.four);
  await app.focusList();
  await app.press('q');
  await app.insert('重新安排');
  await app.press('Control+Enter');
  await eventually(() => scene.db.ticket(ids.four)).toMatchObject({ status: 'released', assigneeId: null });
  expect((await scene.db.events(ids.four)).at(-1)).toMatchObject({ command: 'withdraw', note: '重新安排' });
});

test('X10 待审核 holds what is done: it is closed or sent back from the row, and reopened from the panel', async () => {
  await app.openList('review');
  await eventually(async () => (await app.rows()).sort()).toEqual([ids.done, ids.again, ids.back].sort());
  expect(await app.count('review')).toBe(3);
  await app.at(`reviewClose-${ids.done}`).click();
  await eventually(async () => (await scene.db.ticket(ids.done))?.status).toBe('closed');

  await app.row(ids.done).waitFor({ state: 'detached' });
  await app.at(`reviewBack-${ids.back}`).click();
  await app.at('reason-confirm').click();
  expect(await app.at('reason-dialog').innerText()).toContain('请写退回的原因');
  expect((await scene.db.ticket(ids.back))?.status).toBe('resolved');
  await app.at('reason-text').fill('没有写清结果');
  await app.press('Control+Enter');
  await eventually(() => scene.db.ticket(ids.back)).toMatchObject({ status: 'processing', assigneeId: scene.office.people.lin.id });
  expect((await scene.db.events(ids.back)).at(-1)).toMatchObject({ command: 'review', note: '没有写清结果' });

  await eventually(() => app.rows()).toEqual([ids.again]);
  await app.openRow(ids.again);
  await app.focusList();
  await app.press('k');
  await eventually(() => app.at('composer').evaluate((field) => field === document.activeElement)).toBe(true);
  await app.press('Control+Enter');
  expect(await app.at('action-failure').innerText()).toBe('先写重开的原因。');
  await app.insert('客户说还有问题');
  await app.press('Control+Enter');
  await eventually(async () => (await scene.db.ticket(ids.again))?.status).toBe('processing');
  expect((await scene.db.events(ids.again)).at(-1)).toMatchObject({ command: 'reopen', note: '客户说还有问题' });
  await eventually(() => app.count('review')).toBe(0);
});

test('X17 操作记录 names both hands of an assignment, and says of what was done offline when each clock had it', async () => {
  // As after ten minutes without a network: given then, received now.
  const late = await scene.office.device('lin', { clock: { now: () => Date.now() - 600_000 } });
  await act(late, ids.again, 'note', { note: '断网时写的' });
  await app.openList('all');
  await app.openRow(ids.one);
  await eventually(() => app.at('event-assign').last().innerText()).toMatch(/贺云开[\s\S]*分配[\s\S]*林知夏 → 白露[\s\S]*客户等着，请先办/);
  await app.openRow(ids.again);
  const note = app.at('event-note').first();
  await eventually(() => note.innerText()).toContain('断网时写的');
  await eventually(() => note.innerText()).toMatch(/离线操作[\s\S]*本机 [\s\S]*服务器 /);
  expect(await app.at('event-resolve').last().innerText()).not.toContain('离线操作');
});

test('X04 a leader makes a ticket in a colleague’s hands', async () => {
  const { bai: to } = scene.office.people;
  await app.press('n');
  await app.at('new-customer').click();
  await app.at('new-customer-name').fill('程一苇');
  await app.at('new-customer-phone').fill('13600001111');
  await app.at('new-subject').fill('替白露建的');
  await app.at('new-assignee').click();
  await app.page.locator('.ant-select-item-option', { hasText: '白露' }).click();
  await app.at('new-submit').click();
  await eventually(async () => (await scene.db.tickets()).find((x) => x.subject === '替白露建的')).toMatchObject({
    assigneeId: to.id,
    createdBy: scene.office.people.he.id,
    status: 'pending',
    groupId: scene.office.groups.one.id,
  });
});

test('X03 an agent has no way to assign: neither button nor key', async () => {
  await app.signOut();
  await app.signIn('A2');
  await app.openList('pending');
  const [mine] = await app.rows();
  await app.openRow(mine!);
  await app.at('act-update').waitFor();
  expect(await app.at('office-assign').count()).toBe(0);
  expect(await app.at(`tick-${mine!}`).count()).toBe(0);
  await app.focusList();
  for (const key of ['p', 'q', 'y', 't', 'k', 'e', 'Space', 'Control+a']) await app.press(key);
  expect(await app.at('assign-dialog').count()).toBe(0);
  expect(await app.at('reason-dialog').count()).toBe(0);
  expect(await app.at('bulk-bar').count()).toBe(0);
  for (const place of ['nav-team', 'nav-review', 'nav-expired', 'nav-all']) expect(await app.at(place).count(), place).toBe(0);
});
