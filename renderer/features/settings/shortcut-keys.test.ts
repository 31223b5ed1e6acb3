import { expect, test } from 'vitest';
import { shortcutKeys } from '../../../shared/bridge/shell-entries.ts';
import { keyNames, type KeyPress, keysOf } from './shortcut-keys.ts';

const press = (code: string, held: string): KeyPress => ({
  code,
  ctrlKey: held.includes('c'),
  altKey: held.includes('a'),
  shiftKey: held.includes('s'),
  metaKey: held.includes('m'),
});

test.each([
  ['KeyZ', 'ca', 'linux', 'Ctrl+Alt+Z'],
  ['Digit1', 'cs', 'win32', 'Ctrl+Shift+1'],
  ['F12', 'cas', 'linux', 'Ctrl+Alt+Shift+F12'],
  ['KeyZ', 'am', 'win32', 'Alt+Super+Z'],
  ['KeyZ', 'cm', 'darwin', 'Ctrl+Command+Z'],
])('%s with %s on %s is %s, which the shell takes', (code, held, platform, keys) => {
  expect(keysOf(press(code, held), platform)).toBe(keys);
  expect(shortcutKeys.safeParse(keys).success).toBe(true);
});

test.each([
  ['KeyC', 'c'],
  ['KeyC', ''],
  ['F5', 's'],
  ['ControlLeft', 'ca'],
  ['Space', 'ca'],
  ['Tab', 'am'],
  ['Escape', 'ca'],
])('%s with %s may not be chosen', (code, held) => expect(keysOf(press(code, held), 'linux')).toBeNull());

test.each(['', 'Z', 'Ctrl+C', 'Ctrl+Alt', 'Ctrl+Alt+Tab', 'Ctrl+Alt+F25', 'ctrl+alt+z', 'Ctrl+Alt+Z+X'])('the shell refuses %j', (keys) =>
  expect(shortcutKeys.safeParse(keys).success).toBe(false),
);

test('keys are named as they are on the keyboard', () => {
  expect(keyNames('Ctrl+Command+Z', 'darwin')).toEqual(['⌃', '⌘', 'Z']);
  expect(keyNames('Alt+Super+Z', 'win32')).toEqual(['Alt', 'Win', 'Z']);
  expect(keyNames('Ctrl+Alt+Z', 'linux')).toEqual(['Ctrl', 'Alt', 'Z']);
});
