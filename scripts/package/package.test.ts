import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dump, load } from 'js-yaml';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decideUpdate } from '../../electron/main/updates/decide-update.ts';
import { electronFault } from './electron-age.ts';
import { faultsOf } from './inspect.ts';
import { makePackage, PackageRefused } from './make-package.ts';
import { missingSecrets } from './release-secrets.ts';
import { publicKeyOf, signManifests } from './sign-updates.ts';

const DAY = 86_400_000;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-package-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('S11 a release takes an Electron that is mended, and its patches within 14 days', () => {
  const now = Date.parse('2026-11-23T00:00:00Z');
  const ago = (days: number): string => new Date(now - days * DAY).toISOString();
  const times = {
    created: ago(4000),
    '42.9.0': ago(300),
    '43.1.0': ago(90),
    '44.0.2': ago(60),
    '45.4.1': ago(40),
    '45.4.2': ago(10),
    '46.0.0-beta.1': ago(3),
  };
  expect(electronFault('45.4.1', times, now)).toBeNull();
  expect(electronFault('45.4.1', times, now + 5 * DAY)).toContain('take 45.4.2');
  expect(electronFault('43.1.0', times, now)).toBeNull();
  expect(electronFault('42.9.0', times, now)).toContain('45, 44, 43');
  expect(electronFault('45.4.1', {}, now)).not.toBeNull();
});

test('D06 a release is refused while one of its secrets is missing, and says which', async () => {
  expect(missingSecrets('linux', {})).toHaveLength(2);
  const win = { ZUOXI_UPDATE_KEY: 'k', ZUOXI_UPDATE_PUBLIC_KEYS: 'p', WIN_CSC_LINK: 'c' };
  expect(missingSecrets('win32', win)).toEqual([expect.stringContaining('WIN_CSC_KEY_PASSWORD')]);
  expect(missingSecrets('win32', { ...win, WIN_CSC_KEY_PASSWORD: 'x' })).toEqual([]);
  expect(missingSecrets('darwin', win)).toHaveLength(5);
  const asked = { release: true, platform: 'darwin', targets: [], version: '1.0.0', output: folder } as const;
  await expect(makePackage(asked)).rejects.toThrow(/APPLE_API_KEY/);
});

test('D06 a release has no version of a test, and a test no version of a release', async () => {
  const asked = { platform: 'linux', targets: [], output: folder } as const;
  for (const [release, version] of [
    [true, '1.0.0-test'],
    [false, '1.0.0'],
    [false, '../evil-test'],
  ] as const)
    await expect(makePackage({ ...asked, release, version })).rejects.toBeInstanceOf(PackageRefused);
});

test('D07 signing a feed again says who gets it first and until when, and the app takes it', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  const sha512 = `${'A'.repeat(86)}==`;
  const manifest = {
    version: '2.0.0',
    files: [{ url: 'a.exe', sha512, size: 5 }],
    path: 'a.exe',
    sha512,
    releaseDate: '2026-11-23T00:00:00.000Z',
  };
  const file = path.join(folder, 'latest.yml');
  await writeFile(file, dump(manifest));
  await writeFile(path.join(folder, 'builder-debug.yml'), 'x: 1');
  expect(await signManifests(folder, pem, { stagingPercentage: 0, deadline: '2026-12-24T18:00:00Z' })).toEqual(['latest.yml']);
  const facts = { current: '1.0.0', keys: [publicKeyOf(pem)], accountId: 'lin', tooOld: false };
  const read = async (): Promise<unknown> => load(await readFile(file, 'utf8'));
  expect(decideUpdate(await read(), facts)).toEqual({ kind: 'nothing' });
  await signManifests(folder, pem, { stagingPercentage: 100 });
  expect(decideUpdate(await read(), facts)).toMatchObject({ kind: 'take', manifest: { deadline: '2026-12-24T18:00:00Z' } });
  // What the app would refuse is not written.
  await expect(signManifests(folder, pem, { stagingPercentage: 120 })).rejects.toThrow();
  expect(decideUpdate(await read(), facts)).toMatchObject({ kind: 'take' });
});

test('D06 what has no place in a package is found, and what lies on the wrong side of the archive', () => {
  const good = [
    { file: 'main.cjs', size: 10, unpacked: false },
    { file: 'core-node.cjs', size: 10, unpacked: true },
    { file: 'node_modules/better-sqlite3/prebuilds/linux-x64.node', size: 10, unpacked: true },
  ];
  expect(faultsOf(good)).toEqual([]);
  const planted: readonly (readonly [string, boolean])[] = [
    ['core/entry.ts', false],
    ['main.cjs.map', false],
    ['node_modules/sqlite3/build/node_sqlite3.node', true],
    ['node_modules/better-sqlite3/prebuilds/darwin-x64.node', true],
    ['preload.cjs', true],
    ['core-utility.cjs', false],
    ['renderer/assets/index.test.js.map', false],
  ];
  for (const [file, unpacked] of planted) expect(faultsOf([...good, { file, size: 1, unpacked }]), file).not.toEqual([]);
  expect(faultsOf([...good, { file: 'preload.cjs', size: 20_000_000, unpacked: false }])).toEqual([expect.stringContaining('bytes')]);
});
