import { eq, isNull } from 'drizzle-orm';
import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { session, ticketEvent } from '../../../server/store/schema.ts';
import { act, detail, newTicket, numbered, type Office, openOffice, PASSWORD } from '../../support/core/desk.ts';
import { startDevice } from '../../support/core/device.ts';
import { VirtualTime } from '../../support/core/virtual-time.ts';
import { troubledTransport } from '../../support/core/troubled-transport.ts';

const MINUTE = 60_000;
let office: Office;
afterEach(() => office.close());

const notes = async (): Promise<[string, string | null][]> =>
  (await office.server.store.orm.select().from(ticketEvent)).filter((e) => e.command === 'note').map((e) => [e.note, e.actorId]);
const endAll = async (): Promise<void> => {
  for (const { id } of await office.server.store.orm.select().from(session).where(isNull(session.revokedAt)))
    await office.server.sessions.end(id);
};

describe('a session', () => {
  test('SPEC 10 goes on though the answer to a renewal was lost', async () => {
    const time = new VirtualTime(Date.UTC(2026, 10, 18, 2));
    office = await openOffice({ clock: time });
    const { transport, trouble, counts } = troubledTransport();
    const lin = await office.device('lin', { clock: time, timers: time, transport });
    const id = await newTicket(lin);
    await numbered(lin, id);
    const before = [...lin.host.secrets].find(([k]) => k.startsWith('refresh:'))![1];
    let left = 1;
    trouble.lose = (r) => r === 'refresh' && left-- > 0;
    await time.sleep(11 * MINUTE);
    await act(lin, id, 'note', { note: '令牌换了' });
    await lin.until('sync.state', {}, (s) => s.problem === 'unreachable');
    expect(counts.get('refresh lost')).toBe(1);
    await time.advance(2_000);
    await lin.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online');
    expect((await lin.read('session.state', {})).phase).toBe('ready');
    expect(await notes()).toEqual([['令牌换了', office.people.lin.id]]);
    expect([...lin.host.secrets].find(([k]) => k.startsWith('refresh:'))![1]).not.toBe(before);
  });

  test('SPEC 10 ended from afar locks the desk with its reason, keeps queue and drafts, and goes on after signing in', async () => {
    office = await openOffice();
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const id = await newTicket(lin);
    await numbered(lin, id);
    trouble.offline = true;
    await act(lin, id, 'note', { note: '离线留言' });
    await lin.call('drafts.save', { form: `ticket:${id}`, value: '没写完' });
    await endAll();
    trouble.offline = false;
    await lin.call('sync.retry', {});
    const locked = await lin.until('session.state', {}, (s) => s.phase !== 'ready');
    expect(locked).toMatchObject({ phase: 'locked', reason: 'session-ended', account: null, lastStaffNo: 'A1' });
    expect(await detail(lin, id)).toBeNull();
    expect(await notes()).toEqual([]);

    await lin.signIn(office.server.url, 'A1', PASSWORD);
    expect(await notes()).toEqual([['离线留言', office.people.lin.id]]);
    expect((await lin.read('drafts.get', { form: `ticket:${id}` }))?.value).toBe('没写完');
    expect(await lin.read('session.state', {})).toMatchObject({ phase: 'ready', reason: null });
  });

  test('SPEC 10 another user of this computer neither sees nor sends what the first one left', async () => {
    office = await openOffice();
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const id = await newTicket(lin);
    await numbered(lin, id);
    trouble.offline = true;
    await act(lin, id, 'note', { note: '林的留言' });
    await endAll();
    trouble.offline = false;
    await lin.call('sync.retry', {});
    await lin.until('session.state', {}, (s) => s.phase === 'locked');

    await lin.signIn(office.server.url, 'A2', PASSWORD);
    expect(await lin.read('session.state', {})).toMatchObject({ phase: 'ready', account: { name: '白露' } });
    expect(await lin.read('sync.queue', {})).toEqual([]);
    expect(await detail(lin, id)).toBeNull();
    await lin.call('sync.retry', {});
    await lin.synced();
    expect(await notes()).toEqual([]);
    await lin.call('session.signOut', {});

    await lin.signIn(office.server.url, 'A1', PASSWORD);
    expect(await notes()).toEqual([['林的留言', office.people.lin.id]]);
  });

  test('SPEC 10 of an account that was disabled locks with that reason', async () => {
    office = await openOffice();
    const lin = await office.device('lin');
    await newTicket(lin);
    await lin.synced();
    await office.server.staff.changeAccount(office.people.lin.id, { disabled: true });
    expect(await lin.until('session.state', {}, (s) => s.phase === 'locked', 40_000)).toMatchObject({ reason: 'account-disabled' });
    expect(await lin.call('session.signIn', { url: office.server.url, staffNo: 'A1', password: PASSWORD })).toMatchObject({
      ok: false,
      reason: 'account-disabled',
    });
  });

  test('signing out does not wait for a server that is silent, and the server is told when it is there', async () => {
    office = await openOffice();
    const { transport } = troubledTransport();
    let told = (): void => {};
    const silent = new Promise<void>((resolve) => (told = resolve));
    const lin = await office.device('lin', { transport: { ...transport, signOut: () => silent } });
    const out = lin.call('session.signOut', {});
    expect(await lin.until('session.state', {}, (s) => s.phase === 'signedOut')).toMatchObject({ account: null });
    told();
    await out;
    expect([...lin.host.secrets.keys()].filter((k) => k.startsWith('refresh:'))).toEqual([]);

    const bai = await office.device('bai');
    await bai.call('session.signOut', {});
    const rows = await office.server.store.orm.select().from(session).where(eq(session.accountId, office.people.bai.id));
    expect(rows.map((s) => s.revokedAt === null)).toEqual([false]);
  });

  test('lets a ticket be made before anything has come from the server', async () => {
    office = await openOffice();
    const { transport } = troubledTransport();
    let go = (): void => {};
    const first = new Promise<void>((resolve) => (go = resolve));
    const device = startDevice({ transport: { ...transport, pull: (...a) => first.then(() => transport.pull(...a)) } });
    expect(await device.call('session.signIn', { url: office.server.url, staffNo: 'A1', password: PASSWORD })).toEqual({ ok: true });
    const id = await newTicket(device, '第一张');
    expect(await detail(device, id)).toMatchObject({ subject: '第一张', assigneeName: '林知夏', status: 'pending' });
    go();
    expect(await numbered(device, id)).toMatchObject({ subject: '第一张', assigneeName: '林知夏' });
    await device.stop();
  });

  test('asked for twice at once opens one cache', async () => {
    office = await openOffice();
    const device = startDevice();
    const one = { url: office.server.url, staffNo: 'A1', password: PASSWORD };
    // At the very start, while the last account is still being looked for.
    expect(
      await Promise.all([
        device.call('session.signIn', one),
        device.call('session.signIn', { ...one, staffNo: 'A2' }),
        device.call('session.signIn', one),
      ]),
    ).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    await device.synced();
    expect(await device.read('session.state', {})).toMatchObject({ phase: 'ready', account: { staffNo: 'A1' } });
    const id = await newTicket(device);
    await numbered(device, id);
    await device.call('session.signOut', {});
    // A desk that nobody closed would still hold its log open.
    await vi.waitFor(() => expect(readdirSync(device.dataDir).filter((f) => f.endsWith('-wal'))).toEqual([]));
    await device.stop();
  });
});
