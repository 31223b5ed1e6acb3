import { fc } from '../../tests/support/fast-check.ts';
import { describe, expect, test } from 'vitest';
import { backoff } from './backoff.ts';

const chance = fc.double({ min: 0, max: 1, noNaN: true });

describe('the wait before the next attempt', () => {
  test('doubles from one second up to thirty', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 1000].map((n) => backoff(n, 1, null))).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(backoff(0, 1, null)).toBe(1000);
  });

  test('is spread over half of its length, so that a room of desks does not come back in step', () => {
    expect([0, 0.5, 1].map((r) => backoff(6, r, null))).toEqual([15_000, 22_500, 30_000]);
  });

  test('is never shorter than the server asked, and spreads those that were asked alike', () => {
    expect(backoff(1, 0, 90_000)).toBe(90_000);
    expect(backoff(1, 1, 90_000)).toBe(91_000);
    // A short wish does not shorten a long wait.
    expect(backoff(6, 1, 2000)).toBe(30_000);
  });

  test('is always in whole milliseconds, positive and within its bounds', () => {
    fc.assert(
      fc.property(fc.nat(5000), chance, fc.option(fc.nat(86_400_000)), (failures, random, retryAfter) => {
        const wait = backoff(failures, random, retryAfter);
        return Number.isSafeInteger(wait) && wait >= 500 && wait >= (retryAfter ?? 0) && wait <= Math.max(30_000, (retryAfter ?? 0) + 1000);
      }),
      { numRuns: 5000 },
    );
  });
});
