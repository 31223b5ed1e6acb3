import { expect, it } from 'vitest';
import { FREE_FAILURES, networkOf, waitAfter } from './throttle.ts';

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002:ffff::', '2001:db8:1:2::/64'],
  ['2001:db8::5', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['change-password', 'change-password'],
])('S18 counts all addresses of one network as one: %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it('S18 lets four failures pass and then asks to wait, twice as long each time, up to a quarter of an hour', () => {
  expect(Array.from({ length: 16 }, (_, i) => waitAfter(i) / 1000)).toEqual([
    ...Array.from({ length: FREE_FAILURES }, () => 0),
    5,
    10,
    20,
    40,
    80,
    160,
    320,
    640,
    900,
    900,
    900,
  ]);
});
