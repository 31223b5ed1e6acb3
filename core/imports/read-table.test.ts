import { stringify } from 'csv-stringify/sync';
import { fc } from '../../tests/support/fast-check.ts';
import { describe, expect, test } from 'vitest';
import { guessMapping } from './columns.ts';
import { delimiterOf, MAX_ROWS, readCsv, readWorkbook } from './read-table.ts';

const cell = fc.oneof(fc.string({ maxLength: 12, unit: 'grapheme' }), fc.constantFrom('a,b', '"', '行一\n行二', "'", '=1+1', '；', '\t'));

describe('R19 a table of text', () => {
  test.each([',', ';', '\t'] as const)('comes back as it was written, separated by %j', async (delimiter) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), async (rows) => {
        const used = rows.filter((r) => r.some((c) => c.trim() !== ''));
        const text = stringify(rows, { delimiter, record_delimiter: 'windows', quoted_match: /[\r\n]/ });
        fc.pre(!text.includes('\uFEFF'));
        expect((await readCsv(text, delimiter)).rows).toEqual(used);
      }),
      { numRuns: 2000 },
    );
  });

  test('each row knows the line where it begins, past empty ones and breaks inside of cells', async () => {
    const { lines } = await readCsv('a,b\r\n\r\n1,"x\ny"\r\n2,z\r\n,\r\n3,w', ',');
    expect(lines).toEqual([1, 3, 5, 7]);
  });

  test('a quote in the middle of a cell is a quote', async () => {
    expect((await readCsv('a,b\n5" 屏,好"的\n', ',')).rows[1]).toEqual(['5" 屏', '好"的']);
  });

  test('a quote that never closes is told with its line, and nothing is read', async () => {
    await expect(readCsv(`a,b\n1,2\n3,"4\n${'5,6\n'.repeat(50)}`, ',')).rejects.toMatchObject({ why: 'quotes', line: 3 });
  });

  test('more rows than may be are refused', async () => {
    await expect(readCsv('a,b\n'.repeat(MAX_ROWS + 1), ',')).rejects.toMatchObject({ why: 'too-many-rows' });
  });

  test('the separator is the one that the first line uses most', () => {
    expect([delimiterOf('a;b;c,d\n1,2,3,4,5'), delimiterOf('a\tb'), delimiterOf('"x;y;z",b'), delimiterOf('a')]).toEqual([
      ';',
      '\t',
      ',',
      ',',
    ]);
  });

  test('what begins like a workbook and is none is refused', async () => {
    await expect(readWorkbook(new Uint8Array([0x50, 0x4b, 3, 4, 1, 2, 3]))).rejects.toMatchObject({ why: 'not-xlsx' });
  });

  test('a workbook that says of itself that it grows beyond measure is not opened', async () => {
    const entry = new Uint8Array(60);
    const view = new DataView(entry.buffer);
    view.setUint32(0, 0x04034b50, true);
    view.setUint32(8, 0x02014b50, true);
    view.setUint32(32, 2_000_000_000, true);
    await expect(readWorkbook(entry)).rejects.toMatchObject({ why: 'too-large' });
  });
});

test('X06 columns are known by what their heads usually say', () => {
  expect(guessMapping(['*姓名', '手机号码', '备注', '地址', 'E-mail', '主题'])).toEqual({
    name: 0,
    phone: 1,
    description: 2,
    address: 3,
    email: 4,
    subject: 5,
  });
  expect(guessMapping(['x', 'y'])).toEqual({});
});
