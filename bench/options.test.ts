import { expect, test } from 'vitest';
import { parts } from './parts.ts';
import { readOptions, UsageError } from './options.ts';

test('without options all parts that have goals are measured, at 5,000 tickets without notes', () => {
  const options = readOptions([]);
  expect(options).toMatchObject({ sizes: [5000], history: 0, programs: [], limits: false, growth: false, profile: null, json: false });
  expect([...options.parts]).toEqual(parts.filter((part) => part !== 'others'));
});

test('--all brings the app and the server; --only names what is wanted', () => {
  expect(readOptions(['--all'])).toMatchObject({ programs: ['app', 'server'], limits: false });
  expect(readOptions(['--all']).parts.has('others')).toBe(true);
  expect(readOptions(['--only', 'server'])).toMatchObject({ programs: ['server'], parts: new Set() });
  expect([...readOptions(['--only', 'search,list']).parts].toSorted()).toEqual(['list', 'search']);
  expect(readOptions(['--only', 'limits'])).toMatchObject({ limits: true, parts: new Set() });
});

test('growth goes through its sizes from the smallest', () => {
  expect(readOptions(['--growth']).sizes).toEqual([10_000, 100_000, 1_000_000]);
  expect(readOptions(['--growth', '--sizes', '3000,1000']).sizes).toEqual([1000, 3000]);
});

test.each([
  [['--size', '499'], '--size 499'],
  [['--size', '1e3'], '--size 1e3'],
  [['--history', '-1'], '--history'],
  [['--only', 'serch'], '--only serch'],
  [['--profile', 'app'], '--profile app'],
  [['--sizes', '1000'], '--sizes belongs to --growth'],
  [['--growth', '--size', '1000'], '--growth takes --sizes'],
  [['--growth', '--only', 'app'], '--growth knows'],
  [['--only', 'list', '--all'], 'exclude each other'],
  [['--fast'], '--fast'],
])('%j is refused', (given, says) => {
  expect(() => readOptions(given)).toThrow(UsageError);
  expect(() => readOptions(given)).toThrow(says);
});
