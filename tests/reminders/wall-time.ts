import { Temporal } from 'temporal-polyfill';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

const localOf = (wall: number, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO(zone);

/** Minutes since midnight on the clock on the wall. */
export function minuteAt(wall: number, zone: string): number {
  const { hour, minute } = localOf(wall, zone);
  return hour * 60 + minute;
}

/** From `from` up to `to`, over midnight as well. */
export const isBetween = (minute: number, from: number, to: number): boolean =>
  from <= to ? minute >= from && minute < to : minute >= from || minute < to;

/** The next moment, epoch ms, at which the clock shows one of these minutes of a day, or jumps. */
export function nextOf(minutes: readonly number[], wall: number, zone: string): number {
  const now = minuteAt(wall, zone);
  const at = (of: number): number => wall - (wall % MINUTE_MS) + (((of - now + DAY_MINUTES - 1) % DAY_MINUTES) + 1) * MINUTE_MS;
  const jump = localOf(wall, zone).getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
  return Math.min(jump, ...minutes.map(at));
}
