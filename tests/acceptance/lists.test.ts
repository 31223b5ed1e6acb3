import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { act, detail, list, newTicket, numbered, type Office, openOffice } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';

let office: Office;
let lin: Device;
beforeAll(async () => {
  office = await openOffice();
  lin = await office.device('lin');
});
afterAll(() => office.close());

const ids = async (device: Device, name: Parameters<typeof list>[1]): Promise<string[]> => (await list(device, name)).rows.map((r) => r.id);

describe('X07 who sees which tickets', () => {
  let ofLin: string;
  let ofJi: string;
  beforeAll(async () => {
    const ji = await office.device('ji');
    ofLin = await newTicket(lin, '一组的工单');
    ofJi = await newTicket(ji, '二组的工单');
    await numbered(lin, ofLin);
    await numbered(ji, ofJi);
  });

  test('X07 an agent has own tickets alone, also on the disk of the device', async () => {
    const bai = await office.device('bai');
    expect(await detail(bai, ofLin)).toBeNull();
    expect(await detail(lin, ofJi)).toBeNull();
    expect((await list(lin, 'all')).total).toBe(0);
    expect(await ids(lin, 'pending')).toContain(ofLin);
  });

  test('X07 a leader has the tickets of the own group, not of another', async () => {
    const he = await office.device('he');
    expect(await ids(he, 'all')).toContain(ofLin);
    expect(await ids(he, 'all')).not.toContain(ofJi);
    expect(await detail(he, ofJi)).toBeNull();
  });

  test.each(['qiao', 'admin'] as const)('X07 %s (qa, admin) has everybody’s tickets', async (who) => {
    const device = await office.device(who);
    expect(await ids(device, 'all')).toEqual(expect.arrayContaining([ofLin, ofJi]));
    expect((await device.read('tickets.counts', {})).all).toBe((await list(device, 'all')).total);
  });
});

describe('the four lists', () => {
  test('X08 待处理 holds what was created, and what was not yet touched', async () => {
    const id = await newTicket(lin, '待处理的');
    expect(await ids(lin, 'pending')).toContain(id);
    expect((await detail(lin, id))?.allowed).toEqual(expect.arrayContaining(['update', 'resolve', 'transfer', 'invalidate', 'release']));
  });

  test('X08 what is assigned to me and what I claim lies in 待处理', async () => {
    const he = await office.device('he');
    const bai = await office.device('bai');
    const assigned = await newTicket(lin, '要分配的');
    await he.until('tickets.get', { ticketId: assigned, transferId: null }, (t) => t !== null);
    await act(he, assigned, 'assign', { toId: office.people.bai.id, note: '' });
    await bai.until('tickets.counts', {}, (c) => c.pending === 1);
    expect(await ids(bai, 'pending')).toEqual([assigned]);
    await act(bai, assigned, 'release', { reason: '' });
    await lin.until('tickets.get', { ticketId: assigned, transferId: null }, (t) => t?.status === 'released');
    await act(lin, assigned, 'claim', {});
    expect(await ids(lin, 'pending')).toContain(assigned);
  });

  test('X09 处理中 holds what was updated, also while it waits for the customer', async () => {
    const one = await newTicket(lin, '处理中的');
    const two = await newTicket(lin, '暂停的');
    await act(lin, one, 'update', { note: '已联系', changes: [], waiting: false });
    await act(lin, two, 'update', { note: '等客户回电', changes: [], waiting: true });
    const rows = (await list(lin, 'processing')).rows;
    expect(rows.find((r) => r.id === one)?.status).toBe('processing');
    expect(rows.find((r) => r.id === two)?.status).toBe('waiting');
    expect(await ids(lin, 'pending')).not.toContain(one);
    expect((await detail(lin, two))?.readOnly).toBeNull();
  });

  test('X10 已完成 is view only for the agent', async () => {
    const id = await newTicket(lin, '已完成的');
    await act(lin, id, 'resolve', { report: '更换光猫' });
    expect(await ids(lin, 'resolved')).toContain(id);
    const ticket = await detail(lin, id);
    expect(ticket?.readOnly).toBe('resolved');
    const refused = await lin.call('tickets.act', {
      ticketId: id,
      kind: 'update',
      args: { note: '再写一句', changes: [], waiting: false },
    });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'wrong-state' } });
  });

  test('X11 已转派 shows the ticket as I left it, view only, without later events', async () => {
    const bai = await office.device('bai');
    const id = await newTicket(lin, '要转派的');
    await numbered(lin, id);
    await act(lin, id, 'transfer', { toId: office.people.bai.id, reason: '片区' });
    await bai.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    await act(bai, id, 'update', { note: '之后的事', changes: [], waiting: false });
    await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t === null);
    const row = (await list(lin, 'transferred')).rows.find((r) => r.id === id);
    const left = await lin.read('tickets.get', { ticketId: id, transferId: row!.transfer!.id });
    expect(left).toMatchObject({ readOnly: 'transferred', allowed: [], status: 'pending', transfer: { toName: '白露', reason: '片区' } });
    expect(JSON.stringify(left)).not.toContain('之后的事');
    const refused = await lin.call('tickets.act', { ticketId: id, kind: 'resolve', args: { report: 'x' } });
    expect(refused.ok).toBe(false);
  });

  test('counts equal the lists, and the four parts of a list are the list', async () => {
    const counts = await lin.read('tickets.counts', {});
    for (const name of ['pending', 'processing', 'resolved', 'transferred'] as const) {
      const page = await list(lin, name);
      expect(counts[name]).toBe(page.total);
      expect(page.due!.overdue + page.due!.soon + page.due!.today + page.due!.later + (name === 'transferred' ? page.total : 0)).toBe(
        page.due!.all,
      );
    }
  });
});

describe('X04 a ticket by hand', () => {
  test('X04 an agent adds one for a known or a new customer; it lies in 待处理 with 待编号 until the server has it', async () => {
    const id = await newTicket(lin, '手工新增', { category: '宽带', nature: 'task', source: 'wechat' });
    const made = (await detail(lin, id))!;
    expect(made).toMatchObject({ number: null, status: 'pending', assigneeId: office.people.lin.id, nature: 'task', source: 'wechat' });
    expect(await ids(lin, 'pending')).toContain(id);
    const numberedTicket = await numbered(lin, id);
    expect(numberedTicket.number).toBeGreaterThan(100_000);
    const again = await newTicket(lin, '同一客户', { customerId: made.customer!.id, customer: undefined });
    expect((await detail(lin, again))!.customer!.id).toBe(made.customer!.id);
  });

  test('X04 a leader adds one for a member, or into the pool; an agent only for themself', async () => {
    const he = await office.device('he');
    const forBai = await newTicket(he, '给白露的', { assigneeId: office.people.bai.id });
    const free = await newTicket(he, '放进公共池', { assigneeId: 'pool' });
    const bai = await office.device('bai');
    await bai.until('tickets.get', { ticketId: forBai, transferId: null }, (t) => t?.status === 'pending');
    await bai.until('tickets.get', { ticketId: free, transferId: null }, (t) => t?.status === 'released' && t.allowed.includes('claim'));
    expect(await ids(bai, 'pool')).toContain(free);
    await expect(newTicket(lin, '给别人', { assigneeId: office.people.bai.id })).rejects.toThrow('not-allowed');
  });
});
