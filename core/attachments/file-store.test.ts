import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash, randomBytes } from 'node:crypto';
import { fc } from '../../tests/support/fast-check.ts';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CHUNK } from '../../shared/domain/attachments.ts';
import { DamagedFileError, FileStore, newFileKey, pieceCount, type StoredFile } from './file-store.ts';

let folder: string;
let store: FileStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-files-'));
  store = new FileStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (size: number): StoredFile => ({ id: v7(), key: newFileKey(), size });
const pathOf = ({ id }: StoredFile): string => join(folder, id);
const pieceOf = (bytes: Uint8Array, index: number): Uint8Array => bytes.subarray(index * CHUNK, (index + 1) * CHUNK);

async function put(bytes: Uint8Array, file = fileOf(bytes.length)): Promise<StoredFile> {
  for (let i = 0; i < pieceCount(bytes.length); i += 1) await store.write(file, i, pieceOf(bytes, i));
  await store.sync(file);
  return file;
}
async function readAll(file: StoredFile): Promise<Buffer> {
  const parts = [];
  for (let i = 0; i < pieceCount(file.size); i += 1) parts.push(await store.read(file, i));
  return Buffer.concat(parts);
}
const SEALED = CHUNK + 28;

describe('F07 files on the device', () => {
  test.each([1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])('%i bytes come back as they were given', async (size) => {
    const bytes = randomBytes(size);
    const file = await put(bytes);
    expect((await readAll(file)).equals(bytes)).toBe(true);
    expect(await store.hash(file)).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await store.held(file)).toBe(pieceCount(size));
  });

  test('nothing of it can be read on the disk, and its owner alone may look', async () => {
    const file = await put(Buffer.from('客户的身份证号码 '.repeat(2000)));
    expect(readFileSync(pathOf(file)).includes('客户')).toBe(false);
    expect(statSync(pathOf(file)).mode & 0o777).toBe(0o600);
  });

  test('another key, another file, another place or another length opens nothing', async () => {
    const bytes = randomBytes(2 * CHUNK + 5);
    const file = await put(bytes);
    const other = await put(bytes, { ...fileOf(bytes.length), key: file.key });
    await expect(store.read({ ...file, key: newFileKey() }, 0)).rejects.toThrow(DamagedFileError);
    const sealed = readFileSync(pathOf(file));
    // The same bytes under the same key: only the place and the name are others.
    writeFileSync(pathOf(file), readFileSync(pathOf(other)));
    await expect(store.read(file, 0)).rejects.toThrow(DamagedFileError);
    writeFileSync(
      pathOf(file),
      Buffer.concat([sealed.subarray(SEALED, 2 * SEALED), sealed.subarray(0, SEALED), sealed.subarray(2 * SEALED)]),
    );
    await expect(store.read(file, 0)).rejects.toThrow(DamagedFileError);
    await expect(store.read(file, 1)).rejects.toThrow(DamagedFileError);
    writeFileSync(pathOf(file), sealed);
    await expect(store.read({ ...file, size: 2 * CHUNK }, 0)).rejects.toThrow(DamagedFileError);
    expect((await readAll(file)).equals(bytes)).toBe(true);
  });

  test('an id that leads out of the folder is no file', async () => {
    await expect(store.read({ ...fileOf(1), id: '../../../../../etc/passwd' }, 0)).rejects.toThrow(DamagedFileError);
    await expect(store.write({ ...fileOf(1), id: '../x' }, 0, new Uint8Array(1))).rejects.toThrow(DamagedFileError);
  });

  test('whatever is changed or cut off, it is never wrong bytes: the right ones or an error', async () => {
    const bytes = randomBytes(CHUNK + 700);
    const file = await put(bytes);
    const sealed = readFileSync(pathOf(file));
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, flip, cut) => {
        if (cut) {
          writeFileSync(pathOf(file), sealed);
          truncateSync(pathOf(file), at);
        } else {
          const changed = Buffer.from(sealed);
          changed[at] = changed[at]! ^ flip;
          writeFileSync(pathOf(file), changed);
        }
        await expect(readAll(file)).rejects.toThrow(DamagedFileError);
      }),
      { numRuns: 200 },
    );
  });

  test('a download that was cut off goes on behind the last whole piece', async () => {
    const bytes = randomBytes(3 * CHUNK + 10);
    const file = fileOf(bytes.length);
    expect(await store.held(file)).toBe(0);
    await store.write(file, 0, pieceOf(bytes, 0));
    await store.write(file, 1, pieceOf(bytes, 1));
    expect(await store.held(file)).toBe(2);
    truncateSync(pathOf(file), 2 * SEALED - 1);
    expect(await store.held(file)).toBe(1);
    for (let i = 1; i < 4; i += 1) await store.write(file, i, pieceOf(bytes, i));
    expect(await store.held(file)).toBe(4);
    expect((await readAll(file)).equals(bytes)).toBe(true);
  });

  test('what is not to be kept goes', async () => {
    const kept = await put(randomBytes(10));
    const gone = await put(randomBytes(10));
    await store.keepOnly(new Set([kept.id]));
    await expect(store.read(gone, 0)).rejects.toThrow(DamagedFileError);
    expect((await store.read(kept, 0)).length).toBe(10);
  });
});
