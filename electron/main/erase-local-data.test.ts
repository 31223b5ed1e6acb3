import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asksToErase, eraseLocalData, erasureReport } from './erase-local-data.ts';

let profile: string;
beforeEach(() => {
  profile = path.join(mkdtempSync(path.join(tmpdir(), 'zuoxi-erase-')), 'profile');
});
afterEach(() => rmSync(path.dirname(profile), { recursive: true, force: true }));

function put(name: string, text = 'x'): void {
  mkdirSync(path.dirname(path.join(profile, name)), { recursive: true });
  writeFileSync(path.join(profile, name), text);
}

test.each([
  [['zuoxi', '--erase-local-data'], true],
  [['electron', '/app', '--hidden', '--erase-local-data'], true],
  [['zuoxi', '--erase-local-data=yes'], false],
  [['zuoxi'], false],
  // What a link brings stands behind `--`, or beside the link.
  [['zuoxi', '--', '--erase-local-data'], false],
  [['zuoxi', '--', 'zuoxi://ticket/1', '--erase-local-data'], false],
  [['zuoxi', 'zuoxi://call?phone=1', '--erase-local-data'], false],
  [['zuoxi', '--erase-local-data', 'ZUOXI://call?phone=1'], false],
])('%j asks to erase: %s', (argv, expected) => expect(asksToErase(argv)).toBe(expected));

test('R25 a profile goes whole, keys first, and what was in it is told by number', () => {
  put('data/profile.json', JSON.stringify({ known: { a: { name: '林' }, b: {} }, waiting: { a: 2, b: 1 } }));
  for (const name of [
    'data/a.db',
    'data/a.files/1',
    'secrets/key',
    'logs/main.log',
    'Cache/Cache_Data/index',
    'window.json',
    'folders.json',
  ])
    put(name);
  const erasure = eraseLocalData(profile);
  expect(erasure).toMatchObject({ accounts: 2, waiting: 3, left: [] });
  expect(erasure.removed.slice(0, 2)).toEqual(['secrets', 'data']);
  expect(erasure.removed.at(-1)).toBe('logs');
  expect(existsSync(profile)).toBe(false);
  expect(erasureReport(profile, erasure)).toMatch(/2 个账号[\s\S]*3 项操作[\s\S]*2 accounts \(with 3 actions/);
  expect(erasureReport(profile, erasure)).not.toContain('林');
  expect(erasureReport(profile, eraseLocalData(profile))).toContain('没有需要删除的数据');
});

test('R25 a profile whose erasure was cut short, or whose list of accounts is damaged, goes as well', () => {
  put('logs/main.log');
  put('Local Storage/leveldb/1.log');
  expect(eraseLocalData(profile)).toMatchObject({ accounts: 0, left: [] });
  put('data/profile.json', '{');
  put('data/a.db');
  expect(eraseLocalData(profile)).toMatchObject({ accounts: 0, left: [] });
  expect(existsSync(profile)).toBe(false);
});

test('a folder that is no profile of ours is left as it is', () => {
  for (const name of ['data/mine.txt', 'secrets/mine.txt', 'logs/other.log', 'thesis.docx']) put(name);
  const erasure = eraseLocalData(profile);
  expect(erasure.removed).toEqual([]);
  expect(readdirSync(profile, { recursive: true })).toHaveLength(7);
});

test('what cannot be removed is named, and the rest goes', () => {
  put('data/profile.json', '{}');
  put('stuck/file');
  // As a file that another program holds open: whoever runs this as root is stopped by no mode.
  const erasure = eraseLocalData(profile, (what) => {
    if (what.endsWith('stuck')) return false;
    rmSync(what, { recursive: true });
    return true;
  });
  expect(erasure.left).toEqual(['stuck']);
  expect(erasure.removed).toContain('data');
  expect(erasureReport(profile, erasure)).toMatch(/请手工删除 .*: stuck/);
});
