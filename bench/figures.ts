import { type Goal, GOALS_SIZE, goalOf } from './goals.ts';
import { median } from './peers/timing.ts';
import type { Kept, Measured } from './stage.ts';

/** One line of the result. */
export interface Figure extends Goal {
  readonly name: string;
  readonly value: number;
  /** What tuned raw code took for the same in the same run; null: there is none. */
  readonly limit: number | null;
  /** `value` by `limit`. */
  readonly times: number | null;
  /** null: there is no such goal, or it does not speak of this size. */
  readonly holds: { readonly most: boolean | null; readonly ratio: boolean | null };
  /** null: it does not touch the cache, or does not say. */
  readonly kept: Kept | null;
}

const round = (n: number): number => Number(n.toPrecision(4));

/** @param size how many tickets there were */
export function toFigure({ limit, name, value }: Measured, kept: Kept | null, size: number): Figure {
  const goal = goalOf(name);
  const times = limit === null || limit === 0 ? null : value / limit;
  // Fast and not durable, or not encrypted, is no goal reached.
  const honest = kept === null || (kept.durable && kept.encrypted);
  return {
    name,
    ...goal,
    value: round(value),
    limit: limit === null ? null : round(limit),
    times: times === null ? null : round(times),
    holds: {
      most: goal.most === null || size > GOALS_SIZE ? null : honest && value <= goal.most,
      ratio: goal.ratio === null || times === null ? null : honest && times <= goal.ratio,
    },
    kept,
  };
}

/** The middle of some runs of the same suite, name by name. */
export function mediansOf(runs: readonly (readonly Measured[])[]): Measured[] {
  const [first = []] = runs;
  return first.map(({ name }, i) => {
    const limits = runs.flatMap((run) => run[i]!.limit ?? []);
    return { name, value: median(runs.map((run) => run[i]!.value)), limit: limits.length === 0 ? null : median(limits) };
  });
}

const number = (n: number | null): string => {
  if (n === null) return '–';
  return n >= 100 || Number.isInteger(n) ? Math.round(n).toLocaleString('en') : n.toPrecision(3);
};
const verdict = (holds: boolean | null): string => (holds === null ? '' : holds ? 'holds' : 'MISSED');
const keptText = (kept: Kept | null): string =>
  kept === null ? '' : `${kept.durable ? 'FULL' : 'NOT DURABLE'}, ${kept.encrypted ? 'encrypted' : 'NOT ENCRYPTED'}, ${kept.memory} MB`;

export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One line a figure. */
export const table = (figures: readonly Figure[]): string =>
  aligned([
    ['', '', 'value', 'limit', '×', 'goal', '', '× goal', '', 'kept'],
    ...figures.map(({ holds, kept, limit, most, name, ratio, times, unit, value }) => [
      name,
      unit,
      number(value),
      number(limit),
      number(times),
      most === null ? '–' : `≤ ${number(most)}`,
      verdict(holds.most),
      ratio === null ? '–' : `≤ ${ratio}`,
      verdict(holds.ratio),
      keptText(kept),
    ]),
  ]);

/** Figures of sizes, smallest first, and by how much each is more than at the size before. */
export function growth(sizes: readonly number[], bySize: readonly (readonly Figure[])[]): Grown[] {
  return bySize[0]!.map(({ name, unit }) => {
    const found = bySize.map((figures) => figures.find((f) => f.name === name));
    const factors = (values: readonly (number | null | undefined)[]): (number | null)[] =>
      values.slice(1).map((value, i) => {
        const before = values[i];
        return value == null || before == null || before === 0 ? null : round(value / before);
      });
    return {
      name,
      unit,
      values: found.map((f) => f?.value ?? null),
      factors: factors(found.map((f) => f?.value)),
      limitFactors: factors(found.map((f) => f?.limit)),
      holds: held(name, sizes, found),
    };
  });
}

export interface Grown {
  readonly name: string;
  readonly unit: Goal['unit'];
  /** One a size. */
  readonly values: readonly (number | null)[];
  /** From each size to the next. */
  readonly factors: readonly (number | null)[];
  readonly limitFactors: readonly (number | null)[];
  /** Whether at more than 100,000 tickets it is within twice of what it is there; null: not asked, or not to be told from these sizes. */
  readonly holds: boolean | null;
}

const GROWTH = 2;

function held(name: string, sizes: readonly number[], found: readonly (Figure | undefined)[]): boolean | null {
  const base = found[sizes.indexOf(GOALS_SIZE)];
  const beyond = found.filter((figure, i) => figure !== undefined && sizes[i]! > GOALS_SIZE) as Figure[];
  // Of the first sync only how long it keeps others waiting is asked; hits are no speed.
  const asked = goalOf(name).most !== null && (!name.startsWith('firstSync.') || name === 'firstSync.latest');
  if (!asked || base === undefined || beyond.length === 0) return null;
  return beyond.every(({ value }) => value <= base.value * GROWTH);
}

export const growthTable = (sizes: readonly number[], grown: readonly Grown[]): string =>
  aligned([
    [
      '',
      '',
      ...sizes.map((size) => size.toLocaleString('en')),
      ...sizes.slice(1).map(() => '×'),
      ...sizes.slice(1).map(() => 'limit ×'),
      'goal ≤ 2',
    ],
    ...grown.map(({ factors, holds, limitFactors, name, unit, values }) => [
      name,
      unit,
      ...[...values, ...factors, ...limitFactors].map(number),
      verdict(holds),
    ]),
  ]);
