import { describe, expect, it } from 'vitest';
import { bucketCodes, bucketWindows, localDay, startOfDay } from './buckets.ts';

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const HOUR = 3_600_000;
const windows = (now: string, zone: string): Record<string, [string, string]> =>
  Object.fromEntries(Object.entries(bucketWindows(at(now), zone)).map(([k, w]) => [k, [iso(w.from), iso(w.to)]]));

describe('the six buckets', () => {
  it('count whole days from today in the zone of the agent', () => {
    expect(windows('2026-11-21T06:31:00Z', 'Asia/Shanghai')).toEqual({
      past30: ['2026-10-21T16:00:00Z', '2026-11-20T16:00:00Z'],
      past7: ['2026-11-13T16:00:00Z', '2026-11-20T16:00:00Z'],
      yesterday: ['2026-11-19T16:00:00Z', '2026-11-20T16:00:00Z'],
      today: ['2026-11-20T16:00:00Z', '2026-11-21T16:00:00Z'],
      next3: ['2026-11-20T16:00:00Z', '2026-11-23T16:00:00Z'],
      next7: ['2026-11-20T16:00:00Z', '2026-11-27T16:00:00Z'],
    });
  });

  it('turn at midnight: the last millisecond is still the old day', () => {
    expect(localDay(at('2026-11-20T15:59:59.999Z'), 'Asia/Shanghai')).toBe('2026-11-20');
    expect(localDay(at('2026-11-20T16:00:00.000Z'), 'Asia/Shanghai')).toBe('2026-11-21');
    expect(windows('2026-11-20T15:59:59.999Z', 'Asia/Shanghai')['today']).toEqual(['2026-11-19T16:00:00Z', '2026-11-20T16:00:00Z']);
    expect(windows('2026-11-20T16:00:00.000Z', 'Asia/Shanghai')['today']).toEqual(['2026-11-20T16:00:00Z', '2026-11-21T16:00:00Z']);
  });

  it.each([
    // Month ends and the leap day.
    ['2028-02-29T04:00:00Z', 'Asia/Shanghai', '2028-01-29T16:00:00Z', '2028-03-06T16:00:00Z', 'past30 from, next7 to'],
    ['2027-03-01T04:00:00Z', 'Asia/Shanghai', '2027-01-29T16:00:00Z', '2027-03-07T16:00:00Z', 'no leap day'],
    ['2028-03-01T04:00:00Z', 'Asia/Shanghai', '2028-01-30T16:00:00Z', '2028-03-07T16:00:00Z', 'after a leap day'],
    ['2026-12-31T04:00:00Z', 'Asia/Shanghai', '2026-11-30T16:00:00Z', '2027-01-06T16:00:00Z', 'new year'],
  ])('at %s in %s', (now, zone, from, to) => {
    const w = windows(now, zone);
    expect([w['past30']![0], w['next7']![1]]).toEqual([from, to]);
  });

  it.each([
    // Zone, an instant on the day of the change, the first and last instant of that day, its hours.
    ['Europe/Berlin', '2026-03-29T10:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 23],
    ['Europe/Berlin', '2026-10-25T10:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 25],
    ['America/New_York', '2026-03-08T17:00:00Z', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', 23],
    ['America/New_York', '2026-11-01T17:00:00Z', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', 25],
    // Half an hour.
    ['Australia/Lord_Howe', '2026-10-04T05:00:00Z', '2026-10-03T13:30:00Z', '2026-10-04T13:00:00Z', 23.5],
    ['Australia/Lord_Howe', '2026-04-05T05:00:00Z', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z', 24.5],
    // Midnight itself is skipped: the day starts at one.
    ['America/Santiago', '2026-09-06T15:00:00Z', '2026-09-06T04:00:00Z', '2026-09-07T03:00:00Z', 23],
    ['America/Santiago', '2026-04-04T15:00:00Z', '2026-04-04T03:00:00Z', '2026-04-05T04:00:00Z', 25],
    ['Asia/Shanghai', '2026-03-29T10:00:00Z', '2026-03-28T16:00:00Z', '2026-03-29T16:00:00Z', 24],
  ])('%s around %s: a day of the change is one day', (zone, now, from, to, hours) => {
    const w = windows(now, zone);
    expect(w['today']).toEqual([from, to]);
    expect((at(to) - at(from)) / HOUR).toBe(hours);
    expect(w['yesterday']![1]).toBe(from);
    expect(w['past30']![1]).toBe(from);
    expect([w['next3']![0], w['next7']![0]]).toEqual([from, from]);
    // The day before and the day after see the same edges.
    expect(iso(startOfDay(at(now) - 24 * HOUR, zone, 1))).toBe(from);
    expect(iso(startOfDay(at(now) + 24 * HOUR, zone))).toBe(to);
  });

  it('reach over a change without an hour missing or twice', () => {
    expect(windows('2026-03-27T10:00:00Z', 'Europe/Berlin')['next3']).toEqual(['2026-03-26T23:00:00Z', '2026-03-29T22:00:00Z']);
    expect(windows('2026-10-26T10:00:00Z', 'Europe/Berlin')['yesterday']).toEqual(['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z']);
    expect(windows('2026-11-20T10:00:00Z', 'Europe/Berlin')['past30']).toEqual(['2026-10-20T22:00:00Z', '2026-11-19T23:00:00Z']);
  });

  it('have names in the order of the sidebar', () => {
    expect(bucketCodes).toEqual(['past30', 'past7', 'yesterday', 'today', 'next3', 'next7']);
  });

  it('refuse a zone that does not exist', () => {
    expect(() => bucketWindows(0, 'Mars/Olympus')).toThrow(RangeError);
  });
});
