import { expect, test } from 'vitest';
import { badgePlace, createBadge } from './badge.ts';
import { badgeEdge, badgePixels, badgeText } from './badge-image.ts';

function watched(platform: string, launcher = false): { show: (n: number) => void; again: () => void; done: unknown[] } {
  const done: unknown[] = [];
  const badge = createBadge(badgePlace(platform, launcher), {
    dock: (text) => done.push(['dock', text]),
    launcher: (n) => done.push(['launcher', n]),
    taskbar: (n, text) => done.push(['taskbar', n, text]),
  });
  return { show: badge.show, again: badge.again, done };
}

test('D04 F14 the number stands where the platform has a place for it, and is painted when it changes', () => {
  for (const [platform, launcher, expected] of [
    [
      'darwin',
      false,
      [
        ['dock', '3'],
        ['dock', '99+'],
        ['dock', ''],
      ],
    ],
    [
      'win32',
      false,
      [
        ['taskbar', 3, '3'],
        ['taskbar', 120, '99+'],
        ['taskbar', 0, ''],
      ],
    ],
    [
      'linux',
      true,
      [
        ['launcher', 3],
        ['launcher', 120],
        ['launcher', 0],
      ],
    ],
    ['linux', false, []],
  ] as const) {
    const { show, done } = watched(platform, launcher);
    for (const n of [0, 3, 3, 120, 0]) show(n);
    expect(done).toEqual(expected);
  }
});

test('D04 a window that comes back to the Windows taskbar gets its number again', () => {
  const { show, again, done } = watched('win32');
  show(5);
  again();
  expect(done).toEqual([
    ['taskbar', 5, '5'],
    ['taskbar', 5, '5'],
  ]);
});

/** The white dots, as rows of signs, cut to what is drawn. */
function drawn(n: number): string[] {
  const pixels = badgePixels(n);
  const rows = Array.from({ length: badgeEdge }, (_, y) =>
    Array.from({ length: badgeEdge }, (_, x) => (pixels[(y * badgeEdge + x) * 4] === 255 ? '#' : '.')).join(''),
  ).filter((row) => row.includes('#'));
  const left = Math.min(...rows.map((row) => row.indexOf('#')));
  const right = Math.max(...rows.map((row) => row.lastIndexOf('#')));
  return rows.map((row) => row.slice(left, right + 1));
}
const shrunk = (rows: string[], by: number): string[] =>
  rows.filter((_, y) => y % by === 0).map((row) => [...row].filter((_, x) => x % by === 0).join(''));

test('D04 the picture for the taskbar is a red disc with the number in it', () => {
  const pixels = badgePixels(7);
  const at = (x: number, y: number): number[] => [...pixels.slice((y * badgeEdge + x) * 4, (y * badgeEdge + x) * 4 + 4)];
  expect(pixels.length).toBe(badgeEdge * badgeEdge * 4);
  expect(at(0, 0)).toEqual([0, 0, 0, 0]);
  expect(at(16, 1)).toEqual([0x2c, 0x36, 0xe0, 255]);
  expect(shrunk(drawn(7), 4)).toEqual(['###', '..#', '..#', '.#.', '.#.']);
  expect(shrunk(drawn(42), 3)).toEqual(['#.#.###', '#.#...#', '###.###', '..#.#..', '..#.###']);
  expect(drawn(100)).toEqual(drawn(2_000));
  expect(new Set(Array.from({ length: 100 }, (_, n) => drawn(n).join('|'))).size).toBe(100);
  expect([0, 99, 100].map(badgeText)).toEqual(['0', '99', '99+']);
});
