import '../../scripts/require-modern-node.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../scripts/run-command.ts';

// npm run soak [-- NAME …]: every harness, or some, at full count, one after the other; what each said goes, with the date,
// into the document.

const document = join(import.meta.dirname, '../../docs/reliability.md');
const [START, END] = ['<!-- soak:start -->', '<!-- soak:end -->'];

const runs: readonly (readonly [script: string, ...args: string[]])[] = [
  ['crash', '--kills', '1000'],
  ['power', '--points', '20000'],
  ['disk', '--points', '500'],
  ['corruption', '--damages', '1000'],
  ['properties', '--rounds', '20'],
  ['attacks', '--rows', '6700', '--races', '1000', '--sequences', '10000'],
  ['week', '--days', '30', '--bugs', 'all'],
  ['renderer-kills', '--kills', '100'],
  ['simulate:reminders', '--seeds', '10000'],
  ['simulate', '--seeds', '10000', '--bugs', 'all'],
];

/** Lines of the last soak by their command; those that are not run now stay. */
const text = readFileSync(document, 'utf8');
const [before, after] = [text.indexOf(START) + START.length, text.indexOf(END)];
const commandOf = (line: string): string => /`([\w:-]+) /.exec(line)?.[1] ?? '';
const said = new Map(
  text
    .slice(before, after)
    .split('\n')
    .map((line) => [commandOf(line), line]),
);

let failed = 0;
const wanted = process.argv.slice(2);
const chosen = runs.filter(([script]) => wanted.length === 0 || wanted.includes(script));
for (const [script, ...args] of chosen) {
  const { code, output } = await runCommand('npm', ['run', '--silent', script, '--', ...args], false);
  const last = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0) {
    failed += 1;
    process.stdout.write(output);
  }
  const line = `- ${new Date().toISOString().slice(0, 10)} \`${script} ${args.join(' ')}\`: ${code === 0 ? last : `FAILED: ${last}`}`;
  process.stdout.write(`${line}\n`);
  said.set(script, line);
  // After each: a soak that is cut short has said what it knows.
  const lines = runs.flatMap(([name]) => said.get(name) ?? []);
  writeFileSync(document, `${text.slice(0, before)}\n${lines.join('\n')}\n${text.slice(after)}`);
}
process.stdout.write(`soak: ${chosen.length - failed} of ${chosen.length} passed\n`);
process.exitCode = failed === 0 && chosen.length > 0 ? 0 : 1;
