import './require-modern-node.ts';
import { buildApp, isStale } from './build.ts';
import { runChecks } from './check.ts';
import { runCommand } from './run-command.ts';
import { resolveRuntime } from './runtime.ts';
import { ensureDesktopPackages } from './system-packages.ts';
import { runVitest } from './vitest-results.ts';

// npm test: source checks, all tests, and the tour; on a bare Debian machine it installs what is missing when it is root.

const title = (text: string): void => void process.stdout.write(`\n── ${text}\n`);

async function main(): Promise<number> {
  ensureDesktopPackages();
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
  title('tour');
  const tour = await runCommand(process.execPath, ['scripts/start.ts', '--tour'], false);
  process.stdout.write(tour.output);
  const counts = /tour: (\d+) steps ok, (\d+) failed/.exec(tour.output);
  passed += Number(counts?.[1] ?? 0);
  failed += counts === null ? 1 : Math.max(Number(counts[2]), tour.code === 0 ? 0 : 1);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
