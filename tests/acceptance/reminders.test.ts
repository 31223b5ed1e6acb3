import { afterEach, describe, expect, test } from 'vitest';
import { act, detail, newId, newTicket, numbered, type Office, openOffice } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { VirtualTime } from '../support/core/virtual-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 2026-11-18 10:00 in Shanghai. */
const MORNING = Date.UTC(2026, 10, 18, 2);

let office: Office;
afterEach(() => office.close());

/** An office whose server and devices share one clock that the test moves. */
async function openAt(now = MORNING): Promise<VirtualTime> {
  const time = new VirtualTime(now);
  office = await openOffice({ clock: time });
  return time;
}
const sit = (who: keyof Office['people'], time: VirtualTime): Promise<Device> => office.device(who, { clock: time, timers: time });
const popups = (device: Device, count: number) => device.until('reminders.popups', {}, (p) => p.length === count);
const callback = (device: Device, ticketId: string, dueAt: number, note = '') =>
  act(device, ticketId, 'scheduleCallback', { callbackId: newId(), dueAt, note });
const bucket = (device: Device, code: 'past30' | 'past7' | 'yesterday' | 'today' | 'next3' | 'next7', scope: 'mine' | 'team' = 'mine') =>
  device.read('reminders.bucket', { bucket: code, scope, accountId: null, kind: 'all', offset: 0, limit: 200 });

describe('what others give me', () => {
  test('X28 a transfer raises a popup and a native notification for its receiver, once, and for nobody else', async () => {
    const time = await openAt();
    const lin = await sit('lin', time);
    const bai = await sit('bai', time);
    const id = await newTicket(lin);
    await numbered(lin, id);
    await act(lin, id, 'transfer', { toId: office.people.bai.id, reason: '片区' });
    const [popup] = await popups(bai, 1);
    expect(popup).toMatchObject({ kind: 'transfer', fromName: '林知夏', ticketId: id, note: '片区' });
    expect(bai.host.shown).toMatchObject([{ kind: 'transfer', title: '林知夏 转派给你一张工单' }]);
    expect(lin.host.shown).toEqual([]);
    await time.sleep(5 * MINUTE);
    expect(bai.host.shown).toHaveLength(1);
  });

  test('X28 it is also raised for what happened while I was away', async () => {
    const time = await openAt();
    const lin = await sit('lin', time);
    let bai = await sit('bai', time);
    await bai.core.stop();
    const id = await newTicket(lin);
    await numbered(lin, id);
    await time.sleep(HOUR);
    await act(lin, id, 'transfer', { toId: office.people.bai.id, reason: '' });
    await lin.until('sync.state', {}, (s) => s.pending === 0);
    bai = await bai.restart();
    expect(await popups(bai, 1)).toMatchObject([{ kind: 'transfer', ticketId: id }]);
    await bai.stop();
  });

  test('X29 an assignment raises a popup for its receiver, withdrawn when the ticket goes elsewhere', async () => {
    const time = await openAt();
    const lin = await sit('lin', time);
    const bai = await sit('bai', time);
    const he = await sit('he', time);
    const id = await newTicket(lin);
    await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    await act(he, id, 'assign', { toId: office.people.bai.id, note: '优先安排' });
    expect(await popups(bai, 1)).toMatchObject([{ kind: 'assignment', fromName: '贺云开', note: '优先安排' }]);
    const [shown] = bai.host.shown;
    await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.assigneeName === '白露' && !t.pending);
    await act(he, id, 'assign', { toId: office.people.lin.id, note: '' });
    await popups(bai, 0);
    expect(bai.host.withdrawn).toContain(shown!.id);
  });
});

describe('X30 预约回访', () => {
  test('X30 it falls due at its time, not before, and is shown once in the corner and natively', async () => {
    const time = await openAt();
    const lin = await sit('lin', time);
    const id = await newTicket(lin);
    const dueAt = time.now() + 30 * MINUTE;
    await callback(lin, id, dueAt, '告知装维到场时间');
    await time.sleep(29 * MINUTE);
    await time.advance(MINUTE - 1000);
    expect(lin.host.shown).toEqual([]);
    await time.advance(2000);
    const [popup] = await popups(lin, 1);
    expect(popup).toMatchObject({
      kind: 'callback',
      showAt: dueAt,
      customerName: '周砚秋',
      phone: '138****6021',
      note: '告知装维到场时间',
    });
    expect(lin.host.shown).toHaveLength(1);
    expect(lin.host.shown[0]).toMatchObject({ kind: 'callback', title: '回访时间到 10:30 · 周砚秋' });
    expect(JSON.stringify(lin.host.shown)).not.toContain('13812346021');
    await time.sleep(HOUR);
    expect(lin.host.shown).toHaveLength(1);
  });

  test('X30 已联系 completes it, 稍后 moves it and it falls due again', async () => {
    const time = await openAt();
    const lin = await sit('lin', time);
    const id = await newTicket(lin);
    await callback(lin, id, time.now() + MINUTE);
    await time.advance(MINUTE + 1000);
    const [first] = await popups(lin, 1);
    expect(await lin.call('reminders.act', { id: first!.id, action: 'snooze' })).toMatchObject({ ok: true });
    await popups(lin, 0);
    await time.sleep(10 * MINUTE + 1000);
    const [second] = await popups(lin, 1);
    expect(lin.host.shown).toHaveLength(2);
    expect(await lin.call('reminders.act', { id: second!.id, action: 'contacted' })).toMatchObject({ ok: true });
    const after = await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.callbacks[0]?.outcome === 'done');
    expect(after!.callbacks[0]).toMatchObject({ outcome: 'done', snoozes: 1 });
    await time.sleep(DAY);
    expect(lin.host.shown.filter((n) => n.kind === 'callback')).toHaveLength(2);
  });

  test('X30 it needs no server and survives a restart of the core without one', async () => {
    const time = await openAt();
    let lin = await sit('lin', time);
    const id = await newTicket(lin);
    await numbered(lin, id);
    await office.server.close();
    await callback(lin, id, time.now() + 5 * MINUTE);
    lin = await lin.restart();
    await lin.until('session.state', {}, (s) => s.phase === 'ready');
    await time.sleep(5 * MINUTE + 1000);
    expect(await popups(lin, 1)).toMatchObject([{ kind: 'callback', ticketId: id }]);
    await lin.stop();
  });

  test('X30 after sleep more than three at once become one digest; none is lost', async () => {
    const time = await openAt();
    const lin = await sit('lin', time);
    for (let i = 1; i <= 5; i += 1) await callback(lin, await newTicket(lin, `回访 ${i}`), time.now() + i * MINUTE);
    await time.sleep(2 * HOUR);
    const [digest] = await popups(lin, 1);
    expect(digest).toMatchObject({ kind: 'callback', count: 5 });
    expect(digest!.items).toHaveLength(5);
    expect(lin.host.shown.filter((n) => n.kind === 'callback')).toHaveLength(1);
  });

  test('X30 one done or moved on another device is withdrawn here', async () => {
    const time = await openAt();
    const here = await sit('lin', time);
    const there = await sit('lin', time);
    const id = await newTicket(here);
    const callbackId = newId();
    await act(here, id, 'scheduleCallback', { callbackId, dueAt: time.now() + MINUTE, note: '' });
    await there.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.callbacks.length === 1 && !t.pending);
    await time.advance(MINUTE + 1000);
    const [popup] = await popups(here, 1);
    await act(there, id, 'completeCallback', { callbackId, outcome: 'done', note: '' });
    await popups(here, 0);
    expect(here.host.withdrawn).toContain(popup!.id);
  });
});

describe('X31 工单到期提醒', () => {
  test('X31 the first entry of a local day shows the expiring tickets, the next entry not, the next day again', async () => {
    const time = await openAt();
    await office.server.staff.changeParameters({ ticketTtl: 6 * HOUR });
    const lin = await sit('lin', time);
    const id = await newTicket(lin, '今天到期的');
    await numbered(lin, id);
    await lin.call('reminders.enterMyTickets', {});
    const [popup] = await popups(lin, 1);
    expect(popup).toMatchObject({ kind: 'expiry', count: 1, items: [{ ticketId: id, subject: '今天到期的' }] });
    await lin.call('reminders.act', { id: popup!.id, action: 'dismiss' });
    await popups(lin, 0);
    await lin.call('reminders.enterMyTickets', {});
    expect(await lin.read('reminders.popups', {})).toEqual([]);

    await time.sleep(DAY);
    await office.server.staff.changeParameters({ ticketTtl: 3 * HOUR });
    await lin.call('sync.retry', {});
    await newTicket(lin, '明天的到期');
    await lin.call('reminders.enterMyTickets', {});
    expect((await popups(lin, 1))[0]).toMatchObject({ kind: 'expiry' });
  });

  test('X31 natively at nine, or at once when the app starts later', async () => {
    // 08:00 in Shanghai.
    const time = await openAt(MORNING - 2 * HOUR);
    await office.server.staff.changeParameters({ ticketTtl: 10 * HOUR });
    const lin = await sit('lin', time);
    await numbered(lin, await newTicket(lin, '晚上到期的'));
    await time.sleep(59 * MINUTE);
    expect(lin.host.shown).toEqual([]);
    await time.advance(2 * MINUTE);
    expect(lin.host.shown).toMatchObject([{ kind: 'expiry', title: '1 张工单今天到期' }]);
    await time.sleep(2 * HOUR);
    expect(lin.host.shown).toHaveLength(1);
  });
});

describe('the six buckets', () => {
  test('X32 each lists callbacks and deadlines of its days; counts equal lists', async () => {
    const time = await openAt();
    await office.server.staff.changeParameters({ ticketTtl: 2 * DAY });
    const lin = await sit('lin', time);
    const soon = await newTicket(lin, '今天回访');
    await callback(lin, soon, time.now() + HOUR);
    const later = await newTicket(lin, '五天后回访');
    await callback(lin, later, time.now() + 5 * DAY);
    const keys = async (code: Parameters<typeof bucket>[1]) => (await bucket(lin, code)).rows.map((r) => `${r.kind} ${r.subject}`);
    expect(await keys('today')).toEqual(['callback 今天回访']);
    expect(await keys('next3')).toEqual(['callback 今天回访', 'expiry 今天回访', 'expiry 五天后回访']);
    expect(await keys('next7')).toEqual(['callback 今天回访', 'expiry 今天回访', 'expiry 五天后回访', 'callback 五天后回访']);
    expect(await keys('yesterday')).toEqual([]);

    await time.sleep(DAY);
    expect(await keys('yesterday')).toEqual(['callback 今天回访']);
    expect(await keys('past7')).toEqual(['callback 今天回访']);
    expect(await keys('past30')).toEqual(['callback 今天回访']);
    const counts = await lin.read('reminders.counts', { scope: 'mine' });
    for (const code of ['past30', 'past7', 'yesterday', 'today', 'next3', 'next7'] as const)
      expect([code, counts[code].total]).toEqual([code, (await bucket(lin, code)).total]);
    expect(counts.yesterday).toEqual({ total: 1, overdue: 1 });
  });

  test('X32 a ticket that expired in my hands stays in my past buckets, marked released', async () => {
    const time = await openAt();
    await office.server.staff.changeParameters({ ticketTtl: HOUR });
    const lin = await sit('lin', time);
    const id = await newTicket(lin, '没来得及');
    await numbered(lin, id);
    await time.sleep(DAY);
    expect((await office.server.runDue()).expired).toBe(1);
    await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.status === 'released');
    expect((await bucket(lin, 'yesterday')).rows).toMatchObject([
      { kind: 'expiry', subject: '没来得及', status: 'released', overdue: false },
    ]);
    expect((await detail(lin, id))!.events[0]).toMatchObject({ command: 'expire', actorName: '' });
  });

  test('X33 an agent has own reminders and no 下属; a leader those of the group; qa and admin all', async () => {
    const time = await openAt();
    const lin = await sit('lin', time);
    const ji = await sit('ji', time);
    await callback(lin, await newTicket(lin, '一组回访'), time.now() + HOUR);
    await callback(ji, await newTicket(ji, '二组回访'), time.now() + HOUR);
    await lin.until('sync.state', {}, (s) => s.pending === 0);
    await ji.until('sync.state', {}, (s) => s.pending === 0);

    expect((await lin.read('session.state', {})).mayWiden).toBe(false);
    await expect(bucket(lin, 'today', 'team')).rejects.toMatchObject({ code: 'BadInput' });

    const he = await sit('he', time);
    const callbacks = async (d: Device) =>
      (await bucket(d, 'today', 'team')).rows.filter((r) => r.kind === 'callback').map((r) => r.subject);
    expect((await he.read('session.state', {})).mayWiden).toBe(true);
    expect(await callbacks(he)).toEqual(['一组回访']);
    for (const who of ['qiao', 'admin'] as const)
      expect((await callbacks(await sit(who, time))).toSorted()).toEqual(['一组回访', '二组回访'].toSorted());
    expect((await bucket(he, 'today', 'team')).people).toMatchObject([{ name: '林知夏', total: 1 }]);
    // The popup reaches the receiver alone.
    await time.sleep(HOUR + 1000);
    await popups(lin, 1);
    expect(he.host.shown.filter((n) => n.kind === 'callback')).toEqual([]);
  });
});
