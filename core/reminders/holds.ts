import { readMeta, writeMeta } from '../../db/reads/meta.ts';
import type { Cache } from '../../db/open.ts';
import type { Reader } from '../../db/reader.ts';
import type { Settings } from '../api/settings.ts';
import type { Duty } from '../../shared/domain/people.ts';
import { minuteOfDay } from '../../shared/domain/reminders/buckets.ts';
import type { Hold, ReminderKind } from '../../shared/domain/reminders/reminder.ts';

const PAUSE = 'remindersPausedUntil';
/** No pause is longer; a clock that was set back must not make one so. */
const LONGEST_PAUSE_MS = 8 * 3_600_000;

/** Until when all reminders are held; null: they are not. */
export function pausedUntil(db: Reader, now: number): number | null {
  const until = Number(readMeta(db, PAUSE) ?? 0);
  return until > now && until - now <= LONGEST_PAUSE_MS ? until : null;
}

/** @param minutes 0 ends the pause */
export function pause(cache: Cache, minutes: number, now: number): number | null {
  cache.transaction((db) => writeMeta(db, PAUSE, String(now + minutes * 60_000)));
  return pausedUntil(cache.db, now);
}

export interface Circumstances {
  readonly now: number;
  readonly zone: string;
  readonly duty: Duty;
  readonly pausedUntil: number | null;
  readonly quiet: Settings['quiet'];
}

/** Why reminders of a kind have to wait; null: they need not. */
export function holdOf(kind: ReminderKind, { duty, now, pausedUntil: paused, quiet, zone }: Circumstances): Hold | null {
  if (duty === 'off') return 'off-duty';
  if (paused !== null) return 'paused';
  return quiet.on && quiet.kinds.includes(kind) && isWithin(minuteOfDay(now, zone), quiet.from, quiet.to) ? 'quiet' : null;
}

/** From `from` up to `to`, which may lie on the next day; the same twice is no time at all. */
const isWithin = (minute: number, from: number, to: number): boolean =>
  from <= to ? minute >= from && minute < to : minute >= from || minute < to;
