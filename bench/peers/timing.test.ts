import { expect, test } from 'vitest';
import { median, percentile, spreadOf, times } from './timing.ts';

test('percentiles are values of the list, whatever its order', () => {
  const values = Array.from({ length: 200 }, (_, i) => (i * 77) % 200);
  expect(percentile(values, 0)).toBe(0);
  expect(percentile(values, 0.5)).toBe(100);
  expect(percentile(values, 0.99)).toBe(198);
  expect(percentile(values, 1)).toBe(199);
  expect(spreadOf(values)).toEqual({ p50: 100, p99: 198 });
});

test('one value is all percentiles, the middle of three is one of them, and of nothing there is none', () => {
  expect(spreadOf([7])).toEqual({ p50: 7, p99: 7 });
  expect(median([9, 1, 5])).toBe(5);
  expect(() => median([])).toThrow(RangeError);
});

test('work is done as often as asked, at least three times when the time is up, and one after the other', async () => {
  const seen: number[] = [];
  expect(await times(5, Infinity, (i) => seen.push(i))).toHaveLength(5);
  expect(seen).toEqual([0, 1, 2, 3, 4]);
  let running = 0;
  const slow = async (): Promise<void> => {
    running += 1;
    expect(running).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  expect(await times(50, 0, slow)).toHaveLength(3);
});
