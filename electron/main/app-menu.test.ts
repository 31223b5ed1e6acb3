import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { appMenu } from './app-menu.ts';

const done: string[] = [];
const actions = { settings: () => done.push('settings'), closeWindow: () => done.push('close'), quit: () => done.push('quit') };
const below = (menu: MenuItemConstructorOptions): MenuItemConstructorOptions[] => menu.submenu as MenuItemConstructorOptions[];
const kinds = (menu: MenuItemConstructorOptions): string[] =>
  below(menu).map(({ role, type, accelerator }) => role ?? type ?? String(accelerator));
const all = (menus: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] => menus.flatMap((each) => [each, ...below(each)]);

test('macOS has the menus that every program has there', () => {
  const [app, edit, view, window] = appMenu('darwin', 'zh-CN', actions) as [
    MenuItemConstructorOptions,
    MenuItemConstructorOptions,
    MenuItemConstructorOptions,
    MenuItemConstructorOptions,
  ];
  const line = 'separator';
  expect(kinds(app)).toEqual([
    'about',
    line,
    'CommandOrControl+,',
    line,
    'services',
    line,
    'hide',
    'hideOthers',
    'unhide',
    line,
    'Command+Q',
  ]);
  expect(kinds(edit)).toEqual(['undo', 'redo', line, 'cut', 'copy', 'paste', 'pasteAndMatchStyle', 'selectAll']);
  expect(kinds(view)).toEqual(['resetZoom', 'zoomIn', 'zoomOut', line, 'togglefullscreen']);
  expect(window.role).toBe('window');
  expect(kinds(window)).toEqual(['minimize', 'zoom', 'CommandOrControl+W', line, 'front']);
});

test('Windows and Linux have the keys, and Windows none that quits', () => {
  const keys = (platform: string): string[] =>
    all(appMenu(platform, 'en-US', actions)).flatMap(({ accelerator }) => (accelerator ? [String(accelerator)] : []));
  expect(keys('win32')).toEqual(['CommandOrControl+,', 'CommandOrControl+W']);
  expect(keys('linux')).toEqual(['CommandOrControl+,', 'CommandOrControl+W', 'Ctrl+Q']);
});

test('nothing in a menu reloads the page or opens what developers use', () => {
  for (const platform of ['darwin', 'win32', 'linux']) {
    const roles = all(appMenu(platform, 'zh-CN', actions)).map(({ role }) => String(role).toLowerCase());
    expect(roles.filter((role) => /reload|devtools/.test(role))).toEqual([]);
  }
});

test('each entry has words, in both languages, and does what it says', () => {
  for (const platform of ['darwin', 'win32', 'linux']) {
    const [zh, en] = (['zh-CN', 'en-US'] as const).map((locale) =>
      all(appMenu(platform, locale, actions)).filter(({ type }) => type !== 'separator'),
    );
    expect(zh!.map(({ label }) => /[\u4e00-\u9fff]/.test(label!))).toEqual(zh!.map(() => true));
    expect(en!.map(({ label }) => /^[A-Z][A-Za-z …]+$/.test(label!))).toEqual(en!.map(() => true));
    done.length = 0;
    for (const { click } of zh!) (click as (() => void) | undefined)?.();
    expect(new Set(done)).toEqual(new Set(platform === 'win32' ? ['settings', 'close'] : ['settings', 'close', 'quit']));
  }
});
