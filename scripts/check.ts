import './require-modern-node.ts';
import { runCommand } from './run-command.ts';

interface Check {
  readonly name: string;
  readonly tool: string;
  readonly args: readonly string[];
}

const environments = ['shared', 'server', 'core', 'electron', 'renderer', 'tests'];

const checks: readonly Check[] = [
  ...environments.map((name) => ({ name: `types in ${name}`, tool: 'tsc', args: ['-p', name] })),
  { name: 'lint', tool: 'oxlint', args: ['--deny-warnings'] },
  { name: 'format', tool: 'oxfmt', args: ['--check', '.'] },
  { name: 'dead code', tool: 'knip', args: ['--no-progress'] },
  { name: 'what comes from others', tool: 'node', args: ['scripts/supply/run.ts'] },
];

/** Everything that can be said of the source without running it. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  let failed = 0;
  const left = [...checks];
  const lane = async (): Promise<void> => {
    for (let check = left.shift(); check !== undefined; check = left.shift()) {
      const { code, output } = await runCommand(check.tool, check.args, false);
      process.stdout.write(code === 0 ? `  ✓ ${check.name}\n` : `  ✗ ${check.name}\n${output.trimEnd()}\n`);
      if (code !== 0) failed += 1;
    }
  };
  // Each of them takes one processor.
  await Promise.all([lane(), lane()]);
  return { passed: checks.length - failed, failed };
}

if (import.meta.main) {
  const { passed, failed } = await runChecks();
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
