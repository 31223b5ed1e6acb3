import '../../scripts/require-modern-node.ts';
import { runCommand } from '../../scripts/run-command.ts';
import { countFrom } from './arguments.ts';

// npm run attacks: what the test command tries with few, with many: made-up texts in every place of the real window, three
// of each row; races between what is asked and the loss of the right to it; sequences of refresh tokens against the server.

const rows = countFrom('rows', 6700);
const races = countFrom('races', 1000);
const sequences = countFrom('sequences', 10_000);

const runs = [
  { file: 'tests/e2e/hostile-text.test.ts', env: { ZUOXI_HOSTILE_ROWS: String(rows) } },
  { file: 'tests/integration/server/cut.test.ts', env: { ZUOXI_RACES: String(races) } },
  { file: 'tests/integration/server/tokens.test.ts', env: { ZUOXI_SEQUENCES: String(sequences) } },
];

let failed = 0;
for (const { file, env } of runs) {
  Object.assign(process.env, env);
  const { code, output } = await runCommand('vitest', ['run', '--reporter=dot', file], false);
  if (code === 0) continue;
  failed += 1;
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  process.stdout.write(`${output}\nagain: ${settings.join(' ')} npx vitest run ${file}\n`);
}
process.stdout.write(
  `attacks: ${3 * rows} hostile texts, ${races} races of each kind, ${sequences} sequences of tokens, ${failed} of ${runs.length} failed\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
