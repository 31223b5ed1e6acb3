import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { act, newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import { startDevice } from '../../support/core/device.ts';
import { createFakeHost } from '../../support/core/fake-host.ts';
import { troubledTransport } from '../../support/core/troubled-transport.ts';
import { VirtualTime } from '../../support/core/virtual-time.ts';

/** Secrets that a key store gives and takes, or does not. */
class FailingSecrets extends Map<string, string> {
  gives = true;
  takes = true;
  override get(name: string): string | undefined {
    if (!this.gives) throw new Error('the keychain is locked');
    return super.get(name);
  }
  override set(name: string, value: string): this {
    // The constructor of a Map sets, too, before there are fields.
    if (Object.hasOwn(this, 'takes') && !this.takes) throw new Error('the keychain is locked');
    return super.set(name, value);
  }
  override delete(name: string): boolean {
    if (!this.takes) throw new Error('the keychain is locked');
    return super.delete(name);
  }
}

const signIn = (url: string) => ({ url, staffNo: 'A1', password: 'secret-pass' });
let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const notes = async (device: ReturnType<typeof startDevice>, ticketId: string): Promise<string[]> =>
  (await device.read('tickets.get', { ticketId, transferId: null }))!.events.map((e) => e.note).filter((n) => n !== '');

describe('R18 S12 a key store that fails', () => {
  test('R18 at the first sign-in: nobody is signed in, it is said why, nothing is left here, and the session ends at the server', async () => {
    const secrets = new FailingSecrets();
    const device = startDevice({ host: createFakeHost(secrets) });
    secrets.takes = false;
    expect(await device.call('session.signIn', signIn(office.server.url))).toMatchObject({ ok: false, reason: 'key-store' });
    expect((await device.read('session.state', {})).phase).toBe('signedOut');
    expect(readdirSync(device.dataDir).filter((n) => n.includes('.db'))).toEqual([]);
    expect([...secrets.keys()]).toEqual([]);
    secrets.takes = true;
    await device.signIn(office.server.url, 'A1');
    await device.stop();
  });

  test('R18 S16 while somebody works: the session goes on in memory, and is kept again once the key store takes it', async () => {
    const time = new VirtualTime(Date.now());
    const own = await openOffice({ clock: time });
    const secrets = new FailingSecrets();
    const host = createFakeHost(secrets);
    const device = await own.device('lin', { clock: time, timers: time, host });
    const name = [...secrets.keys()].find((n) => n.startsWith('refresh:'))!;
    const first = secrets.get(name);
    secrets.takes = false;
    // Each access token lives ten minutes: several renewals, each of which makes the one before worth nothing.
    const id = await newTicket(device, '密钥库坏着');
    for (let i = 0; i < 4; i += 1) {
      await time.sleep(11 * 60_000);
      await act(device, id, 'note', { note: `第 ${i} 次` });
      await device.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online');
    }
    expect(secrets.get(name)).toBe(first);
    secrets.takes = true;
    await time.sleep(11 * 60_000);
    await act(device, id, 'note', { note: '又好了' });
    await device.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online');
    expect(secrets.get(name)).not.toBe(first);
    const again = await device.restart();
    await again.until('sync.state', {}, (s) => s.connection === 'online' && s.firstSync === null);
    expect((await again.read('session.state', {})).phase).toBe('ready');
    await again.stop();
    await own.close();
  });

  test('R18 at a start: nothing is touched, it is said why, and the same data opens once it answers', async () => {
    const secrets = new FailingSecrets();
    const device = startDevice({ host: createFakeHost(secrets) });
    await device.signIn(office.server.url, 'A1');
    const id = await newTicket(device, '锁着的钥匙串');
    await numbered(device, id);
    await device.stop({ keep: true });
    secrets.gives = false;
    const locked = startDevice({ host: createFakeHost(secrets), dataDir: device.dataDir });
    expect(await locked.until('session.state', {}, (s) => s.phase !== 'starting')).toMatchObject({
      phase: 'signedOut',
      reason: 'key-store',
    });
    await locked.stop({ keep: true });
    secrets.gives = true;
    const open = startDevice({ host: createFakeHost(secrets), dataDir: device.dataDir });
    expect(await open.until('session.state', {}, (s) => s.phase !== 'starting')).toMatchObject({ phase: 'ready', reason: null });
    await open.stop({ keep: false });
  });

  test('R18 at a sign-out: the agent is signed out all the same, also at the next start', async () => {
    const secrets = new FailingSecrets();
    const device = startDevice({ host: createFakeHost(secrets) });
    await device.signIn(office.server.url, 'A1');
    secrets.takes = false;
    await device.call('session.signOut', {});
    expect((await device.read('session.state', {})).phase).toBe('signedOut');
    secrets.takes = true;
    const again = await device.restart();
    expect(await again.until('session.state', {}, (s) => s.phase !== 'starting')).toMatchObject({ phase: 'signedOut' });
    await again.stop({ keep: false });
  });
});

test('R18 S12 the key store is gone: what waits stays and is told by number, the agent works in memory, and all opens when it is back', async () => {
  const host = createFakeHost();
  host.secretKind = 'os';
  const { transport, trouble } = troubledTransport();
  const device = startDevice({ host, transport });
  await device.signIn(office.server.url, 'A1');
  const id = await newTicket(device, '换了后端');
  await numbered(device, id);
  trouble.offline = true;
  await act(device, id, 'note', { note: '还没提交' });
  await device.stop({ keep: true });
  const files = readdirSync(device.dataDir).filter((n) => /^[0-9a-f]{24}\.db$/.test(n));
  expect(files).toHaveLength(1);

  // Linux fell back to basic_text: a release has memory alone, and the sealed secrets stay where they are.
  const memory = createFakeHost();
  memory.secretKind = 'memory';
  const without = startDevice({ host: memory, dataDir: device.dataDir });
  expect(await without.until('session.state', {}, (s) => s.phase !== 'starting')).toMatchObject({
    phase: 'signedOut',
    reason: 'key-store',
    secrets: 'memory',
  });
  expect(await without.read('session.accounts', {})).toMatchObject([{ staffNo: 'A1', waiting: 1 }]);
  expect(await without.call('session.signIn', signIn(office.server.url))).toEqual({ ok: true });
  await without.synced();
  expect(await notes(without, id)).toEqual([]);
  await without.stop({ keep: true });
  // The next start without one takes away what that run left, and nothing else.
  const emptied = createFakeHost();
  emptied.secretKind = 'memory';
  const later = startDevice({ host: emptied, dataDir: device.dataDir });
  await later.until('session.state', {}, (s) => s.phase !== 'starting');
  expect(readdirSync(device.dataDir).filter((n) => n.endsWith('.db'))).toEqual(files);
  expect(await later.read('session.accounts', {})).toMatchObject([{ staffNo: 'A1', waiting: 1 }]);
  await later.stop({ keep: true });
  const back = startDevice({ host, dataDir: device.dataDir });
  await back.synced();
  expect(await notes(back, id)).toEqual(['还没提交']);
  await back.stop({ keep: false });
});
