import { expect, test } from 'vitest';
import { act, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
let admin: Device;
const ids = { mine: '', first: '', second: '', third: '', fourth: '' };

const scene = deskScene(async (it) => {
  const { office } = it;
  const lin = await office.device('lin');
  const bai = await office.device('bai');
  admin = await office.device('admin');
  const release = async (device: Device, name: keyof typeof ids): Promise<void> => {
    ids[name] = await newTicket(device, `公共池 ${name}`, {
      customer: { name: `客户 ${name}`, phones: [`1380000${String(Object.keys(ids).indexOf(name)).padStart(4, '0')}`] },
    });
    await numbered(device, ids[name]);
    await act(device, ids[name], 'release', { reason: '' });
  };
  await release(lin, 'mine');
  for (const name of ['first', 'second', 'third', 'fourth'] as const) await release(bai, name);
  await Promise.all([lin.synced(), bai.synced()]);
  app = await it.start();
  await app.signIn('A1');
});

const held = async (id: string) => {
  const ticket = await scene.db.ticket(id);
  return { status: ticket?.status, assigneeId: ticket?.assigneeId };
};

test('X02 the pool lists what may be claimed; 领取 in a row puts it into the own hands', async () => {
  const me = scene.office.people.lin.id;
  await app.openList('pool');
  await eventually(async () => (await app.rows()).sort()).toEqual(Object.values(ids).sort());
  await eventually(() => app.count('pool')).toBe(5);
  await app.at(`claim-${ids.first}`).click();
  await eventually(() => held(ids.first)).toEqual({ status: 'pending', assigneeId: me });
  expect((await scene.db.customer((await scene.db.ticket(ids.first))!.customerId))?.ownerId).toBe(me);
  await eventually(() => app.count('pool')).toBe(4);
  expect(await app.count('pending')).toBe(1);
});

test('X02 L claims the ticket on screen, and many that are ticked', async () => {
  const me = scene.office.people.lin.id;
  await app.openRow(ids.second);
  await eventually(() => app.at('read-only').innerText()).toContain('在公共池里，可以领取');
  await app.focusList();
  await app.press('l');
  await eventually(() => held(ids.second)).toEqual({ status: 'pending', assigneeId: me });
  await eventually(() => app.rows()).not.toContain(ids.second);
  for (const id of [ids.third, ids.fourth]) {
    await app.row(id).hover();
    await app.at(`tick-${id}`).click();
  }
  await app.press('l');
  await eventually(async () => [await held(ids.third), await held(ids.fourth)]).toEqual([
    { status: 'pending', assigneeId: me },
    { status: 'pending', assigneeId: me },
  ]);
  await eventually(() => app.rows()).toEqual([ids.mine]);
});

test('X25 who released a customer is told before and at the try that it cannot be claimed again', async () => {
  await app.openRow(ids.mine);
  await eventually(() => app.at('read-only').innerText()).toContain('你释放过这位客户，参数不允许再领取');
  expect(await app.at('office-claim').count()).toBe(0);
  await app.at(`claim-${ids.mine}`).click();
  await eventually(() => app.at('toast').innerText()).toContain('你释放过这位客户，不能再领取');
  expect(await held(ids.mine)).toEqual({ status: 'released', assigneeId: null });
});

test('X25 with the parameter on it can', async () => {
  const answer = await admin.call('office.run', {
    operation: 'parameters.set',
    input: { change: { allowReclaimAfterRelease: true }, applyToOpen: false },
  });
  expect(answer.ok).toBe(true);
  await app.at('office-claim').click();
  await eventually(() => held(ids.mine)).toEqual({ status: 'pending', assigneeId: scene.office.people.lin.id });
  await eventually(() => app.count('pool')).toBe(0);
  expect(await app.page.locator('main').getByTestId('empty').innerText()).toContain('公共池是空的');
});
