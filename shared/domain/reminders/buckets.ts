import { Temporal } from 'temporal-polyfill';

export const bucketCodes = ['past30', 'past7', 'yesterday', 'today', 'next3', 'next7'] as const;
export type BucketCode = (typeof bucketCodes)[number];

/** First and last day of each bucket, counted from today; the last one is not included. */
const days: Readonly<Record<BucketCode, readonly [number, number]>> = {
  past30: [-30, 0],
  past7: [-7, 0],
  yesterday: [-1, 0],
  today: [0, 1],
  next3: [0, 3],
  next7: [0, 7],
};

/** Epoch ms; `from` is inside, `to` is not. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The calendar day, YYYY-MM-DD, that an instant falls on in a zone. @param zone IANA name; @throws RangeError if unknown. */
export const localDay = (now: number, zone: string): string => dayAround(now, zone).day;

/** Epoch ms of the first instant of the day that is `offset` calendar days from the one that `now` falls on. */
export function startOfDay(now: number, zone: string, offset = 0): number {
  if (offset === 0 || offset === 1) {
    const { today } = bucketWindows(now, zone);
    return offset === 0 ? today.from : today.to;
  }
  return startOf(dayOf(now, zone), zone, offset);
}

/** Minutes on the wall clock since midnight, 0 to 1439. @param zone IANA name */
export function minuteOfDay(now: number, zone: string): number {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  return hour * 60 + minute;
}

type Windows = Readonly<Record<BucketCode, Window>>;

interface Day {
  readonly zone: string;
  /** YYYY-MM-DD */
  readonly day: string;
  readonly windows: Windows;
}

/** The one asked for last: it stands until midnight, and calendar arithmetic costs more than what is counted by it. */
let standing: Day | null = null;

function dayAround(now: number, zone: string): Day {
  const today = standing?.windows.today;
  if (standing?.zone !== zone || today === undefined || now < today.from || now >= today.to) {
    const day = dayOf(now, zone);
    standing = { zone, day: day.toString(), windows: windowsOf(day, zone) };
  }
  return standing;
}

/** The window of each bucket in an agent's zone. Calendar days: one of 23 or 25 hours is one day. */
export const bucketWindows = (now: number, zone: string): Windows => dayAround(now, zone).windows;

function windowsOf(today: Temporal.PlainDate, zone: string): Windows {
  const window = ([from, to]: readonly [number, number]): Window => ({ from: startOf(today, zone, from), to: startOf(today, zone, to) });
  return {
    past30: window(days.past30),
    past7: window(days.past7),
    yesterday: window(days.yesterday),
    today: window(days.today),
    next3: window(days.next3),
    next7: window(days.next7),
  };
}

const dayOf = (now: number, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();

// From the date and not by adding hours: where DST skips midnight the day starts at 01:00.
const startOf = (day: Temporal.PlainDate, zone: string, offset: number): number =>
  day.add({ days: offset }).toZonedDateTime(zone).epochMilliseconds;
