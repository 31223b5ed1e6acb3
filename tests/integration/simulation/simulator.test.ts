import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addCounts, noCounts } from '../../simulation/counts.ts';
import { shortfalls } from '../../simulation/floors.ts';
import { withBug } from '../../simulation/plant.ts';
import { bugCalled, plantedBugs } from '../../simulation/planted-bugs.ts';
import { runSchedule } from '../../simulation/schedule.ts';
import { openSimOffice } from '../../simulation/sim-office.ts';
import { settle, VirtualWorld } from '../../simulation/virtual-world.ts';

const run = join(import.meta.dirname, '..', '..', 'simulation', 'run.ts');

/** The command as it is typed. @returns how it ended and what it said */
const simulate = (...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [run, ...args], { timeout: 100_000, maxBuffer: 64_000_000 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, output: stdout + stderr }),
    );
  });

describe('the simulation of sync', () => {
  test('R8 the same seed gives the same trace, whatever was played between; another seed gives another', async () => {
    const office = await openSimOffice();
    const first = await runSchedule(office, 4);
    const other = await runSchedule(office, 22);
    const again = await runSchedule(office, 4);
    await office.store.close();
    expect(again.lines).toEqual(first.lines);
    expect(again.trace).toBe(first.trace);
    expect(other.trace).not.toBe(first.trace);
    expect(first.counts.commands).toBeGreaterThan(0);
  });

  // Two processes of their own, each with a database.
  test('a planted bug fails a run that passes without it, and the run says how to see it again', async () => {
    const [seed, bug] = ['1', 'sent-is-done'];
    const clean = await simulate('--seeds', '1', '--from', seed);
    const broken = await simulate('--seeds', '1', '--from', seed, '--bug', bug);
    expect(clean.output).toMatch(/simulation: 1 schedules, 0 violations, planted bugs caught not asked\n$/);
    expect(clean.code).toBe(0);
    expect(broken.output).toContain('violates I1');
    expect(broken.output).toContain(`npm run simulate -- --seeds 1 --from ${seed} --bug ${bug} --verbose`);
    expect(broken.code).toBe(1);
  }, 240_000);

  test.each(plantedBugs.map((b) => b.name))('the line of %s stands in the production exactly once', (name) => {
    expect(withBug(bugCalled(name))).toContain(bugCalled(name).replace);
  });

  test('a line that is not there, or there twice, is an error and not a bug that is never met', () => {
    const bug = { ...plantedBugs[0]!, find: 'a;' };
    expect(() => withBug(bug, 'b;')).toThrow('stands 0 times');
    expect(() => withBug(bug, 'a; a;')).toThrow('stands 2 times');
  });

  test('many schedules in which little happened fail', () => {
    const counts = noCounts();
    for (let i = 0; i < 200; i += 1) addCounts(counts, { ...noCounts(), schedules: 1, commands: 20 });
    expect(shortfalls(counts).some((line) => line.startsWith('kills 0'))).toBe(true);
    expect(shortfalls(counts).some((line) => line.startsWith('commands'))).toBe(false);
  });

  test('time moves from one happening to the next, in the order in which they were put down', async () => {
    const world = new VirtualWorld(1000);
    const seen: string[] = [];
    world.in(20, 'b', () => void seen.push(`b at ${world.now()}`));
    world.in(10, 'a', async () => {
      await settle();
      seen.push(`a at ${world.now()}`);
      world.in(10, 'c', () => void seen.push(`c at ${world.now()}`));
    });
    const cancel = world.in(15, 'never', () => void seen.push('never'));
    cancel();
    await world.run(2000, () => {});
    expect(seen).toEqual(['a at 1010', 'b at 1020', 'c at 1020']);
    expect(world.now()).toBe(2000);
  });
});
