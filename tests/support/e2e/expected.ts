import type { callback, ticket } from '../../../server/store/schema.ts';
import type { BucketCode } from '../../../shared/domain/reminders/buckets.ts';

type Ticket = typeof ticket.$inferSelect;
type Callback = typeof callback.$inferSelect;

const span: Readonly<Record<BucketCode, readonly [number, number]>> = {
  past30: [-30, 0],
  past7: [-7, 0],
  yesterday: [-1, 0],
  today: [0, 1],
  next3: [0, 3],
  next7: [0, 7],
};
export const bucketNames: readonly BucketCode[] = ['past30', 'past7', 'yesterday', 'today', 'next3', 'next7'];

/** The start of the calendar day so many days from today, on this machine. */
export function dayAt(offset: number, hour = 0): number {
  const day = new Date();
  day.setHours(hour, 0, 0, 0);
  day.setDate(day.getDate() + offset);
  return day.getTime();
}

/** Keys of the rows that a bucket of these people must list, nearest first; worked out from the server's rows alone. */
export function bucketKeys(
  code: BucketCode,
  holders: readonly string[],
  tickets: readonly Ticket[],
  callbacks: readonly Callback[],
): string[] {
  const [from, to] = span[code].map((offset) => dayAt(offset)) as [number, number];
  const inside = (at: number | null): at is number => at !== null && at >= from && at < to;
  const isOpen = ({ status }: Ticket): boolean => ['pending', 'processing', 'waiting'].includes(status);
  const found = [
    ...callbacks
      .filter((c) => c.outcome === null && holders.includes(c.assigneeId) && inside(c.dueAt))
      .map((c) => ({ key: `callback:${c.id}`, at: c.dueAt })),
    ...tickets
      .filter((t) => isOpen(t) && holders.includes(t.assigneeId ?? '') && inside(t.dueAt))
      .map((t) => ({ key: `expiry:${t.id}`, at: t.dueAt! })),
  ];
  return found.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1)).map(({ key }) => key);
}
