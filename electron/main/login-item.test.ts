import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fc } from '../../tests/support/fast-check.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { autostartEntry, autostartFile } from './autostart-entry.ts';
import { createLoginItem, loginCommand, type LoginItemFacts, type LoginItemPort, startsHidden } from './login-item.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zuoxi-login-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const noSystem: LoginItemPort = {
  getLoginItemSettings: () => ({ openAtLogin: false }),
  setLoginItemSettings: () => {},
};
const facts = (over: Partial<LoginItemFacts> = {}): LoginItemFacts => ({
  platform: 'linux',
  packaged: true,
  env: { XDG_CONFIG_HOME: folder },
  executable: '/opt/坐席 工单台/zuoxi',
  folder: '/opt/app',
  name: '坐席工单台',
  ...over,
});

/** Reads a line of the file as the specification says: the escapes of the file first, then the quotes of `Exec`. */
function readExec(entry: string): string[] {
  const line = entry
    .split('\n')
    .find((each) => each.startsWith('Exec='))!
    .slice(5);
  const value = line.replaceAll(/\\([sntr\\])/g, (_, sign: string) => ({ s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' })[sign]!);
  const found = [...value.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|([^\s"]+)/g)];
  return found.map(([, inQuotes, plain]) => (inQuotes?.replaceAll(/\\([\s\S])/g, '$1') ?? plain!).replaceAll('%%', '%'));
}

describe('D04 open at login, on Linux', () => {
  test('an entry is written whole, read back, and taken away', () => {
    const item = createLoginItem(facts(), noSystem);
    expect(item.read()).toBe(false);
    expect(item.write(true, true)).toBe(true);
    expect(item.read()).toBe(true);
    const autostart = path.join(folder, 'autostart');
    expect(readdirSync(autostart)).toEqual(['zuoxi.desktop']);
    const entry = readFileSync(path.join(autostart, 'zuoxi.desktop'), 'utf8');
    expect(entry.split('\n')).toEqual([
      '[Desktop Entry]',
      'Type=Application',
      'Name=坐席工单台',
      'Exec="/opt/坐席 工单台/zuoxi" --hidden',
      'X-GNOME-Autostart-enabled=true',
      '',
    ]);
    expect(item.write(true, false)).toBe(true);
    expect(readExec(readFileSync(path.join(autostart, 'zuoxi.desktop'), 'utf8'))).toEqual(['/opt/坐席 工单台/zuoxi']);
    expect(item.write(false, false)).toBe(true);
    expect(item.write(false, false)).toBe(true);
    expect(readdirSync(autostart)).toEqual([]);
  });

  test('an entry that the desktop has switched off counts as off', () => {
    const item = createLoginItem(facts(), noSystem);
    item.write(true, true);
    const file = path.join(folder, 'autostart', 'zuoxi.desktop');
    const entry = readFileSync(file, 'utf8');
    for (const off of [`${entry}Hidden=true\n`, entry.replace('enabled=true', 'enabled=false')]) {
      writeFileSync(file, off);
      expect(item.read()).toBe(false);
    }
  });

  test('every path comes out of its quotes as it went in', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 4 }), (command) => {
        expect(readExec(autostartEntry('x', command))).toEqual(command);
      }),
      { numRuns: 2_000, examples: [[['/a "b"/$HOME/`id`/\\n/50%/c', '100%', "it's", '&&', '<x>|;']]] },
    );
  });

  test('where it lies, and what it runs', () => {
    expect(autostartFile({ HOME: '/home/a' })).toBe('/home/a/.config/autostart/zuoxi.desktop');
    expect(autostartFile({ HOME: '/home/a', XDG_CONFIG_HOME: 'relative' })).toBe('/home/a/.config/autostart/zuoxi.desktop');
    expect(autostartFile({})).toBeNull();
    expect(createLoginItem(facts({ env: {} }), noSystem).supported).toBe(false);
    expect(loginCommand(facts(), true)).toEqual(['/opt/坐席 工单台/zuoxi', '--hidden']);
    expect(loginCommand(facts({ packaged: false }), false)).toEqual(['/opt/坐席 工单台/zuoxi', '/opt/app']);
    expect(loginCommand(facts({ env: { APPIMAGE: '/home/a/Zuoxi.AppImage' } }), true)).toEqual(['/home/a/Zuoxi.AppImage', '--hidden']);
  });

  test('a folder that cannot be written is a no', () => {
    writeFileSync(path.join(folder, 'autostart'), '');
    expect(createLoginItem(facts(), noSystem).write(true, true)).toBe(false);
  });
});

describe('D04 open at login, on Windows and macOS', () => {
  const system = (held: boolean): LoginItemPort & { asked: unknown[] } => {
    let set: { openAtLogin: boolean; args?: string[] } = { openAtLogin: false };
    const asked: unknown[] = [];
    return {
      asked,
      setLoginItemSettings: (to) => {
        asked.push(to);
        set = to;
      },
      // As Windows does it: an entry is found by its arguments.
      getLoginItemSettings: (options) => ({
        openAtLogin: set.openAtLogin && String(options?.args) === String(set.args),
        executableWillLaunchAtLogin: !held,
      }),
    };
  };

  test('the system is asked, with the argument where it takes one', () => {
    for (const [platform, args] of [
      ['win32', { args: ['--hidden'] }],
      ['darwin', {}],
    ] as const) {
      const port = system(false);
      const item = createLoginItem(facts({ platform }), port);
      expect(item.write(true, true)).toBe(true);
      expect(port.asked).toEqual([{ openAtLogin: true, ...args }]);
      expect(item.read()).toBe(true);
      expect(item.write(false, true)).toBe(true);
      expect(item.read()).toBe(false);
    }
  });

  test('an entry that the task manager holds back is off, and cannot be switched on from here', () => {
    const item = createLoginItem(facts({ platform: 'win32' }), system(true));
    expect(item.write(true, true)).toBe(false);
    expect(item.read()).toBe(false);
  });

  test('a program run from its sources does not put itself there', () => {
    for (const platform of ['win32', 'darwin']) {
      expect(createLoginItem(facts({ platform, packaged: false }), system(false)).supported).toBe(false);
    }
  });
});

test('D04 a start without a window: asked for, or opened at login where that was chosen', () => {
  const start = { asked: false, openedAtLogin: false, startHidden: true };
  expect(startsHidden(start)).toBe(false);
  expect(startsHidden({ ...start, asked: true })).toBe(true);
  expect(startsHidden({ ...start, openedAtLogin: true })).toBe(true);
  expect(startsHidden({ ...start, openedAtLogin: true, startHidden: false })).toBe(false);
});
