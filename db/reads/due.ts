import { type SQL, sql } from 'drizzle-orm';
import { tickets } from '../schema/tables.ts';

export const dueParts = ['all', 'overdue', 'soon', 'today', 'later'] as const;
export type DuePart = (typeof dueParts)[number];

/** Two hours: what the screens call 快到了. */
export const SOON_MS = 2 * 3_600_000;

export interface DueMoments {
  readonly now: number;
  readonly endOfToday: number;
}

/** What the `@names` of `duePart` stand for. */
export const dueNames = ({ now, endOfToday }: DueMoments): { now: number; soon: number; today: number } => ({
  now,
  soon: now + SOON_MS,
  today: Math.max(now + SOON_MS, endOfToday),
});

/** The four parts of a list by 时限, with `@names` for its moments; together they are the list. No time at all counts as later. */
export function duePart(part: DuePart): SQL {
  switch (part) {
    case 'all':
      return sql`1`;
    case 'overdue':
      return sql`${tickets.nextAt} < @now`;
    case 'soon':
      return sql`${tickets.nextAt} >= @now AND ${tickets.nextAt} < @soon`;
    case 'today':
      return sql`${tickets.nextAt} >= @soon AND ${tickets.nextAt} < @today`;
    case 'later':
      return sql`(${tickets.nextAt} >= @today OR ${tickets.nextAt} IS NULL)`;
  }
}

/** In which of the four parts a ticket stands. */
export function duePartOf(nextAt: number | null, { now, soon, today }: ReturnType<typeof dueNames>): Exclude<DuePart, 'all'> {
  if (nextAt === null || nextAt >= today) return 'later';
  return nextAt < now ? 'overdue' : nextAt < soon ? 'soon' : 'today';
}

/** What 时限 is of: the deadline where both fall together. */
export const nextKindOf = (t: { readonly nextAt: number | null; readonly dueAt: number | null }): 'callback' | 'expiry' | null =>
  t.nextAt === null ? null : t.nextAt === t.dueAt ? 'expiry' : 'callback';
