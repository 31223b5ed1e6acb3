import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createAuthority } from '../support/core/certificates.ts';
import { type ConnectProxy, startConnectProxy } from '../support/core/connect-proxy.ts';
import { filesUnder } from '../support/core/remains.ts';
import { startTlsFront, type TlsFront } from '../support/core/tls-front.ts';
import { appEnvironment } from '../support/desktop/app-driver.ts';
import { eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

/** No resolver knows it: whoever gets there went through the proxy. */
const HOST = 'desk.zuoxi.test';
const LOGIN = 'desk:Proxy-canary-77ae';
const company = createAuthority('Company Root');
const stranger = createAuthority('Somebody else');
const good = company.sign({ host: HOST });

let front: TlsFront;
let proxy: ConnectProxy;
/** A proxy that only variables name. */
let evil: ConnectProxy;
const scene = deskScene(async ({ office }) => {
  front = await startTlsFront(office.server.url, good);
  proxy = await startConnectProxy({ [`${HOST}:443`]: front.port }, LOGIN);
  evil = await startConnectProxy({ [`${HOST}:443`]: front.port });
});
afterAll(async () => {
  for (const each of [front, proxy, evil]) await each.close();
});

function putPolicy(name: string, policy: object, mode = 0o644): string {
  const folder = path.join(scene.desktop.folder, name);
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(path.join(folder, 'ca.pem'), company.ca, { mode: 0o644 });
  const file = path.join(folder, 'policy.json');
  writeFileSync(file, JSON.stringify(policy));
  chmodSync(file, mode);
  return file;
}

const keys = (): string => path.join(scene.desktop.folder, 'keys.txt');

/** What somebody sets who would like to listen in. */
const hostile = (): Record<string, string> => {
  const authority = path.join(scene.desktop.folder, 'stranger.pem');
  writeFileSync(authority, stranger.ca);
  const through = `http://127.0.0.1:${evil.port}`;
  return {
    NODE_EXTRA_CA_CERTS: authority,
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_DEBUG: 'http,https,tls',
    SSLKEYLOGFILE: keys(),
    SSL_CERT_FILE: authority,
    NODE_USE_ENV_PROXY: '1',
    HTTPS_PROXY: through,
    https_proxy: through,
    ALL_PROXY: through,
    NO_PROXY: '*',
  };
};

test('R24 S24 the policy alone says where the server is, whom to trust and through which proxy; variables change nothing', async () => {
  const ZUOXI_POLICY = putPolicy('policy', {
    server: `https://${HOST}`,
    ca: 'ca.pem',
    proxy: `http://${LOGIN}@127.0.0.1:${proxy.port}`,
  });
  const app = await scene.start({ server: null, env: { ...hostile(), ZUOXI_POLICY } });
  await eventually(() => app.at('signin-server').inputValue()).toBe(`https://${HOST}`);
  expect(await app.at('signin-server').getAttribute('readonly')).not.toBeNull();
  await app.signIn('A1');
  expect(new Set(proxy.asked)).toEqual(new Set([`${HOST}:443`]));
  await eventually(() => front.seen.some((each) => each.startsWith('LIVE'))).toBe(true);
  // The two ends of one that is just being opened do not hear of it in the same moment.
  await eventually(() => front.connections - proxy.opened).toBe(0);

  front.show(stranger.sign({ host: HOST }));
  await app.at('sync-state').filter({ hasText: '服务器证书有问题，可继续工作' }).waitFor();
  await app.at('sync-state').click();
  await eventually(() => app.at('sync-problem').innerText()).toMatch(/签发服务器证书的机构不受信任[\s\S]*IT 管理员[\s\S]*内容都在本机/);
  await app.running.screenshot('trouble-certificate', path.resolve('out', 'e2e'), app.page);
  expect(front.seen).toEqual([]);
  front.show(good);
  await app.synced();

  expect(evil.asked).toEqual([]);
  expect(evil.others).toEqual([]);
  // Chromium opens it at its start; it makes no connections of ours.
  expect(readFileSync(keys(), 'utf8')).toBe('');
  const core = await app.corePid();
  const environment = readFileSync(`/proc/${core}/environ`, 'latin1');
  expect(environment).toContain('PATH=');
  const names = environment.split('\0').map((each) => each.split('=')[0]!);
  expect(Object.keys(hostile()).filter((name) => names.includes(name))).toEqual([]);
  const secret = LOGIN.split(':')[1]!;
  const places = [environment, readFileSync(`/proc/${core}/cmdline`, 'latin1'), app.running.output()];
  for (const file of filesUnder(app.dataDir)) places.push(readFileSync(file, 'latin1'));
  expect(places.length).toBeGreaterThan(20);
  for (const form of [secret, Buffer.from(LOGIN).toString('base64')]) expect(places.filter((place) => place.includes(form))).toEqual([]);
  await app.stop();
});

/** Without Playwright, which waits for a window that must not come. */
async function startAlone(name: string, policy: string): Promise<{ said: () => string; dataDir: string; child: ChildProcess }> {
  const { display, runtime } = scene.desktop;
  const dataDir = path.join(scene.desktop.folder, name);
  const child = spawn(runtime.executable, [...runtime.args, '--disable-gpu', `--user-data-dir=${dataDir}`, path.resolve('.')], {
    env: appEnvironment(display.env, { ZUOXI_NODE: process.execPath, ZUOXI_POLICY: policy }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr!.on('data', (data: Buffer) => (said += data.toString('utf8')));
  return { said: () => said, dataDir, child };
}

test.each([
  ['that anybody can write', { server: 'https://desk.example.com' }, 0o666, /管理员以外的人也能修改/],
  ['with a misspelt name', { server: 'https://desk.example.com', proxxy: 'http://proxy:8080' }, 0o644, /不认识的名称[\s\S]*→ proxxy/],
])('R24 with a policy %s the app says so and does not start', async (name, policy, mode, words) => {
  const { child, dataDir, said } = await startAlone(`refused ${name}`, putPolicy(`bad ${name}`, policy, mode));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await eventually(said).toMatch(words);
    expect(said()).toMatch(/没有启动 \/ .*does not start[\s\S]*IT 管理员/);
    const log = (): string => readFileSync(path.join(dataDir, 'logs', 'main.log'), 'utf8');
    await eventually(log).toContain('policy-refused');
    // The words stand on the screen until somebody has read them.
    expect(child.exitCode).toBeNull();
    expect(log()).not.toContain('core-ready');
    expect(existsSync(path.join(dataDir, 'data'))).toBe(false);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
});
