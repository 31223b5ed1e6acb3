import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CHUNK } from '../../shared/domain/attachments.ts';

const NONCE = 12;
const TAG = 16;
const SEALED = CHUNK + NONCE + TAG;

/** A file as the cache knows it. */
export interface StoredFile {
  readonly id: string;
  /** 256 bits, hex; of this file alone. */
  readonly key: string;
  /** Bytes as they were given. */
  readonly size: number;
}

/** What lies on the disk is not what was written: cut off, changed, exchanged, or sealed with another key. */
export class DamagedFileError extends Error {
  constructor(cause?: unknown) {
    super('A file on this device is damaged.', { cause });
    this.name = 'DamagedFileError';
  }
}

export const newFileKey = (): string => randomBytes(32).toString('hex');

export const pieceCount = (size: number): number => Math.ceil(size / CHUNK);

/**
 * Bytes of attachments, one encrypted file each. Every piece is sealed by itself with the file's key, and bound to the
 * file, its place and the whole length; so a piece can be read alone, and none can stand in for another.
 */
export class FileStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes one piece in its place, the first one before any other. @throws what the disk says */
  async write(file: StoredFile, index: number, bytes: Uint8Array): Promise<void> {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(file.key, 'hex'), nonce);
    cipher.setAAD(placeOf(file, index));
    const sealed = [nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()];
    if (index === 0) await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const to = await open(this.#path(file.id), index === 0 ? 'w' : 'r+', 0o600);
    try {
      // Not joined before: what is copied here once is collected much later.
      await to.writev(sealed, index * SEALED);
    } finally {
      await to.close();
    }
  }

  /** All pieces are on the disk, and so is the name. */
  async sync(file: StoredFile): Promise<void> {
    await syncOne(this.#path(file.id), 'r+');
    // Windows opens no folders, and keeps its journal by itself.
    if (process.platform !== 'win32') await syncOne(this.#folder, 'r');
  }

  /** @throws DamagedFileError for anything but what was written there */
  async read(file: StoredFile, index: number): Promise<Uint8Array<ArrayBuffer>> {
    const length = Math.min(CHUNK, file.size - index * CHUNK);
    if (!(length > 0)) throw new DamagedFileError();
    const sealed = Buffer.alloc(length + NONCE + TAG);
    try {
      const from = await open(this.#path(file.id), 'r');
      try {
        const { bytesRead } = await from.read(sealed, 0, sealed.length, index * SEALED);
        if (bytesRead < sealed.length) throw new DamagedFileError();
      } finally {
        await from.close();
      }
      const decipher = createDecipheriv('aes-256-gcm', Buffer.from(file.key, 'hex'), sealed.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(placeOf(file, index));
      decipher.setAuthTag(sealed.subarray(-TAG));
      const plain = decipher.update(sealed.subarray(NONCE, -TAG));
      // Empty; throws where a byte is not as it was.
      decipher.final();
      return new Uint8Array(plain.buffer as ArrayBuffer, plain.byteOffset, plain.length);
    } catch (error) {
      throw error instanceof DamagedFileError ? error : new DamagedFileError(error);
    }
  }

  /** How many pieces from the beginning are on the disk; the last one that was begun does not count. */
  async held(file: StoredFile): Promise<number> {
    const length = await stat(this.#path(file.id)).then(
      (s) => s.size,
      () => 0,
    );
    const all = pieceCount(file.size);
    return length === file.size + all * (NONCE + TAG) ? all : Math.min(all - 1, Math.floor(length / SEALED));
  }

  /** SHA-256 of the whole, in hex, read piece by piece. @throws DamagedFileError */
  async hash(file: StoredFile): Promise<string> {
    const hash = createHash('sha256');
    for (let index = 0; index < pieceCount(file.size); index += 1) hash.update(await this.read(file, index));
    return hash.digest('hex');
  }

  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  /** Removes whatever is not among these. */
  async keepOnly(ids: ReadonlySet<string>): Promise<void> {
    // There is no folder before the first file.
    const names = await readdir(this.#folder).catch(() => []);
    await Promise.all(names.filter((name) => !ids.has(name)).map((name) => rm(join(this.#folder, name), { force: true })));
  }

  #path(id: string): string {
    // Ids come from the server, too; none of them may lead out of the folder.
    if (!/^[0-9a-f-]{36}$/.test(id)) throw new DamagedFileError();
    return join(this.#folder, id);
  }
}

const placeOf = ({ id, size }: StoredFile, index: number): Buffer => Buffer.from(`${id} ${size} ${index}`);

async function syncOne(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  await handle.sync().finally(() => handle.close());
}
