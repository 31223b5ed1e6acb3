import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, test } from 'vitest';
import { callback, ticket, ticketEvent, transfer } from '../../../server/store/schema.ts';
import { act, detail, list, newId, newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import type { Device } from '../../support/core/device.ts';
import { VirtualTime } from '../../support/core/virtual-time.ts';
import { troubledTransport } from '../../support/core/troubled-transport.ts';

let office: Office;
afterEach(() => office.close());

const eventsOf = (ticketId: string) => office.server.store.orm.select().from(ticketEvent).where(eq(ticketEvent.ticketId, ticketId));
const drained = (device: Device) => device.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online', 45_000);

describe('each command takes effect once', () => {
  test('SPEC 3 though the answer to the first push is lost after the server has committed', async () => {
    office = await openOffice();
    const { transport, trouble, counts } = troubledTransport();
    const lin = await office.device('lin', { transport });
    let left = 1;
    trouble.lose = (r) => r === 'push' && left-- > 0;
    const id = await newTicket(lin);
    await act(lin, id, 'scheduleCallback', { callbackId: newId(), dueAt: Date.now() + 3_600_000, note: '' });
    await drained(lin);
    expect(counts.get('push lost')).toBe(1);
    expect((await eventsOf(id)).map((e) => e.command).toSorted()).toEqual(['create', 'scheduleCallback']);
    expect(await office.server.store.orm.select().from(callback)).toHaveLength(1);
    const [row] = await office.server.store.orm.select().from(ticket).where(eq(ticket.id, id));
    // One number and one version per command.
    expect(row!.version).toBe((await detail(lin, id))!.version);
    expect(await lin.read('attention.list', {})).toEqual([]);
  });

  test('SPEC 3 though every request is sent twice and half of the answers are lost', async () => {
    office = await openOffice();
    const { transport, trouble, counts } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const given = await newTicket(lin, '要转走的');
    const kept = await newTicket(lin, '留着的');
    await numbered(lin, kept);
    const asked = new Map<string, number>();
    // Of each kind the first, the third and so on, up to the tenth.
    trouble.lose = (r) => {
      const n = asked.get(r) ?? 0;
      asked.set(r, n + 1);
      return (r === 'push' || r === 'pull') && n % 2 === 0 && n < 6;
    };
    trouble.repeat = (r) => r === 'push' || r === 'pull';
    for (let i = 0; i < 12; i += 1) await act(lin, kept, 'update', { note: `第 ${i} 次`, changes: [], waiting: i % 2 === 0 });
    await act(lin, given, 'transfer', { toId: office.people.bai.id, reason: '片区' });
    await drained(lin);
    expect(counts.get('push lost')).toBeGreaterThan(0);
    expect(counts.get('pull lost')).toBeGreaterThan(0);
    expect(counts.get('push repeated')).toBeGreaterThan(0);
    const notes = (await eventsOf(kept)).filter((e) => e.command === 'update').map((e) => e.note);
    expect(notes.toSorted()).toEqual(Array.from({ length: 12 }, (_, i) => `第 ${i} 次`).toSorted());
    expect(await office.server.store.orm.select().from(transfer)).toHaveLength(1);
    const local = (await detail(lin, kept))!;
    const [row] = await office.server.store.orm.select().from(ticket).where(eq(ticket.id, kept));
    expect(local).toMatchObject({ version: row!.version, status: row!.status, pending: false });
    expect(local.events).toHaveLength(13);
    expect((await list(lin, 'transferred')).total).toBe(1);
    expect(await lin.read('attention.list', {})).toEqual([]);
  });

  test('SPEC 3 a refusal whose answer was lost is heard the second time, once', async () => {
    office = await openOffice();
    const { transport, trouble, counts } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const he = await office.device('he');
    const id = await newTicket(lin);
    await numbered(lin, id);
    await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    trouble.offline = true;
    await act(lin, id, 'resolve', { report: '已解决' });
    await act(he, id, 'assign', { toId: office.people.bai.id, note: '' });
    await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.assigneeName === '白露' && !t.pending);
    let left = 1;
    trouble.lose = (r) => r === 'push' && left-- > 0;
    trouble.offline = false;
    await lin.call('sync.retry', {});
    await lin.until('sync.state', {}, (s) => s.attention === 1 && s.pending === 0 && s.connection === 'online', 30_000);
    expect(counts.get('push lost')).toBe(1);
    const [item] = await lin.read('attention.list', {});
    expect(item).toMatchObject({ kind: 'resolve', refusal: { code: 'not-assignee' }, text: '已解决' });
    expect((await eventsOf(id)).map((e) => e.command)).not.toContain('resolve');
    // Not mine any more, and not shown as if it were.
    expect((await list(lin, 'resolved')).total).toBe(0);
  });
});

describe('hints and polls', () => {
  test('SPEC 7 hints that never come through are made good by the poll', async () => {
    const time = new VirtualTime(Date.UTC(2026, 10, 18, 2));
    office = await openOffice({ clock: time });
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { clock: time, timers: time, transport });
    const id = await newTicket(lin);
    await numbered(lin, id);
    const again = await office.device('lin', { clock: time, timers: time });
    await again.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    trouble.deaf = true;
    await act(again, id, 'update', { note: '另一台电脑', changes: [], waiting: true });
    await again.until('sync.state', {}, (s) => s.pending === 0);
    const knows = async (): Promise<boolean> => (await detail(lin, id))!.events.some((e) => e.note === '另一台电脑');
    await time.advance(25_000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await knows()).toBe(false);
    await time.advance(10_000);
    expect(await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.status === 'waiting')).toMatchObject({
      pending: false,
    });
    expect(await knows()).toBe(true);
  });

  test('two devices of one account see each other’s work, and both may work offline on one ticket', async () => {
    office = await openOffice();
    const desk = troubledTransport();
    const laptop = troubledTransport();
    const a = await office.device('lin', { transport: desk.transport });
    const b = await office.device('lin', { transport: laptop.transport });
    const id = await newTicket(a);
    await b.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    desk.trouble.offline = true;
    laptop.trouble.offline = true;
    await act(a, id, 'update', { note: '台式机', changes: [{ field: 'category', from: '宽带 · 掉线', to: '宽带' }], waiting: false });
    await act(b, id, 'update', { note: '笔记本', changes: [{ field: 'priority', from: 'high', to: 'urgent' }], waiting: false });
    desk.trouble.offline = false;
    laptop.trouble.offline = false;
    for (const device of [a, b]) await device.call('sync.retry', {});
    for (const device of [a, b]) {
      const seen = await device.until(
        'tickets.get',
        { ticketId: id, transferId: null },
        (t) => t?.events.length === 3 && !t.pending,
        30_000,
      );
      expect(seen).toMatchObject({ category: '宽带', priority: 'urgent' });
      expect(seen!.events.map((e) => e.note)).toEqual(expect.arrayContaining(['台式机', '笔记本']));
      // One’s own work on another device is no news.
      expect((await list(device, 'processing')).rows[0]).toMatchObject({ id, unseen: false });
    }
  });
});
