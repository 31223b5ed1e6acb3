import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eq } from 'drizzle-orm';
import { createHttpTransport } from '../../../core/transport/http-transport.ts';
import { ticketEvent } from '../../../server/store/schema.ts';
import type { Obstacle } from '../../../shared/bridge/way-problems.ts';
import { zhCN } from '../../../renderer/i18n/zh-CN.ts';
import { type Authority, createAuthority, selfSigned } from '../../support/core/certificates.ts';
import { act, detail, newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import { type Device, startDevice } from '../../support/core/device.ts';
import { type Face, type Page, startTlsFront, type TlsFront } from '../../support/core/tls-front.ts';

const HOST = 'localhost';
const DAY = 86_400_000;
const PASSWORD = 'secret-pass';

const company: Authority = createAuthority('Company Root');
const stranger: Authority = createAuthority('Somebody else');
const good: Face = company.sign({ host: HOST });
// All that a server of another time can do; Node itself would not even offer it.
const old: Face = { ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' };

const faces: readonly (readonly [string, Face, Obstacle])[] = [
  ['an expired certificate', company.sign({ host: HOST, from: Date.now() - 9 * DAY, until: Date.now() - DAY }), 'certificate-expired'],
  [
    'a certificate that is not valid yet',
    company.sign({ host: HOST, from: Date.now() + DAY, until: Date.now() + 9 * DAY }),
    'certificate-early',
  ],
  ['the certificate of another host', company.sign({ host: 'other.example' }), 'certificate-host'],
  ['a certificate that the server signed itself', selfSigned(HOST), 'certificate-self-signed'],
  ['a certificate of an authority that nobody named', stranger.sign({ host: HOST }), 'certificate-unknown'],
  ['a server that knows nothing newer than TLS 1.1', old, 'tls-old'],
];

const transport = () => createHttpTransport({ network: { ca: company.ca, proxy: null, noProxy: [] }, timeoutMs: 5_000 });

let office: Office;
let front: TlsFront;
/** Where a captive portal wants everybody to go. */
let elsewhere: TlsFront;
let url: string;
let lin: Device;
let ticketId: string;
beforeAll(async () => {
  office = await openOffice();
  front = await startTlsFront(office.server.url, good);
  elsewhere = await startTlsFront(office.server.url, good);
  url = `https://${HOST}:${front.port}`;
  lin = startDevice({ transport: transport() });
  await lin.signIn(url, 'A1');
  ticketId = await newTicket(lin);
  await numbered(lin, ticketId);
});
afterAll(async () => {
  await lin.stop();
  for (const each of [front, elsewhere]) await each.close();
  await office.close();
});
beforeEach(async () => {
  front.show(good);
  front.answer(null);
  await lin.call('sync.retry', {});
  await lin.synced();
});

const notesOnServer = async (note: string): Promise<number> =>
  (await office.server.store.orm.select().from(ticketEvent).where(eq(ticketEvent.ticketId, ticketId))).filter((e) => e.note === note)
    .length;

/** Says what is wrong, keeps everything, and goes on by itself once it is mended. */
async function survives(note: string, expected: Obstacle, mend: () => void, whileBroken: () => unknown): Promise<void> {
  await act(lin, ticketId, 'note', { note });
  await lin.until('sync.state', {}, (s) => s.problem === expected && s.connection === 'offline', 20_000);
  const words = zhCN.sync.problem[expected];
  expect(words).toMatch(/管理员|登录网络/);
  expect(words).toMatch(/内容都在本机/);
  expect((await lin.read('session.state', {})).phase).toBe('ready');
  expect(await lin.read('sync.state', {})).toMatchObject({ pending: 1 });
  expect((await detail(lin, ticketId))!.events.map((e) => e.note)).toContain(note);
  expect(await lin.read('attention.list', {})).toEqual([]);
  expect(await notesOnServer(note)).toBe(0);
  await whileBroken();
  mend();
  await lin.until('sync.state', {}, (s) => s.connection === 'online' && s.pending === 0 && s.problem === null, 30_000);
  expect(await notesOnServer(note)).toBe(1);
  // The live channel as well.
  await vi.waitFor(() => expect(front.seen.some((each) => each.startsWith('LIVE'))).toBe(true), { timeout: 10_000 });
}

/** Opens the live channel alone. @returns whether it opened */
const openLive = (): Promise<boolean> =>
  new Promise((resolve) => {
    const live = transport().live(url, 'token-canary', {
      open: () => resolve(true),
      message: () => {},
      close: () => {
        live.close();
        resolve(false);
      },
    });
  });

describe('whom a device trusts', () => {
  test('R24 S24 a certificate of the authority that the company names: requests and hints come through', async () => {
    await act(lin, ticketId, 'note', { note: 'over TLS' });
    await lin.synced();
    expect(await notesOnServer('over TLS')).toBe(1);
    await vi.waitFor(() => expect(front.seen.some((each) => each.startsWith('LIVE'))).toBe(true));
    // Nothing but a hint can bring it before the next look, half a minute later.
    const bai = await office.device('bai');
    const id = await newTicket(bai, '共用的工单');
    await numbered(bai, id);
    await act(bai, id, 'transfer', { toId: office.people.lin.id, reason: '请接手' });
    await lin.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null, 10_000);
  });

  test('R24 without the company’s file its certificate is as unknown as any', async () => {
    const other = startDevice({ transport: createHttpTransport() });
    const answer = await other.call('session.signIn', { url, staffNo: 'A2', password: PASSWORD });
    expect(answer).toMatchObject({ ok: false, reason: 'certificate-unknown' });
    await other.stop();
  });

  test('S24 the server of another time is well: whoever lowers itself to it gets through', async () => {
    front.show(old);
    const lowered = { host: HOST, port: front.port, ca: company.ca, minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
    const version = await new Promise((resolve, reject) => {
      const socket = connect(lowered, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      }).on('error', reject);
    });
    expect(version).toBe('TLSv1.1');
  });

  test.each(faces)('R24 S24 %s is refused: own words, nobody is signed out, nothing is lost or sent', async (name, face, expected) => {
    front.show(face);
    await survives(
      name,
      expected,
      () => front.show(good),
      () => expect(front.seen).toEqual([]),
    );
  });

  test.each(faces)('R24 the live channel refuses %s, and shows it no token', async (_, face) => {
    await lin.stop({ keep: true });
    front.show(face);
    const before = front.connections;
    expect(await openLive()).toBe(false);
    expect(front.connections).toBeGreaterThan(before);
    expect(front.seen).toEqual([]);
    lin = startDevice({ transport: transport(), dataDir: lin.dataDir, host: lin.host });
  });

  test.each(faces)('R24 nobody’s password goes to %s', async (_, face, expected) => {
    const other = startDevice({ transport: transport() });
    front.show(face);
    expect(await other.call('session.probe', { url })).toEqual({ ok: false, reason: expected });
    expect(await other.call('session.signIn', { url, staffNo: 'A2', password: PASSWORD })).toMatchObject({ ok: false, reason: expected });
    expect(front.seen).toEqual([]);
    expect(zhCN.signIn.reason[expected]).toMatch(/管理员[\s\S]*密码没有发出去/);
    await other.stop();
  });
});

describe('a captive portal', () => {
  const portals: readonly (readonly [string, () => Page])[] = [
    ['a page with 200', () => ({ status: 200, text: '<h1>Welcome to this network</h1>' })],
    ['a redirect', () => ({ status: 302, headers: { location: `https://${HOST}:${elsewhere.port}/login` } })],
    ['a redirect that keeps the method', () => ({ status: 307, headers: { location: `https://${HOST}:${elsewhere.port}/login` } })],
    ['511', () => ({ status: 511, text: '<h1>Sign in</h1>' })],
  ];
  test.each(portals)('R24 %s is no sign-out, has its own words, and its target sees neither token nor password', async (name, page) => {
    front.answer(page());
    await survives(
      name,
      'portal',
      () => front.answer(null),
      async () => {
        expect(await openLive()).toBe(false);
        const other = startDevice({ transport: transport() });
        expect(await other.call('session.signIn', { url, staffNo: 'A2', password: PASSWORD })).toMatchObject({
          ok: false,
          reason: 'portal',
        });
        await other.stop();
        expect(front.seen.length).toBeGreaterThan(1);
        expect(front.seen.some((each) => each.includes('token-canary'))).toBe(true);
        expect(elsewhere.connections).toBe(0);
      },
    );
  });
});
