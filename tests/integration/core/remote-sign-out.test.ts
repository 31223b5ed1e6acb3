import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cacheName } from '../../../core/session/cache-places.ts';
import { paths } from '../../../shared/protocol/wire.ts';
import { act, detail, newTicket, numbered, type Office, openOffice, PASSWORD } from '../../support/core/desk.ts';
import { type Device, startDevice } from '../../support/core/device.ts';
import { createFakeHost } from '../../support/core/fake-host.ts';
import { filesUnder, remains } from '../../support/core/remains.ts';
import { troubledTransport } from '../../support/core/troubled-transport.ts';
import { VirtualTime } from '../../support/core/virtual-time.ts';
import { Device as Caller } from '../server/device.ts';
import { startCoreProcess } from './core-process.ts';
import { type Behaviour, error, json, page, startCrookedServer } from './crooked-server.ts';

const DAY = 86_400_000;
const CANARY = 'Canary-5b1e-漏水';
const plant = join(import.meta.dirname, '../../support/core/plant-death.ts');
let office: Office;
afterEach(() => office.close());

const admin = (): Promise<Caller> => new Caller(office.server).signIn('G1', PASSWORD);
/** Orders what an administrator orders in 人员. */
async function order(who: 'lin' | 'bai', erase = true): Promise<void> {
  const by = await admin();
  const { id } = office.people[who];
  const [first] = (await by.operate('staff.devices', { id })).devices;
  await by.operate('staff.signOutDevice', { id, deviceId: first!.id, erase });
}
const nameOf = (person: 'lin' | 'bai', url = office.server.url): string => cacheName(url, office.people[person].id);
const filesOf = ({ dataDir }: { dataDir: string }, name: string): string[] => readdirSync(dataDir).filter((f) => f.startsWith(name));
const secretsOf = ({ host }: Pick<Device, 'host'>, name: string): string[] =>
  [...host.secrets.keys()].filter((k) => k.endsWith(name)).toSorted();
const erasedState = { phase: 'signedOut', account: null, reason: null, lastStaffNo: null };

describe('a device that is ordered to', () => {
  test('SY11 R25 R11 destroys key, token and every file of that account, keeps the other account, and says so', async () => {
    office = await openOffice();
    const device = await office.device('bai');
    const hers = await newTicket(device, '白露的工单');
    await numbered(device, hers);
    await device.call('session.signOut', {});
    await device.signIn(office.server.url, 'A1', PASSWORD);
    const id = await newTicket(device, CANARY, { description: CANARY });
    await numbered(device, id);
    await device.call('drafts.save', { form: `ticket:${id}`, value: CANARY });
    expect(filesOf(device, nameOf('lin')).length).toBeGreaterThan(1);
    expect(secretsOf(device, nameOf('lin'))).toEqual([`key:${nameOf('lin')}`, `refresh:${nameOf('lin')}`]);

    await order('lin');
    expect(await device.until('session.state', {}, (s) => s.erased !== null)).toMatchObject({
      ...erasedState,
      erased: { staffNo: 'A1', waiting: 0 },
      server: { url: office.server.url },
    });
    await vi.waitFor(() => expect(filesOf(device, nameOf('lin'))).toEqual([]));
    expect(secretsOf(device, nameOf('lin'))).toEqual([]);
    // With the other account's key, which is the only one left.
    expect(remains(device, [CANARY])).toEqual([]);
    expect(filesUnder(device.dataDir).filter((f) => readFileSync(f).includes('林知夏'))).toEqual([]);
    expect(await device.read('session.accounts', {})).toMatchObject([{ staffNo: 'A2', waiting: 0, current: false }]);

    const again = await device.restart();
    expect(await again.read('session.state', {})).toMatchObject({ ...erasedState, erased: { staffNo: 'A1', waiting: 0 } });
    await again.signIn(office.server.url, 'A2', PASSWORD);
    expect(await detail(again, hers)).toMatchObject({ subject: '白露的工单' });
    expect((await again.read('session.state', {})).erased).toBeNull();
    await again.stop();
  });

  test('SY11 R11 offline keeps everything until its next contact, and then tells how many unsynced commands went', async () => {
    office = await openOffice();
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const id = await newTicket(lin, CANARY);
    await numbered(lin, id);
    trouble.offline = true;
    await order('lin');
    await act(lin, id, 'note', { note: '没发出去' });
    await act(lin, id, 'note', { note: '也没发出去' });
    expect(await detail(lin, id)).toMatchObject({ subject: CANARY });
    const offline = await lin.restart();
    expect(await offline.read('session.state', {})).toMatchObject({ phase: 'ready' });
    // Not vacuous: it can be found as long as there is a key.
    expect(remains(offline, [CANARY])).not.toEqual([]);
    expect(await detail(offline, id)).toMatchObject({ subject: CANARY });

    trouble.offline = false;
    await offline.call('sync.retry', {});
    expect(await offline.until('session.state', {}, (s) => s.erased !== null)).toMatchObject({ erased: { staffNo: 'A1', waiting: 2 } });
    await vi.waitFor(() => expect(filesOf(offline, nameOf('lin'))).toEqual([]));
    expect(secretsOf(offline, nameOf('lin'))).toEqual([]);

    // The password opens it anew, from the server and with another key.
    await offline.signIn(office.server.url, 'A1', PASSWORD);
    const events = (await detail(offline, id))!.events.map((e) => e.note);
    expect(events).not.toContain('没发出去');
    expect(await offline.read('session.state', {})).toMatchObject({ phase: 'ready', erased: null });
    expect((await (await admin()).operate('staff.devices', { id: office.people.lin.id })).devices).toMatchObject([{ state: 'in' }]);
    await offline.stop();
  });

  test('SY11 R25 hears the order though it is locked, and though another works on it', async () => {
    const time = new VirtualTime(Date.UTC(2026, 10, 18, 2));
    office = await openOffice({ clock: time });
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { clock: time, timers: time, transport });
    await numbered(lin, await newTicket(lin, CANARY));
    trouble.offline = true;
    await lin.core.stop();
    await time.advance(15 * DAY);
    const locked = startDevice({ clock: time, timers: time, transport, dataDir: lin.dataDir, host: lin.host });
    expect(await locked.read('session.state', {})).toMatchObject({ phase: 'locked', reason: 'lease-expired' });
    trouble.offline = false;
    await time.sleep(5 * 60_000);
    // Nothing was ordered: it stays locked, and whole.
    expect(await locked.read('session.state', {})).toMatchObject({ phase: 'locked', reason: 'lease-expired' });
    await locked.signIn(office.server.url, 'A2', PASSWORD);
    await order('lin');
    await time.sleep(5 * 60_000 + 1);
    await vi.waitFor(() => expect(filesOf(locked, nameOf('lin'))).toEqual([]));
    expect(secretsOf(locked, nameOf('lin'))).toEqual([]);
    expect(await locked.read('session.state', {})).toMatchObject({ phase: 'ready', account: { staffNo: 'A2' } });
    await locked.stop();
  });

  test('SY11 R25 asks at its start though its lease is over and it would stay locked', async () => {
    const time = new VirtualTime(Date.UTC(2026, 10, 18, 2));
    office = await openOffice({ clock: time });
    const lin = await office.device('lin', { clock: time, timers: time });
    await numbered(lin, await newTicket(lin, CANARY));
    await lin.core.stop();
    await order('lin');
    await time.advance(15 * DAY);
    // No time passes after this start.
    const found = startDevice({ clock: time, timers: time, dataDir: lin.dataDir, host: lin.host });
    expect(await found.until('session.state', {}, (s) => s.erased !== null)).toMatchObject(erasedState);
    await vi.waitFor(() => expect(filesOf(found, nameOf('lin'))).toEqual([]));
    expect(secretsOf(found, nameOf('lin'))).toEqual([]);
    await found.stop();
  });

  test('SY11 ended from afar without that order, it is locked and keeps everything', async () => {
    office = await openOffice();
    const { transport, trouble } = troubledTransport();
    const lin = await office.device('lin', { transport });
    const id = await newTicket(lin);
    await numbered(lin, id);
    trouble.offline = true;
    await act(lin, id, 'note', { note: '离线留言' });
    await order('lin', false);
    trouble.offline = false;
    await lin.call('sync.retry', {});
    expect(await lin.until('session.state', {}, (s) => s.phase !== 'ready')).toMatchObject({
      phase: 'locked',
      reason: 'session-ended',
      erased: null,
    });
    expect(secretsOf(lin, nameOf('lin'))).toHaveLength(2);
    await lin.signIn(office.server.url, 'A1', PASSWORD);
    expect((await detail(lin, id))!.events.map((e) => e.note)).toContain('离线留言');
  });

  test('SY11 an answer that is not exactly the order erases nothing, nor does the order where it does not belong', async () => {
    office = await openOffice();
    const between = await startCrookedServer(office.server.url);
    const lin = startDevice();
    await lin.signIn(between.url, 'A1', PASSWORD);
    const id = await newTicket(lin);
    await numbered(lin, id);
    const only =
      (path: string, behave: Behaviour): Behaviour =>
      async (req, res, forward) => {
        if (req.url === path) return behave(req, res, forward);
        const { status, text } = await forward();
        res.writeHead(status, { 'content-type': 'application/json' }).end(text);
      };
    const strange: readonly Behaviour[] = [
      error(401, 'device-gone'),
      page(401, 'device-erased'),
      json(200, '{"error":{"code":"device-erased","message":"x"}}'),
      json(401, '{"code":"device-erased"}'),
      json(401, '["device-erased"]'),
      page(302, ''),
    ];
    for (const behave of strange) {
      between.behave(behave);
      await lin.call('sync.retry', {});
      await lin.until('sync.state', {}, (s) => s.problem !== null);
      between.behave(null);
      await lin.call('sync.retry', {});
      await lin.until('sync.state', {}, (s) => s.problem === null && s.connection === 'online');
    }
    for (const path of [paths.pull, paths.hello, `${paths.operations}/account.devices`]) {
      between.behave(only(path, error(401, 'device-erased')));
      await lin.call('sync.retry', {});
      if (path === paths.pull) await lin.until('sync.state', {}, (s) => s.problem !== null);
      else if (path === paths.hello) expect(await lin.call('session.probe', { url: between.url })).toMatchObject({ ok: false });
      else expect(await lin.call('office.run', { operation: 'account.devices', input: {} })).toMatchObject({ ok: false });
    }
    between.behave(error(401, 'device-erased'));
    expect(await lin.call('session.signIn', { url: between.url, staffNo: 'A2', password: PASSWORD })).toMatchObject({ ok: false });
    between.behave(null);
    await lin.call('sync.retry', {});
    await lin.until('sync.state', {}, (s) => s.problem === null && s.connection === 'online');
    expect(await detail(lin, id)).not.toBeNull();
    expect(secretsOf(lin, nameOf('lin', between.url))).toHaveLength(2);

    // The same words as the answer to a refresh are the order: the tests above could have been red.
    between.behave(async (req, res, forward) => {
      if (req.url === paths.pull) return error(401, 'unauthorized')(req, res, forward);
      return error(401, 'device-erased')(req, res, forward);
    });
    await lin.call('sync.retry', {});
    await lin.until('session.state', {}, (s) => s.erased !== null);
    await lin.stop();
    await between.close();
  });

  test('SY11 an order that was on its way while somebody signed in with the password is for what was there before', async () => {
    office = await openOffice();
    const { transport } = troubledTransport();
    let late: (() => void) | null = null;
    const held = new Promise<void>((go) => (late = go));
    let asked = false;
    const lin = await office.device('lin', {
      transport: {
        ...transport,
        refresh: async (...a) => {
          if (asked) return transport.refresh(...a);
          asked = true;
          try {
            return await transport.refresh(...a);
          } catch (refused) {
            await held;
            throw refused;
          }
        },
      },
    });
    const id = await newTicket(lin);
    await numbered(lin, id);
    await order('lin');
    await lin.call('sync.retry', {});
    await vi.waitFor(() => expect(asked).toBe(true));
    const signedIn = lin.call('session.signIn', { url: office.server.url, staffNo: 'A1', password: PASSWORD });
    await vi.waitFor(async () =>
      expect((await (await admin()).operate('staff.devices', { id: office.people.lin.id })).devices).toMatchObject([{ state: 'in' }]),
    );
    late!();
    expect(await signedIn).toEqual({ ok: true });
    await lin.synced();
    expect(await detail(lin, id)).not.toBeNull();
    expect(await lin.read('session.state', {})).toMatchObject({ phase: 'ready', erased: null });
  });

  test('R18 R25 a key store that fails keeps no file, and is asked again until the key is gone; nothing opens meanwhile', async () => {
    const time = new VirtualTime(Date.UTC(2026, 10, 18, 2));
    office = await openOffice({ clock: time });
    let stuck = true;
    class Stuck extends Map<string, string> {
      override delete(name: string): boolean {
        if (stuck && name.startsWith('key:')) throw new Error('the key store is busy');
        return super.delete(name);
      }
    }
    const host = createFakeHost(new Stuck());
    const lin = await office.device('lin', { clock: time, timers: time, host });
    await numbered(lin, await newTicket(lin, CANARY));
    await order('lin');
    await lin.call('sync.retry', {});
    await lin.until('session.state', {}, (s) => s.erased !== null);
    await vi.waitFor(() => expect(filesOf(lin, nameOf('lin'))).toEqual([]));
    expect(secretsOf(lin, nameOf('lin'))).toEqual([`key:${nameOf('lin')}`]);
    expect(await lin.call('session.signIn', { url: office.server.url, staffNo: 'A1', password: PASSWORD })).toMatchObject({
      ok: false,
      reason: 'disk',
    });
    stuck = false;
    await time.sleep(30_001);
    await vi.waitFor(() => expect(secretsOf(lin, nameOf('lin'))).toEqual([]));
    await lin.signIn(office.server.url, 'A1', PASSWORD);
  });
});

describe('an erasure that is cut short', () => {
  const steps = [
    'before the mark',
    'after the mark',
    'before the key',
    'after the key',
    'before the token',
    'after the token',
    'before file 1',
    'before file 2',
    'before file 3',
    'before file 5',
    'before the mark is taken away',
  ];
  test.each(steps)('R25 SY11 by a kill %s goes on at the next start, before anything is opened', { timeout: 60_000 }, async (step) => {
    office = await openOffice();
    const between = await startCrookedServer(office.server.url);
    const dataDir = mkdtempSync(join(tmpdir(), 'zuoxi-erasure-'));
    let kill = (): void => {};
    class Watched extends Map<string, string> {
      override delete(name: string): boolean {
        const kind = name.startsWith('key:') ? 'key' : 'token';
        if (step === `before the ${kind}`) {
          kill();
          return false;
        }
        const had = super.delete(name);
        if (step === `after the ${kind}`) kill();
        return had;
      }
    }
    const host = createFakeHost(new Watched());
    const core = await startCoreProcess({ dataDir, host, before: plant, env: { ZUOXI_DIE_AT: step } });
    const dead = new Promise<void>((gone) => core.child.once('exit', () => gone()));
    kill = () => core.child.kill('SIGKILL');
    const name = nameOf('lin', between.url);
    expect(await core.client.call('session.signIn', { url: between.url, staffNo: 'A1', password: PASSWORD })).toEqual({ ok: true });
    await core.until('sync.state', {}, (s) => s.connection === 'online' && s.firstSync === null);
    // What else may lie beside a cache: a copy from before a migration, one set aside, files of attachments.
    mkdirSync(join(dataDir, `${name}.files`), { recursive: true });
    for (const kind of ['db.before-0004', 'db.damaged-20261101T000000Z', 'files/0199'])
      writeFileSync(join(dataDir, `${name}.${kind}`), CANARY);
    await order('lin');
    await dead;

    // Without any way to the server.
    between.behave(page(502, ''));
    kill = () => {};
    const next = startDevice({ dataDir, host: createFakeHost(new Map(host.secrets)) });
    const state = await next.read('session.state', {});
    if (step === 'before the mark') {
      // Nothing is known of it yet: the data is whole, and the next contact brings the order again.
      expect(state.phase).toBe('ready');
      between.behave(null);
      await next.call('sync.retry', {});
      await next.until('session.state', {}, (s) => s.erased !== null);
      await vi.waitFor(() => expect(filesOf(next, name)).toEqual([]));
    } else expect(state).toMatchObject({ ...erasedState, erased: { staffNo: 'A1', waiting: 0 } });
    expect(filesOf(next, name)).toEqual([]);
    expect(secretsOf(next, name)).toEqual([]);
    expect(await next.read('session.accounts', {})).toEqual([]);
    await next.stop();
    await between.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
});

describe('从本机移除此账号', () => {
  test('R25 destroys the same, ends the session at the server, and wants to be told how much unsynced work is lost', async () => {
    office = await openOffice();
    const { transport, trouble } = troubledTransport();
    const device = await office.device('bai', { transport });
    await device.call('session.signOut', {});
    await device.signIn(office.server.url, 'A1', PASSWORD);
    const id = await newTicket(device, CANARY);
    await numbered(device, id);
    trouble.offline = true;
    await act(device, id, 'note', { note: '没发出去' });
    const [first] = (await device.read('session.accounts', {})).filter((a) => a.current);
    expect(first).toMatchObject({ staffNo: 'A1', name: '林知夏', waiting: 1 });
    expect(await device.call('session.removeAccount', { id: first!.id, lose: 0 })).toEqual({ ok: false, waiting: 1 });
    expect(await device.read('session.state', {})).toMatchObject({ phase: 'ready' });
    trouble.offline = false;
    expect(await device.call('session.removeAccount', { id: first!.id, lose: 1 })).toEqual({ ok: true });
    expect(await device.read('session.state', {})).toMatchObject({ ...erasedState, erased: null, server: { url: office.server.url } });
    expect(filesOf(device, nameOf('lin'))).toEqual([]);
    expect(secretsOf(device, nameOf('lin'))).toEqual([]);
    const by = await admin();
    await vi.waitFor(async () => expect((await by.operate('staff.devices', { id: office.people.lin.id })).devices).toEqual([]));

    // One that is not signed in, from the sign-in screen.
    const rest = await device.read('session.accounts', {});
    expect(rest).toMatchObject([{ staffNo: 'A2', current: false }]);
    expect(await device.call('session.removeAccount', { id: rest[0]!.id, lose: 0 })).toEqual({ ok: true });
    expect(await device.read('session.accounts', {})).toEqual([]);
    expect([...device.host.secrets.keys()]).toEqual([]);
    expect(readdirSync(device.dataDir)).toEqual(['profile.json']);
    // Nothing is left to be removed twice.
    expect(await device.call('session.removeAccount', { id: rest[0]!.id, lose: 0 })).toEqual({ ok: true });
  });
});
