import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customer } from '../../server/store/schema.ts';
import { act, detail, newTicket, numbered, type Office, openOffice, record, saved } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';

let office: Office;
let lin: Device;
let he: Device;
beforeAll(async () => {
  office = await openOffice();
  [lin, he] = await Promise.all([office.device('lin'), office.device('he')]);
});
afterAll(() => office.close());

const stored = async (id: string) => (await office.server.store.orm.select().from(customer).where(eq(customer.id, id)))[0];
const card = (device: Device, customerId: string) => device.read('customers.get', { customerId });
const customers = (device: Device, view: 'mine' | 'invalid' | 'free' | 'all', text = '') =>
  device.read('customers.list', { view, text, sort: 'name', descending: false, offset: 0, limit: 100 });
const facts = { emails: [], address: '', tier: '', source: 'phone' as const };
let serial = 0;
const phone = (): string => `1390000${String((serial += 1)).padStart(4, '0')}`;

/** A customer of 林知夏's that the server has. */
async function added(name: string, more: object = {}): Promise<string> {
  const id = await record(lin, 'addCustomer', null, { ...facts, name, phones: [phone()], owned: true, unique: true, ...more });
  await lin.synced();
  return id;
}

describe('用户资源', () => {
  test('X05 a customer is added with a ticket in one step, also offline, and both come to the server', async () => {
    const ticketId = await newTicket(lin, '新客户的工单', {
      customer: { name: '顾南', phones: ['025-8300 1234'], emails: ['gu@example.com'], tier: '金卡客户', address: '雨花台', unique: true },
    });
    const id = (await detail(lin, ticketId))!.customer!.id;
    expect(await card(lin, id)).toMatchObject({ name: '顾南', ownerName: '林知夏', groupName: '宽带一组', emails: ['gu@example.com'] });
    await numbered(lin, ticketId);
    expect(await stored(id)).toMatchObject({
      name: '顾南',
      ownerId: office.people.lin.id,
      groupId: office.groups.one.id,
      tier: '金卡客户',
    });
  });

  test('X05 a second customer with the same phone is pointed out, refused if it was to be unique, and made when insisted on', async () => {
    const id = await added('周砚秋', { phones: ['138 1234-6021'] });
    expect(await lin.read('customers.twins', { phones: ['+86 13812346021'], emails: [], exceptId: null })).toEqual([
      { id, name: '周砚秋', ownerName: '林知夏', contact: '13812346021' },
    ]);
    expect(await lin.read('customers.twins', { phones: ['13812346021'], emails: [], exceptId: id })).toEqual([]);
    const again = {
      kind: 'addCustomer' as const,
      subjectId: null,
      args: { ...facts, name: '周女士', phones: ['13812346021'], owned: true, unique: true },
    };
    expect(await lin.call('records.act', again)).toEqual({ ok: false, refusal: { code: 'duplicate-contact', detail: id } });
    const insisted = await lin.call('records.act', { ...again, args: { ...again.args, unique: false } });
    expect(insisted.ok).toBe(true);
  });

  test('X05 one that a device cannot know of is refused by the server, and what was typed is kept', async () => {
    const ji = await office.device('ji');
    const taken = phone();
    await record(ji, 'addCustomer', null, { ...facts, name: '别组的客户', phones: [taken], owned: true, unique: true });
    await ji.synced();
    const id = await record(lin, 'addCustomer', null, { ...facts, name: '同号客户', phones: [taken], owned: true, unique: true });
    const [item] = await lin.until('attention.list', {}, (list) => list.length === 1);
    expect(item).toMatchObject({
      kind: 'addCustomer',
      customerId: id,
      ticketId: null,
      subject: '同号客户',
      refusal: { code: 'duplicate-contact' },
    });
    expect(await card(lin, id)).toBeNull();
    await lin.call('attention.discard', { commandId: item!.commandId });
  });

  test('an edit merges with another field’s, and conflicts with the same one’s', async () => {
    const id = await added('合并');
    await he.until('customers.get', { customerId: id }, (c) => c !== null);
    await record(he, 'editCustomer', id, { changes: [{ field: 'tier', from: '', to: '金卡客户' }] });
    await record(lin, 'editCustomer', id, { changes: [{ field: 'address', from: '', to: '建邺' }] });
    await expect.poll(async () => stored(id), { timeout: 10_000 }).toMatchObject({ tier: '金卡客户', address: '建邺' });
    await he.until('customers.get', { customerId: id }, (c) => c?.address === '建邺');
    const late = await he.call('records.act', {
      kind: 'editCustomer',
      subjectId: id,
      args: { changes: [{ field: 'address', from: '', to: '鼓楼' }] },
    });
    expect(late).toMatchObject({
      ok: false,
      refusal: { code: 'conflict', fields: [{ field: 'customer.address', mine: '鼓楼', theirs: '建邺' }] },
    });
  });

  test('who has nothing to do with a customer neither sees nor edits it; an owner is changed by a leader alone', async () => {
    const id = await added('归属');
    const bai = await office.device('bai');
    expect(await card(bai, id)).toBeNull();
    const give = { changes: [{ field: 'ownerId' as const, from: office.people.lin.id, to: office.people.bai.id }] };
    expect(await lin.call('records.act', { kind: 'editCustomer', subjectId: id, args: give })).toMatchObject({
      ok: false,
      refusal: { code: 'not-allowed' },
    });
    await he.until('customers.get', { customerId: id }, (c) => c?.mayOwn === true);
    await record(he, 'editCustomer', id, give);
    await bai.until('customers.get', { customerId: id }, (c) => c?.ownerName === '白露');
    expect((await customers(bai, 'mine')).rows.map((r) => r.id)).toContain(id);
  });

  test('the views count what they list, and search finds by name, sounds, phone and e-mail', async () => {
    const id = await added('张三丰', { phones: ['13777778888'], emails: ['zhang@wudang.example'] });
    for (const text of ['三丰', 'zsf', 'zhangsan', '77788', 'wudang', '张'])
      expect([text, (await customers(lin, 'all', text)).rows.map((r) => r.id)]).toEqual([text, expect.arrayContaining([id])]);
    for (const view of ['mine', 'invalid', 'free', 'all'] as const) {
      const page = await customers(lin, view);
      expect([view, page.total]).toEqual([view, page.counts[view]]);
      expect(page.rows).toHaveLength(page.total);
    }
    const [hit] = (await customers(lin, 'all', 'zsf')).rows;
    expect(hit!.hits).toEqual([{ field: 'name', text: '张三丰', ranges: [[0, 3]] }]);
    expect(hit!.phone).toBe('137****8888');
  });
});

describe('X02 领取 from 用户资源', () => {
  test('X02 a free customer of the group is claimed: a new ticket in my hands, and the customer is mine', async () => {
    const id = await added('可领取', { owned: false });
    const bai = await office.device('bai');
    await bai.until('customers.get', { customerId: id }, (c) => c?.claim.ok === true);
    expect((await customers(bai, 'free')).rows.map((r) => r.id)).toContain(id);
    const { ticketId } = saved(await bai.call('customers.claim', { customerId: id, subject: '回访可领取' }));
    expect(await detail(bai, ticketId)).toMatchObject({ status: 'pending', assigneeId: office.people.bai.id, subject: '回访可领取' });
    await numbered(bai, ticketId);
    expect(await stored(id)).toMatchObject({ ownerId: office.people.bai.id });
    expect((await card(bai, id))!.claim).toEqual({ ok: false, refusal: 'customer-has-ticket' });
    // A colleague no longer sees what is not free any more.
    await lin.until('customers.get', { customerId: id }, (c) => c === null);
  });

  test('X02 of two that claim offline the server lets one have it; the other is told, and keeps nothing', async () => {
    const id = await added('两人抢', { owned: false });
    const [bai, gao] = [await office.device('bai'), await office.device('he')];
    for (const d of [bai, gao]) await d.until('customers.get', { customerId: id }, (c) => c?.claim.ok === true);
    await Promise.all([bai, gao].map((d) => d.call('customers.claim', { customerId: id, subject: '抢' })));
    const count = async (): Promise<number> => {
      const lists = await Promise.all([bai, gao].map((d) => d.read('attention.list', {})));
      return lists.flat().filter((i) => i.kind === 'claimCustomer').length;
    };
    await expect.poll(count, { timeout: 10_000 }).toBe(1);
    expect([office.people.bai.id, office.people.he.id]).toContain((await stored(id))!.ownerId);
  });

  test('X25 who released a customer may not claim it again, unless the parameter says so', async () => {
    const ticketId = await newTicket(lin, '先释放', { customer: { name: '再领取', phones: [phone()] } });
    const customerId = (await detail(lin, ticketId))!.customer!.id;
    await numbered(lin, ticketId);
    await act(lin, ticketId, 'release', { reason: '' });
    await lin.synced();
    expect((await card(lin, customerId))!.claim).toEqual({ ok: false, refusal: 'reclaim-forbidden' });
    expect(await lin.call('customers.claim', { customerId, subject: 'x' })).toMatchObject({
      ok: false,
      refusal: { code: 'reclaim-forbidden' },
    });
    await office.server.staff.changeParameters({ allowReclaimAfterRelease: true });
    await lin.until('customers.get', { customerId }, (c) => c?.claim.ok === true);
    expect(saved(await lin.call('customers.claim', { customerId, subject: 'x' })).ticketId).toBe(ticketId);
    await lin.until('tickets.get', { ticketId, transferId: null }, (t) => t?.status === 'pending' && !t.pending);
    await office.server.staff.changeParameters({ allowReclaimAfterRelease: false });
  });
});

describe('X15 无效', () => {
  test('X15 F12 the second 无效, also offline, moves the customer to 无效 of whoever did it; a leader takes it out again', async () => {
    const first = await newTicket(lin, '无效一', { customer: { name: '空号客户', phones: [phone()] } });
    const customerId = (await detail(lin, first))!.customer!.id;
    const second = await newTicket(lin, '无效二', { customerId, customer: undefined });
    await numbered(lin, second);
    expect((await detail(lin, first))!.nextInvalidMovesCustomer).toBe(false);
    await act(lin, first, 'invalidate', { reason: '空号' });
    // Told before it is done, from what this device alone knows.
    expect((await detail(lin, second))!.nextInvalidMovesCustomer).toBe(true);
    await act(lin, second, 'invalidate', { reason: '空号' });
    expect((await customers(lin, 'invalid')).rows.map((r) => r.id)).toContain(customerId);
    expect((await customers(lin, 'free')).rows.map((r) => r.id)).not.toContain(customerId);
    await lin.synced();
    expect(await stored(customerId)).toMatchObject({ invalidBy: office.people.lin.id, invalidReleases: 2 });
    expect(
      (
        await lin.read('tickets.list', {
          list: 'pool',
          text: '',
          filter: [],
          due: 'all',
          sort: 'updated',
          descending: true,
          offset: 0,
          limit: 50,
        })
      ).rows.map((r) => r.id),
    ).not.toContain(second);

    expect(await lin.call('records.act', { kind: 'restoreCustomer', subjectId: customerId, args: { reason: '号码已更新' } })).toMatchObject(
      { ok: false, refusal: { code: 'not-allowed' } },
    );
    await he.until('customers.get', { customerId }, (c) => c?.mayRestore === true);
    await record(he, 'restoreCustomer', customerId, { reason: '号码已更新' });
    await he.synced();
    expect(await stored(customerId)).toMatchObject({ invalidAt: null, invalidReleases: 0 });
  });
});
