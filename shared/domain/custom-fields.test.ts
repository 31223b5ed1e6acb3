import { describe, expect, test } from 'vitest';
import { type CustomField, type CustomFieldType, fieldsInUse, fitsField, misfits, missingFields } from './custom-fields.ts';
import type { CustomValue } from './tickets.ts';

const NOW = 1_800_000_000_000;
const field = (id: string, type: CustomFieldType, more: Partial<CustomField> = {}): CustomField => ({
  id,
  name: id,
  type,
  options: type === 'single' || type === 'multiple' ? ['早', '晚'] : [],
  required: false,
  position: 1,
  removedAt: null,
  updatedAt: NOW,
  ...more,
});

describe('X24 what fits a field', () => {
  const cases: readonly (readonly [CustomFieldType, readonly CustomValue[], readonly CustomValue[]])[] = [
    ['text', ['字', 'x'.repeat(200)], [1, true, ['字'], 'x'.repeat(201)]],
    ['longText', ['x'.repeat(4000)], ['x'.repeat(4001), 1]],
    ['number', [0, -1.5], ['1', Number.NaN, Number.POSITIVE_INFINITY, true]],
    ['date', ['2026-11-22', '2024-02-29'], ['2026-2-1', '22.11.2026', '2026-13-01', 5]],
    ['single', ['早'], ['中', ['早'], 1]],
    ['multiple', [['早'], ['早', '晚']], [['中'], '早']],
    ['phone', ['138 1234 6021', '+86-25-83001234'], ['打给我', '1', 138]],
    ['yesNo', [true, false], ['是', 1]],
  ];
  test.each(cases)('%s', (type, good, bad) => {
    for (const value of good) expect([value, fitsField(field('f', type), value)]).toEqual([value, true]);
    for (const value of bad) expect([value, fitsField(field('f', type), value)]).toEqual([value, false]);
    for (const empty of [null, '', []]) expect(fitsField(field('f', type), empty)).toBe(true);
  });
});

describe('X24 a definition that changed', () => {
  const fields = [
    field('choice', 'single'),
    field('gone', 'text', { removedAt: NOW }),
    field('asked', 'text', { required: true }),
    field('asked-and-gone', 'text', { required: true, removedAt: NOW }),
  ];
  test('counts for what is given after it', () => {
    expect(misfits(fields, { choice: '中', gone: '字', asked: '字' }, NOW)).toEqual(['choice', 'gone']);
    expect(missingFields(fields, {}, NOW)).toEqual(['asked']);
    expect(missingFields(fields, { asked: '字' }, NOW)).toEqual([]);
  });
  test('is not held against what was given before it', () => {
    expect(misfits(fields, { choice: '中', gone: '字' }, NOW - 1)).toEqual([]);
    expect(missingFields(fields, {}, NOW - 1)).toEqual([]);
  });
  test('a field that never was does not fit at any time', () => {
    expect(misfits(fields, { nowhere: '字' }, 0)).toEqual(['nowhere']);
  });
});

test('fields stand in their order, those out of use left out', () => {
  const list = [
    field('b', 'text', { position: 2 }),
    field('a', 'text', { position: 2 }),
    field('c', 'text'),
    field('x', 'text', { removedAt: 1 }),
  ];
  expect(fieldsInUse(list).map((f) => f.id)).toEqual(['c', 'a', 'b']);
});
