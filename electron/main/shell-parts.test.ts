import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../shared/lib/logger.ts';
import { createLogFile, faultFields } from './log-file.ts';
import { createNavigation } from './navigation.ts';
import { createPageRecovery } from './page-recovery.ts';
import { createShutdown } from './shutdown.ts';
import { fitWindow, isReachable, readWindowMemory, type WindowMemory, writeWindowMemory } from './window-bounds.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-shell-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('shutdown stops the last thing first, waits for each, and for none of them for ever', async () => {
  const order: string[] = [];
  const warned: unknown[] = [];
  const shutdown = createShutdown({ ...silentLogger, warn: (_event, fields) => warned.push(fields) });
  shutdown.onStop('core', 1_000, async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push('core');
  });
  shutdown.onStop('stuck', 1, () => new Promise(() => {}));
  shutdown.onStop('broken', 1_000, () => Promise.reject(new Error('x')));
  shutdown.onStop('tray', 1_000, async () => void order.push('tray'));
  await Promise.all([shutdown.run(), shutdown.run()]);
  expect(order).toEqual(['tray', 'core']);
  expect(warned).toEqual([
    { name: 'broken', outcome: 'failed' },
    { name: 'stuck', outcome: 'late' },
  ]);
});

test('a window opens where it was, or within what screens there are', () => {
  const screens = [
    { x: 0, y: 0, width: 1366, height: 728 },
    { x: 1366, y: 0, width: 2560, height: 1400 },
  ];
  const saved = (over: Partial<WindowMemory>): WindowMemory => ({
    width: 1200,
    height: 700,
    maximized: false,
    theme: 'system',
    locale: 'zh-CN',
    ...over,
  });
  expect(fitWindow(saved({ x: 100, y: 10 }), screens)).toEqual({ x: 100, y: 10, width: 1200, height: 700 });
  expect(fitWindow(saved({ x: 1500, y: 40, width: 2000, height: 1300 }), screens)).toEqual({ x: 1500, y: 40, width: 2000, height: 1300 });
  expect(fitWindow(saved({ x: 5000, y: 40 }), screens)).toEqual({ width: 1200, height: 700 });
  expect(fitWindow(saved({ x: 100, y: -400 }), screens)).toEqual({ width: 1200, height: 700 });
  expect(fitWindow(saved({ x: -1150, y: 10 }), screens)).toEqual({ width: 1200, height: 700 });
  expect(fitWindow(saved({ width: 4000, height: 3000 }), screens)).toEqual({ width: 1366, height: 728 });
  expect(fitWindow(saved({ width: 10, height: 10 }), screens)).toEqual({ width: 900, height: 600 });
  expect(fitWindow(saved({}), [])).toEqual({ width: 1200, height: 700 });
});

test('a window whose screen is taken away is out of reach, and one of which a grip is left is not', () => {
  const laptop = { x: 0, y: 0, width: 1366, height: 728 };
  const above = { x: -200, y: -1440, width: 2560, height: 1400 };
  const bounds = (x: number, y: number) => ({ x, y, width: 1200, height: 700 });
  expect(isReachable(bounds(0, -1400), [laptop, above])).toBe(true);
  expect(isReachable(bounds(0, -1400), [laptop])).toBe(false);
  expect(isReachable(bounds(-1080, 0), [laptop])).toBe(true);
  expect(isReachable(bounds(-1081, 0), [laptop])).toBe(false);
  expect(isReachable(bounds(1246, 696), [laptop])).toBe(true);
  expect(isReachable(bounds(1247, 0), [laptop])).toBe(false);
  expect(isReachable(bounds(0, 697), [laptop])).toBe(false);
  expect(isReachable(bounds(0, 0), [])).toBe(false);
  // The same screen at twice the scale has half the points, and the window is made to fit.
  const scaled = { x: 0, y: 0, width: 960, height: 620 };
  expect(fitWindow(bounds(300, 100), [scaled])).toEqual({ x: 300, y: 100, width: 960, height: 620 });
  expect(fitWindow(bounds(900, 100), [scaled])).toEqual({ width: 960, height: 620 });
});

test('what is remembered of a window survives, and nonsense does not', async () => {
  const file = path.join(folder, 'window.json');
  const usual = readWindowMemory(file);
  expect(usual).toEqual({ width: 1366, height: 768, maximized: false, theme: 'system', locale: 'zh-CN' });
  writeWindowMemory(file, { x: 1, y: 2, width: 1000, height: 700, maximized: true, theme: 'dark', locale: 'en-US' });
  expect(readWindowMemory(file)).toEqual({ x: 1, y: 2, width: 1000, height: 700, maximized: true, theme: 'dark', locale: 'en-US' });
  for (const nonsense of ['', '{', '{"width":-1}', '[]', '{"width":1,"height":1,"maximized":false,"theme":"pink"}']) {
    await writeFile(file, nonsense);
    expect(readWindowMemory(file)).toEqual(usual);
  }
});

test('a crashed page is loaded again, but not without end', () => {
  let time = 0;
  const recovery = createPageRecovery(() => time);
  expect([1, 2, 3, 4].map(() => recovery.onCrash())).toEqual(['reload', 'reload', 'reload', 'close']);
  expect(recovery.onCrash()).toBe('reload');
  time = 100_000;
  expect([1, 2, 3].map(() => recovery.onCrash())).toEqual(['reload', 'reload', 'reload']);
});

test('each destination has a higher serial, also when it is the same ticket', () => {
  const navigation = createNavigation();
  const seen: unknown[] = [];
  const stop = navigation.destination.follow((to) => seen.push(to));
  navigation.go('a');
  navigation.go('a');
  stop();
  navigation.go(null);
  const nowhere = { ticketId: null, transferId: null, call: null, settings: false };
  expect(seen).toEqual([0, 1, 2].map((serial) => ({ ...nowhere, serial, ticketId: serial === 0 ? null : 'a' })));
  expect(navigation.destination.value).toEqual({ ...nowhere, serial: 3 });
});

test('what a page has taken is not asked for again, and a newer wish outlives an older answer', () => {
  const navigation = createNavigation();
  navigation.call('13800138000');
  expect(navigation.destination.value).toMatchObject({ serial: 1, call: { phone: '13800138000' }, ticketId: null });
  navigation.go('t');
  navigation.taken(1);
  expect(navigation.destination.value).toMatchObject({ serial: 2, ticketId: 't', call: null });
  navigation.taken(2);
  expect(navigation.destination.value).toMatchObject({ serial: 2, ticketId: null });
});

test('the log keeps a bounded number of bounded files, newest first', async () => {
  const log = createLogFile(folder, 'main', () => 0);
  const filler = 'x'.repeat(290_000);
  for (let n = 0; n < 20; n++) log.info('filled', { n, filler });
  expect((await readdir(folder)).toSorted()).toEqual(['main.log', 'main.log.1', 'main.log.2', 'main.log.3']);
  const newest = (await readFile(path.join(folder, 'main.log'), 'utf8')).trim().split('\n');
  expect(JSON.parse(newest.at(-1)!)).toMatchObject({ at: '1970-01-01T00:00:00.000Z', level: 'info', event: 'filled', n: 19 });
  for (const name of await readdir(folder)) expect((await readFile(path.join(folder, name))).length).toBeLessThanOrEqual(1_000_000);
  const again = createLogFile(folder, 'main', () => 0);
  again.warn('after');
  expect((await readFile(path.join(folder, 'main.log'), 'utf8')).trim().split('\n').length).toBe(newest.length + 1);
  createLogFile(path.join(folder, 'main.log', 'impossible'), 'main', () => 0).error('goes nowhere');
});

test('S23 of a fault the log tells the kind and the place, never the message', () => {
  const fields = faultFields(Object.assign(new TypeError('customer said 13800138000'), { code: 'EX' }));
  expect(fields).toMatchObject({ kind: 'TypeError', code: 'EX' });
  expect(JSON.stringify(fields)).not.toContain('13800138000');
  expect(fields['place']).toContain('shell-parts.test.ts');
  expect(faultFields('text')).toEqual({ kind: 'string' });
});
