import type { z } from 'zod';
import type { reminderRow } from '../../../shared/bridge/views.ts';
import { dayStart } from '../../format/time-format.ts';

export type ReminderRowData = z.infer<typeof reminderRow>;

/** What the list of a bucket is made of, top to bottom. */
export type BucketItem =
  | { readonly kind: 'day'; readonly key: string; readonly at: number; readonly count: number | null; readonly overdue: number }
  | { readonly kind: 'now'; readonly key: 'now' }
  | { readonly kind: 'row'; readonly key: string; readonly row: ReminderRowData };

export const itemHeight = (item: BucketItem): number => (item.kind === 'now' ? 20 : 32);

/**
 * Rows under a head per day, with a line where now is.
 * @param whole false while later rows are not loaded: the last day's count is not known then.
 */
export function bucketItems(rows: readonly ReminderRowData[], whole: boolean, now: number): BucketItem[] {
  const items: BucketItem[] = [];
  const rising = rows.length < 2 || rows[0]!.at <= rows.at(-1)!.at;
  let day: number | null = null;
  let lined = false;
  for (const [i, row] of rows.entries()) {
    const start = dayStart(row.at);
    if (start !== day) {
      day = start;
      const end = dayStart(row.at, 1);
      const same = rows.filter((r) => r.at >= start && r.at < end);
      const cut = !whole && same.includes(rows.at(-1)!);
      items.push({
        kind: 'day',
        key: `day ${start}`,
        at: start,
        count: cut ? null : same.length,
        overdue: same.filter((r) => r.overdue).length,
      });
    }
    // Only inside today: before its first row the head itself says where one is.
    if (!lined && rising && row.at > now && i > 0 && rows[i - 1]!.at <= now) {
      const at = items.at(-1)?.kind === 'day' ? items.length - 1 : items.length;
      items.splice(at, 0, { kind: 'now', key: 'now' });
      lined = true;
    }
    items.push({ kind: 'row', key: row.key, row });
  }
  return items;
}
