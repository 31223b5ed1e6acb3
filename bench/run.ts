import '../scripts/require-modern-node.ts';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, growth, growthTable, table } from './figures.ts';
import { type Options, readOptions, UsageError, usage } from './options.ts';
import { besideLimits, limitsTable } from './limits.ts';
import { measure } from './measure.ts';
import { bundledRunner, out, plainRunner, runProgram, startServer } from './processes.ts';
import { describe } from './profile.ts';
import { type Outcome, table as outcomesTable } from './server/figures.ts';

// One command for every goal of docs/performance.md, each beside the limit of the same run.

/** By part. */
type Outcomes = Readonly<Record<string, Outcome>>;

/** The server's clients are no tickets, and its sizes its own. */
const argumentsFor = {
  app: (size: number, quick: boolean) => ['--size', String(size), ...(quick ? ['--minutes', '0.2'] : [])],
  server: (_size: number, quick: boolean) => (quick ? ['--clients', '8', '--agents', '4', '--seconds', '3'] : []),
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (json: boolean, value: unknown, text: () => string): void =>
  void process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text()}\n`);

/** @returns whether all that ran did what it should; slowness is a finding and no fault */
async function main(options: Options, root: string): Promise<boolean> {
  if (options.profile !== null) return profileOf(options.profile, options, root);
  const { history, json, quick, sizes } = options;
  const bySize: Figure[][] = [];
  if (options.parts.size > 0) {
    const runner = await bundledRunner();
    try {
      for (const size of sizes) {
        const dir = join(root, String(size));
        mkdirSync(dir);
        bySize.push(await measure({ root: dir, size, history, quick, parts: options.parts, runner, say }));
        rmSync(dir, { recursive: true, force: true });
      }
    } finally {
      runner.remove();
    }
  }
  if (options.growth) {
    const grown = growth(sizes, bySize);
    print(json, { sizes, history, figures: Object.fromEntries(sizes.map((size, i) => [size, bySize[i]])), growth: grown }, () =>
      growthTable(sizes, grown),
    );
    return true;
  }
  const [figures = []] = bySize;
  const [size] = sizes;
  const beside = options.limits ? await besideLimits(size!, quick, say) : null;
  let ok = true;
  const outcomes: Record<string, Outcomes> = {};
  for (const name of options.programs) {
    say(`npm run bench:${name}`);
    const { answer, ok: fine } = runProgram(`${name}/run.ts`, argumentsFor[name](size!, quick));
    ok &&= fine;
    outcomes[name] = name === 'app' ? ((answer as { outcomes: Outcomes } | null)?.outcomes ?? {}) : ((answer as Outcomes | null) ?? {});
  }
  print(json, { size, history, figures, ...(beside !== null && { limits: beside }), ...outcomes }, () =>
    [
      ...(figures.length > 0 ? [table(figures)] : []),
      ...(beside === null ? [] : [limitsTable(beside)]),
      ...Object.values(outcomes).map((o) => outcomesTable(o)),
    ].join('\n\n'),
  );
  return ok;
}

/** Where the time of one suite goes. */
async function profileOf(name: string, { history, json, quick, sizes }: Options, root: string): Promise<boolean> {
  const [size] = sizes;
  const [rows, dir] = [join(root, 'server'), join(root, 'filled')];
  mkdirSync(rows);
  mkdirSync(dir);
  const server = await startServer(rows, size!, history);
  try {
    const job = { dir, url: server.url, size: size!, quick };
    const file = join(out, 'bench', `${name}.cpuprofile`);
    const suite = name === 'open' ? 'open-ours' : name;
    if (suite !== 'first-sync') await plainRunner.run({ ...job, suite: 'first-sync', profile: join(root, 'fill.cpuprofile') });
    const { shares } = await plainRunner.run({ ...job, suite, profile: file });
    print(json, { size, file, ...shares }, () => `${describe(shares!)}\n\nSaved out/bench/${name}.cpuprofile; a browser's tools open it.`);
    return true;
  } finally {
    server.stop();
  }
}

let root = '';
try {
  const options = readOptions(process.argv.slice(2));
  root = mkdtempSync(join(tmpdir(), 'zuoxi-bench-'));
  process.exitCode = (await main(options, root)) ? 0 : 1;
} catch (error) {
  const wrong = error instanceof UsageError;
  say(wrong ? `${error.message}\n\n${usage}` : error instanceof Error ? error.message : String(error));
  process.exitCode = wrong ? 2 : 1;
} finally {
  if (root !== '') rmSync(root, { recursive: true, force: true });
}
