/** Milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}
export const median = (values: readonly number[]): number => percentile(values, 0.5);

export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs `work` so often, or for so long; slow engines at least three times. @param budget ms */
export async function spread(times: number, budget: number, work: (i: number) => unknown): Promise<Spread> {
  const taken: number[] = [];
  const end = performance.now() + budget;
  for (let i = 0; i < times && (i < 3 || performance.now() < end); i += 1) {
    const start = performance.now();
    const answer = work(i);
    // Awaiting what is no promise would cost a turn of the loop; not all promises are the platform's own.
    if (isPromise(answer)) await answer;
    taken.push(performance.now() - start);
  }
  return { p50: median(taken), p99: percentile(taken, 0.99) };
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
