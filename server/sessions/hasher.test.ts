import { expect, it } from 'vitest';
import { type ArgonCost, argonFloor, argonHasher, costOf, limitHashing } from './hasher.ts';

/** OWASP's least: 19 MiB, two passes, one lane. Written here anew, so that nobody lowers both at once. */
const LEAST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

it('S15 hashes with Argon2id at no less than the floor, with a salt of its own each time', async () => {
  const hasher = argonHasher();
  const [one, two] = await Promise.all([hasher.hash('窗外下雨 7'), hasher.hash('窗外下雨 7')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$/);
  const cost = costOf(one)!;
  for (const part of ['memoryCost', 'timeCost', 'parallelism'] as const) expect(cost[part]).toBeGreaterThanOrEqual(LEAST[part]);
  const [salt, digest] = one
    .split('$')
    .slice(4)
    .map((part) => Buffer.from(part, 'base64'));
  expect([salt!.length >= 16, digest!.length >= 32]).toEqual([true, true]);
  expect(one).not.toBe(two);
  expect(await Promise.all([one, two].map((stored) => hasher.verify(stored, '窗外下雨 7')))).toEqual([true, true]);
});

it.each<[string, ArgonCost]>([
  ['memory', { ...argonFloor, memoryCost: LEAST.memoryCost - 1 }],
  ['time', { ...argonFloor, timeCost: 1 }],
  ['lanes', { ...argonFloor, parallelism: 0 }],
])('S15 takes no cost below the floor: %s', (_name, cost) => {
  expect(() => argonHasher(cost)).toThrow(RangeError);
});

it('S15 cuts nothing off: of 200 characters the last one counts, and what stands behind a zero', async () => {
  const hasher = argonHasher();
  const long = '密码和 it’s ends '.repeat(20).slice(0, 199);
  const stored = await hasher.hash(`${long}x`);
  expect(await hasher.verify(stored, `${long}x`)).toBe(true);
  for (const other of [`${long}y`, long, `${long}xx`, `${long}x `]) expect(await hasher.verify(stored, other)).toBe(false);
  const zero = await hasher.hash('before\0behind');
  expect([await hasher.verify(zero, 'before'), await hasher.verify(zero, 'before\0behind')]).toEqual([false, true]);
});

it('S15 knows a hash that cost less than one would now, and one that is none', async () => {
  const [now, dearer] = [argonHasher(), argonHasher({ ...argonFloor, timeCost: 3 })];
  const stored = await now.hash('x');
  expect(now.isOutdated!(stored)).toBe(false);
  expect(dearer.isOutdated!(stored)).toBe(true);
  expect(limitHashing(dearer, 1).isOutdated!(stored)).toBe(true);
  for (const none of ['', 'plain:x', stored.replace('argon2id', 'argon2i'), stored.replace('v=19', 'v=16')])
    expect(now.isOutdated!(none)).toBe(true);
  expect(await now.verify('plain:x', 'x')).toBe(false);
});
