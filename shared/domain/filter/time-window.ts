import { Temporal } from 'temporal-polyfill';
import { assertNever } from '../../lib/assert-never.ts';
import { startOfDay } from '../reminders/buckets.ts';
import type { TimeRange } from './filter.ts';

/** `from` inclusive, `to` exclusive, epoch ms; null: open at that end. `none`: only what has no such time. */
export type TimeWindow = { readonly from: number | null; readonly to: number | null } | 'none';

/** What a time condition means at `now` in `zone` (IANA name). */
export function timeWindow(range: TimeRange, now: number, zone: string): TimeWindow {
  if (!('relative' in range)) return range;
  const day = (offset: number): number => startOfDay(now, zone, offset);
  switch (range.relative) {
    case 'overdue':
      return { from: null, to: now };
    case 'today':
      return { from: day(0), to: day(1) };
    case 'yesterday':
      return { from: day(-1), to: day(0) };
    case 'tomorrow':
      return { from: day(1), to: day(2) };
    case 'last7':
      return { from: day(-7), to: day(1) };
    case 'last30':
      return { from: day(-30), to: day(1) };
    case 'next3':
      return { from: day(0), to: day(3) };
    case 'next7':
      return { from: day(0), to: day(7) };
    case 'thisMonth':
      return { from: month(now, zone, 0), to: month(now, zone, 1) };
    case 'lastMonth':
      return { from: month(now, zone, -1), to: month(now, zone, 0) };
    case 'none':
      return 'none';
    default:
      return assertNever(range.relative);
  }
}

function month(now: number, zone: string, offset: number): number {
  const first = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).with({ day: 1 }).add({ months: offset });
  return first.startOfDay().epochMilliseconds;
}
