import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { appEnvironment } from '../../tests/support/desktop/app-driver.ts';
import { type Figure, figure, type Outcome, quantile } from '../server/figures.ts';
import { type Started, startBare } from './bare-start.ts';
import type { Devtools } from './devtools.ts';
import type { Stage } from './stage.ts';

/** A row of the first list, with its text. */
export const FIRST_ROW = 'main [data-testid^="row-"]';
const median = (values: readonly number[]): number => quantile(values, 0.5);

/** A start of the app as a person's, or of the bare window with an empty page. */
export function startHere(
  stage: Stage,
  what: 'app' | 'empty',
  more: { readonly env?: NodeJS.ProcessEnv; readonly onConnected?: (devtools: Devtools) => void } = {},
): Promise<Started> {
  const { args, appDir, bareDir, dataDir, desktop } = stage;
  const isApp = what === 'app';
  const data = isApp ? dataDir : path.join(desktop.folder, 'empty');
  const own = isApp ? [appDir] : [bareDir, `file://${path.join(bareDir, 'empty.html')}`];
  return startBare({
    executable: desktop.runtime.executable,
    args: [...desktop.runtime.args, `--user-data-dir=${data}`, '--remote-debugging-port=0', ...args, ...own],
    env: appEnvironment(desktop.display.env, stage.env(more.env)),
    selector: isApp ? FIRST_ROW : 'body',
    ...(more.onConnected && { onConnected: more.onConnected }),
  });
}

/** Process start to first list, beside an empty window of the same runtime, in pairs. @param pairs after one that warms up */
export async function measureStart(stage: Stage, pairs: number): Promise<Outcome> {
  const faults: string[] = [];
  const app: Started[] = [];
  const empty: Started[] = [];
  for (let pair = -1; pair < pairs; pair += 1) {
    const bare = await startHere(stage, 'empty');
    await bare.stop();
    const started = await startHere(stage, 'app');
    const total = await started.evaluate(`document.querySelectorAll(${JSON.stringify(FIRST_ROW)}).length`);
    await started.stop();
    if (total === 0) faults.push('the first list was gone again');
    if (pair < 0) continue;
    empty.push(bare);
    app.push(started);
  }
  const cores = (await coreStarts(stage.dataDir)).slice(-pairs);
  const ratios = app.map(({ painted }, i) => painted / empty[i]!.painted);
  const middle = (of: readonly Started[], value: (one: Started) => number | null): Figure =>
    figure(median(of.map(value).filter((ms) => ms !== null)), 'ms');
  return {
    figures: {
      'empty window, its page is asked for, p50': middle(empty, (s) => s.begun),
      'empty window, first frame, p50': middle(empty, (s) => s.painted),
      'app, its page is asked for, p50': middle(app, (s) => s.begun),
      'app, first paint, p50': middle(app, (s) => s.firstPaint),
      'app, first list, p50': middle(app, (s) => s.painted),
      'app, first list, worst': figure(Math.max(...app.map((s) => s.painted)), 'ms'),
      'app, core until it is ready, p50': figure(median(cores), 'ms'),
      'first list beside an empty window': figure(median(ratios), '×', 1.5),
    },
    faults,
  };
}

/** How long the core took at each start, ms, as the log says. */
async function coreStarts(dataDir: string): Promise<number[]> {
  const text = await readFile(path.join(dataDir, 'logs', 'main.log'), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; ms?: number });
  return lines.filter(({ event }) => event === 'core-ready').map(({ ms }) => ms ?? 0);
}
