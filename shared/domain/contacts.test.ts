import { expect, test } from 'vitest';
import { contactKeys, maskPhone, subscriberNumber } from './contacts.ts';

test.each([
  ['138-1234 6021', '13812346021'],
  ['＋８６ 138 1234 6021', '13812346021'],
  ['0086 13812346021', '13812346021'],
  ['(025) 8300-1234', '02583001234'],
  // Not a mobile behind it: the prefix is part of the number.
  ['+86 25 8300 1234', '+862583001234'],
  ['+44 20 7946 0000', '+442079460000'],
])('%s is dialled as %s', (phone, key) => {
  expect(contactKeys({ phones: [phone], emails: [] })).toEqual([key]);
});

test('the same contact written in two ways counts once, e-mails without case', () => {
  expect(contactKeys({ phones: ['138 1234 6021', '13812346021'], emails: ['Zhou@Example.com ', 'zhou@example.com'] })).toEqual([
    '13812346021',
    'zhou@example.com',
  ]);
  expect(contactKeys({ phones: ['', '1', '--'], emails: [' '] })).toEqual([]);
});

test.each([
  ['13812346021', '138****6021'],
  ['02583001234', '025****1234'],
  ['8300123', '*****23'],
  ['110', '*10'],
  ['', ''],
])('%j is shown as %j', (phone, masked) => {
  expect(maskPhone(phone)).toBe(masked);
});

test.each([
  ['13812346021', '13812346021'],
  ['013812346021', '13812346021'],
  ['8613812346021', '13812346021'],
  ['+86 138 1234 6021', '13812346021'],
  ['(025) 8300-1234', '2583001234'],
  ['+86 25 8300 1234', '2583001234'],
  ['0086 (0)25 8300 1234', '2583001234'],
  ['+44 20 7946 0000', '+442079460000'],
  ['0044 20 7946 0000', '+442079460000'],
  ['8610123', '8610123'],
  ['010', '010'],
  ['95588', '95588'],
])('the caller %s is %s', (phone, number) => {
  expect(subscriberNumber(phone)).toBe(number);
});
