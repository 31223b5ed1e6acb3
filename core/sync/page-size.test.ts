import { expect, test } from 'vitest';
import { PageSize } from './page-size.ts';

/** A machine that writes a row in `ms`; the sizes that it is asked for. */
function sizes(ms: number, pages: number, size = new PageSize()): number[] {
  return Array.from({ length: pages }, () => {
    const { rows } = size;
    size.took(rows * ms);
    return rows;
  });
}

test('the first page is small, and a fast machine soon gets five hundred rows', () => {
  expect(sizes(0.01, 5)).toEqual([100, 200, 400, 500, 500]);
});

test('a slow machine gets what it writes in 15 ms, and never less than 25 rows', () => {
  expect(sizes(0.5, 4)).toEqual([100, 30, 30, 30]);
  expect(sizes(10, 4)).toEqual([100, 25, 25, 25]);
});

test('a clock that was set back or forward spoils a few pages and no more', () => {
  const size = new PageSize();
  size.took(-3_600_000);
  size.took(3_600_000);
  expect(size.rows).toBe(25);
  expect(sizes(0.02, 6, size).at(-1)).toBe(500);
});
