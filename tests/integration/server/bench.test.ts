import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { measureReturn, measureSteady, placeIn } from '../../../bench/server/measure-server.ts';
import type { Outcome } from '../../../bench/server/figures.ts';
import { startPostgres, type TestPostgres } from './databases.ts';

// What the bench of the server finds out about what is right; how fast it was is not looked at.

const loads = [
  'requests without an answer',
  'server: loop lag p99',
  'server: loop lag worst',
  'server: loop busy',
  'server: processor',
  'server: memory',
  'server: memory worst',
  'server: heap',
  'clients: loop busy',
  'clients: loop lag p99',
  'clients: processor',
];

let root = '';
let postgres: TestPostgres | undefined;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zuoxi-bench-test-'));
  postgres = await startPostgres();
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  await rm(root, { recursive: true, force: true });
});

describe.each(['pglite', 'postgres'] as const)('the bench of the server on %s', (database) => {
  const place = async (part: string) => placeIn(root, `${database}-${part}`, database === 'postgres' ? await postgres!.create(part) : null);
  const value = (outcome: Outcome, name: string): number | undefined => outcome.figures[name]?.value;

  test('eight clients return, each command takes effect once and each has what the server shows it', async () => {
    const outcome = await measureReturn(await place('return'), { clients: 8, commands: 20, events: 60, workers: 2 });
    expect(outcome.faults).toEqual([]);
    const names = ['clients', 'whole again p50', 'whole again p99', 'whole again worst', 'requests', 'commands', ...loads];
    expect(Object.keys(outcome.figures)).toEqual(names);
    expect(names.filter((name) => !Number.isFinite(value(outcome, name)))).toEqual([]);
    expect(value(outcome, 'clients')).toBe(8);
    // A goal has an answer, whichever it is.
    expect(Object.values(outcome.figures).filter((f) => (f.goal === null) !== (f.holds === null))).toEqual([]);
  }, 240_000);

  test('four agents work for three seconds and every change comes to every screen where it belongs', async () => {
    const outcome = await measureSteady(await place('steady'), { agents: 4, perMinute: 60, seconds: 3, workers: 1 });
    expect(outcome.faults).toEqual([]);
    const screen = ['on another screen p50', 'on another screen p99', 'on another screen worst', 'arrivals awaited', 'missed'];
    const names = ['agents', 'commands', ...screen, 'requests', 'pulls', ...loads];
    expect(Object.keys(outcome.figures)).toEqual(names);
    expect(names.filter((name) => !Number.isFinite(value(outcome, name)))).toEqual([]);
    // Each gives a note, a ticket for the pool, and a note: one leader, then three colleagues and the leader, then the leader.
    expect(value(outcome, 'arrivals awaited')).toBe(4 * (1 + 4 + 1));
    expect(value(outcome, 'missed')).toBe(0);
    expect(value(outcome, 'commands')).toBe(4);
  }, 240_000);
});

test('the program of the bench names a wrong argument, and its exit code says so', () => {
  const program = join(import.meta.dirname, '../../../bench/server/run.ts');
  const { status, stderr } = spawnSync(process.execPath, [program, '--clients', '1'], { encoding: 'utf8' });
  expect([status, stderr.split('\n')[0]]).toEqual([2, '--clients 1: not a number from 2 up']);
});
