import { describe, expect, test } from 'vitest';
import { figure, quantile, table } from './figures.ts';
import { latencies } from './stage.ts';

describe('the figures of the server', () => {
  test('a quantile is a value that was measured', () => {
    const values = Array.from({ length: 200 }, (_, i) => 200 - i);
    expect([0.5, 0.99, 1].map((part) => quantile(values, part))).toEqual([100, 198, 200]);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([], 0.99)).toBe(0);
  });

  test('a goal is reached at its edge and missed behind it, and what is wrong stands below', () => {
    const figures = { reached: figure(200, 'ms', 200), behind: figure(200.4, 'ms', 200), free: figure(1.2345, '/s') };
    const text = table({ 'pglite return': { figures, faults: ['3 commands were refused: not-found'] } });
    expect(text).toMatch(/reached +200 +ms +≤ 200 +holds\n/);
    expect(text).toMatch(/behind +200\.4 +ms +≤ 200 +MISSED\n/);
    expect(text).toMatch(/free +1\.23 +\/s +–\n/);
    expect(text.endsWith('WRONG pglite return: 3 commands were refused: not-found')).toBe(true);
  });

  test('a change counts when it first comes to a screen where it belongs, and is missed where it never comes', () => {
    const sent = [
      { id: 'x', at: 100, watchers: ['ann', 'ben'] },
      { id: 'y', at: 200, watchers: ['ann'] },
    ];
    const arrived = [
      { id: 'x', accountId: 'ann', at: 190 },
      { id: 'x', accountId: 'ann', at: 130 },
      { id: 'x', accountId: 'cid', at: 105 },
      { id: 'y', accountId: 'ann', at: 250 },
    ];
    expect(latencies(sent, arrived)).toEqual({ times: [30, 50], missed: 1 });
  });
});
