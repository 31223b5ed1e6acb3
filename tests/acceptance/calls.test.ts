import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { act, detail, newTicket, numbered, type Office, openOffice } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { telephoneSwitch } from '../support/core/telephone-switch.ts';
import { troubledTransport } from '../support/core/troubled-transport.ts';

let office: Office;
let lin: Device;
const net = troubledTransport();
beforeAll(async () => {
  office = await openOffice();
  lin = await office.device('lin', { transport: net.transport });
});
afterAll(() => office.close());

const calling = (phone: string) => lin.read('calls.find', { phone });
let serial = 0;
const phone = (): string => `1370000${String((serial += 1)).padStart(4, '0')}`;

describe('来电弹屏', () => {
  test('Y04 a caller is known by the number however the switch and the card write it', async () => {
    const ticketId = await newTicket(lin, '宽带移机', {
      customer: { name: '沈越', phones: ['139 1111 2222', '025-8300 1234'], tier: '金卡客户' },
    });
    for (const written of [
      '13911112222',
      '+86 139 1111 2222',
      '8613911112222',
      '013911112222',
      '008613911112222',
      '02583001234',
      '+862583001234',
    ])
      expect(await calling(written)).toMatchObject([
        { customer: { name: '沈越', tier: '金卡客户', openTickets: 1 }, open: [{ id: ticketId }], past: [] },
      ]);
    for (const other of ['1391111222', '113911112222', '83001234', '', '1', 'abc']) expect(await calling(other)).toEqual([]);
  });

  test('Y06 F16 without a network: card, open tickets, history and next callback, and the call is noted in the ticket', async () => {
    const number = phone();
    const ticketId = await newTicket(lin, '路由器掉线', { customer: { name: '温岚', phones: [number] } });
    await numbered(lin, ticketId);
    const customerId = (await detail(lin, ticketId))!.customer!.id;
    const past = await newTicket(lin, '报装', { customerId, customer: undefined });
    await act(lin, past, 'resolve', { report: '已装好' });
    const dueAt = Date.now() + 3_600_000;
    await act(lin, ticketId, 'scheduleCallback', { callbackId: crypto.randomUUID(), dueAt, note: '' });
    await lin.synced();
    net.trouble.offline = true;
    try {
      expect(await calling(number)).toMatchObject([
        {
          customer: { id: customerId, name: '温岚', openTickets: 1, nextCallbackAt: dueAt },
          open: [{ id: ticketId }],
          past: [{ id: past }],
        },
      ]);
      await act(lin, ticketId, 'note', { note: '来电 14:31，号码 137****0001' });
      expect((await detail(lin, ticketId))!.events[0]).toMatchObject({
        command: 'note',
        note: '来电 14:31，号码 137****0001',
        pending: true,
      });
    } finally {
      net.trouble.offline = false;
    }
    await lin.call('sync.retry', {});
    await lin.until('tickets.get', { ticketId, transferId: null }, (t) => t!.events[0]!.command === 'note' && !t!.events[0]!.pending);
    expect(await detail(lin, ticketId)).toMatchObject({ status: 'pending' });
  });

  test('Y06 everybody with the number is named, own customers first', async () => {
    const number = phone();
    await newTicket(lin, '甲', { customer: { name: '甲同号', phones: [number] }, assigneeId: 'pool' });
    await newTicket(lin, '乙', { customer: { name: '乙同号', phones: ['13700009999', number] } });
    expect((await calling(`+86${number}`)).map((c) => c.customer.name)).toEqual(['乙同号', '甲同号']);
  });

  test('Y05 somebody new who is put through has a customer and a ticket with that agent, and the window hears of the call once', async () => {
    const put = await telephoneSwitch(office.server);
    const bai = await office.device('bai');
    const number = phone();
    const answer = await put('a1', number, { id: 'call-new' });
    expect(answer).toMatchObject({ customerIds: [expect.any(String)], ticketId: expect.any(String), refused: null });
    const call = (await lin.until('calls.incoming', {}, (c) => c !== null))!;
    expect(call).toMatchObject({ callId: 'call-new', phone: number });
    const [known] = await lin.until('calls.find', { phone: call.phone }, (found) => found.length > 0);
    expect(known).toMatchObject({
      customer: { id: answer.customerIds[0], ownerName: '林知夏' },
      open: [{ id: answer.ticketId, status: 'pending' }],
    });
    expect(await detail(lin, answer.ticketId!)).toMatchObject({
      subject: `来电 137****${number.slice(-4)}`,
      source: 'phone',
      events: [{ command: 'create', actorName: '林知夏' }],
    });
    await lin.call('calls.taken', { callId: 'call-new' });
    expect(await lin.read('calls.incoming', {})).toBeNull();
    expect(await put('A1', number, { id: 'call-new' })).toEqual(answer);
    expect(await put('A1', number)).toEqual({ customerIds: answer.customerIds, ticketId: null, refused: null });
    expect(await lin.until('calls.incoming', {}, (c) => c !== null)).not.toMatchObject({ callId: 'call-new' });
    expect(await bai.read('calls.incoming', {})).toBeNull();
  });

  test('Y05 a call that nobody looked at for a minute is over', async () => {
    const put = await telephoneSwitch(office.server);
    let ahead = 0;
    const laptop = await office.device('lin', { clock: { now: () => Date.now() + ahead } });
    await put('A1', phone());
    await laptop.until('calls.incoming', {}, (c) => c !== null);
    ahead = 61_000;
    expect(await laptop.read('calls.incoming', {})).toBeNull();
  });
});
