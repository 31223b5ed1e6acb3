import type { TFunction } from 'i18next';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Within this a time is said relative to now. */
export const SOON = 2 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();
function format(locale: string, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${locale} ${key}`;
  let found = formats.get(name);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(locale, options);
    formats.set(name, found);
  }
  return found;
}

/** The computer is in another zone now; formats keep the one in which they were made. */
export function forgetZone(): void {
  formats.clear();
}

/** Local midnight `offset` calendar days from the day of `at`. */
export function dayStart(at: number, offset = 0): number {
  const d = new Date(at);
  return new Date(d.getFullYear(), d.getMonth(), d.getDate() + offset).getTime();
}

/** Writes instants for the eye, in one language. */
export interface TimeFormat {
  /** 14:31 */
  clock(at: number): string;
  /** 今天 14:31, 明天 09:00, 周五 16:20, 12-03 09:00, 2025-12-03 */
  short(at: number, now: number): string;
  /** Of today only the clock; else as `short`. */
  stamp(at: number, now: number): string;
  /** 2026年11月18日 周三 14:31:05 */
  exact(at: number): string;
  /** 今天 · 11月18日 周三 */
  day(at: number, now: number): string;
  /** 11月18日 */
  date(at: number): string;
  /** 41 分, 1 小时 29 分, 3 天 */
  span(ms: number): string;
  /** 8 分钟前, 3 小时前, then as `short`. */
  ago(at: number, now: number): string;
}

export function timeFormat(locale: string, t: TFunction): TimeFormat {
  const clock = (at: number): string => format(locale, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  const weekday = (at: number): string => format(locale, 'weekday', { weekday: 'short' }).format(at);
  const date = (at: number): string => format(locale, 'date', { month: 'long', day: 'numeric' }).format(at);
  const numeric = (at: number): string => {
    const d = new Date(at);
    return `${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`;
  };
  const dayName = (at: number, now: number): string | null => {
    if (at >= dayStart(now) && at < dayStart(now, 1)) return t('time.today');
    if (at >= dayStart(now, 1) && at < dayStart(now, 2)) return t('time.tomorrow');
    if (at >= dayStart(now, -1) && at < dayStart(now)) return t('time.yesterday');
    return null;
  };
  const span = (ms: number): string => {
    const minutes = Math.floor(ms / MINUTE);
    if (minutes < 1) return t('time.underMinute');
    if (minutes < 60) return t('time.minute', { m: minutes });
    if (ms >= DAY) return t('time.day', { d: Math.floor(ms / DAY) });
    const m = minutes % 60;
    const h = Math.floor(minutes / 60);
    return m === 0 ? t('time.hour', { h }) : t('time.hourMinute', { h, m });
  };
  const short = (at: number, now: number): string => {
    const name = dayName(at, now);
    if (name !== null) return `${name} ${clock(at)}`;
    if (at >= dayStart(now) && at < dayStart(now, 7)) return `${weekday(at)} ${clock(at)}`;
    if (Math.abs(at - now) > 180 * DAY) return `${new Date(at).getFullYear()}-${numeric(at)}`;
    return `${numeric(at)} ${clock(at)}`;
  };
  return {
    clock,
    short,
    span,
    date,
    stamp: (at, now) => (at >= dayStart(now) && at < dayStart(now, 1) ? clock(at) : short(at, now)),
    exact: (at) => format(locale, 'exact', { dateStyle: 'long', timeStyle: 'medium' }).format(at) + ` ${weekday(at)}`,
    day: (at, now) => {
      const name = dayName(at, now);
      const full = `${date(at)} ${weekday(at)}`;
      return name === null ? full : `${name} · ${full}`;
    },
    ago: (at, now) => {
      const since = now - at;
      if (since < MINUTE) return t('time.justNow');
      if (since < HOUR) return t('time.ago', { span: t('time.minutes', { m: Math.floor(since / MINUTE) }) });
      if (since < 12 * HOUR && at >= dayStart(now)) return t('time.ago', { span: t('time.hour', { h: Math.floor(since / HOUR) }) });
      return short(at, now);
    },
  };
}
