import { describe, expect, test } from 'vitest';
import type { RelativeTime } from './filter.ts';
import { timeWindow } from './time-window.ts';

const window = (relative: RelativeTime, now: string, zone: string): string | readonly (string | null)[] => {
  const found = timeWindow({ relative }, Date.parse(now), zone);
  if (found === 'none') return found;
  return [found.from, found.to].map((t) => (t === null ? null : new Date(t).toISOString()));
};

describe('X20 relative times', () => {
  test.each<[RelativeTime, (string | null)[]]>([
    ['overdue', [null, '2026-11-22T02:00:00.000Z']],
    ['today', ['2026-11-21T16:00:00.000Z', '2026-11-22T16:00:00.000Z']],
    ['yesterday', ['2026-11-20T16:00:00.000Z', '2026-11-21T16:00:00.000Z']],
    ['tomorrow', ['2026-11-22T16:00:00.000Z', '2026-11-23T16:00:00.000Z']],
    ['last7', ['2026-11-14T16:00:00.000Z', '2026-11-22T16:00:00.000Z']],
    ['last30', ['2026-10-22T16:00:00.000Z', '2026-11-22T16:00:00.000Z']],
    ['next3', ['2026-11-21T16:00:00.000Z', '2026-11-24T16:00:00.000Z']],
    ['next7', ['2026-11-21T16:00:00.000Z', '2026-11-28T16:00:00.000Z']],
    ['thisMonth', ['2026-10-31T16:00:00.000Z', '2026-11-30T16:00:00.000Z']],
    ['lastMonth', ['2026-09-30T16:00:00.000Z', '2026-10-31T16:00:00.000Z']],
  ])('%s is of the reader’s zone', (relative, expected) => {
    expect(window(relative, '2026-11-22T02:00:00Z', 'Asia/Shanghai')).toEqual(expected);
  });

  test('a day of 25 hours is one day', () => {
    expect(window('today', '2026-11-01T12:00:00Z', 'America/New_York')).toEqual(['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z']);
  });

  test('a month that is entered on its last day is the month before the next', () => {
    expect(window('lastMonth', '2026-03-31T12:00:00Z', 'UTC')).toEqual(['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']);
  });

  test('none is no window, and absolute ends stay as they are', () => {
    expect(window('none', '2026-11-22T02:00:00Z', 'UTC')).toBe('none');
    expect(timeWindow({ from: 1, to: null }, 0, 'UTC')).toEqual({ from: 1, to: null });
  });
});
