import { afterEach, describe, expect, test } from 'vitest';
import { act, detail, newId, newTicket, numbered, type Office, openOffice } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { troubledTransport } from '../support/core/troubled-transport.ts';
import { VirtualTime } from '../support/core/virtual-time.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 2026-11-18 10:00 in Shanghai. */
const MORNING = Date.UTC(2026, 10, 18, 2);

let office: Office;
let time: VirtualTime;
let zone = 'Asia/Shanghai';
const extra: Device[] = [];
afterEach(async () => {
  for (const device of extra.splice(0)) await device.stop();
  await office.close();
  zone = 'Asia/Shanghai';
});

async function openAt(now = MORNING): Promise<void> {
  time = new VirtualTime(now);
  office = await openOffice({ clock: time });
}
const sit = (who: keyof Office['people'], more: Parameters<Office['device']>[1] = {}): Promise<Device> =>
  office.device(who, { clock: time, timers: time, zone: () => zone, ...more });
/** As `advance`, but for what matters in the end: most of it the computer sleeps. */
async function pass(ms: number): Promise<void> {
  await time.sleep(ms - 5 * SECOND);
  await time.advance(5 * SECOND);
}
const popups = (device: Device, count: number) => device.until('reminders.popups', {}, (p) => p.length === count);
async function callback(device: Device, ticketId: string, dueAt: number, note = ''): Promise<string> {
  const callbackId = newId();
  expect(await act(device, ticketId, 'scheduleCallback', { callbackId, dueAt, note })).toMatchObject({ ok: true });
  return callbackId;
}
const ledger = async (device: Device) =>
  (await device.read('reminders.ledger', { kind: 'all', outcome: 'all', offset: 0, limit: 50 })).rows;
const words = (row: { steps: readonly { step: string; why: string }[] }): string =>
  row.steps.map((s) => (s.why === '' ? s.step : `${s.step}:${s.why}`)).join(' ');

describe('F01 a reminder needs no network', () => {
  test('F01 R5 with the server unreachable a callback is told within two seconds of its time, and within five of waking', async () => {
    await openAt();
    const { transport, trouble } = troubledTransport();
    const lin = await sit('lin', { transport });
    const ids = [await newTicket(lin, '断网前'), await newTicket(lin, '睡着时')];
    for (const id of ids) await numbered(lin, id);
    trouble.offline = true;
    await callback(lin, ids[0]!, time.now() + MINUTE);
    await callback(lin, ids[1]!, time.now() + 3 * HOUR);
    await time.sleep(55 * SECOND);
    await time.advance(4 * SECOND);
    expect(lin.host.shown).toEqual([]);
    await time.advance(3 * SECOND);
    expect(lin.host.shown).toHaveLength(1);
    await popups(lin, 1);
    await time.sleep(8 * HOUR);
    await time.advance(5 * SECOND);
    expect(lin.host.shown).toHaveLength(2);
    const rows = (await ledger(lin)).filter((r) => r.kind === 'callback');
    expect(rows.map((r) => [r.subject, words(r)])).toEqual([
      ['睡着时', 'armed shown:asleep'],
      ['断网前', 'armed shown'],
    ]);
    expect(rows[0]!.lateMs).toBeGreaterThan(4 * HOUR);
    expect(rows[1]!.lateMs).toBeLessThan(2 * SECOND);
  });
});

describe('F02 once', () => {
  test('F02 restarts do not tell it again; a changed time does', async () => {
    await openAt();
    let lin = await sit('lin');
    const id = await newTicket(lin, '改期的');
    const callbackId = await callback(lin, id, time.now() + MINUTE);
    await pass(2 * MINUTE);
    expect(lin.host.shown).toHaveLength(1);
    lin = await lin.restart();
    extra.push(lin);
    await pass(2 * MINUTE);
    await popups(lin, 1);
    expect(lin.host.shown).toHaveLength(1);
    const from = (await lin.read('tickets.get', { ticketId: id, transferId: null }))!.callbacks[0]!.dueAt;
    await act(lin, id, 'rescheduleCallback', { callbackId, from, dueAt: time.now() + HOUR });
    await popups(lin, 0);
    await pass(HOUR + SECOND);
    await popups(lin, 1);
    expect(lin.host.shown.filter((s) => s.kind === 'callback')).toHaveLength(2);
  });
});

describe('F03 the list of what expires', () => {
  test('F03 comes once on a local day, through restarts and other zones, and again on the next', async () => {
    await openAt();
    await office.server.staff.changeParameters({ ticketTtl: 30 * HOUR });
    let lin = await sit('lin');
    await numbered(lin, await newTicket(lin, '明天到期'));
    await lin.call('reminders.enterMyTickets', {});
    expect(await lin.read('reminders.popups', {})).toEqual([]);
    // 00:30 on the 19th.
    await time.sleep(14.5 * HOUR);
    await lin.call('reminders.enterMyTickets', {});
    const [popup] = await popups(lin, 1);
    expect(popup).toMatchObject({ kind: 'expiry', count: 1 });
    await lin.call('reminders.act', { id: popup!.id, action: 'dismiss' });
    lin = await lin.restart();
    extra.push(lin);
    await lin.call('reminders.enterMyTickets', {});
    // The same day, an hour further east.
    zone = 'Asia/Tokyo';
    await lin.call('reminders.enterMyTickets', {});
    expect(await lin.read('reminders.popups', {})).toEqual([]);
    zone = 'Asia/Shanghai';
    await time.sleep(-2 * HOUR);
    await lin.call('reminders.enterMyTickets', {});
    await time.sleep(DAY);
    await lin.call('reminders.enterMyTickets', {});
    const days = (await ledger(lin)).filter((r) => r.kind === 'expiry' && words(r).includes('first-entry'));
    expect(new Set(days.map((d) => d.id)).size).toBe(days.length);
  });
});

describe('F04 buttons without a network', () => {
  test('F04 已联系 and 稍后 are kept, wait for the server and are there once', async () => {
    await openAt();
    const { transport, trouble } = troubledTransport();
    const lin = await sit('lin', { transport });
    const ids = [await newTicket(lin, '已联系的'), await newTicket(lin, '明早再说')];
    for (const id of ids) await numbered(lin, id);
    for (const id of ids) await callback(lin, id, time.now() + MINUTE);
    await lin.until('sync.state', {}, (s) => s.pending === 0);
    trouble.offline = true;
    await pass(2 * MINUTE);
    const due = await popups(lin, 2);
    const until = time.now() + DAY;
    await lin.call('reminders.act', { id: due.find((p) => p.subject === '已联系的')!.id, action: 'contacted' });
    await lin.call('reminders.act', { id: due.find((p) => p.subject === '明早再说')!.id, action: 'snooze', until });
    expect((await lin.read('sync.state', {})).pending).toBe(2);
    expect(await lin.read('reminders.popups', {})).toEqual([]);
    trouble.offline = false;
    await lin.call('sync.retry', {});
    await lin.until('sync.state', {}, (s) => s.pending === 0);
    const he = await sit('he');
    const open = async (id: string) =>
      (await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null))!.callbacks.filter((c) => c.outcome === null);
    expect(await open(ids[0]!)).toEqual([]);
    expect(await open(ids[1]!)).toMatchObject([{ dueAt: until }]);
  });

  test('F04 a time that has passed is refused in words, and the reminder stays', async () => {
    await openAt();
    const lin = await sit('lin');
    const id = await newTicket(lin);
    await callback(lin, id, time.now() + MINUTE);
    await pass(2 * MINUTE);
    const [popup] = await popups(lin, 1);
    const answer = await lin.call('reminders.act', { id: popup!.id, action: 'snooze', until: time.now() - HOUR });
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'time-past' } });
    await popups(lin, 1);
  });
});

describe('F09 holds', () => {
  test('F09 in quiet hours transfers wait, a callback breaks through, and one summary comes afterwards', async () => {
    await openAt();
    const lin = await sit('lin');
    const bai = await sit('bai');
    // 10:00 to 12:00, on the wall of this computer.
    await bai.call('settings.set', { quiet: { on: true, from: 600, to: 720, kinds: ['transfer', 'assignment', 'expiry'] } });
    const own = await newTicket(bai, '白露的');
    await callback(bai, own, time.now() + 30 * MINUTE);
    for (const subject of ['一', '二']) {
      const id = await newTicket(lin, subject);
      await numbered(lin, id);
      await act(lin, id, 'transfer', { toId: office.people.bai.id, reason: '' });
    }
    await bai.until('tickets.counts', {}, (c) => c.pending === 3);
    await pass(31 * MINUTE);
    await bai.until('reminders.popups', {}, (p) => p.some((x) => x.kind === 'callback'));
    expect(bai.host.shown.map((s) => s.kind)).toEqual(['callback']);
    expect((await ledger(bai)).filter((r) => r.kind === 'transfer').map(words)).toEqual(['armed held:quiet', 'armed held:quiet']);
    await pass(90 * MINUTE);
    await bai.until('reminders.popups', {}, (p) => p.length === 2);
    expect(bai.host.shown.map((s) => s.title).slice(1)).toEqual(['收到 2 张转派的工单']);
    expect((await ledger(bai)).filter((r) => r.kind === 'transfer').map(words)).toEqual([
      'armed held:quiet shown:quiet',
      'armed held:quiet shown:quiet',
    ]);
    await time.sleep(3 * HOUR);
    expect(bai.host.shown).toHaveLength(2);
  });

  test('F09 a pause holds all of them for an hour, also through a restart; what is settled meanwhile is not told', async () => {
    await openAt();
    let lin = await sit('lin');
    const ids = [await newTicket(lin, '做完的'), await newTicket(lin, '还要打'), await newTicket(lin, '也要打')];
    const callbacks: string[] = [];
    for (const id of ids) callbacks.push(await callback(lin, id, time.now() + 10 * MINUTE));
    expect((await lin.call('reminders.pause', { minutes: 60 })).until).toBe(time.now() + HOUR);
    await pass(15 * MINUTE);
    lin = await lin.restart();
    extra.push(lin);
    await pass(15 * MINUTE);
    expect(lin.host.shown).toEqual([]);
    expect((await lin.read('reminders.tray', {})).pausedUntil).not.toBeNull();
    await act(lin, ids[0]!, 'completeCallback', { callbackId: callbacks[0]!, outcome: 'done', note: '' });
    await pass(31 * MINUTE);
    expect(lin.host.shown).toMatchObject([{ title: '2 个回访时间已到' }]);
    expect((await popups(lin, 1))[0]).toMatchObject({ kind: 'callback', count: 2 });
    const rows = (await ledger(lin)).filter((r) => r.kind === 'callback');
    expect(new Map(rows.map((r) => [r.subject, [r.outcome, words(r)]]))).toEqual(
      new Map([
        ['也要打', ['shown', 'armed held:paused shown:paused']],
        ['做完的', ['missed', 'armed held:paused missed:paused']],
        ['还要打', ['shown', 'armed held:paused shown:paused']],
      ]),
    );
    expect((await lin.read('reminders.tray', {})).pausedUntil).toBeNull();
  });

  test('F09 a pause that is ended tells at once what it held', async () => {
    await openAt();
    const lin = await sit('lin');
    await callback(lin, await newTicket(lin), time.now() + MINUTE);
    await lin.call('reminders.pause', { minutes: 60 });
    await pass(2 * MINUTE);
    expect(lin.host.shown).toEqual([]);
    await lin.call('reminders.pause', { minutes: 0 });
    await popups(lin, 1);
    expect(lin.host.shown).toHaveLength(1);
  });
});

describe('F10 the ledger', () => {
  test('F10 says why a reminder was late or stayed in the window, and can be asked for one kind or outcome', async () => {
    await openAt();
    let lin = await sit('lin');
    const ids = [await newTicket(lin, '没开'), await newTicket(lin, '系统不让')];
    await callback(lin, ids[0]!, time.now() + HOUR);
    await callback(lin, ids[1]!, time.now() + 3 * HOUR);
    await lin.core.stop();
    await time.sleep(2 * HOUR);
    lin = await lin.restart();
    extra.push(lin);
    await popups(lin, 1);
    lin.host.canShow = false;
    await pass(HOUR + SECOND);
    await popups(lin, 2);
    const rows = (await ledger(lin)).filter((r) => r.kind === 'callback');
    expect(rows.map((r) => [r.subject, words(r)])).toEqual([
      ['系统不让', 'armed shown:denied'],
      ['没开', 'armed shown:not-running'],
    ]);
    const [popup] = await lin.read('reminders.popups', {});
    await lin.call('reminders.act', { id: popup!.id, action: 'dismiss' });
    const some = async (kind: 'callback' | 'transfer', outcome: 'dismissed' | 'shown') =>
      (await lin.read('reminders.ledger', { kind, outcome, offset: 0, limit: 50 })).rows.map((r) => r.subject);
    expect(await some('callback', 'dismissed')).toEqual(['没开']);
    expect(await some('callback', 'shown')).toEqual(['系统不让']);
    expect(await some('transfer', 'shown')).toEqual([]);
  });
});

describe('F11 two devices of one agent', () => {
  test('F11 a reminder that was handled on one is taken back on the other, from the system as well', async () => {
    await openAt();
    const office1 = await sit('lin');
    const home = await sit('lin');
    const id = await newTicket(office1, '两边都有');
    const callbackId = await callback(office1, id, time.now() + MINUTE);
    await home.until('tickets.get', { ticketId: id, transferId: null }, (t) => (t?.callbacks.length ?? 0) === 1);
    await pass(MINUTE + SECOND);
    const [here] = await popups(office1, 1);
    await popups(home, 1);
    await office1.call('reminders.act', { id: here!.id, action: 'contacted' });
    await popups(office1, 0);
    await popups(home, 0);
    expect(home.host.withdrawn).toContain(home.host.shown[0]!.id);
    expect((await ledger(home)).find((r) => r.kind === 'callback')).toMatchObject({ outcome: 'withdrawn' });
    expect((await home.read('tickets.get', { ticketId: id, transferId: null }))!.callbacks).toMatchObject([
      { id: callbackId, outcome: 'done' },
    ]);
  });
});

describe('F14 the tray', () => {
  test('F14 its numbers are the lists’, through work on this device and on others', async () => {
    await openAt();
    const lin = await sit('lin');
    const bai = await sit('bai');
    const same = async (): Promise<number> => {
      const tray = await lin.read('reminders.tray', {});
      const counts = await lin.read('tickets.counts', {});
      const past = await lin.read('reminders.counts', { scope: 'mine' });
      expect(tray.unread).toBe(counts.pending);
      expect(tray.dueNow).toBe(past.past30.overdue + past.today.overdue);
      expect(tray.pending).toBe((await lin.read('sync.state', {})).pending);
      return tray.unread;
    };
    const mine = await newTicket(lin, '自己的');
    await numbered(lin, mine);
    await callback(lin, mine, time.now() + MINUTE);
    expect(await same()).toBe(1);
    const theirs = await newTicket(bai, '转来的');
    await numbered(bai, theirs);
    await act(bai, theirs, 'transfer', { toId: office.people.lin.id, reason: '' });
    await lin.until('tickets.counts', {}, (c) => c.pending === 2);
    expect(await same()).toBe(2);
    await pass(2 * MINUTE);
    await same();
    await act(lin, mine, 'resolve', { report: '好了' });
    expect(await same()).toBe(1);
  });
});

describe('F04 an answer typed into a notification', () => {
  test('F04 offline it is a note that waits; of a ticket that was handed on meanwhile it waits under 需要处理 with its words', async () => {
    await openAt();
    const { transport, trouble } = troubledTransport();
    const lin = await sit('lin', { transport });
    const [kept, gone] = [await newTicket(lin, '还在'), await newTicket(lin, '转走了')];
    for (const id of [kept, gone]) await numbered(lin, id);
    trouble.offline = true;
    const reminders = [await callback(lin, kept, time.now() + MINUTE), await callback(lin, gone, time.now() + MINUTE)];
    await time.advance(MINUTE + 2 * SECOND);
    const [first, second] = await popups(lin, reminders.length);
    const reply = (id: string, ticketId: string, text: string) => lin.call('reminders.reply', { id, ticketId, text });
    const of = (ticketId: string) => [first!, second!].find((p) => p.ticketId === ticketId)!.id;
    expect(await reply(of(kept), kept, ' 客户三点后有空 ')).toEqual({ ok: true });
    await popups(lin, 1);
    expect((await detail(lin, kept))!.events.at(0)).toMatchObject({ command: 'note', note: '客户三点后有空', pending: true });

    trouble.offline = false;
    await lin.call('sync.retry', {});
    await lin.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online');
    expect((await detail(lin, kept))!.events.filter((e) => e.note === '客户三点后有空')).toMatchObject([{ pending: false }]);

    // Its notification still stands on the desktop when the ticket has gone to somebody else.
    const he = await sit('he');
    await act(he, gone, 'assign', { toId: office.people.bai.id, note: '' });
    await lin.until('tickets.get', { ticketId: gone, transferId: null }, (t) => t === null);
    expect(await reply(of(gone), gone, '这句也要在')).toMatchObject({ ok: false });
    expect(await lin.read('attention.list', {})).toMatchObject([{ kind: 'note', text: '这句也要在' }]);
    await lin.call('sync.retry', {});
    await lin.synced();
    expect(await lin.read('attention.list', {})).toHaveLength(1);
  });
});
