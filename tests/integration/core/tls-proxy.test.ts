import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createHttpTransport } from '../../../core/transport/http-transport.ts';
import { zhCN } from '../../../renderer/i18n/zh-CN.ts';
import { createAuthority } from '../../support/core/certificates.ts';
import { type ConnectProxy, startConnectProxy } from '../../support/core/connect-proxy.ts';
import { newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import { startDevice } from '../../support/core/device.ts';
import { attachTo, filesUntil, someBytes } from '../../support/core/files.ts';
import { startTlsFront, type TlsFront } from '../../support/core/tls-front.ts';
import { type CoreProcess, startCoreProcess } from './core-process.ts';

/** No resolver knows it: whoever gets there went through the proxy. */
const HOST = 'desk.zuoxi.test';
const URL_OF_IT = `https://${HOST}`;
const LOGIN = 'desk:Proxy-canary-8d1f';
const SIGN_IN = { url: URL_OF_IT, staffNo: 'A1', password: 'secret-pass' };

const company = createAuthority('Company Root');
const stranger = createAuthority('Somebody else');

let office: Office;
let front: TlsFront;
let proxy: ConnectProxy;
let folder: string;
const cores: CoreProcess[] = [];
beforeAll(async () => {
  office = await openOffice();
  front = await startTlsFront(office.server.url, company.sign({ host: HOST }));
});
afterAll(async () => {
  await front.close();
  await office.close();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-proxy-'));
  proxy = await startConnectProxy({ [`${HOST}:443`]: front.port }, LOGIN);
});
afterEach(async () => {
  for (const core of cores.splice(0)) core.child.kill('SIGKILL');
  await proxy.close();
  rmSync(folder, { recursive: true, force: true });
});

const through = (login = LOGIN) => ({ ca: company.ca, proxy: `http://${login}@127.0.0.1:${proxy.port}`, noProxy: [] });

interface Run {
  readonly core: CoreProcess;
  /** All that it said: to its host's log, and on its standard output and error. */
  said(): string;
}

/** The core in its own process, as the shell starts it. */
async function run(network?: object, env?: Readonly<Record<string, string>>): Promise<Run> {
  const said: string[] = [];
  const keep = (text: string): void => void said.push(text);
  const dataDir = join(folder, `data-${cores.length}`);
  const core = await startCoreProcess({ dataDir, onLog: keep, onOutput: keep, ...(network && { network }), ...(env && { env }) });
  cores.push(core);
  return { core, said: () => said.join('\n') };
}

const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile());

test('R24 all that the core sends goes through the proxy, requests, files and the live channel, and its login is written nowhere', async () => {
  const before = front.connections;
  const { core, said } = await run(through());
  expect(await core.client.call('session.signIn', SIGN_IN)).toEqual({ ok: true });
  await core.until('sync.state', {}, (s) => s.connection === 'online' && s.firstSync === null);
  await expect.poll(() => front.seen.some((each) => each.startsWith('LIVE'))).toBe(true);
  // A hint comes through as well.
  const bai = await office.device('bai');
  const id = await newTicket(bai, '经代理收到的');
  await numbered(bai, id);
  await bai.call('tickets.act', { ticketId: id, kind: 'transfer', args: { toId: office.people.lin.id, reason: '请接手' } });
  await core.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null, 10_000);

  expect(new Set(proxy.asked)).toEqual(new Set([`${HOST}:443`]));
  expect(proxy.others).toEqual([]);
  expect(proxy.opened).toBeGreaterThanOrEqual(2);
  expect(front.connections - before).toBe(proxy.opened);
  // Trouble with it, which is when logs talk: in words of its own, and nobody is signed out.
  proxy.refuse(407);
  await core.until('sync.state', {}, (s) => s.problem === 'proxy');
  expect(zhCN.sync.problem.proxy).toMatch(/代理[\s\S]*管理员/);
  proxy.refuse(502);
  await core.client.call('sync.retry', {});
  await core.until('sync.state', {}, (s) => s.problem === 'unreachable');
  expect((await core.client.read('session.state', {})).phase).toBe('ready');
  proxy.refuse(null);
  await core.until('sync.state', {}, (s) => s.connection === 'online', 30_000);

  const secret = LOGIN.split(':')[1]!;
  const forms = [secret, Buffer.from(LOGIN).toString('base64')];
  // Only Linux shows a test what a process was started with.
  const ofProcess = ['cmdline', 'environ'].map((name) => `/proc/${core.child.pid}/${name}`).filter((file) => existsSync(file));
  const places = [said(), ...ofProcess.map((file) => readFileSync(file, 'latin1'))];
  expect(said().length).toBeGreaterThan(0);
  for (const file of filesIn(folder)) places.push(readFileSync(file, 'latin1'));
  expect(places.length).toBeGreaterThan(4);
  for (const form of forms) expect(places.filter((place) => place.includes(form))).toEqual([]);
});

test('R24 files of tickets go the same way', async () => {
  const lin = startDevice({ transport: createHttpTransport({ network: through() }) });
  await lin.signIn(URL_OF_IT, 'A1');
  const id = await newTicket(lin, '带文件的');
  await numbered(lin, id);
  const before = front.seen.length;
  await attachTo(lin, `ticket:${id}`, '录音.wav', someBytes(600_000));
  await lin.call('attachments.send', { ticketId: id, form: `ticket:${id}` });
  await filesUntil(lin, id, (f) => f[0]?.state === 'synced');
  expect(front.seen.slice(before).filter((each) => each.startsWith('PUT'))).toHaveLength(3);
  await lin.stop();
});

test('R24 a proxy that wants another login is told of at the sign-in, and the password stays here', async () => {
  const before = front.connections;
  const lin = startDevice({ transport: createHttpTransport({ network: through('desk:wrong') }) });
  expect(await lin.call('session.signIn', SIGN_IN)).toMatchObject({ ok: false, reason: 'proxy' });
  expect(proxy.asked).toEqual([`${HOST}:443`]);
  expect(front.connections).toBe(before);
  await lin.stop();
});

test('R24 what the policy leaves out is reached without the proxy', async () => {
  const face = company.sign({ host: 'localhost' });
  const near = await startTlsFront(office.server.url, face);
  const network = { ...through(), noProxy: ['.example.com', 'localhost'] };
  const lin = startDevice({ transport: createHttpTransport({ network }) });
  await lin.signIn(`https://localhost:${near.port}`, 'A1');
  await expect.poll(() => near.seen.some((each) => each.startsWith('LIVE'))).toBe(true);
  expect(proxy.asked).toEqual([]);
  expect(near.connections).toBeGreaterThan(0);
  await lin.stop();
  await near.close();
});

test('S24 R24 a proxy that opens what passes is refused like any other stranger', async () => {
  const between = await startTlsFront(office.server.url, stranger.sign({ host: HOST }));
  await proxy.close();
  proxy = await startConnectProxy({ [`${HOST}:443`]: between.port }, LOGIN);
  const lin = startDevice({ transport: createHttpTransport({ network: through() }) });
  expect(await lin.call('session.signIn', SIGN_IN)).toMatchObject({ ok: false, reason: 'certificate-unknown' });
  expect(between.seen).toEqual([]);
  await lin.stop();
  await between.close();
});

test('S24 R24 no variable of whoever starts the core opens a way that the policy does not give', async () => {
  const between = await startTlsFront(office.server.url, stranger.sign({ host: 'localhost' }));
  const url = `https://localhost:${between.port}`;
  const evil = await startConnectProxy({ [`localhost:${between.port}`]: between.port });
  const authority = join(folder, 'stranger.pem');
  writeFileSync(authority, stranger.ca);
  const evilUrl = `http://127.0.0.1:${evil.port}`;
  const { core } = await run(
    { ca: null, proxy: null, noProxy: [] },
    {
      NODE_EXTRA_CA_CERTS: authority,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      SSL_CERT_FILE: authority,
      NODE_OPTIONS: '--use-openssl-ca --tls-min-v1.0',
      NODE_USE_ENV_PROXY: '1',
      ...Object.fromEntries(
        ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'].map((name) => [name, evilUrl]),
      ),
      NO_PROXY: '',
      no_proxy: '',
    },
  );
  expect(await core.client.call('session.signIn', { ...SIGN_IN, url })).toMatchObject({ ok: false, reason: 'certificate-unknown' });
  expect(between.seen).toEqual([]);
  expect(evil.asked).toEqual([]);
  expect(evil.others).toEqual([]);
  await between.close();
  await evil.close();
});

test('S24 the same variables do open it for a program that leaves the choice to Node', async () => {
  const between = await startTlsFront(office.server.url, stranger.sign({ host: 'localhost' }));
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    expect((await fetch(`https://localhost:${between.port}/v1/hello`)).status).toBe(200);
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    await between.close();
  }
});
