import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileHandles } from './file-handles.ts';
import { createSavePlace, fileName } from './save-place.ts';
import { createSavedFile } from './saved-file.ts';

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zuoxi-saves-'));
  target = path.join(folder, '工单.csv');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => Buffer.from(text);
const none = new Uint8Array(0);

test('a file stands under its name only when it is whole, with its pieces in order', async () => {
  writeFileSync(target, 'yesterday');
  const file = createSavedFile(target);
  // Not waited for: a second piece may be asked for before the first is on disk.
  const pieces = await Promise.all([file.write(bytes('one,'), 'no'), file.write(bytes('two,'), 'no'), file.write(bytes('three'), 'no')]);
  expect(pieces).toEqual([true, true, true]);
  expect(readFileSync(target, 'utf8')).toBe('yesterday');
  expect(await file.write(none, 'yes')).toBe(true);
  expect(file.state).toBe('whole');
  expect(readFileSync(target, 'utf8')).toBe('one,two,three');
  expect(readdirSync(folder)).toEqual(['工单.csv']);
  if (process.platform !== 'win32') expect((await stat(target)).mode & 0o077).toBe(0);
});

test('what is given up leaves nothing, and what stood there before', async () => {
  writeFileSync(target, 'yesterday');
  const file = createSavedFile(target);
  await file.write(bytes('half'), 'no');
  expect(readdirSync(folder).length).toBe(2);
  expect(await file.write(none, 'abort')).toBe(true);
  expect(readdirSync(folder)).toEqual(['工单.csv']);
  expect(readFileSync(target, 'utf8')).toBe('yesterday');
  expect(await file.write(bytes('more'), 'yes')).toBe(false);
  expect(readFileSync(target, 'utf8')).toBe('yesterday');
});

test('a folder that is gone takes nothing and says so', async () => {
  const file = createSavedFile(path.join(folder, 'gone', '工单.csv'));
  expect(await file.write(bytes('half'), 'no')).toBe(false);
  expect(await file.write(none, 'yes')).toBe(false);
  expect(file.state).toBe('ended');
  expect(readdirSync(folder)).toEqual([]);
});

test('a name that became a folder meanwhile loses nothing but the new file', async () => {
  const file = createSavedFile(folder);
  expect(await file.write(bytes('half'), 'no')).toBe(true);
  writeFileSync(target, 'inside');
  expect(await file.write(none, 'yes')).toBe(false);
  expect(readdirSync(folder)).toEqual(['工单.csv']);
  expect(readdirSync(path.dirname(folder)).filter((name) => name.startsWith(`${path.basename(folder)}.`))).toEqual([]);
});

test('the remains of a computer that went down go with the next try; other files stay', async () => {
  writeFileSync(`${target}.0badf00d.zuoxi-part`, 'half of last week');
  writeFileSync(`${target}.notes.txt`, 'mine');
  writeFileSync(path.join(folder, '别的.csv.0badf00d.zuoxi-part'), 'another file');
  const file = createSavedFile(target);
  await file.write(bytes('whole'), 'yes');
  expect(readdirSync(folder).sort()).toEqual(['别的.csv.0badf00d.zuoxi-part', '工单.csv', '工单.csv.notes.txt'].sort());
});

test.runIf(process.platform !== 'win32')('a link stays a link, and the file that it stands for gets the content', async () => {
  const real = path.join(folder, 'real.csv');
  writeFileSync(real, 'old');
  chmodSync(real, 0o644);
  symlinkSync(real, target);
  await createSavedFile(target).write(bytes('new'), 'yes');
  expect((await lstat(target)).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, 'utf8')).toBe('new');
});

test('a handle names a place without its path, is written once, and shows where it is only when whole', async () => {
  const files = createFileHandles();
  const given = files.giveTarget(target);
  expect(given.name).toBe('工单.csv');
  expect(JSON.stringify(given)).not.toContain(folder);
  expect(files.savedPath(given.handle)).toBeNull();
  expect(await files.write(given.handle, bytes('a'), 'no')).toBe(true);
  expect(files.savedPath(given.handle)).toBeNull();
  expect(await files.write(given.handle, bytes('b'), 'yes')).toBe(true);
  expect(files.savedPath(given.handle)).toBe(target);
  expect(await files.write(given.handle, bytes('c'), 'yes')).toBe(false);
  expect(readFileSync(target, 'utf8')).toBe('ab');
});

test('a path, a made-up handle and one of a picked file are no place to write to', async () => {
  const files = createFileHandles();
  writeFileSync(target, 'read only');
  const { handle } = await files.give(target);
  for (const name of [target, handle, 'b9d1a6a4-0000-4000-8000-000000000000']) {
    expect(await files.write(name, bytes('x'), 'yes')).toBe(false);
    expect(files.savedPath(name)).toBeNull();
  }
  expect(readFileSync(target, 'utf8')).toBe('read only');
});

test('when the writer is gone, what is half done goes; what is whole or not begun stays', async () => {
  const files = createFileHandles();
  const [half, whole, fresh] = ['half.csv', 'whole.csv', 'fresh.csv'].map((name) => files.giveTarget(path.join(folder, name)).handle);
  await files.write(half!, bytes('x'), 'no');
  await files.write(whole!, bytes('x'), 'yes');
  await files.abortWrites();
  expect(readdirSync(folder)).toEqual(['whole.csv']);
  expect(await files.write(half!, bytes('y'), 'yes')).toBe(false);
  expect(await files.write(fresh!, bytes('y'), 'yes')).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['fresh.csv', 'whole.csv']);
});

test('the last folder is offered again, also after a restart, and only while it exists', () => {
  const memory = path.join(folder, 'folders.json');
  const reports = mkdtempSync(path.join(folder, 'reports-'));
  expect(createSavePlace(memory).suggest('工单.csv')).toBe('工单.csv');
  createSavePlace(memory).chosen(path.join(reports, '本周.csv'), '工单.csv');
  expect(createSavePlace(memory).suggest('工单.csv')).toBe(path.join(reports, '工单.csv'));
  rmSync(reports, { recursive: true });
  expect(createSavePlace(memory).suggest('工单.csv')).toBe('工单.csv');
  writeFileSync(memory, '{"saveFolder":7');
  expect(createSavePlace(memory).suggest('工单.csv')).toBe('工单.csv');
});

test('a name typed without extension gets it, unless that would replace a file that nobody asked about', () => {
  const place = createSavePlace(path.join(folder, 'folders.json'));
  const bare = path.join(folder, '本周');
  expect(place.chosen(bare, '工单.csv')).toBe(`${bare}.csv`);
  writeFileSync(`${bare}.csv`, 'there');
  expect(place.chosen(bare, '工单.csv')).toBe(bare);
  expect(place.chosen(path.join(folder, '本周.txt'), '工单.csv')).toBe(path.join(folder, '本周.txt'));
});

test.each([
  ['../../etc/passwd', '_.._etc_passwd'],
  ['C:\\x.csv', 'C__x.csv'],
  ['  .hidden. ', 'hidden'],
  ['工单 2026-11-22.csv', '工单 2026-11-22.csv'],
  ['...', '_'],
])('a suggested name %j becomes %j', (suggested, name) => {
  expect(fileName(suggested)).toBe(name);
});
