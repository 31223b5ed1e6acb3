import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerReplies } from '../support/core/customer-replies.ts';
import { act, list, newTicket, numbered, type Office, openOffice } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';

let office: Office;
let lin: Device;
beforeAll(async () => {
  office = await openOffice();
  lin = await office.device('lin');
});
afterAll(() => office.close());

test.each(['waiting', 'resolved'] as const)(
  'F08 Y19 a reply to a %s ticket brings it back to 处理中 and keeps its callback',
  async (status) => {
    const ticketId = await newTicket(lin, '等客户');
    await numbered(lin, ticketId);
    const [callbackId, dueAt] = [crypto.randomUUID(), Date.now() + 3_600_000];
    await act(lin, ticketId, 'scheduleCallback', { callbackId, dueAt, note: '问问' });
    if (status === 'waiting') await act(lin, ticketId, 'update', { note: '等资料', changes: [], waiting: true });
    else await act(lin, ticketId, 'resolve', { report: '已处理' });
    await lin.synced();
    await customerReplies(office.server, ticketId, '资料在这里');
    const now = await lin.until('tickets.get', { ticketId, transferId: null }, (t) => t?.status === 'processing');
    expect(now).toMatchObject({
      assigneeName: '林知夏',
      callbacks: [{ id: callbackId, dueAt, outcome: null, note: '问问' }],
      nextAt: dueAt,
      nextKind: 'callback',
      events: [{ command: 'customerReply', actorName: '~', note: '资料在这里' }, {}, {}, {}],
    });
    expect((await list(lin, 'processing')).rows.find((r) => r.id === ticketId)).toMatchObject({ unseen: true });
    const { rows } = await lin.read('reminders.bucket', {
      bucket: 'next3',
      scope: 'mine',
      accountId: null,
      kind: 'callback',
      offset: 0,
      limit: 50,
    });
    expect(rows.map((r) => r.callbackId)).toContain(callbackId);
    await act(lin, ticketId, 'update', { note: '继续等到回访', changes: [], waiting: true });
    await lin.synced();
    expect(await lin.read('tickets.get', { ticketId, transferId: null })).toMatchObject({
      status: 'waiting',
      callbacks: [{ dueAt, snoozes: 0 }],
    });
  },
);
