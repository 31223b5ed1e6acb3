import '../../scripts/require-modern-node.ts';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../scripts/run-command.ts';

// npm run soak: every harness at its full count, one after the other; what each said goes, with the date, into the document.

const document = join(import.meta.dirname, '../../docs/reliability.md');
const [START, END] = ['<!-- soak:start -->', '<!-- soak:end -->'];

const runs: readonly (readonly [script: string, ...args: string[]])[] = [
  ['crash', '--kills', '1000'],
  ['power', '--points', '20000'],
  ['disk', '--points', '500'],
  ['corruption', '--damages', '1000'],
  ['simulate:reminders', '--seeds', '10000'],
  ['simulate', '--seeds', '10000', '--bugs', 'all'],
];

let failed = 0;
const lines: string[] = [];
for (const [script, ...args] of runs) {
  const { code, output } = await runCommand('npm', ['run', '--silent', script, '--', ...args], false);
  const said = output.trim().split('\n').at(-1) ?? '';
  const line = code === 0 ? said : `${script} FAILED: ${said}`;
  if (code !== 0) failed += 1;
  lines.push(`- ${new Date().toISOString().slice(0, 10)} \`${script} ${args.join(' ')}\`: ${line}`);
}
if (existsSync(document)) {
  const text = readFileSync(document, 'utf8');
  const [before, rest] = [text.indexOf(START), text.indexOf(END)];
  if (before >= 0 && rest > before)
    writeFileSync(document, `${text.slice(0, before + START.length)}\n${lines.join('\n')}\n${text.slice(rest)}`);
}
process.stdout.write(`${lines.join('\n')}\nsoak: ${runs.length - failed} of ${runs.length} passed\n`);
process.exitCode = failed === 0 ? 0 : 1;
