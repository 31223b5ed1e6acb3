import { fc } from '../../tests/support/fast-check.ts';
import { describe, expect, test } from 'vitest';
import { hostContract } from '../../shared/bridge/host-contract.ts';
import { reminderKinds } from '../../shared/domain/reminders/reminder.ts';
import { digestText, type Locale, notificationText, type Subject } from './texts.ts';

const ZONE = 'Asia/Shanghai';
const locales: readonly Locale[] = ['zh-CN', 'en-US'];
const subject: Subject = {
  kind: 'callback',
  number: 100_017,
  subject: '晚间频繁掉线',
  customerName: '周砚秋',
  fromName: '林知夏',
  note: '先打电话',
  at: Date.UTC(2026, 10, 18, 6, 30),
};

const phones = [
  '13812346021',
  '138 1234 6021',
  '138-1234-6021',
  '+86 13812346021',
  '8613812346021',
  '021-62345678',
  '(021)62345678',
  '0755 8234567',
  '400-820-8820',
  '+441632960961',
];
const digits = (text: string): string => text.replaceAll(/\D/g, '');

describe('the words of a notification', () => {
  test('name the time in the agent’s zone, the customer and the ticket', () => {
    expect(notificationText(subject, 'zh-CN', ZONE)).toEqual({ title: '回访时间到 14:30 · 周砚秋', body: '100017 晚间频繁掉线\n先打电话' });
    expect(notificationText({ ...subject, kind: 'transfer', number: null, note: '' }, 'en-US', ZONE)).toEqual({
      title: '林知夏 transferred a ticket to you',
      body: 'no number yet 晚间频繁掉线',
    });
    expect(notificationText(subject, 'zh-CN', 'America/New_York').title).toContain('01:30');
  });

  test.each(phones)('never hold a phone number that somebody typed: %s', (phone) => {
    for (const locale of locales)
      for (const kind of reminderKinds) {
        const typed = {
          ...subject,
          kind,
          subject: `回电 ${phone}，急`,
          note: `打${phone}或座机`,
          customerName: `周${phone}`,
          fromName: phone,
        };
        const { title, body } = notificationText(typed, locale, ZONE);
        const digest = digestText(kind, [`回电 ${phone}`, `联系${phone}转2`], 5, locale);
        for (const text of [title, body, digest.title, digest.body]) {
          expect(text).not.toContain(phone);
          expect(digits(text)).not.toContain(digits(phone));
        }
      }
  });

  test('keep what is no phone number: ticket numbers, amounts, times', () => {
    const { body } = notificationText(
      { ...subject, subject: '订单 20261118 退款 1999.50 元', note: '18:30 前，工单 100234，3 次' },
      'zh-CN',
      ZONE,
    );
    expect(body).toBe('100017 订单 20261118 退款 1999.50 元\n18:30 前，工单 100234，3 次');
  });

  test('a number at the place where a long text is cut does not show either', () => {
    for (let before = 60; before < 420; before += 1) {
      const long = `${'长'.repeat(before)}13812346021${'尾'.repeat(400)}`;
      expect(notificationText({ ...subject, subject: long }, 'zh-CN', ZONE).body).not.toMatch(/138\d/);
      expect(digestText('callback', [long], 4, 'zh-CN').body).not.toMatch(/138\d/);
    }
  });

  test('are never longer than the host takes, whatever was written', () => {
    const input = hostContract.calls['notify.show'].input;
    fc.assert(
      fc.property(
        fc.constantFrom(...reminderKinds),
        fc.constantFrom(...locales),
        fc.string({ maxLength: 5000 }),
        fc.string({ maxLength: 4000 }),
        fc.nat(10_000),
        (kind, locale, a, b, count) => {
          const one = notificationText({ ...subject, kind, subject: a, note: b, customerName: b, fromName: a }, locale, ZONE);
          const many = digestText(kind, [a, b, a, b], count, locale);
          for (const text of [one, many])
            expect(input.safeParse({ id: 'x', kind, ticketId: null, actions: [], reply: null, ...text }).success).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    const { body } = notificationText({ ...subject, note: '详'.repeat(4000) }, 'zh-CN', ZONE);
    expect(input.safeParse({ id: 'x', kind: 'callback', ticketId: null, actions: [], reply: null, title: '', body }).success).toBe(true);
    expect(body.startsWith('100017 晚间频繁掉线\n详')).toBe(true);
  });
});
