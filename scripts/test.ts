import './require-modern-node.ts';
import { buildApp, isStale } from './build.ts';
import { runChecks } from './check.ts';
import { runCommand } from './run-command.ts';
import { resolveRuntime } from './runtime.ts';
import { ensureDesktopPackages, ensureTestPackages } from './system-packages.ts';
import { runVitest } from './vitest-results.ts';

// npm test: source checks, all tests, and the tour; on a bare Debian machine it installs what is missing when it is root.

type Command = readonly string[];

/**
 * What `npm run soak` does at full counts; each ends with a line of counts and fails if it falls short. Those that stand
 * together take one processor each and run side by side.
 */
const trouble: readonly (readonly Command[])[] = [
  [['tests/simulation/run.ts', '--seeds', '700', '--bugs', 'none']],
  [['tests/reminders/run.ts', '--seeds', '1000']],
  [
    ['tests/durability/crash.ts', '--kills', '100'],
    ['tests/week/run.ts', '--days', '7'],
  ],
  [['tests/durability/power.ts', '--points', '1000'], ['tests/durability/disk.ts']],
];
/** Beside the tour, most of which waits for a callback to fall due. */
const besideTour: Command = ['tests/durability/corruption.ts', '--damages', '200'];

/** @returns whether it held */
async function runTrouble(args: Command): Promise<boolean> {
  const { code, output } = await runCommand(process.execPath, [...args], false);
  process.stdout.write(`${code === 0 ? output.trim().split('\n').at(-1) : output}\n`);
  return code === 0;
}

const title = (text: string): void => void process.stdout.write(`\n── ${text}\n`);

async function main(): Promise<number> {
  ensureDesktopPackages();
  ensureTestPackages();
  await resolveRuntime();
  title('checks');
  let { passed, failed } = await runChecks();
  title('build');
  if (await isStale()) await buildApp();
  title('tests');
  const results = await runVitest([]);
  const good = results.filter((r) => r.passed).length;
  passed += good;
  failed += results.length - good;
  for (const r of results.filter((x) => !x.passed)) process.stdout.write(`  ✗ ${r.file}: ${r.name}\n`);
  title('trouble');
  const count = (held: readonly boolean[]): void => {
    passed += held.filter(Boolean).length;
    failed += held.filter((h) => !h).length;
  };
  // After the tests: beside them they would take the time from the windows, and find races instead of faults.
  for (const together of trouble) count(await Promise.all(together.map(runTrouble)));
  const touring = runCommand(process.execPath, ['scripts/start.ts', '--tour'], false);
  count([await runTrouble(besideTour)]);
  title('tour');
  const tour = await touring;
  process.stdout.write(tour.output);
  const counts = /tour: (\d+) steps ok, (\d+) failed/.exec(tour.output);
  passed += Number(counts?.[1] ?? 0);
  failed += counts === null ? 1 : Math.max(Number(counts[2]), tour.code === 0 ? 0 : 1);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
