import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsOf, faultyFuses, readArchive } from '../../scripts/package/inspect.ts';
import { makePackage } from '../../scripts/package/make-package.ts';
import { signManifests, testKey } from '../../scripts/package/sign-updates.ts';
import { newTicket, numbered } from '../support/core/desk.ts';
import { appEnvironment } from '../support/desktop/app-driver.ts';
import { type PackagedApp, pageAt, startPackaged } from '../support/desktop/packaged-app.ts';
import { serveUpdates, type UpdateFeed } from '../support/desktop/update-feed.ts';
import { waitUntil } from '../support/desktop/wait-until.ts';
import { eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

// Packages as they are handed out, but for `-test` in their version and a runtime that is to be had everywhere.

const OLD = '0.1.0-test';
const NEW = '0.2.0-test';
const appImage = (version: string): string => `zuoxi-${version}-linux-x86_64.AppImage`;

const pictures = path.resolve(import.meta.dirname, '..', '..', 'out', 'e2e');
const started: PackagedApp[] = [];
let folder: string;
let feed: UpdateFeed;
let ticketId: string;
const scene = deskScene(async (it) => {
  const lin = await it.office.device('lin');
  ticketId = await newTicket(lin, '更新前写的草稿');
  await numbered(lin, ticketId);
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-package-'));
  for (const version of [OLD, NEW])
    await makePackage({ release: false, platform: 'linux', targets: ['AppImage'], version, output: path.join(folder, version) });
  feed = await serveUpdates(path.join(folder, NEW));
}, 300_000);
afterAll(async () => {
  for (const each of started) await each.kill();
  await endAllOf(folder);
  await feed?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** An app that an update has started is nobody's child: it is known by the folder that stands on its command line. */
async function endAllOf(name: string): Promise<void> {
  for (const pid of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(name) && Number(pid) !== process.pid) process.kill(Number(pid), 'SIGKILL');
  }
}

const env = (name: string): NodeJS.ProcessEnv => ({
  ...scene.desktop.display.env,
  ZUOXI_SERVER: scene.office.server.url,
  ZUOXI_UPDATE_FEED: feed.url,
  XDG_CONFIG_HOME: path.join(folder, name, 'config'),
  XDG_CACHE_HOME: path.join(folder, name, 'cache'),
  TMPDIR: folder,
});
const argsOf = (name: string): string[] => ['--no-sandbox', '--disable-gpu', `--user-data-dir=${path.join(folder, name, 'data')}`];

async function signIn(page: Page): Promise<void> {
  await page.getByTestId('signin-staff-no').fill('A1');
  await page.getByTestId('signin-password').fill('secret-pass');
  await page.keyboard.press('Enter');
  await page.getByTestId('sync-state').filter({ hasText: '已同步' }).waitFor();
}
const version = (page: Page): Promise<string> => page.getByTestId('app-version').innerText();
async function openVersionPage(page: Page): Promise<void> {
  await page.getByTestId('nav-settings').click();
  await page.getByTestId('settings-desktop').click();
  await page.getByTestId('app-version').waitFor();
}

test('D06 S10 a package holds the app and nothing else, and its fuses are read back from the file', async () => {
  const unpacked = path.join(folder, OLD, 'linux-unpacked');
  const archived = await readArchive(path.join(unpacked, 'resources', 'app.asar'));
  expect(archived.length).toBeGreaterThan(20);
  expect(faultsOf(archived)).toEqual([]);
  expect(await faultyFuses(path.join(unpacked, 'zuoxi'))).toEqual([]);
  // Not for lack of looking.
  const more = [
    ...archived,
    { file: 'core/entry.node.ts', size: 1, unpacked: false },
    { file: 'node_modules/pg/lib/index.js', size: 1, unpacked: true },
  ];
  expect(faultsOf(more)).toHaveLength(2);
  expect(await faultyFuses(scene.desktop.runtime.executable)).not.toEqual([]);
});

test('D06 S10 the fused app works, and neither variables nor switches make anything else of it', async () => {
  const executable = path.join(folder, OLD, 'linux-unpacked', 'zuoxi');
  const evil = path.join(folder, 'evil.cjs');
  const mark = path.join(folder, 'evil-ran');
  await writeFile(evil, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`);
  // As Node it would run the script; as the app it takes it for an argument that means nothing.
  const asNode = spawn(executable, [...argsOf('as-node'), evil], {
    env: { ...appEnvironment(env('as-node')), ELECTRON_RUN_AS_NODE: '1' },
    stdio: 'ignore',
    detached: true,
  });
  const app = await startPackaged({
    executable,
    args: [...argsOf('fused'), '--inspect=0'],
    env: { ...env('fused'), NODE_OPTIONS: `--require ${evil}` },
  });
  started.push(app);
  await signIn(app.page);
  await openVersionPage(app.page);
  expect(await version(app.page)).toBe(`当前版本 ${OLD}`);
  // Not an AppImage: there is no file of its own that it could replace.
  expect(await app.page.getByTestId('update-words').innerText()).toContain('由管理员更新');
  expect(app.output()).not.toContain('Debugger listening');
  expect(existsSync(mark)).toBe(false);
  process.kill(-asNode.pid!, 'SIGKILL');
  await once(asNode, 'exit');
  await app.kill();
});

test('D07 S25 R26 an AppImage finds its update, refuses what was tampered with, and starts the new one with its draft', async () => {
  const home = 'updated';
  const file = path.join(folder, 'zuoxi.AppImage');
  await copyFile(path.join(folder, OLD, appImage(OLD)), file);
  await mkdir(path.join(folder, home), { recursive: true });
  const app = await startPackaged({
    executable: file,
    args: [],
    // The new one is started by the old, without arguments.
    env: { ...env(home), ZUOXI_APPIMAGE_ARGS: [...argsOf(home), '--remote-debugging-port=0'].join(' ') },
  });
  started.push(app);
  const { page } = app;
  await signIn(page);
  await page.getByTestId('nav-pending').click();
  await page.locator(`main [data-testid="row-${ticketId}"]`).click();
  await page.getByTestId('composer').click();
  await page.keyboard.insertText('客户说周三以后再联系');
  await openVersionPage(page);
  expect(await version(page)).toBe(`当前版本 ${OLD}`);

  const words = () => page.getByTestId('update-words').innerText();
  /** Why the log says that something was refused, oldest first. */
  const refused = async (): Promise<string[]> =>
    (await readFile(path.join(folder, home, 'data', 'logs', 'main.log'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; event: string; why?: string; code?: string })
      .filter(({ event, level }) => event.startsWith('update.') && level === 'error')
      .map(({ code, why }) => why ?? code ?? '');
  const refuses = async (why: readonly string[]): Promise<void> => {
    await page.getByTestId('update-check').click();
    await waitUntil('a refusal', async () => (await refused()).length >= why.length || undefined, 90_000);
    expect(await refused()).toEqual(why);
    await eventually(words).toContain('没有通过检查');
    expect(await page.getByTestId('update-hint').count()).toBe(0);
  };
  const manifest = 'latest-linux.yml';
  const real = await readFile(path.join(folder, NEW, manifest), 'utf8');

  // Signed by somebody else.
  feed.swap(manifest, Buffer.from(real.replace(/signature: '?.{4}/, "signature: 'AAAA")));
  await refuses(['not-signed']);
  // Older, and ours.
  const older = path.join(folder, 'older');
  await mkdir(older);
  await writeFile(path.join(older, manifest), real.replaceAll(NEW, '0.0.9-test'));
  await signManifests(older, await testKey());
  feed.swap(manifest, await readFile(path.join(older, manifest)));
  await refuses(['not-signed', 'older']);
  expect(feed.sent().has(appImage(NEW))).toBe(false);
  // The right manifest, and one byte of the app is another.
  feed.swap(manifest, null);
  const bytes = await readFile(path.join(folder, NEW, appImage(NEW)));
  const bent = Buffer.from(bytes);
  bent[5000] = bent[5000]! ^ 1;
  bent[Math.floor(bent.length / 2)]! ^= 1;
  feed.swap(appImage(NEW), bent);
  await refuses(['not-signed', 'older', 'ERR_CHECKSUM_MISMATCH']);

  // The real one: only what differs is fetched.
  feed.swap(appImage(NEW), null);
  feed.sent();
  await page.getByTestId('update-check').click();
  await page.getByTestId('update-hint').waitFor({ timeout: 90_000 });
  await page.screenshot({ path: path.join(pictures, 'update-hint.png') });
  const fetched = feed.sent().get(appImage(NEW)) ?? 0;
  expect(fetched).toBeGreaterThan(0);
  expect(fetched).toBeLessThan(bytes.length / 4);
  await page.getByTestId('update-later').click();
  await page.getByTestId('update-hint').waitFor({ state: 'detached' });
  await eventually(words).toContain(`新版本 ${NEW} 已准备好`);

  const active = path.join(folder, home, 'data', 'DevToolsActivePort');
  await rm(active, { force: true });
  await page.getByTestId('settings-desktop').waitFor();
  await page.locator('[data-testid="update-words"] >> xpath=../..').getByRole('button', { name: '现在重启' }).click();
  const port = await waitUntil(
    'the new app',
    async () => (await readFile(active, 'utf8').catch(() => '')).split('\n')[0] || undefined,
    90_000,
  );
  const next = await pageAt(Number(port));
  await next.getByTestId('nav-pending').waitFor();
  await openVersionPage(next);
  expect(await version(next)).toBe(`当前版本 ${NEW}`);
  expect((await readFile(file)).equals(bytes)).toBe(true);
  await next.getByTestId('nav-pending').click();
  await next.locator(`main [data-testid="row-${ticketId}"]`).click();
  await eventually(() =>
    next
      .getByTestId('composer')
      .inputValue()
      .catch(() => next.getByTestId('composer').innerText()),
  ).toBe('客户说周三以后再联系');
}, 300_000);
