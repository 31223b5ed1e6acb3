import '../../scripts/require-modern-node.ts';
import { randomInt } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../scripts/run-command.ts';
import { countFrom } from './arguments.ts';

// npm run properties -- --rounds N: all tests that are held to made-up examples, each round with other ones.

const rounds = countFrom('rounds', 10);
const root = join(import.meta.dirname, '../..');
const tests = globSync('{shared,db,core,server,electron,tests}/**/*.test.ts', { cwd: root }).filter((file) =>
  readFileSync(join(root, file), 'utf8').includes("support/fast-check.ts'"),
);
// The server's is one of many suites in a file.
const runs = [tests, ['tests/integration/server/pglite.test.ts', '-t', 'R20']];

let failed = 0;
for (let i = 0; i < rounds; i += 1) {
  const seed = String(randomInt(2 ** 31));
  process.env['ZUOXI_EXAMPLES'] = seed;
  let held = true;
  for (const run of runs) {
    const { code, output } = await runCommand('vitest', ['run', '--reporter=dot', ...run], false);
    if (code === 0) continue;
    held = false;
    process.stdout.write(`${output}\nagain: ZUOXI_EXAMPLES=${seed} npx vitest run ${run.join(' ')}\n`);
  }
  if (!held) failed += 1;
}
process.stdout.write(`properties: ${rounds} rounds of ${tests.length + 1} files, ${failed} failed\n`);
process.exitCode = failed === 0 && tests.length > 0 ? 0 : 1;
