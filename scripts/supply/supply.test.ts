import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../own-process.ts';
import { closureOf, importedPackages, isAllowed, licenceFindings, misplacedFindings, programs } from './licences.ts';
import { type Lock, type LockEntry, lockFindings, type Manifest, pinFindings, scriptFindings } from './manifest-rules.ts';
import { checkSupply } from './run.ts';
import { notices } from './notices.ts';
import { makeSbom } from './sbom.ts';
import { secretsIn, sourceFiles } from './secrets.ts';

test('S26 the project keeps its rules of supply, and was read', async () => {
  const { findings, packages, delivered, files } = await checkSupply(projectRoot);
  expect(findings).toEqual([]);
  expect(packages).toBeGreaterThan(500);
  expect(delivered).toBeGreaterThan(100);
  expect(delivered).toBeLessThan(packages);
  expect(files).toBeGreaterThan(800);
});

describe('S26 exact pins', () => {
  test('keep the rule', () => {
    const manifest = {
      dependencies: { a: '1.2.3', b: '1.0.0-beta.17', c: 'npm:d@1.2.3', e: 'npm:@f/g@1.2.3-rc.1' },
      overrides: { h: '1.0.0', a: '$a', i: { '.': '2.0.0', j: '1.1.1' } },
    };
    expect(pinFindings(manifest)).toEqual([]);
  });

  test.each([
    '^1.2.3',
    '~1.2.3',
    '>=1.2.3',
    '1.2.x',
    '1.2',
    '*',
    '',
    'latest',
    'next',
    '1.2.3 || 2.0.0',
    '1.0.0 - 2.0.0',
    'npm:d@^1.2.3',
    'npm:d',
    'git+https://example.com/a.git',
    'https://example.com/a.tgz',
    'http://example.com/a.tgz',
    'github:a/b',
    'a/b',
    'a/b#1.2.3',
    'file:../a',
    'link:../a',
    'workspace:*',
    'v1.2.3',
    '1.2.3 ',
  ])('%j is found among all kinds', (version) => {
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const)
      expect(pinFindings({ [kind]: { a: version } })).toEqual([`${kind}: a is ${version}`]);
    expect(pinFindings({ overrides: { b: { a: version } } })).toEqual([`overrides > b: a is ${version}`]);
  });

  test('an override that names no direct dependency is found', () => {
    expect(pinFindings({ overrides: { a: '$b' } })).toEqual(['overrides: a is $b']);
  });
});

const sum = `sha512-${'A'.repeat(86)}==`;
const lockOf = (packages: Record<string, LockEntry>, over: Partial<Lock> = {}): Lock => ({
  lockfileVersion: 3,
  packages: { '': { dependencies: { a: '1.0.0' } }, ...packages },
  ...over,
});
const manifest: Manifest = { dependencies: { a: '1.0.0' } };
const good: LockEntry = { version: '1.0.0', integrity: sum };
const from = (host: string): LockEntry => ({ ...good, resolved: `https://${host}/a/-/a-1.0.0.tgz` });

describe('S26 the lock file', () => {
  test('keeps the rule without places, and with one place for all', () => {
    expect(lockFindings(lockOf({ 'node_modules/a': good, 'node_modules/b': good }), manifest)).toEqual([]);
    expect(lockFindings(lockOf({ 'node_modules/a': from('one.example'), 'node_modules/b': from('one.example') }), manifest)).toEqual([]);
  });

  test.each<[string, Lock]>([
    ['lockfileVersion is 2', lockOf({ 'node_modules/a': good }, { lockfileVersion: 2 })],
    ['it holds no packages', lockOf({})],
    ['dependencies are not those of package.json', lockOf({ '': { dependencies: { a: '1.0.1' } }, 'node_modules/a': good })],
    ['node_modules/a has no SHA-512', lockOf({ 'node_modules/a': { version: '1.0.0' } })],
    ['node_modules/a has no SHA-512', lockOf({ 'node_modules/a': { ...good, integrity: `sha1-${'A'.repeat(27)}=` } })],
    ['node_modules/a has no SHA-512', lockOf({ 'node_modules/a': { ...good, integrity: `${sum} sha1-x` } })],
    ['node_modules/a is a link', lockOf({ 'node_modules/a': { ...good, link: true } })],
    ['../a lies outside of node_modules', lockOf({ '../a': good })],
    ['node_modules/a is git', lockOf({ 'node_modules/a': { ...good, version: 'git' } })],
    [
      'node_modules/a wants git+ssh://git@example.com/b.git',
      lockOf({ 'node_modules/a': { ...good, dependencies: { b: 'git+ssh://git@example.com/b.git' } } }),
    ],
    ['node_modules/a wants b/c#main', lockOf({ 'node_modules/a': { ...good, dependencies: { b: 'b/c#main' } } })],
    ['node_modules/b names a place of its own', lockOf({ 'node_modules/a': good, 'node_modules/b': from('two.example') })],
    [
      'node_modules/b comes from another host than the rest',
      lockOf({ 'node_modules/a': from('one.example'), 'node_modules/b': from('two.example'), 'node_modules/c': from('one.example') }),
    ],
    ['node_modules/a comes from http://one.example/a.tgz', lockOf({ 'node_modules/a': { ...good, resolved: 'http://one.example/a.tgz' } })],
    [
      'node_modules/a comes from git+https://one.example/a.git',
      lockOf({ 'node_modules/a': { ...good, resolved: 'git+https://one.example/a.git' } }),
    ],
    ['node_modules/a comes from https://one.example/a', lockOf({ 'node_modules/a': { ...good, resolved: 'https://one.example/a' } })],
  ])('%s', (finding, lock) => {
    expect(lockFindings(lock, manifest)).toContain(finding);
  });
});

describe('S26 install scripts', () => {
  const lock = lockOf({
    'node_modules/a': { ...good, hasInstallScript: true },
    'node_modules/x/node_modules/b': { ...good, hasInstallScript: true },
    'node_modules/c': { ...good, name: 'real-c', hasInstallScript: true },
    'node_modules/d': good,
  });

  test('each is decided on', () => {
    expect(scriptFindings(lock, { allowScripts: { a: true, b: false, 'real-c': true, d: false } })).toEqual([]);
  });

  test('one that is not, and what is allowed for nothing, are found', () => {
    expect(scriptFindings(lock, { allowScripts: { a: true, d: true, e: true, gone: false } })).toEqual([
      'node_modules/x/node_modules/b has an install script that nobody has decided on',
      'node_modules/c has an install script that nobody has decided on',
      'allowScripts: d has no install script',
      'allowScripts: e is no package of ours',
      'allowScripts: gone is no package of ours',
    ]);
    expect(scriptFindings(lock, {})).toHaveLength(3);
  });
});

describe('S26 licences', () => {
  test.each(['MIT', '(MIT OR GPL-3.0-only)', 'GPL-3.0-only OR ISC', 'MIT AND (BSD-3-Clause OR AGPL-3.0)', '(MIT AND Zlib)'])(
    '%s will do',
    (each) => expect(isAllowed(each)).toBe(true),
  );
  test.each([
    '',
    'GPL-3.0-only',
    'MIT AND GPL-2.0',
    '(MIT',
    'MIT)',
    'MIT OR',
    'SEE LICENSE IN LICENSE',
    'UNLICENSED',
    'MIT,Apache2',
    'toString',
  ])('%j will not', (each) => expect(isAllowed(each)).toBe(false));

  test('of all that is delivered, wherever it lies', () => {
    const lock = lockOf({
      'node_modules/a': { ...good, license: 'MIT', dependencies: { b: '^1.0.0', c: '^1.0.0' } },
      'node_modules/a/node_modules/b': { ...good, version: '2.0.0', license: 'GPL-3.0-only', optionalDependencies: { d: '1.0.0' } },
      'node_modules/b': { ...good, license: 'AGPL-3.0-only' },
      'node_modules/c': { ...good, license: 'MIT', dependencies: { a: '1.0.0' } },
      'node_modules/d': good,
      'node_modules/tool': { ...good, license: 'GPL-2.0', dev: true },
    });
    expect(licenceFindings(lock, closureOf(lock, ['a']))).toEqual(['b 2.0.0: GPL-3.0-only', 'd 1.0.0: no licence']);
  });
});

describe('S26 imports', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'zuoxi-supply-'));
    for (const folder of ['shared', 'server', 'db', 'core']) mkdirSync(path.join(root, folder));
    writeFileSync(
      path.join(root, 'core/a.ts'),
      `import x from 'x/sub'; import type { Y } from 'y'; export * from '@z/z/deep'; await import('w');`,
    );
    writeFileSync(path.join(root, 'shared/used.ts'), `import 'used';`);
    writeFileSync(path.join(root, 'shared/not-used.ts'), `import 'not-used';`);
    writeFileSync(path.join(root, 'core/a.test.ts'), `import 'only-for-tests';`);
    writeFileSync(
      path.join(root, 'server/b.ts'),
      `import 'node:fs'; import 'fs'; import './c.ts'; import { q } from 'q'; import '../shared/used.ts';`,
    );
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('are found by package through what is used, those for types and tests left out', () => {
    expect([...importedPackages(root, ['core', 'server'])].toSorted()).toEqual(['@z/z', 'q', 'used', 'w', 'x']);
  });
  test('of server and core stand in dependencies', () => {
    expect(
      misplacedFindings(root, {
        dependencies: { x: '1.0.0', q: '1.0.0', used: '1.0.0', '@z/z': '1.0.0' },
        devDependencies: { w: '1.0.0' },
      }),
    ).toEqual(['w is imported by server or core, and no dependency']);
  });
});

describe('S26 secrets', () => {
  // Put together here, so that this file holds none.
  const [priv, forge, registry, chat, word] = ['PRIVATE', 'gh', 'npm', 'xox', 'correct'];
  const letters = (n: number): string => 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8cF0xR'.repeat(4).slice(0, n);
  test.each([
    ['a private key', `-----BEGIN RSA ${priv} KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(12)}\n-----END RSA ${priv} KEY-----`],
    ['a token of a forge', `const t = '${forge}p_${letters(36)}'`],
    ['a token of a package registry', `//registry.example/:_authToken=${registry}_${letters(36)}`],
    ['a token of a chat', `${chat}b-123456789012-123456789012-${letters(24)}`],
    ['a password in an address', `fetch('https://admin:${word}horse@desk.example.org/')`],
    ['a password of a database', `postgres://zuoxi:${word}horse@db.example.org/zuoxi`],
  ])('%s is found, and not repeated', async (_what, content) => {
    const found = await secretsIn('a.ts', `// first line\n${content}\n`);
    expect(found).not.toEqual([]);
    expect(found.join()).toMatch(/^a\.ts:\d+: \w+/);
    expect(found.join()).not.toMatch(/horse|aB3dE5|MIIE/);
  });

  test('are looked for in all sources, in a repository or without one', () => {
    const root = mkdtempSync(path.join(tmpdir(), 'zuoxi-sources-'));
    for (const folder of ['a/b', 'node_modules/x', 'out', 'a/node_modules']) mkdirSync(path.join(root, folder), { recursive: true });
    for (const file of ['.hidden', 'a/b/c.ts', 'node_modules/x/d.js', 'out/e.js', 'a/node_modules/f.js'])
      writeFileSync(path.join(root, file), '');
    expect(sourceFiles(root).toSorted()).toEqual(['.hidden', path.join('a', 'b', 'c.ts')]);
    rmSync(root, { recursive: true, force: true });
    expect(sourceFiles(projectRoot)).toContain('package.json');
  });

  test('an ordinary source has none', async () => {
    expect(await secretsIn('run.ts', readFileSync(path.join(import.meta.dirname, 'run.ts'), 'utf8'))).toEqual([]);
  });
});

test('S26 the bill of materials names each package once with its sum, and says what is delivered', () => {
  const sbom = makeSbom(projectRoot);
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: expect.stringMatching(/^1\.[5-9]/) });
  expect(new Set(sbom.components.map((each) => each.purl)).size).toBe(sbom.components.length);
  expect(sbom.components.filter(({ hashes }) => hashes?.[0]?.alg !== 'SHA-512')).toEqual([]);
  const scopes = new Map(sbom.components.map(({ purl, scope }) => [/^pkg:npm\/(.+)@/.exec(purl)![1], scope]));
  expect(
    Object.fromEntries(['fastify', 'react', 'better-sqlite3-multiple-ciphers', 'vitest', 'knip'].map((name) => [name, scopes.get(name)])),
  ).toEqual({
    fastify: 'required',
    react: 'required',
    'better-sqlite3-multiple-ciphers': 'required',
    vitest: 'excluded',
    knip: 'excluded',
  });
  // Of the machine that it was made on nothing.
  expect(JSON.stringify(sbom)).not.toContain(projectRoot);
});

test('S26 the notices that go with the app name each package that it is bundled of, with its licence', () => {
  const text = notices(projectRoot);
  const lock = JSON.parse(readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8')) as Lock;
  const roots = [...importedPackages(projectRoot, programs.app)].filter((name) => name !== 'electron');
  const bundled = [...closureOf(lock, roots)].map((at) => lock.packages![at]!).filter(({ optional }) => optional !== true);
  expect(bundled.length).toBeGreaterThan(80);
  for (const name of ['react', 'antd', 'zod', 'ws', 'drizzle-orm', 'better-sqlite3-multiple-ciphers', 'argparse'])
    expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  for (const name of ['fastify', 'pg', 'vitest']) expect(text).not.toMatch(new RegExp(`^${name} \\d`, 'm'));
  expect(text.match(/Permission is hereby granted/g)?.length).toBeGreaterThan(20);
  expect(text).not.toContain('no licence');
});
