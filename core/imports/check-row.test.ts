import { describe, expect, test } from 'vitest';
import { checkRow, readTime, type RowContext } from './check-row.ts';

const context: RowContext = {
  mapping: { name: 0, phone: 1, email: 2, subject: 3, callbackAt: 4 },
  columns: 5,
  zone: 'Asia/Shanghai',
};
const check = (...cells: string[]) => checkRow(cells, 7, context);
const why = (...cells: string[]): string => {
  const checked = check(...cells);
  return checked.ok ? 'ok' : checked.why;
};
const shanghai = (text: string): number => Date.parse(`${text}+08:00`);

describe('R19 a row of a file', () => {
  test('becomes a customer with all its contacts', () => {
    expect(check(' 周砚秋 ', '138-1234 6021、025-83000000', 'Zhou@Example.com', '掉线', '')).toEqual({
      ok: true,
      row: {
        line: 7,
        name: '周砚秋',
        phones: ['138-1234 6021', '025-83000000'],
        emails: ['zhou@example.com'],
        tier: '',
        address: '',
        subject: '掉线',
        description: '',
        category: '',
      },
    });
  });

  test.each([
    ['name-missing', ['', '13812346021', '', '', '']],
    ['name-too-long', ['名'.repeat(61), '13812346021', '', '', '']],
    ['contact-missing', ['周砚秋', '', '', '', '']],
    ['phone-bad', ['周砚秋', '未知', '', '', '']],
    ['phone-bad', ['周砚秋', '12', '', '', '']],
    ['phone-bad', ['周砚秋', '1.38123E+10 元', '', '', '']],
    ['email-bad', ['周砚秋', '', 'zhou@', '', '']],
    ['too-many-contacts', ['周砚秋', '13812346021、13812346022、13812346023、13812346024、13812346025、13812346026', '', '', '']],
    ['text-too-long', ['周砚秋', '13812346021', '', '题'.repeat(201), '']],
    ['date-bad', ['周砚秋', '13812346021', '', '掉线', '下周三']],
    ['date-bad', ['周砚秋', '13812346021', '', '掉线', '2026-02-30']],
    ['characters-lost', ['周\uFFFD秋', '13812346021', '', '', '']],
    ['ok', ['周砚秋', '13812346021']],
    ['ok', ['周砚秋', '＋86 138 1234 6021', '', '', '']],
  ])('%s', (expected, cells) => {
    expect(why(...cells)).toBe(expected);
  });

  test('with none of the columns that are used is broken', () => {
    expect(checkRow(['x'], 3, { ...context, mapping: { name: 1, phone: 2 } })).toEqual({ ok: false, why: 'columns-missing', value: 'x' });
  });
});

describe('R19 a time in a file', () => {
  test.each([
    ['2026-12-01 14:30', '2026-12-01T14:30'],
    ['2026/12/1 14:30:00', '2026-12-01T14:30'],
    ['2026.12.01', '2026-12-01T09:00'],
    ['2026年12月1日 14时30分', '2026-12-01T14:30'],
    ['2026年12月1日', '2026-12-01T09:00'],
    ['20261201', '2026-12-01T09:00'],
    ['202612011430', '2026-12-01T14:30'],
    ['46357', '2026-12-01T09:00'],
    ['46357.604166666664', '2026-12-01T14:30'],
    ['２０２６－１２－０１', '2026-12-01T09:00'],
  ])('%s', (text, expected) => {
    expect(readTime(text, 'Asia/Shanghai')).toBe(shanghai(expected));
  });

  test.each(['', '明天', '01/12/2026', '2026-13-01', '2026-12-01 25:00', '12:30', '9999999'])('%j is none', (text) => {
    expect(readTime(text, 'Asia/Shanghai')).toBeUndefined();
  });

  test('is of the agent’s zone', () => {
    expect(readTime('2026-12-01 14:30', 'America/New_York')).toBe(Date.parse('2026-12-01T14:30-05:00'));
  });
});
