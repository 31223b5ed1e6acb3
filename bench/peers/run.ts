import '../../scripts/require-modern-node.ts';
import { parseArgs } from 'node:util';
import { readTruth } from './answers.ts';
import { bundleAdapters } from './bundle-adapters.ts';
import { CHANGES } from './data.ts';
import { type Engine, engines } from './engines.ts';
import { chromiumMissing, installPackages } from './equipment.ts';
import { type Figures, runEngine } from './run-engine.ts';
import { mediansOf, print, type Row } from './table.ts';

// Our core beside what else one could build on: the same tickets, each engine in processes of its own, its answers checked.

const usage = `npm run bench:peers -- [options]
  --size N     tickets, 100 or more (default 5000; 10000 and 100000 are what docs/performance.md speaks of)
  --runs N     of each engine; the middle one counts (default 3)
  --only A,B   of ${engines.map((e) => e.name).join(', ')}
  --json       one object with all runs instead of the table`;

function readArguments(): { size: number; runs: number; json: boolean; chosen: readonly Engine[]; asked: boolean } {
  const { values } = parseArgs({
    options: {
      size: { type: 'string', default: '5000' },
      runs: { type: 'string', default: '3' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'size' | 'runs', least: number): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} must be a whole number from ${least}`);
    return value;
  };
  const chosen = values.only?.split(',').map((name) => {
    const engine = engines.find((e) => e.name === name.trim());
    if (engine === undefined) throw new Error(`There is no engine "${name}"`);
    return engine;
  });
  return { size: whole('size', 100), runs: whole('runs', 1), json: values.json, chosen: chosen ?? engines, asked: chosen !== undefined };
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Those that can run here; says which ones cannot, and why. @throws Error if they were asked for by name */
function ready(chosen: readonly Engine[], asked: boolean): readonly Engine[] {
  if (chosen.some((e) => e.needs !== 'nothing')) installPackages(say);
  const missing = chosen.some((e) => e.needs === 'chromium') ? chromiumMissing() : null;
  if (missing === null) return chosen;
  const without = chosen.filter((e) => e.needs === 'chromium');
  if (asked) throw new Error(missing);
  say(`Left out: ${without.map((e) => e.title).join(' and ')}. ${missing}`);
  return chosen.filter((e) => e.needs !== 'chromium');
}

async function main(): Promise<boolean> {
  const { asked, chosen, json, runs, size } = readArguments();
  const running = ready(chosen, asked);
  const bundles = await bundleAdapters(running);
  const truth = readTruth(size);
  const rows: Row[] = [];
  const all: Record<string, Figures[]> = {};
  const failed: string[] = [];
  for (const engine of running) {
    const figures: Figures[] = [];
    try {
      for (let run = 1; run <= runs; run += 1) {
        say(`${engine.title}, run ${run} of ${runs}`);
        figures.push(await runEngine(engine, { size, actions: CHANGES, truth, bundles }));
      }
      rows.push({ engine, medians: mediansOf(figures) });
      all[engine.name] = figures;
    } catch (error) {
      failed.push(engine.name);
      say(`${engine.title} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  bundles.remove();
  const medians = Object.fromEntries(rows.map((row) => [row.engine.name, row.medians]));
  process.stdout.write(json ? `${JSON.stringify({ size, runs, medians, all, failed })}\n` : `${print(rows)}\n`);
  if (failed.length > 0) say(`Failed: ${failed.join(', ')}`);
  return failed.length === 0;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  say(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
