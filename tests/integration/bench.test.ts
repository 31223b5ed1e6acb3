import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Figure } from '../../bench/figures.ts';
import { goals } from '../../bench/goals.ts';
import type { Beside } from '../../bench/limits.ts';
import { words } from '../../bench/parts.ts';

// That everything is measured, on the real core and right answers; how long anything takes is not looked at.

const program = join(import.meta.dirname, '../../bench/run.ts');
const run = (...given: string[]) => spawnSync(process.execPath, [program, ...given], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

/** The rows of the table of goals that are about the core. */
const wanted = [
  'firstSync.time',
  'firstSync.memory',
  'firstSync.disk',
  'firstSync.firstPage',
  'firstSync.latest',
  'delta.median',
  'delta.worst',
  ...['action.note', 'action.create', 'list', 'buckets.mine', 'buckets.team', 'search.list', 'search.palette'].flatMap((name) => [
    `${name}.p50`,
    `${name}.p99`,
  ]),
  'drain.client',
  'drain.requests',
  'drain.wrong',
  'open.warm',
  'open.cold',
];

describe('npm run bench', () => {
  test('measures every goal of the core beside its limit, durable and encrypted, with each effect once', () => {
    const { status, stderr, stdout } = run('--json', '--quick', '--size', '1000');
    expect(status, stderr).toBe(0);
    const { figures, size } = JSON.parse(stdout) as { size: number; figures: Figure[] };
    expect(size).toBe(1000);
    const byName = new Map(figures.map((f) => [f.name, f]));
    expect(byName.size).toBe(figures.length);
    // A system that lets no file go from memory says so, and has no cold opening.
    const cold = stderr.includes('open.cold is not measured') ? ['open.cold'] : [];
    expect([...new Set([...wanted, ...Object.keys(goals)])].filter((name) => !byName.has(name))).toEqual(cold);
    expect(figures.filter((f) => !Number.isFinite(f.value) || f.value < 0)).toEqual([]);
    expect(figures.filter((f) => f.ratio !== null && (f.limit === null || f.times === null || f.holds.ratio === null))).toEqual([]);
    expect(figures.filter((f) => f.most !== null && f.holds.most === null)).toEqual([]);
    expect(figures.filter((f) => f.kept === null || !f.kept.durable || !f.kept.encrypted || !(f.kept.memory > 0))).toEqual([]);
    expect(byName.get('drain.wrong')!.value).toBe(0);
    const hits = words.map((word) => byName.get(`search.hits.${word}`)!.value);
    expect(Math.min(...hits)).toBe(0);
    expect(Math.max(...hits)).toBeGreaterThan(size / 2);
  }, 240_000);

  test('compares each limit with raw code that does the same work, both of them with right answers', () => {
    const { status, stderr, stdout } = run('--json', '--quick', '--size', '1000', '--only', 'limits');
    expect(status, stderr).toBe(0);
    const { figures, limits } = JSON.parse(stdout) as { figures: Figure[]; limits: Beside[] };
    expect(figures).toEqual([]);
    expect(limits.map(({ name }) => name)).toEqual(expect.arrayContaining(['firstSync', 'delta', 'saveP50', 'push', 'listP50', 'counts']));
    expect(limits.filter(({ bare, limit, same, times }) => !(bare > 0 && limit > 0 && same > 0 && times > 0))).toEqual([]);
  }, 240_000);

  test('a profile tells functions and modules, and is left for a browser', () => {
    const { status, stderr, stdout } = run('--json', '--quick', '--size', '500', '--history', '2', '--profile', 'list');
    expect(status, stderr).toBe(0);
    const { file, functions, modules } = JSON.parse(stdout) as { file: string } & Record<'functions' | 'modules', { name: string }[]>;
    expect(modules.map((m) => m.name)).toContain('db');
    expect(functions.some((f) => f.name.includes(' db/reads/'))).toBe(true);
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).toEqual(
      expect.arrayContaining(['nodes', 'samples', 'timeDeltas']),
    );
  }, 120_000);

  test('names a wrong argument, with what there is, and its exit code says so', () => {
    const { status, stderr } = run('--only', 'serch');
    expect(status).toBe(2);
    expect(stderr).toMatch(/serch: there is no such part[^]*--only A,B/);
  });
});
