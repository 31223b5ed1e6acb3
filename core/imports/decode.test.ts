import { fc } from '../../tests/support/fast-check.ts';
import { describe, expect, test } from 'vitest';
import { decode, detect, type Encoding } from './decode.ts';

/** Encoders of our own: the platform only reads these. GB18030 by asking its reader for every pair of bytes. */
const gbk = new Map<string, [number, number]>();
for (let a = 0x81; a <= 0xfe; a += 1)
  for (let b = 0x40; b <= 0xfe; b += 1) {
    if (b === 0x7f) continue;
    const char = new TextDecoder('gb18030').decode(new Uint8Array([a, b]));
    if (char.length === 1 && char !== '\uFFFD' && (char < '\uE000' || char > '\uF8FF') && !gbk.has(char)) gbk.set(char, [a, b]);
  }
const encoders: Readonly<Record<Encoding, (text: string) => number[]>> = {
  'utf-8': (text) => [...new TextEncoder().encode(text)],
  'utf-16le': (text) => [...Buffer.from(text, 'utf16le')],
  'utf-16be': (text) => [...Buffer.from(text, 'utf16le').swap16()],
  gb18030: (text) => [...text].flatMap((c) => (c.charCodeAt(0) < 128 ? [c.charCodeAt(0)] : gbk.get(c)!)),
};
const boms: Partial<Record<Encoding, number[]>> = { 'utf-8': [0xef, 0xbb, 0xbf], 'utf-16le': [0xff, 0xfe], 'utf-16be': [0xfe, 0xff] };

const common = [...'客户姓名电话手机地址南京市建邺区周砚秋张三丰晚间频繁掉线退款申请宽带家电金卡，。、'];
const cell = fc.array(fc.constantFrom(...common, ...'abcXYZ0123456789 @.-'), { minLength: 1, maxLength: 12 }).map((c) => c.join(''));
const table = fc
  .array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((rows) => `客户姓名,电话\r\n${rows.map((r) => r.join(',')).join('\r\n')}\r\n`);

describe('R19 the encoding of a file', () => {
  test.each(['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const)(
    '%s is told from the whole file, and its text comes back',
    (encoding) => {
      fc.assert(
        fc.property(table, fc.boolean(), (text, withBom) => {
          const bom = withBom ? (boms[encoding] ?? []) : [];
          const bytes = new Uint8Array([...bom, ...encoders[encoding](text)]);
          expect(detect(bytes)).toMatchObject({ encoding, bom: bom.length > 0 });
          expect(decode(bytes, encoding)).toBe(text);
        }),
        { numRuns: 5000 },
      );
    },
  );

  test.each(['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const)('%s: no prefix of a file is read as something else', (encoding) => {
    const text = '客户姓名,电话,地址\r\n周砚秋,13812346021,南京市建邺区\r\n"张三丰",02583000000,上海\r\n';
    const bytes = new Uint8Array([...(boms[encoding] ?? []), ...encoders[encoding](text)]);
    for (let end = 24; end <= bytes.length; end += 1) expect([end, detect(bytes.subarray(0, end))?.encoding]).toEqual([end, encoding]);
  });

  test('bytes that are well formed in two encodings are read as the likelier, and the other is offered', () => {
    expect(detect(new Uint8Array([0xc4, 0xa7, 0x2c, 0xc4, 0xa7]))).toEqual({ encoding: 'utf-8', bom: false, alternatives: ['gb18030'] });
    // The same pair in a file that is GBK elsewhere.
    const mixed = new Uint8Array([0xc4, 0xa7, 0x2c, ...encoders.gb18030('客户姓名')]);
    expect(detect(mixed)?.encoding).toBe('gb18030');
    expect(decode(mixed, 'gb18030')).toBe('魔,客户姓名');
  });

  test.each([
    ['a picture', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1]],
    ['a program', [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0x3e, 0]],
    ['zeros', Array.from({ length: 64 }, () => 0)],
  ])('%s is no text', (_, bytes) => {
    expect(detect(new Uint8Array(bytes))).toBeNull();
  });
});

test('R21 a NUL, which no database of the server takes, is a character that was lost', () => {
  const bytes = new TextEncoder().encode('\uFEFF姓名,电话\n甲\0乙,1380000');
  expect(detect(bytes)?.encoding).toBe('utf-8');
  expect(decode(bytes, 'utf-8')).toBe('姓名,电话\n甲\uFFFD乙,1380000');
});
