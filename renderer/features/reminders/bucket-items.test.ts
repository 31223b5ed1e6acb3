import { describe, expect, test } from 'vitest';
import { bucketItems, type ReminderRowData } from './bucket-items.ts';

const NOW = new Date(2026, 10, 18, 14, 31).getTime();
const MIN = 60_000;
const row = (key: string, at: number, overdue = false): ReminderRowData => ({
  key,
  kind: 'callback',
  at,
  ticketId: key,
  callbackId: key,
  number: 1,
  subject: key,
  customerName: '',
  assigneeId: null,
  assigneeName: '',
  status: 'processing',
  overdue,
  pending: false,
});
const shape = (rows: readonly ReminderRowData[], whole = true): string[] =>
  bucketItems(rows, whole, NOW).map((i) => (i.kind === 'row' ? i.row.key : i.kind === 'day' ? `day ${i.count} ${i.overdue}` : 'now'));

describe('bucketItems', () => {
  test('puts a head over each day and the line of now between past and future', () => {
    expect(shape([row('a', NOW - 41 * MIN, true), row('b', NOW + 18 * MIN), row('c', NOW + 1440 * MIN)])).toEqual([
      'day 2 1',
      'a',
      'now',
      'b',
      'day 1 0',
      'c',
    ]);
  });

  test('puts the line over the head where now falls between two days', () => {
    expect(shape([row('a', NOW - 41 * MIN), row('b', NOW + 1440 * MIN)])).toEqual(['day 1 0', 'a', 'now', 'day 1 0', 'b']);
  });

  test('draws no line where all lies on one side, nor in a falling list', () => {
    expect(shape([row('a', NOW + MIN)])).toEqual(['day 1 0', 'a']);
    expect(shape([row('a', NOW + MIN), row('b', NOW - MIN)])).not.toContain('now');
  });

  test('does not count a day whose later rows are not loaded', () => {
    expect(shape([row('a', NOW + MIN), row('b', NOW + 1440 * MIN)], false)).toEqual(['day 1 0', 'a', 'day null 0', 'b']);
  });
});
