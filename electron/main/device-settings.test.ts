import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDeviceSettings, type DeviceSettings } from './device-settings.ts';
import type { LoginItem } from './login-item.ts';
import { openShellSettings } from './shell-settings.ts';
import { createWindowShortcut, hasGlobalShortcuts } from './window-shortcut.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zuoxi-device-'));
  file = path.join(folder, 'shell.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const usual = { startHidden: true, closeToTray: true, shortcut: null };

test('what a computer keeps survives a start; damage costs no more than what is damaged', () => {
  const first = openShellSettings(file);
  expect(first.value).toEqual(usual);
  expect(first.change({ closeToTray: false, shortcut: 'Ctrl+Alt+Z' })).toBe(true);
  expect(openShellSettings(file).value).toEqual({ startHidden: true, closeToTray: false, shortcut: 'Ctrl+Alt+Z' });
  for (const [text, value] of [
    ['', usual],
    ['{"closeToTray":fal', usual],
    ['null', usual],
    ['{"closeToTray":false,"shortcut":"Ctrl+C","startHidden":7}', { ...usual, closeToTray: false }],
  ] as const) {
    writeFileSync(file, text);
    expect(openShellSettings(file).value).toEqual(value);
  }
});

test('a disk that takes nothing changes nothing', () => {
  mkdirSync(file);
  const settings = openShellSettings(file);
  expect(settings.change({ closeToTray: false })).toBe(false);
  expect(settings.value).toEqual(usual);
});

/** Keys that other programs hold, and those that are ours. */
function keyboard(taken: string[]) {
  const ours = new Map<string, () => void>();
  let presses = 0;
  const shortcut = createWindowShortcut(
    {
      register(keys, pressed) {
        if (taken.includes(keys) || ours.has(keys)) return false;
        ours.set(keys, pressed);
        return true;
      },
      unregister: (keys) => void ours.delete(keys),
    },
    () => presses++,
  );
  return { shortcut, held: () => [...ours.keys()], press: (keys: string) => ours.get(keys)?.(), presses: () => presses };
}

test('of two combinations only the last is held; one that is taken leaves the one before', () => {
  const keys = keyboard(['Ctrl+Alt+T']);
  expect(keys.shortcut.choose('Ctrl+Alt+A')).toBe(true);
  expect(keys.shortcut.choose('Ctrl+Alt+B')).toBe(true);
  expect(keys.held()).toEqual(['Ctrl+Alt+B']);
  expect(keys.shortcut.choose('Ctrl+Alt+T')).toBe(false);
  expect(keys.held()).toEqual(['Ctrl+Alt+B']);
  expect(keys.shortcut.works).toBe(true);
  keys.press('Ctrl+Alt+B');
  expect(keys.presses()).toBe(1);
  expect(keys.shortcut.choose(null)).toBe(true);
  expect(keys.held()).toEqual([]);
});

test('a system that throws at a registration is one that refuses', () => {
  const shortcut = createWindowShortcut(
    {
      register: () => {
        throw new TypeError('no');
      },
      unregister: () => {},
    },
    () => {},
  );
  expect(shortcut.choose('Ctrl+Alt+A')).toBe(false);
  expect(shortcut.works).toBe(false);
});

test('no program watches the keys of others under Wayland', () => {
  expect(hasGlobalShortcuts('linux', { XDG_SESSION_TYPE: 'x11' })).toBe(true);
  expect(hasGlobalShortcuts('linux', { XDG_SESSION_TYPE: 'wayland' })).toBe(false);
  expect(hasGlobalShortcuts('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(false);
  expect(hasGlobalShortcuts('win32', {})).toBe(true);
});

function device(
  taken: string[],
  system: { allows: boolean },
): { settings: DeviceSettings; item: { on: boolean; writes: unknown[] }; held: () => string[] } {
  const item = { on: false, writes: [] as unknown[] };
  const loginItem: LoginItem = {
    supported: true,
    read: () => item.on,
    write(open, hidden) {
      if (!system.allows) return false;
      item.on = open;
      item.writes.push([open, hidden]);
      return true;
    },
  };
  const keys = keyboard(taken);
  const settings = createDeviceSettings({
    file: openShellSettings(file),
    loginItem,
    shortcut: keys.shortcut,
    supports: { shortcut: true, badge: false },
  });
  return { settings, item, held: keys.held };
}

test('D04 a change reaches the file and the system, and is told to whoever follows', () => {
  const { settings, item, held } = device(['Ctrl+Alt+T'], { allows: true });
  const seen: unknown[] = [];
  settings.view.follow(({ openAtLogin, startHidden, shortcut, shortcutWorks }) =>
    seen.push([openAtLogin, startHidden, shortcut, shortcutWorks]),
  );
  expect(settings.set({ openAtLogin: true })).toEqual({ ok: true });
  expect(settings.set({ startHidden: false })).toEqual({ ok: true });
  expect(settings.set({ shortcut: 'Ctrl+Alt+Z' })).toEqual({ ok: true });
  expect(settings.set({ shortcut: 'Ctrl+Alt+T' })).toEqual({ ok: false, reason: 'taken' });
  expect(settings.set({ openAtLogin: false })).toEqual({ ok: true });
  expect(item.writes).toEqual([
    [true, true],
    [true, false],
    [false, false],
  ]);
  expect(held()).toEqual(['Ctrl+Alt+Z']);
  expect(seen.at(-1)).toEqual([false, false, 'Ctrl+Alt+Z', true]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ startHidden: false, closeToTray: true, shortcut: 'Ctrl+Alt+Z' });
});

test('D04 what the system refuses is said and not kept', () => {
  const { settings } = device([], { allows: false });
  expect(settings.set({ openAtLogin: true, closeToTray: false })).toEqual({ ok: false, reason: 'refused' });
  expect(settings.view.value).toMatchObject({ openAtLogin: false, closeToTray: true });
  expect(existsSync(file)).toBe(false);
});

test('keys that could not be kept are given back', () => {
  mkdirSync(file);
  const { settings, held } = device([], { allows: true });
  expect(settings.set({ shortcut: 'Ctrl+Alt+Z' })).toEqual({ ok: false, reason: 'disk' });
  expect(held()).toEqual([]);
  expect(settings.view.value).toMatchObject({ shortcut: null, shortcutWorks: true });
});

test('keys that another program took meanwhile are told at the start', () => {
  openShellSettings(file).change({ shortcut: 'Ctrl+Alt+T' });
  const { settings } = device(['Ctrl+Alt+T'], { allows: true });
  expect(settings.view.value).toMatchObject({ shortcut: 'Ctrl+Alt+T', shortcutWorks: false });
  expect(settings.set({ shortcut: null })).toEqual({ ok: true });
  expect(settings.view.value).toMatchObject({ shortcut: null, shortcutWorks: true });
});
