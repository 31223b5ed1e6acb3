import type { Engine } from './engines.ts';
import type { Figures } from './run-engine.ts';
import { median } from './timing.ts';

/** One value of a run; null: the engine has none. Milliseconds, but for `memory` and `disk` (MB). */
type Read = (figures: Figures) => number | null;

export const values = {
  firstSync: (f) => f.firstSync,
  memory: (f) => f.memory.synced,
  delta: (f) => f.delta,
  saveP50: (f) => f.save.p50,
  saveP99: (f) => f.save.p99,
  push: (f) => f.push,
  accepted: (f) => f.accepted,
  listP50: (f) => f.list.p50,
  listP99: (f) => f.list.p99,
  counts: (f) => f.counts.p50,
  searchRare: (f) => f.search.rare.p50,
  searchCommon: (f) => f.search.common.p50,
  paletteRare: (f) => f.palette?.rare.p50 ?? null,
  paletteCommon: (f) => f.palette?.common.p50 ?? null,
  open: (f) => f.reopen,
  disk: (f) => f.disk,
  requests: (f) => f.requests,
  memoryAtStart: (f) => f.memory.start,
} as const satisfies Readonly<Record<string, Read>>;
export type Medians = Readonly<Record<keyof typeof values, number | null>>;

/** The middle of some runs of one engine. */
export const mediansOf = (runs: readonly Figures[]): Medians =>
  Object.fromEntries(
    Object.entries(values).map(([name, read]) => {
      const all = runs.map(read).filter((value) => value !== null);
      return [name, all.length === 0 ? null : median(all)];
    }),
  ) as Medians;

const ms = (value: number | null): string => {
  if (value === null) return '–';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
};

const tableColumns: readonly (readonly [heading: string, cell: (m: Medians) => string])[] = [
  ['first sync', (m) => ms(m.firstSync)],
  ['memory MB', (m) => ms(m.memory)],
  ['delta', (m) => ms(m.delta)],
  ['save p50/p99', (m) => `${ms(m.saveP50)}/${ms(m.saveP99)}`],
  ['push', (m) => ms(m.push)],
  ['list p50/p99', (m) => `${ms(m.listP50)}/${ms(m.listP99)}`],
  ['six counts', (m) => ms(m.counts)],
  ['search rare/common', (m) => `${ms(m.searchRare)}/${ms(m.searchCommon)}`],
  ['open → list', (m) => ms(m.open)],
];

export interface Row {
  readonly engine: Engine;
  readonly medians: Medians;
}

/** The table, and what each row of it leaves out. */
export function print(rows: readonly Row[]): string {
  const cells = [
    ['ms', ...tableColumns.map(([heading]) => heading)],
    ...rows.map(({ engine, medians }) => [engine.title, ...tableColumns.map(([, cell]) => cell(medians))]),
  ];
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const lines = cells.map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '));
  const notes = rows.map(({ engine }) => `  ${engine.title}: ${engine.leavesOut}`);
  return [...lines, '', 'What each leaves out:', ...notes].join('\n');
}
