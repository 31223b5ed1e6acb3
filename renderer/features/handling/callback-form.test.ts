import { expect, test } from 'vitest';
import { fromLocalText, localText, timeTrouble } from './callback-form.tsx';

const NOW = new Date(2026, 10, 18, 14, 31).getTime();

test('a local time survives the way through the field', () => {
  expect(localText(NOW)).toBe('2026-11-18T14:31');
  expect(fromLocalText(localText(NOW))).toBe(NOW);
  expect(fromLocalText('')).toBeNull();
  expect(fromLocalText('2026-11-')).toBeNull();
});

test('refuses no time, a past one and one too far ahead', () => {
  expect(timeTrouble(null, NOW)).toBe('missing');
  expect(timeTrouble(NOW, NOW)).toBe('past');
  expect(timeTrouble(NOW + 366 * 86_400_000, NOW)).toBe('tooFar');
  expect(timeTrouble(NOW + 1, NOW)).toBeNull();
});
