/** One measured value; it holds or misses its goal, if it has one. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  /** The most that it may be; null: none is set. */
  readonly goal: number | null;
  readonly holds: boolean | null;
}
export type Figures = Readonly<Record<string, Figure>>;

const round = (n: number): number => (n < 10 ? Math.round(n * 100) / 100 : Math.round(n * 10) / 10);

export const figure = (value: number, unit: string, goal: number | null = null): Figure => ({
  value: round(value),
  unit,
  goal,
  holds: goal === null ? null : value <= goal,
});

/** The value below which this part of them lies, 0 to 1; 0 for none at all. */
export const quantile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
};

/** What was measured of one part on one database, and what was wrong in it. */
export interface Outcome {
  readonly figures: Figures;
  /** Sentences. Slowness is none of them. */
  readonly faults: readonly string[];
}

/** One line a figure. */
export function table(outcomes: Readonly<Record<string, Outcome>>): string {
  const rows = Object.entries(outcomes).flatMap(([name, { figures }]) =>
    Object.entries(figures).map(([key, f]) => [
      name,
      key,
      String(f.value),
      f.unit,
      f.goal === null ? '–' : `≤ ${f.goal}`,
      f.holds === null ? '' : f.holds ? 'holds' : 'MISSED',
    ]),
  );
  const all = [['', '', 'value', '', 'goal', ''], ...rows];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((r) => r[i]!.length)));
  const lines = all.map((r) =>
    r
      .map((c, i) => (i === 2 ? c.padStart(widths[i]!) : c.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  const faults = Object.entries(outcomes).flatMap(([name, o]) => o.faults.map((fault) => `WRONG ${name}: ${fault}`));
  return [...lines, ...faults].join('\n');
}
