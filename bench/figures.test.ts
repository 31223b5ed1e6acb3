import { describe, expect, test } from 'vitest';
import { growth, growthTable, mediansOf, table, toFigure } from './figures.ts';
import type { Kept } from './stage.ts';

const kept: Kept = { durable: true, encrypted: true, memory: 120 };
const list = (value: number, limit: number | null, size = 100_000, with_: Kept | null = kept) =>
  toFigure({ name: 'list.p50', value, limit }, with_, size);

describe('a figure', () => {
  test('holds its goals up to the value itself, and each by itself', () => {
    expect(list(0.13, 0.065)).toMatchObject({ times: 2, holds: { most: true, ratio: true } });
    expect(list(0.12, 0.05).holds).toEqual({ most: true, ratio: false });
    expect(list(0.2, 0.15).holds).toEqual({ most: false, ratio: true });
  });

  test('beyond 100,000 tickets it has no absolute goal, and without a limit no ratio', () => {
    expect(list(5, 0.065, 1_000_000).holds).toEqual({ most: null, ratio: false });
    expect(list(0.1, null)).toMatchObject({ times: null, holds: { most: true, ratio: null } });
  });

  test('reaches no goal without durability or encryption, however fast it was', () => {
    expect(list(0.01, 0.065, 5000, { ...kept, durable: false }).holds).toEqual({ most: false, ratio: false });
    expect(list(0.01, 0.065, 5000, { ...kept, encrypted: false }).holds).toEqual({ most: false, ratio: false });
  });

  test('of a name without goals has none', () => {
    expect(toFigure({ name: 'others.x.p50', value: 9, limit: null }, null, 5000)).toMatchObject({
      most: null,
      ratio: null,
      holds: { most: null, ratio: null },
    });
  });

  test('says in its line what it is, what was missed and what it was not bought with', () => {
    const [, line] = table([list(0.2, 0.15)]).split('\n');
    expect(line).toMatch(/list\.p50 +ms +0\.200 +0\.150 +1\.33 +≤ 0\.130 +MISSED +≤ 2 +holds +FULL, encrypted, 120 MB/);
    expect(table([list(0.2, null, 5000, { ...kept, durable: false, encrypted: false })])).toMatch('NOT DURABLE, NOT ENCRYPTED');
  });
});

test('of some runs the middle counts, of values and limits apart', () => {
  const run = (value: number, limit: number | null) => [{ name: 'a', value, limit }];
  expect(mediansOf([run(3, 30), run(1, 50), run(2, 40)])).toEqual([{ name: 'a', value: 2, limit: 40 }]);
  expect(mediansOf([run(3, null)])).toEqual([{ name: 'a', value: 3, limit: null }]);
  expect(mediansOf([])).toEqual([]);
});

describe('growth', () => {
  const sizes = [10_000, 100_000, 1_000_000];
  const at = (name: string, values: readonly number[]) =>
    values.map((value, i) => toFigure({ name, value, limit: value / 4 }, kept, sizes[i]!));
  const grown = (name: string, values: readonly number[], of = sizes) =>
    growth(
      of,
      at(name, values).map((f) => [f]),
    )[0]!;

  test('is told from each size to the next, of the limit as well', () => {
    expect(grown('list.p50', [0.1, 0.2, 0.3])).toMatchObject({ values: [0.1, 0.2, 0.3], factors: [2, 1.5], limitFactors: [2, 1.5] });
  });

  test('holds within twice of 100,000, whatever it was before', () => {
    expect(grown('list.p50', [0.01, 0.2, 0.4]).holds).toBe(true);
    expect(grown('list.p50', [0.4, 0.2, 0.41]).holds).toBe(false);
  });

  test('is not asked of the first sync but for how long it keeps others waiting, nor without 100,000, nor where there is no goal', () => {
    expect(grown('firstSync.time', [1, 2, 90]).holds).toBe(null);
    expect(grown('firstSync.latest', [1, 2, 90]).holds).toBe(false);
    expect(grown('others.x.p50', [1, 2, 90]).holds).toBe(null);
    expect(grown('list.p50', [1, 2, 90], [1000, 2000, 3000]).holds).toBe(null);
  });

  test('has a line a figure', () => {
    const lines = growthTable(sizes, [grown('list.p50', [0.1, 0.2, 0.5])]).split('\n');
    expect(lines[0]).toMatch(/10,000 +100,000 +1,000,000/);
    expect(lines[1]).toMatch(/list\.p50 .*0\.500 .*2\.50.*MISSED/);
  });
});
