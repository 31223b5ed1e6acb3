import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folders = ['shared', 'db', 'core', 'electron', 'renderer', 'server', 'tests', 'scripts', 'bench'];

interface Report {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { readonly name: string } }[];
  };
}

function cruise(cwd: string): Report {
  const args = [
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    ...folders,
  ];
  try {
    return JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 })) as Report;
  } catch (error) {
    // Exits with the number of violations; what it printed is what counts.
    return JSON.parse((error as { stdout: string }).stdout) as Report;
  }
}

describe('who may import whom', () => {
  test('the project keeps its rules, and was read', () => {
    const { summary } = cruise(root);
    expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(150);
  });
});

describe('the rules see what breaks them', () => {
  /** File → its imports → the rule that must object. */
  const planted: readonly (readonly [file: string, source: string, rule: string])[] = [
    ['shared/lib/a.ts', `import type { X } from '../domain/ok.ts'; export type Y = X;`, 'only-shared-lib'],
    ['shared/domain/b.ts', `import '../protocol/ok.ts';`, 'only-shared-domain'],
    ['shared/protocol/c.ts', `import '../bridge/ok.ts';`, 'only-shared-protocol'],
    ['shared/bridge/m.ts', `import '../../db/ok.ts';`, 'only-shared-bridge'],
    ['shared/domain/d.ts', `import 'node:fs';`, 'no-node-in-pages'],
    ['db/e.ts', `import '../core/ok.ts';`, 'only-db'],
    ['core/f.ts', `import '../server/ok.ts';`, 'only-core'],
    ['core/g.ts', `import 'electron';`, 'electron-only-in-the-shell'],
    ['electron/h.ts', `import '../core/ok.ts';`, 'only-electron'],
    ['renderer/i.tsx', `import '../db/ok.ts';`, 'only-renderer'],
    ['renderer/j.ts', `import Database from 'better-sqlite3'; new Database();`, 'no-database-in-pages'],
    ['renderer/k.ts', `import { join } from 'node:path'; join();`, 'no-node-in-pages'],
    ['server/l.ts', `import type { Z } from '../db/ok.ts'; export type W = Z;`, 'only-server'],
    ['core/cycle-1.ts', `import './cycle-2.ts';`, 'no-cycles'],
    ['core/missing.ts', `import './nowhere.ts';`, 'no-unresolved'],
  ];
  let dir: string;
  let found: ReadonlySet<string>;

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'zuoxi-planted-'));
    for (const name of ['.dependency-cruiser.cjs', 'tsconfig.base.json']) cpSync(join(root, name), join(dir, name));
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
    const put = (file: string, source: string): void => {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), source);
    };
    for (const name of folders) put(`${name}/ok.ts`, 'export type X = 1; export type Z = 1;');
    for (const name of ['lib', 'domain', 'protocol', 'bridge']) put(`shared/${name}/ok.ts`, 'export type X = 1;');
    put('core/cycle-2.ts', `import './cycle-1.ts';`);
    for (const [file, source] of planted) put(file, source);
    found = new Set(cruise(dir).summary.violations.map((v) => `${v.from} ${v.rule.name}`));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.each(planted)('%s', (file, _source, rule) => {
    expect([...found]).toContain(`${file} ${rule}`);
  });
});
