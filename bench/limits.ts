import { readTruth } from './peers/answers.ts';
import { bundleAdapters } from './peers/bundle-adapters.ts';
import { CHANGES } from './peers/data.ts';
import { type Engine, engines } from './peers/engines.ts';
import { runEngine } from './peers/run-engine.ts';
import { mediansOf, type Medians } from './peers/table.ts';
import { aligned } from './figures.ts';

// Whether the limits are limits: beside other raw code that does the same work, in turn and by the harness of the peers, which
// checks every answer. And beside the harness's barest adapter, so that one sees what the work that is ours costs.

/** Slower than that, and a ratio to the limit would flatter us. */
const APART = 1.15;
const ROUNDS = 3;

const limit: Engine = {
  name: 'limit',
  title: 'the limit',
  adapter: 'limit.ts',
  server: 'servers/ours.ts',
  needs: 'nothing',
  sorts: true,
  leavesOut: 'validation, permissions, rebase',
};
const rowsMore = 'a cipher, fsync, customers and callbacks as rows of their own, four more indexes, sounds';
/** What is compared, and what the barest adapter does not do of it. */
const paths: readonly (readonly [name: keyof Medians, more: string])[] = [
  ['firstSync', rowsMore],
  ['delta', rowsMore],
  ['saveP50', `${rowsMore}, an event, what the server had, a command`],
  ['push', 'the server decides and answers with rows, which are pulled'],
  ['listP50', 'customers joined, four parts counted'],
  ['counts', 'callbacks in a table of their own, and what is overdue'],
  ['searchRare', 'customers joined'],
  ['searchCommon', 'customers joined'],
  ['open', ''],
];

export interface Beside {
  readonly name: string;
  /** ms, as are the others. */
  readonly limit: number;
  /** Raw code that does the same. */
  readonly same: number;
  /** `limit` by `same`. */
  readonly times: number;
  readonly within: boolean;
  /** The barest raw code, with fsync at a save. */
  readonly bare: number;
  readonly more: string;
}

/** @throws Error what failed, or whose answers are wrong */
export async function besideLimits(size: number, quick: boolean, say: (line: string) => void): Promise<Beside[]> {
  const named = (name: string): Engine => engines.find((engine) => engine.name === name)!;
  const turn = [limit, named('raw-whole'), named('raw-full')];
  const bundles = await bundleAdapters(turn);
  const runs = turn.map((): Awaited<ReturnType<typeof runEngine>>[] => []);
  try {
    const truth = readTruth(size);
    const rounds = quick ? 1 : ROUNDS;
    for (let round = 1; round <= rounds; round += 1) {
      for (const [i, engine] of turn.entries()) {
        say(`${size} tickets: ${engine.title}, ${round} of ${rounds}`);
        runs[i]!.push(await runEngine(engine, { size, actions: CHANGES, truth, bundles }));
      }
    }
  } finally {
    bundles.remove();
  }
  const [limits, same, bare] = runs.map((of) => mediansOf(of)) as [Medians, Medians, Medians];
  return paths.map(([name, more]) => {
    const times = limits[name]! / same[name]!;
    return { name, limit: limits[name]!, same: same[name]!, times, within: times <= APART, bare: bare[name]!, more };
  });
}

export const limitsTable = (beside: readonly Beside[]): string =>
  aligned([
    ['ms', 'limit', 'same work', '×', '', 'barest', 'what the barest does not do'],
    ...beside.map(({ bare, limit, more, name, same, times, within }) => [
      name,
      limit.toPrecision(3),
      same.toPrecision(3),
      times.toFixed(2),
      within ? 'within 15 %' : 'APART',
      bare.toPrecision(3),
      more,
    ]),
  ]);
