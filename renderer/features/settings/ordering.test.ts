import { expect, test } from 'vitest';
import { between, moved, withMoved } from './ordering.ts';

test('a place lies between its neighbours, and beyond the last of a side', () => {
  expect(between(undefined, undefined)).toBe(0);
  expect(between(3, undefined)).toBe(4);
  expect(between(undefined, 3)).toBe(2);
  expect(between(3, 4)).toBe(3.5);
});

test.each([
  [[0, 1, 2], 1, -1, [1, 0, 2]],
  [[0, 1, 2], 0, 1, [1, 0, 2]],
  [[0, 1, 2], 2, -1, [0, 2, 1]],
  [[0, 1, 2], 1, 1, [0, 2, 1]],
] as const)('%j: the item at %i moved by %i gives the order %j', (positions, index, step, order) => {
  const to = moved(positions, index, step)!;
  const sorted = positions
    .map((position, id) => ({ id, position: id === index ? to : position }))
    .sort((a, b) => a.position - b.position)
    .map(({ id }) => id);
  expect(sorted).toEqual(order);
});

test('at an end there is no further step; equal places still come apart', () => {
  expect(moved([0, 1], 0, -1)).toBeNull();
  expect(moved([0, 1], 1, 1)).toBeNull();
  expect(moved([5, 5, 5], 2, -1)).toBeLessThan(5);
});

test('a dragged item stands where it was let go', () => {
  expect(withMoved(['a', 'b', 'c', 'd'], 0, 2)).toEqual(['b', 'c', 'a', 'd']);
  expect(withMoved(['a', 'b', 'c', 'd'], 3, 0)).toEqual(['d', 'a', 'b', 'c']);
  expect(withMoved(['a', 'b'], 0, 9)).toEqual(['b', 'a']);
});
