/** Milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** @param part 0 to 1 @returns the value below which this part of them lies @throws RangeError if there are none */
export function percentile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}
export const median = (values: readonly number[]): number => percentile(values, 0.5);
export const spreadOf = (values: readonly number[]): Spread => ({ p50: median(values), p99: percentile(values, 0.99) });

export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs `work` so often, or for so long; slow engines at least three times. @param budget ms @returns ms of each run */
export async function times(count: number, budget: number, work: (i: number) => unknown): Promise<number[]> {
  const taken: number[] = [];
  const end = performance.now() + budget;
  for (let i = 0; i < count && (i < 3 || performance.now() < end); i += 1) {
    const start = performance.now();
    const answer = work(i);
    // Awaiting what is no promise would cost a turn of the loop; not all promises are the platform's own.
    if (isPromise(answer)) await answer;
    taken.push(performance.now() - start);
  }
  return taken;
}

export const spread = async (count: number, budget: number, work: (i: number) => unknown): Promise<Spread> =>
  spreadOf(await times(count, budget, work));

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
