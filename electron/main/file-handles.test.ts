import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileHandles } from './file-handles.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zuoxi-files-'));
  file = path.join(folder, '回执.txt');
  writeFileSync(file, '0123456789');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (answer: { bytes: Uint8Array } | null): string => Buffer.from(answer!.bytes).toString();

test('a handle names the file without its path and reads pieces of it', async () => {
  const files = createFileHandles();
  const given = await files.give(file);
  expect(given).toMatchObject({ name: '回执.txt', size: 10 });
  expect(JSON.stringify(given)).not.toContain(folder);
  expect(text(await files.read(given.handle, 0, 4))).toBe('0123');
  expect(text(await files.read(given.handle, 8, 4))).toBe('89');
  expect(await files.read(given.handle, 20, 4)).toMatchObject({ size: 10, bytes: new Uint8Array(0) });
});

test('a path, a made-up handle and one that was let go read nothing', async () => {
  const files = createFileHandles();
  const { handle } = await files.give(file);
  expect(await files.read(file, 0, 4)).toBeNull();
  expect(await files.read('b9d1a6a4-0000-4000-8000-000000000000', 0, 4)).toBeNull();
  files.letGo(handle);
  expect(await files.read(handle, 0, 4)).toBeNull();
});

test('a folder is no file', async () => {
  await expect(createFileHandles().give(folder)).rejects.toThrow('not a plain file');
});

test('the oldest handle makes room for a new one', async () => {
  const files = createFileHandles();
  const first = await files.give(file);
  for (let i = 0; i < 200; i += 1) await files.give(file);
  expect(await files.read(first.handle, 0, 4)).toBeNull();
});
