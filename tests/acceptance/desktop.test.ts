import { afterEach, describe, expect, test, vi } from 'vitest';
import { eq } from 'drizzle-orm';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ticket, ticketEvent } from '../../server/store/schema.ts';
import { startTestServer } from '../../server/testing.ts';
import { act, detail, list, newId, newTicket, numbered, type Office, openOffice } from '../support/core/desk.ts';
import { startDevice } from '../support/core/device.ts';
import { VirtualTime } from '../support/core/virtual-time.ts';

const DAY = 86_400_000;

let office: Office;
afterEach(() => office.close());

const offline = { connection: 'offline' } as const;

describe('D01 a local cache that syncs', () => {
  test('D01 rows come to the device, stay in an encrypted file of this account, and go on from the cursor after a restart', async () => {
    office = await openOffice();
    let lin = await office.device('lin');
    const id = await newTicket(lin, '独一无二的主题 ZX-CANARY');
    await numbered(lin, id);
    lin = await lin.restart();
    await lin.until('session.state', {}, (s) => s.phase === 'ready');
    expect(await detail(lin, id)).toMatchObject({ subject: '独一无二的主题 ZX-CANARY' });
    await lin.stop({ keep: true });
    const files = readdirSync(lin.dataDir).filter((f) => f.endsWith('.db'));
    expect(files).toHaveLength(1);
    const bytes = readFileSync(join(lin.dataDir, files[0]!));
    expect(bytes.length).toBeGreaterThan(50_000);
    expect(bytes.includes('ZX-CANARY')).toBe(false);
    expect(bytes.subarray(0, 15).toString()).not.toBe('SQLite format 3');
    await lin.stop({ keep: false });
  });

  test('D01 another account on the same computer has a cache of its own', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const id = await newTicket(lin);
    await numbered(lin, id);
    await lin.call('session.signOut', {});
    await lin.signIn(office.server.url, 'A3');
    expect(await detail(lin, id)).toBeNull();
    expect(readdirSync(lin.dataDir).filter((f) => f.endsWith('.db'))).toHaveLength(2);
    await lin.call('session.signOut', {});
    await lin.signIn(office.server.url, 'A1');
    expect(await detail(lin, id)).not.toBeNull();
  });
});

describe('D02 work without a network', () => {
  test('D02 tickets are drafted, created and handled with the server gone, the queue is visible and drains by itself', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    const known = await newTicket(lin, '断网前的');
    await numbered(lin, known);
    const port = Number(new URL(office.server.url).port);
    const { store } = office.server;
    await office.server.close();
    await lin.until('sync.state', {}, (s) => s.connection !== 'online');

    await act(lin, known, 'update', { note: '离线处理', changes: [], waiting: false });
    const made = await newTicket(lin, '离线新建');
    await act(lin, made, 'scheduleCallback', { callbackId: newId(), dueAt: Date.now() + 3_600_000, note: '' });
    await act(lin, made, 'resolve', { report: '电话里已解决' });
    expect(await detail(lin, made)).toMatchObject({ number: null, status: 'resolved', pending: true });
    expect((await lin.read('sync.queue', {})).map((q) => q.kind)).toEqual(['update', 'create', 'scheduleCallback', 'resolve']);
    expect(await lin.until('sync.state', {}, (s) => s.connection === 'offline')).toMatchObject({
      ...offline,
      pending: 4,
      problem: 'unreachable',
    });
    const rows = (await list(lin, 'resolved')).rows;
    expect(rows.find((r) => r.id === made)).toMatchObject({ pending: true, number: null });

    const again = await startTestServer({ database: { store }, empty: false, listen: false });
    await again.listen({ host: '127.0.0.1', port });
    // By itself: nobody asks it to.
    await lin.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online', 45_000);
    const stored = await store.orm.select().from(ticketEvent).where(eq(ticketEvent.ticketId, made));
    expect(stored.map((e) => e.command).toSorted()).toEqual(['create', 'resolve', 'scheduleCallback']);
    expect((await store.orm.select().from(ticket).where(eq(ticket.id, known)))[0]!.status).toBe('processing');
    expect((await numbered(lin, made)).number).toBeGreaterThan(100_000);
    await again.close();
  });

  test('D02 a draft is on the disk as soon as it is said to be, and leaves in the transaction of its command', async () => {
    office = await openOffice();
    let lin = await office.device('lin');
    const id = await newTicket(lin);
    await numbered(lin, id);
    const form = `ticket:${id}`;
    await lin.call('drafts.save', { form, value: JSON.stringify({ text: '客户说昨晚起打不着火' }) });
    expect((await list(lin, 'pending')).rows[0]!.draft).toBe(true);
    lin = await lin.restart();
    await lin.until('session.state', {}, (s) => s.phase === 'ready');
    expect((await lin.read('drafts.get', { form }))?.value).toContain('客户说昨晚起打不着火');
    const refused = await lin.call('tickets.act', {
      ticketId: id,
      kind: 'transfer',
      args: { toId: office.people.lin.id, reason: 'x' },
      draft: form,
    });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'target-self' } });
    expect(await lin.read('drafts.get', { form })).not.toBeNull();
    await lin.call('tickets.act', {
      ticketId: id,
      kind: 'update',
      args: { note: '客户说昨晚起打不着火', changes: [], waiting: false },
      draft: form,
    });
    expect(await lin.read('drafts.get', { form })).toBeNull();
    await lin.stop();
  });

  test('D02 a week offline and a token that has run out lose nothing; after the lease the cache is locked, not erased', async () => {
    const time = new VirtualTime(Date.UTC(2026, 10, 18, 2));
    office = await openOffice({ clock: time });
    let lin = await office.device('lin', { clock: time, timers: time });
    const id = await newTicket(lin);
    await numbered(lin, id);
    await lin.core.stop();
    await time.sleep(7 * DAY);
    lin = await lin.restart();
    await lin.until('session.state', {}, (s) => s.phase === 'ready');
    await lin.until('sync.state', {}, (s) => s.connection === 'online');
    await act(lin, id, 'update', { note: '一周以后', changes: [], waiting: false });
    await lin.core.stop();
    await time.sleep(15 * DAY);
    lin = await lin.restart();
    expect(await lin.until('session.state', {}, (s) => s.phase !== 'starting')).toMatchObject({ phase: 'locked', reason: 'lease-expired' });
    expect(await detail(lin, id)).toBeNull();
    await lin.signIn(office.server.url, 'A1');
    expect((await detail(lin, id))!.events.map((e) => e.note)).toContain('一周以后');
    await lin.stop();
  });
});

describe('D03 D04 reminders and numbers for the desktop', () => {
  test('D03 reminders reach the desktop with no window open', async () => {
    const time = new VirtualTime(Date.UTC(2026, 10, 18, 2));
    office = await openOffice({ clock: time });
    const lin = await office.device('lin', { clock: time, timers: time });
    const id = await newTicket(lin);
    await act(lin, id, 'scheduleCallback', { callbackId: newId(), dueAt: time.now() + 60_000, note: '' });
    lin.closeWindow();
    await time.sleep(61_000);
    await vi.waitFor(() => expect(lin.host.shown).toMatchObject([{ kind: 'callback', ticketId: id }]));
  });

  test('D04 the numbers of the tray equal the lists they stand for', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    for (let i = 0; i < 3; i += 1) await newTicket(lin, `工单 ${i}`);
    const tray = await lin.read('reminders.tray', {});
    expect(tray.unread).toBe((await list(lin, 'pending')).total);
    expect(tray).toMatchObject({ signedIn: true, unread: 3, dueNow: 0 });
    expect(tray.next).toHaveLength(3);
    const today = await lin.read('reminders.counts', { scope: 'mine' });
    expect(tray.dueNow).toBe(today.today.overdue + today.past30.overdue);
  });
});

describe('D05 D09 the first minutes', () => {
  test('D05 six buckets and the lists answer from the cache alone, before any server does', async () => {
    office = await openOffice();
    let lin = await office.device('lin');
    const id = await newTicket(lin);
    await numbered(lin, id);
    await lin.core.stop();
    await office.server.close();
    lin = await lin.restart();
    await lin.until('session.state', {}, (s) => s.phase === 'ready');
    expect((await list(lin, 'pending')).rows.map((r) => r.id)).toEqual([id]);
    const counts = await lin.read('reminders.counts', { scope: 'mine' });
    expect(Object.keys(counts)).toEqual(['past30', 'past7', 'yesterday', 'today', 'next3', 'next7']);
    expect(counts.next7.total).toBe(1);
    await lin.stop();
  });

  test('D09 a server is found by its address, typed once; a wrong one is told apart', async () => {
    office = await openOffice();
    const device = startDevice({ presetServer: office.server.url });
    expect((await device.until('session.state', {}, (s) => s.phase !== 'starting')).presetServer).toBe(office.server.url);
    expect(await device.call('session.probe', { url: office.server.url })).toMatchObject({ ok: true, name: 'test' });
    expect(await device.call('session.probe', { url: '127.0.0.1:1' })).toMatchObject({ ok: false });
    expect(await device.call('session.probe', { url: 'http://desk.example.com' })).toEqual({ ok: false, reason: 'insecure' });
    expect(await device.call('session.probe', { url: 'ftp://desk.example.com' })).toEqual({ ok: false, reason: 'bad-address' });
    expect(await device.call('session.probe', { url: 'http://127.0.0.1:1' })).toEqual({ ok: false, reason: 'unreachable' });
    await device.signIn(office.server.url, 'A1');
    const again = await device.restart();
    const state = await again.until('session.state', {}, (s) => s.phase === 'ready');
    expect(state).toMatchObject({ server: { url: office.server.url }, lastStaffNo: 'A1', account: { name: '林知夏' } });
    await again.stop({ keep: false });
  });
});
