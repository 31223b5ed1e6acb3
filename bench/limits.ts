import { readTruth } from './peers/answers.ts';
import { bundleAdapters } from './peers/bundle-adapters.ts';
import { CHANGES, COMMON, RARE } from './peers/data.ts';
import { engines } from './peers/engines.ts';
import { type Figures, runEngine } from './peers/run-engine.ts';
import { aligned, type Figure } from './figures.ts';

// Whether the limits are limits: beside the harness's own raw adapter, which has nothing to do with our tables.

/** Slower than that, and a ratio to the limit would flatter us. */
const APART = 1.15;

interface Path {
  /** The figure whose limit is looked at. */
  readonly name: string;
  /** With durable saves. */
  readonly full: boolean;
  read(figures: Figures): number;
  /** What the limit does more than the adapter. */
  readonly more: string;
}

const rowsMore = 'cipher, customers and callbacks as rows of their own, more indexes, sounds';
const paths: readonly Path[] = [
  { name: 'firstSync.time', full: false, read: (f) => f.firstSync, more: rowsMore },
  { name: 'delta.median', full: false, read: (f) => f.delta, more: `${rowsMore}, fsync` },
  { name: 'action.create.p50', full: true, read: (f) => f.save.p50, more: `${rowsMore}, an event, the server's versions` },
  { name: 'action.create.p99', full: true, read: (f) => f.save.p99, more: `${rowsMore}, an event, the server's versions` },
  { name: 'drain.client', full: false, read: (f) => f.push, more: 'pulls what the server made of them; its work is left out' },
  { name: 'list.p50', full: false, read: (f) => f.list.p50, more: 'customers joined, the four parts counted' },
  { name: 'buckets.mine.p50', full: false, read: (f) => f.counts.p50, more: 'callbacks in a table of their own, and what is overdue' },
  { name: `search.list.${RARE}.p50`, full: false, read: (f) => f.search.rare.p50, more: 'customers joined' },
  { name: `search.list.${COMMON}.p50`, full: false, read: (f) => f.search.common.p50, more: 'customers joined' },
];

export interface Beside {
  readonly name: string;
  /** ms. */
  readonly limit: number;
  readonly adapter: number;
  readonly times: number;
  readonly within: boolean;
  readonly more: string;
}

/** @param figures of the same size */
export async function besideAdapter(figures: readonly Figure[], size: number, say: (line: string) => void): Promise<Beside[]> {
  const raw = engines.filter((engine) => engine.name === 'raw' || engine.name === 'raw-full');
  const bundles = await bundleAdapters(raw);
  const measured = new Map<boolean, Figures>();
  try {
    const truth = readTruth(size);
    for (const engine of raw) {
      say(`${engine.title}, by the harness of the peers`);
      measured.set(engine.name === 'raw-full', await runEngine(engine, { size, actions: CHANGES, truth, bundles }));
    }
  } finally {
    bundles.remove();
  }
  return paths.flatMap(({ full, more, name, read }) => {
    const limit = figures.find((f) => f.name === name)?.limit ?? null;
    if (limit === null) return [];
    const adapter = read(measured.get(full)!);
    return [{ name, limit, adapter, times: limit / adapter, within: limit / adapter <= APART, more }];
  });
}

export const limitsTable = (beside: readonly Beside[]): string =>
  aligned([
    ['limit, ms', 'ours', 'adapter', '×', '', 'what the limit does more'],
    ...beside.map(({ adapter, limit, more, name, times, within }) => [
      name,
      limit.toPrecision(3),
      adapter.toPrecision(3),
      times.toFixed(2),
      within ? 'within 15 %' : 'APART',
      more,
    ]),
  ]);
