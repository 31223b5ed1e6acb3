import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from './own-process.ts';
import { runCommand } from './run-command.ts';

export interface TestResult {
  readonly file: string;
  /** Groups and title, joined by spaces. */
  readonly name: string;
  readonly passed: boolean;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const resultFile = path.join(projectRoot, 'out', 'test-results.json');

/** Runs the tests of some projects of vitest.config.ts, or of all, and says what became of each. */
export async function runVitest(projects: readonly string[], quiet = false): Promise<TestResult[]> {
  const flags = projects.flatMap((p) => ['--project', p]);
  const reporters = quiet ? ['--reporter=json'] : ['--reporter=default', '--reporter=json'];
  const { code } = await runCommand('vitest', ['run', ...flags, ...reporters, `--outputFile.json=${resultFile}`], !quiet);
  const report = JSON.parse(await readFile(resultFile, 'utf8')) as Report;
  const results = report.testResults.flatMap((file) => {
    const name = path.relative(projectRoot, file.name);
    const tests = file.assertionResults.map((t) => ({ file: name, name: t.fullName, passed: t.status === 'passed' }));
    // A file that did not load, or a hook that failed, has no test of its own to show it.
    const broken = file.status === 'failed' && tests.every((t) => t.passed);
    return broken ? [...tests, { file: name, name: `${name} as a whole`, passed: false }] : tests;
  });
  // Errors outside of tests fail the run as well.
  if (code !== 0 && results.every((r) => r.passed)) results.push({ file: '', name: 'the run as a whole', passed: false });
  return results;
}
