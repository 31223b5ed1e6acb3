import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { account, customer, ticket, ticketEvent } from '../../server/store/schema.ts';
import { act, detail, list, newId, newTicket, numbered, type Office, openOffice } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';

let office: Office;
let lin: Device;
let bai: Device;
beforeAll(async () => {
  office = await openOffice();
  lin = await office.device('lin');
  bai = await office.device('bai');
});
afterAll(() => office.close());

/** The ticket in the server's own database. */
const onServer = async (id: string) => (await office.server.store.orm.select().from(ticket).where(eq(ticket.id, id)))[0]!;
const customerOnServer = async (id: string) => (await office.server.store.orm.select().from(customer).where(eq(customer.id, id)))[0]!;
const drained = (device: Device) => device.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online');

describe('the actions', () => {
  test('X12 更新工单 moves the ticket to 处理中, keeps the note and changes the fields, here and on the server', async () => {
    const id = await newTicket(lin);
    await numbered(lin, id);
    await act(lin, id, 'update', { note: '远程复位光猫', changes: [{ field: 'priority', from: 'high', to: 'urgent' }], waiting: false });
    expect(await detail(lin, id)).toMatchObject({ status: 'processing', priority: 'urgent' });
    await drained(lin);
    expect(await onServer(id)).toMatchObject({ status: 'processing', priority: 'urgent' });
    const ready = await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.events[0]?.receivedAt != null);
    expect(ready!.events[0]).toMatchObject({
      command: 'update',
      note: '远程复位光猫',
      actorName: '林知夏',
      changes: { priority: { from: 'high', to: 'urgent' } },
    });
  });

  test('X13 已完成 records the report and ends the work', async () => {
    const id = await newTicket(lin);
    await act(lin, id, 'resolve', { report: '上门更换光猫，测速正常' });
    await drained(lin);
    const row = await onServer(id);
    expect(row.status).toBe('resolved');
    expect(row.resolvedAt).not.toBeNull();
    const events = await office.server.store.orm.select().from(ticketEvent).where(eq(ticketEvent.ticketId, id));
    expect(events.map((e) => e.note)).toContain('上门更换光猫，测速正常');
  });

  test('X14 转派 gives the ticket and its callbacks to a colleague', async () => {
    const id = await newTicket(lin);
    await numbered(lin, id);
    const dueAt = Date.now() + 3_600_000;
    await act(lin, id, 'scheduleCallback', { callbackId: newId(), dueAt, note: '约晚上' });
    await act(lin, id, 'transfer', { toId: office.people.bai.id, reason: '' });
    await drained(lin);
    expect(await onServer(id)).toMatchObject({ assigneeId: office.people.bai.id, status: 'pending' });
    const received = await bai.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    expect(received!.callbacks).toMatchObject([{ dueAt, note: '约晚上', outcome: null }]);
    const today = await bai.read('reminders.bucket', {
      bucket: 'next3',
      scope: 'mine',
      accountId: null,
      kind: 'callback',
      offset: 0,
      limit: 50,
    });
    expect(today.rows.map((r) => r.ticketId)).toContain(id);
  });

  test('X15 the second 无效 on a customer’s tickets moves the customer to 无效, and its tickets leave the pool', async () => {
    const first = await newTicket(lin, '空号');
    const owner = (await numbered(lin, first)).customer!;
    const second = await newTicket(lin, '又是空号', { customerId: owner.id, customer: undefined });
    await numbered(lin, second);
    expect((await detail(lin, first))!.nextInvalidMovesCustomer).toBe(false);
    await act(lin, first, 'invalidate', { reason: '空号' });
    await drained(lin);
    expect(await onServer(first)).toMatchObject({ status: 'released', invalid: true, assigneeId: null });
    expect(await customerOnServer(owner.id)).toMatchObject({ invalidReleases: 1, invalidAt: null });

    expect((await detail(lin, second))!.nextInvalidMovesCustomer).toBe(true);
    await act(lin, second, 'invalidate', { reason: '还是空号' });
    await drained(lin);
    const moved = await customerOnServer(owner.id);
    expect(moved.invalidReleases).toBe(2);
    expect(moved.invalidAt).not.toBeNull();
    expect(moved.invalidBy).toBe(office.people.lin.id);
    // In the pool a colleague of the group would see it.
    await bai.until('tickets.get', { ticketId: first, transferId: null }, (t) => t === null);
    expect(await detail(bai, second)).toBeNull();
  });

  test('X16 释放 puts the ticket back into the pool, frees the customer and counts nothing', async () => {
    const id = await newTicket(lin, '无需处理');
    const { customer: owner } = await numbered(lin, id);
    await act(lin, id, 'release', { reason: '客户自行恢复' });
    await drained(lin);
    expect(await onServer(id)).toMatchObject({ status: 'released', assigneeId: null, invalid: false });
    expect(await customerOnServer(owner!.id)).toMatchObject({ ownerId: null, invalidReleases: 0 });
    const seen = await bai.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    expect(seen!.allowed).toContain('claim');
    await act(bai, id, 'claim', {});
    await drained(bai);
    expect(await onServer(id)).toMatchObject({ status: 'pending', assigneeId: office.people.bai.id });
  });

  test('X16 who released it may not claim it again', async () => {
    const id = await newTicket(lin);
    await act(lin, id, 'release', { reason: '' });
    const refused = await lin.call('tickets.act', { ticketId: id, kind: 'claim', args: {} });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'reclaim-forbidden' } });
  });

  test('X17 操作记录 names who did what, with before and after, newest first, and marks what the server lacks', async () => {
    const id = await newTicket(lin);
    await numbered(lin, id);
    await act(lin, id, 'update', {
      note: '改分类',
      changes: [{ field: 'category', from: '宽带 · 掉线', to: '宽带 · 断网' }],
      waiting: true,
    });
    const early = (await detail(lin, id))!.events;
    expect(early.map((e) => e.command)).toEqual(['update', 'create']);
    const late = (await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.events[0]?.receivedAt != null))!;
    expect(late.events[0]).toMatchObject({
      actorName: '林知夏',
      pending: false,
      changes: { category: { from: '宽带 · 掉线', to: '宽带 · 断网' }, status: { from: 'pending', to: 'waiting' } },
    });
    await act(lin, id, 'transfer', { toId: office.people.bai.id, reason: '' });
    const received = await bai.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    expect(received!.events.map((e) => e.command)).toEqual(['transfer', 'update', 'create']);
    expect(received!.events[0]!.changes.assigneeId).toEqual({ from: '林知夏', to: '白露' });
  });
});

describe('what the server refuses', () => {
  test('an edit of a ticket that a leader gave away meanwhile is kept for the agent, with its reason and its words', async () => {
    const he = await office.device('he');
    const id = await newTicket(lin);
    await numbered(lin, id);
    await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    // Both decide before either has heard of the other.
    const mine = act(lin, id, 'resolve', { report: '配件已到，周四上门' });
    await office.server.store.orm.update(ticket).set({ assigneeId: office.people.bai.id }).where(eq(ticket.id, id));
    await mine;
    const [item] = await lin.until('attention.list', {}, (items) => items.length === 1);
    expect(item).toMatchObject({ kind: 'resolve', text: '配件已到，周四上门', refusal: { code: 'not-assignee' } });
    expect((await detail(lin, id))?.status).not.toBe('resolved');

    const note = await lin.call('attention.toNote', { commandId: item!.commandId });
    expect(note.ok).toBe(true);
    await lin.until('attention.list', {}, (items) => items.length === 0);
    await drained(lin);
    const events = await office.server.store.orm.select().from(ticketEvent).where(eq(ticketEvent.ticketId, id));
    expect(events.find((e) => e.command === 'note')?.note).toBe('配件已到，周四上门');
  });

  test('a refused command can be discarded, and only then is it gone', async () => {
    const id = await newTicket(lin);
    await numbered(lin, id);
    await office.server.store.orm.update(account).set({ disabled: true }).where(eq(account.id, office.people.bai.id));
    await act(lin, id, 'transfer', { toId: office.people.bai.id, reason: '转给白露' });
    const [item] = await lin.until('attention.list', {}, (items) => items.length === 1);
    expect(item).toMatchObject({ refusal: { code: 'target-disabled' }, text: '转给白露' });
    expect((await list(lin, 'pending')).rows.map((r) => r.id)).toContain(id);
    await lin.call('attention.discard', { commandId: item!.commandId });
    expect(await lin.read('attention.list', {})).toEqual([]);
    await office.server.store.orm.update(account).set({ disabled: false }).where(eq(account.id, office.people.bai.id));
  });
});
