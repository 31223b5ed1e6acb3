import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileStore, createKeyFileSealer, createMemoryStore } from './secret-store.ts';

let folder: string;
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'zuoxi-secrets-')), 'secrets');
});
afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }));

test('S13 a secret outlives its store, and its file shows neither name nor value', async () => {
  let unreadable = 0;
  const open = () => createFileStore(folder, 'file', createKeyFileSealer(folder), () => unreadable++);
  const store = open();
  await Promise.all([store.set('token', 'first'), store.set('token', 'canary-71'), store.set('key', '钥')]);
  expect(await open().get('token')).toBe('canary-71');
  expect(await open().get('key')).toBe('钥');
  expect(await open().get('other')).toBeNull();
  const names = await readdir(folder);
  expect(names.length).toBe(3);
  for (const name of names) {
    expect(name).not.toMatch(/token/);
    expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await readFile(path.join(folder, name))).includes('canary')).toBe(false);
  }
  await store.delete('token');
  await store.delete('token');
  expect(await open().get('token')).toBeNull();
  expect(unreadable).toBe(0);
});

test('S13 what another key sealed, or a fault of the disk changed, is no secret', async () => {
  let unreadable = 0;
  const store = createFileStore(folder, 'file', createKeyFileSealer(folder), () => unreadable++);
  await store.set('token', 'value');
  const file = path.join(
    folder,
    (await readdir(folder)).find((name) => name.endsWith('.file'))!,
  );
  const sealed = await readFile(file);
  sealed[sealed.length - 1]! ^= 1;
  await writeFile(file, sealed);
  expect(await store.get('token')).toBeNull();
  await writeFile(file, Buffer.alloc(5));
  expect(await store.get('token')).toBeNull();
  expect(unreadable).toBe(2);
});

test('S12 stores of different kinds do not read each other, and memory forgets', async () => {
  const plain = { seal: async (text: string) => Buffer.from(text), open: async (sealed: Buffer) => sealed.toString() };
  await createFileStore(folder, 'file', plain, () => {}).set('token', 'from the file');
  expect(await createFileStore(folder, 'os', plain, () => {}).get('token')).toBeNull();
  const memory = createMemoryStore();
  await memory.set('token', 'here');
  expect(await memory.get('token')).toBe('here');
  await memory.delete('token');
  expect(await memory.get('token')).toBeNull();
  expect(await createMemoryStore().get('token')).toBeNull();
});
