import { expect, test } from 'vitest';
import { hoursOf, ttlOf } from './ttl.ts';

test.each([
  [3 * 86_400_000, { days: 3, hours: 0 }],
  [3_600_000, { days: 0, hours: 1 }],
  [26 * 3_600_000, { days: 1, hours: 2 }],
  [5_400_000, { days: 0, hours: 1.5 }],
  [null, { days: 0, hours: 0 }],
])('%j ms are %j, and back', (ttl, parts) => {
  expect(hoursOf(ttl)).toEqual(parts);
  expect(ttlOf(parts.days, parts.hours)).toBe(ttl ?? 0);
});
