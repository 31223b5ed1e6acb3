import type { Profiler } from 'node:inspector';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CpuProfiler, describe as describeShares, joined, moduleOf, sharesOf } from './profile.ts';

const project = join(import.meta.dirname, '..');
const url = (path: string): string => pathToFileURL(join(project, path)).href;
const frame = (functionName: string, path = ''): Profiler.ProfileNode['callFrame'] => ({
  functionName,
  scriptId: '0',
  url: path === '' ? '' : url(path),
  lineNumber: 9,
  columnNumber: 0,
});
/** A root with leaves, of which each was seen for so long, µs. */
const profile = (leaves: readonly [ReturnType<typeof frame>, number][]): Profiler.Profile => ({
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: leaves.map((_, i) => i + 2) },
    ...leaves.map(([callFrame], i) => ({ id: i + 2, callFrame })),
  ],
  startTime: 0,
  endTime: leaves.reduce((sum, [, time]) => sum + time, 0),
  samples: leaves.map((_, i) => i + 2),
  timeDeltas: leaves.map(([, time]) => time),
});

test('what a function belongs to is told from where its source lies', () => {
  const of = (functionName: string, path = '') => moduleOf(frame(functionName, path));
  expect(of('applyPage', 'core/sync/apply-page.ts')).toBe('core/sync');
  expect(of('openCache', 'db/open.ts')).toBe('db');
  expect(of('readList', 'db/reads/ticket-lists.ts')).toBe('db');
  expect(of('me', 'core/create-core.ts')).toBe('core');
  expect(of('x', 'node_modules/drizzle-orm/a/b.js')).toBe('drizzle-orm');
  expect(of('x', 'node_modules/@fastify/websocket/index.js')).toBe('@fastify/websocket');
  expect(of('x', 'node_modules/a/node_modules/zod/index.js')).toBe('zod');
  expect(moduleOf({ functionName: 'x', url: 'node:internal/fs' })).toBe('node');
  expect(moduleOf({ functionName: 'execute', url: 'wasm://wasm/llhttp' })).toBe('node');
  expect([of('(garbage collector)'), of('(program)'), of('parse')]).toEqual([
    'garbage collector',
    'outside of javascript',
    'javascript’s own',
  ]);
});

test('native work of the database is told from the work of those who ask it', () => {
  const of = (functionName: string, path: string) => moduleOf(frame(functionName, path));
  expect(of('run', 'db/statements.ts')).toBe('sqlite');
  expect(of('sqliteTransaction', 'node_modules/better-sqlite3/lib/methods/transaction.js')).toBe('sqlite');
  expect(of('keepStatements', 'db/statements.ts')).toBe('db');
  expect(of('run', 'db/writes/rows.ts')).toBe('db');
});

test('native work without a name is its caller’s', () => {
  const caller = frame('get', 'db/statements.ts');
  const made = profile([
    [caller, 1000],
    [frame('decide', 'shared/domain/commands/decide.ts'), 2000],
  ]);
  const [, asked] = made.nodes;
  const within = { ...made, nodes: [...made.nodes.with(1, { ...asked!, children: [9] }), { id: 9, callFrame: frame('') }] };
  const shares = sharesOf({ ...within, samples: [2, 9, 3], timeDeltas: [1000, 5000, 2000] });
  expect(shares.functions[0]).toEqual({ name: 'get db/statements.ts:10', share: 0.75 });
  expect(shares.modules.map((m) => m.name)).toEqual(['sqlite', 'shared/domain']);
});

test('shares are of the time in which something was done, and of the same function together', () => {
  const shares = sharesOf(
    profile([
      [frame('(idle)'), 9000],
      [frame('run', 'db/statements.ts'), 3000],
      [{ ...frame('post'), url: 'node:inspector' }, 7000],
      [frame('put', 'db/writes/rows.ts'), 600],
      [frame('put', 'db/writes/rows.ts'), 400],
    ]),
  );
  expect(shares.busyMs).toBe(4);
  expect(shares.functions).toEqual([
    { name: 'run db/statements.ts:10', share: 0.75 },
    { name: 'put db/writes/rows.ts:10', share: 0.25 },
  ]);
  expect(shares.modules.map((m) => m.name)).toEqual(['sqlite', 'db']);
  expect(describeShares(shares)).toContain('75.0 %  sqlite');
});

test('several profiles become one in which each sample still finds its function', () => {
  const both = joined([profile([[frame('run'), 100]]), profile([[frame('parse'), 300]])]);
  expect(sharesOf(both).functions).toEqual([
    { name: 'parse', share: 0.75 },
    { name: 'run', share: 0.25 },
  ]);
  expect(new Set(both.nodes.map((n) => n.id)).size).toBe(both.nodes.length);
  expect(() => joined([])).toThrow(RangeError);
});

test('what runs under the profiler is in the profile, with its file', async () => {
  const profiler = new CpuProfiler();
  const busyWithThis = async (): Promise<number> => {
    let sum = 0;
    for (const end = performance.now() + 60; performance.now() < end;) for (let i = 0; i < 1000; i += 1) sum += Math.sqrt(i);
    return sum;
  };
  await profiler.run(busyWithThis);
  await profiler.run(busyWithThis);
  const { functions } = sharesOf(profiler.profile());
  expect(functions.find((f) => f.name.startsWith('busyWithThis bench/profile.test.ts'))?.share).toBeGreaterThan(0);
});
