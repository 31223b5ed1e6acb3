import { describe, expect, test } from 'vitest';
import { matchesSpoken, matchText, type SearchDoc } from './match-text.ts';

const doc: SearchDoc = {
  number: 100_234,
  subject: '申请退款未到账',
  customerName: '张三丰',
  phones: ['138-1234 6021', '０２５83000000'],
  description: '千兆测速不到 100M，晚间频繁掉线',
  notes: ['已联系客户，约周五上门', '退款单 R-7788 已提交'],
};
const fields = (query: string): string[] | null => matchText(query, doc)?.map((h) => h.field) ?? null;
const shown = (query: string): string[] =>
  (matchText(query, doc) ?? []).flatMap((h) => h.ranges.map(([a, b]) => `${h.field}:${h.text.slice(a, b)}`));

describe('what a search finds', () => {
  test.each([
    ['退款', ['subject:退款', 'history:退款']],
    ['tk', ['subject:退款']],
    ['tuikuan', ['subject:退款']],
    ['zsf', ['customer:张三丰']],
    ['zhangsan', ['customer:张三']],
    ['0023', ['number:0023']],
    ['12346', ['phone:1234 6']],
    ['02583', ['phone:０２５83']],
    ['100m', ['description:100M']],
    ['周五', ['history:周五']],
    ['r-7788', ['history:R', 'history:7788']],
  ])('%s', (query, expected) => {
    expect(shown(query)).toEqual(expected);
  });

  test('each word has to stand somewhere, not all in one place', () => {
    expect(fields('退款 周五')).toEqual(['subject', 'history', 'history']);
    expect(fields('退款 周六')).toBeNull();
  });

  test('nothing asked is found everywhere, without a place', () => {
    expect(matchText('', doc)).toEqual([]);
    expect(matchText(' ，。', doc)).toEqual([]);
  });

  test('letters do not find sounds in description and history, which nobody reads aloud', () => {
    expect(fields('pfdx')).toBeNull();
  });

  test('a surname with two readings is found by both', () => {
    expect(matchesSpoken('sxx', '单雄信')).toBe(true);
    expect(matchesSpoken('shanxiong', '单雄信')).toBe(true);
    expect(matchesSpoken('dxx', '单雄信')).toBe(true);
    expect(matchesSpoken('cxx', '单雄信')).toBe(false);
  });

  test('a long text is cut out around the hit, and the range still points at it', () => {
    const long = { ...doc, description: `${'好'.repeat(300)}掉线${'了'.repeat(300)}` };
    const [hit] = matchText('掉线', long)!;
    expect(hit!.text.length).toBeLessThan(80);
    expect(hit!.text.slice(...hit!.ranges[0]!)).toBe('掉线');
  });

  test('ranges point at the text as it is, where full-width letters shrink and ligatures grow', () => {
    const odd = { ...doc, subject: 'ﬃ ＡＢＣ退款' };
    expect(matchText('abc退', odd)!.map((h) => h.text.slice(...h.ranges[0]!))).toEqual(['ＡＢＣ退']);
  });
});
