const HOUR = 3_600_000;

/** 工单期限 in whole days and the hours that remain; parts of an hour stay as parts. null counts as none. */
export function hoursOf(ttl: number | null): { readonly days: number; readonly hours: number } {
  const all = ttl === null ? 0 : ttl / HOUR;
  const days = Math.floor(all / 24);
  return { days, hours: Math.round((all - days * 24) * 100) / 100 };
}

/** In milliseconds; NaN for what is no number. */
export const ttlOf = (days: number, hours: number): number => Math.round((days * 24 + hours) * HOUR);
