/** One measured value beside the limit of the same run. */
export interface Measured {
  readonly value: number;
  readonly unit: 'ms';
  /** What tuned raw code needs for the same rows; null where there is none. */
  readonly limit: number | null;
  readonly ratio: number | null;
  /** The ratio that docs set as the goal; null: none. */
  readonly goal: number | null;
}

const round = (n: number): number => Math.round(n * 1000) / 1000;

export const measured = (value: number, limit: number | null = null, goal: number | null = null): Measured => ({
  value: round(value),
  unit: 'ms',
  limit: limit === null ? null : round(limit),
  ratio: limit === null ? null : round(value / limit),
  goal,
});

export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

const at = (sorted: readonly number[], part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;

/** Runs `work` again and again, the first tenth unmeasured. */
export async function spread(times: number, work: (i: number) => unknown): Promise<Spread> {
  const taken: number[] = [];
  for (let i = -Math.ceil(times / 10); i < times; i += 1) {
    const start = performance.now();
    await work(i);
    if (i >= 0) taken.push(performance.now() - start);
  }
  taken.sort((a, b) => a - b);
  return { p50: at(taken, 0.5), p99: at(taken, 0.99) };
}

/** The middle of a few runs. */
export async function median(times: number, work: (i: number) => Promise<number> | number): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < times; i += 1) taken.push(await work(i));
  return at(
    taken.sort((a, b) => a - b),
    0.5,
  );
}

export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function table(results: Readonly<Record<string, Measured>>): string {
  const cell = (n: number | null): string => (n === null ? '–' : n < 10 ? n.toFixed(3) : n.toFixed(1));
  const rows = Object.entries(results).map(([name, m]) => [
    name,
    cell(m.value),
    cell(m.limit),
    m.ratio === null ? '–' : m.ratio.toFixed(2),
    m.goal === null ? '–' : String(m.goal),
  ]);
  const all = [['', 'ms', 'limit', 'ratio', 'goal'], ...rows];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((r) => r[i]!.length)));
  return all.map((r) => r.map((c, i) => (i === 0 ? c.padEnd(widths[i]!) : c.padStart(widths[i]!))).join('  ')).join('\n');
}
