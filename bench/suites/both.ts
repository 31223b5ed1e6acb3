import { type Spread, spreadOf, times } from '../peers/timing.ts';
import type { Measured, Stage } from '../stage.ts';

/** Not longer than this for one figure, however slow it is; ms. */
const BUDGET_MS = 4000;

export const figures = (name: string, ours: Spread, limit: Spread | null): Measured[] => [
  { name: `${name}.p50`, value: ours.p50, limit: limit?.p50 ?? null },
  { name: `${name}.p99`, value: ours.p99, limit: limit?.p99 ?? null },
];

/** Ms of many runs, after a tenth of them unmeasured. */
export async function warmTimes(count: number, work: (i: number) => unknown): Promise<number[]> {
  await times(Math.ceil(count / 10), BUDGET_MS / 10, work);
  return times(count, BUDGET_MS, work);
}

/** Something that is asked again and again, and the limit's way of it. @param limit null: there is none, or it is not wanted */
export async function compare(
  stage: Stage,
  name: string,
  count: number,
  ours: (i: number) => unknown,
  limit: ((i: number) => unknown) | null,
): Promise<Measured[]> {
  const runs = stage.runs(count);
  const theirs = limit === null ? null : spreadOf(await warmTimes(runs, limit));
  return figures(name, spreadOf(await stage.ours(() => warmTimes(runs, ours))), theirs);
}
