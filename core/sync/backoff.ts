const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * How long to wait before the next attempt: doubles up to 30 s, with full jitter so that a room of desks does not come
 * back in step; never sooner than the server asked.
 * @param random from 0 to 1.
 * @returns whole milliseconds: a fraction is lost when it is added to a time, and the wait then seems longer than itself
 */
export function backoff(failures: number, random: number, retryAfter: number | null): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  const wait = ceiling / 2 + (ceiling / 2) * random;
  return Math.ceil(retryAfter === null ? wait : Math.max(wait, retryAfter + 1000 * random));
}
