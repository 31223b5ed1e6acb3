import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { customer, ticket } from '../../server/store/schema.ts';
import { act, detail, newTicket, numbered, saved } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
let lin: Device;
let bai: Device;
const ids = { free: '', pooled: '', mine: '' };

const scene = deskScene(async (it) => {
  lin = await it.office.device('lin');
  bai = await it.office.device('bai');
  const add = async (device: Device, name: string, phone: string, owned: boolean): Promise<string> => {
    const answer = await device.call('records.act', {
      kind: 'addCustomer',
      subjectId: null,
      args: { name, phones: [phone], emails: [], address: '紫荆小区', tier: '普通客户', source: 'phone', owned, unique: true },
    });
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
    return answer.subjectId;
  };
  ids.free = await add(bai, '谭一鸣', '13800000001', false);
  ids.mine = await add(lin, '金见微', '13800000003', true);
  const pooled = await newTicket(bai, '搬家移机', { customer: { name: '邱修远', phones: ['13800000002'] } });
  await numbered(bai, pooled);
  ids.pooled = (await detail(bai, pooled))!.customer!.id;
  await act(bai, pooled, 'release', { reason: '片区不同' });
  for (const device of [lin, bai]) await device.synced();
  app = await it.start();
  await app.signIn('A1');
});

const openCustomers = async (view: 'mine' | 'free' | 'invalid' | 'all'): Promise<void> => {
  await app.at('nav-customers').click();
  await app.at(`customers-view-${view}`).click();
  await app.at(`customers-${view}`).waitFor();
};
const openCard = async (id: string): Promise<void> => {
  await app.row(id).click();
  await app.at(`customer-card-${id}`).waitFor();
};
const ticketsOf = (customerId: string) => scene.db.orm.select().from(ticket).where(eq(ticket.customerId, customerId));
const byName = (name: string) => scene.db.orm.select().from(customer).where(eq(customer.name, name));

test('X02 a free customer is claimed from 用户资源 with the keyboard: a new ticket in the own hands', async () => {
  await openCustomers('free');
  await eventually(async () => (await app.rows()).sort()).toEqual([ids.free, ids.pooled].sort());
  await app.at('customer-search').fill('tym');
  await eventually(() => app.rows()).toEqual([ids.free]);
  expect(await app.row(ids.free).locator('mark').allInnerTexts()).toEqual(['谭一鸣']);
  await app.press('Enter');
  await app.press('Enter');
  await app.at(`customer-card-${ids.free}`).waitFor();
  await app.at('customer-claim').focus();
  await app.press('Enter');
  await app.at('customer-words').fill('跟进装机');
  await app.press('Enter');
  await app.at('ticket-panel').waitFor();
  await app.synced();
  await eventually(async () => (await scene.db.customer(ids.free))?.ownerId).toBe(scene.office.people.lin.id);
  expect(await ticketsOf(ids.free)).toMatchObject([
    { subject: '跟进装机', assigneeId: scene.office.people.lin.id, status: 'pending', createdBy: scene.office.people.lin.id },
  ]);
  await app.at('customer-search').fill('');
  await eventually(() => app.rows()).toEqual([ids.pooled]);
});

test('X02 a customer whose ticket lies in the pool comes with that ticket; who released it may not take it again', async () => {
  await openCustomers('free');
  await openCard(ids.pooled);
  await eventually(() => app.at('claim-will').innerText()).toContain('公共池里的工单进你的待处理');
  await app.at('customer-claim').click();
  await app.at('ticket-panel').waitFor();
  await eventually(async () => (await ticketsOf(ids.pooled)).map((t) => [t.subject, t.assigneeId, t.status])).toEqual([
    ['搬家移机', scene.office.people.lin.id, 'pending'],
  ]);
  expect((await scene.db.customer(ids.pooled))?.ownerId).toBe(scene.office.people.lin.id);
  const [mine] = await ticketsOf(ids.pooled);
  await lin.until('tickets.get', { ticketId: mine!.id, transferId: null }, (t) => t?.allowed.includes('release') === true);
  await act(lin, mine!.id, 'release', { reason: '客户要求' });
  await lin.synced();
  await openCustomers('free');
  await openCard(ids.pooled);
  await eventually(() => app.at('claim-will').innerText()).toContain('你释放过这位客户');
  expect(await app.at('customer-claim').isDisabled()).toBe(true);
});

test('X05 a new customer and a ticket are made in one step, after a look at who has the same phone', async () => {
  await openCustomers('mine');
  await app.focusList();
  await app.press('n');
  await app.at('customer-name').fill('苏砚秋');
  await app.at('customer-phone-0').fill('138 0000 0003');
  await eventually(() => app.at('customer-twins').innerText()).toMatch(/金见微[\s\S]*归 林知夏/);
  expect(await app.at('customer-submit').innerText()).toContain('仍然新建');
  await app.at('customer-phone-0').fill('13800000009');
  await eventually(() => app.at('customer-twins').count()).toBe(0);
  await app.at('customer-add-email').click();
  await app.at('customer-email-0').fill('su@');
  await app.at('customer-with-ticket').check();
  await app.press('Control+Enter');
  await eventually(() => app.at('customer-panel').innerText()).toContain('邮箱的写法不对');
  await app.at('customer-email-0').fill('su@example.com');
  await app.press('Control+Enter');
  await eventually(() => app.at('customer-panel').innerText()).toContain('请填工单主题');
  expect(await byName('苏砚秋')).toEqual([]);
  await app.at('customer-subject').fill('光猫红灯');
  await app.press('Control+Enter');
  await app.at('ticket-panel').waitFor();
  await app.synced();
  await eventually(async () => (await byName('苏砚秋')).length).toBe(1);
  const [made] = await byName('苏砚秋');
  expect(made).toMatchObject({ phones: ['13800000009'], emails: ['su@example.com'], ownerId: scene.office.people.lin.id });
  expect(await ticketsOf(made!.id)).toMatchObject([{ subject: '光猫红灯', assigneeId: scene.office.people.lin.id }]);
  // The form is empty again: what was sent does not come back.
  await openCustomers('mine');
  await app.at('customer-new').click();
  expect(await app.at('customer-name').inputValue()).toBe('');
  await app.at('customer-close').click();
});

test('X05 without a ticket the customer alone is made; what is typed survives until then', async () => {
  await app.at('customer-new').click();
  await app.at('customer-name').fill('石子墨');
  await eventually(() => app.at('draft-state').innerText()).toContain('草稿已保存');
  await app.at('customer-close').click();
  await app.at('customer-new').click();
  await eventually(() => app.at('customer-name').inputValue()).toBe('石子墨');
  await app.at('customer-phone-0').fill('13800000010');
  await app.at('customer-submit').click();
  await eventually(async () => (await byName('石子墨')).map((c) => c.ownerId)).toEqual([scene.office.people.lin.id]);
  const [made] = await byName('石子墨');
  expect(await ticketsOf(made!.id)).toEqual([]);
  await app.at(`customer-card-${made!.id}`).waitFor();
});

test('the card hides phones until they are clicked, and an edit changes what was typed and nothing else', async () => {
  await openCustomers('mine');
  await openCard(ids.mine);
  expect(await app.at('customer-panel').innerText()).not.toContain('13800000003');
  await app.page.getByRole('button', { name: /显示 138/ }).click();
  await eventually(() => app.at('customer-panel').innerText()).toContain('13800000003');
  await app.at('customer-edit').click();
  await app.at('customer-address').fill('云锦片区 9 栋');
  // Meanwhile somebody else changes another fact of the same customer.
  const other = await lin.call('records.act', {
    kind: 'editCustomer',
    subjectId: ids.mine,
    args: { changes: [{ field: 'tier', from: '普通客户', to: '金卡客户' }] },
  });
  expect(other.ok).toBe(true);
  await lin.synced();
  await app.at('customer-add-phone').click();
  await app.at('customer-phone-1').fill('02812345678');
  await app.press('Control+Enter');
  await eventually(async () => scene.db.customer(ids.mine)).toMatchObject({
    name: '金见微',
    address: '云锦片区 9 栋',
    tier: '金卡客户',
    phones: ['13800000003', '02812345678'],
  });
});

test('X15 the second 无效 shows the customer in the 无效 list of who did it; a leader restores it with a reason', async () => {
  const created = await lin.call('tickets.create', {
    customerId: ids.mine,
    subject: '骚扰电话',
    description: '',
    category: '',
    priority: 'normal',
    nature: 'incident',
    source: 'phone',
  });
  const first = saved(created).ticketId;
  await act(lin, first, 'invalidate', { reason: '骚扰' });
  await lin.synced();
  expect((await scene.db.customer(ids.mine))?.invalidReleases).toBe(1);
  await openCustomers('invalid');
  await eventually(() => app.rows()).toEqual([]);
  const he = await scene.office.device('he');
  await act(he, first, 'assign', { toId: scene.office.people.lin.id, note: '' });
  await he.synced();
  // The second time by hand in the window.
  await app.openList('pending');
  await app.openRow(first);
  await app.at('act-invalidate').click();
  await app.write('还是骚扰');
  await app.at('confirm').click();
  await eventually(async () => (await scene.db.customer(ids.mine))?.invalidAt ?? null).not.toBeNull();
  await openCustomers('invalid');
  await eventually(() => app.rows()).toEqual([ids.mine]);
  expect(await app.at('count-customers-invalid').innerText()).toBe('1');
  await openCard(ids.mine);
  await eventually(() => app.at('customer-invalid').innerText()).toContain('林知夏');
  expect(await app.at('customer-restore').count()).toBe(0);

  await app.signOut();
  await app.signIn('L1');
  await openCustomers('invalid');
  await openCard(ids.mine);
  await app.at('customer-restore').click();
  await app.at('customer-confirm').click();
  await eventually(() => app.at('action-failure').innerText()).toContain('先写恢复的原因');
  await app.at('customer-words').fill('核实过，是本人');
  await app.press('Enter');
  await eventually(async () => scene.db.customer(ids.mine)).toMatchObject({ invalidAt: null, invalidReleases: 0 });
  await eventually(() => app.rows()).toEqual([]);
});
