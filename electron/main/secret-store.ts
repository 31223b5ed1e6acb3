import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SecretKind } from './secret-policy.ts';

export interface SecretStore {
  readonly kind: SecretKind;
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

export interface Sealer {
  seal(text: string): Promise<Buffer>;
  /** @throws if it was sealed with another key, or damaged. */
  open(sealed: Buffer): Promise<string>;
}

export function createMemoryStore(): SecretStore {
  const values = new Map<string, string>();
  return {
    kind: 'memory',
    get: async (name) => values.get(name) ?? null,
    set: async (name, value) => void values.set(name, value),
    delete: async (name) => void values.delete(name),
  };
}

/** One file a secret, sealed, under the hash of its name; each kind sees only its own. */
export function createFileStore(folder: string, kind: 'os' | 'file', sealer: Sealer, onUnreadable: () => void): SecretStore {
  const fileOf = (name: string): string => path.join(folder, `${createHash('sha256').update(name).digest('hex').slice(0, 40)}.${kind}`);
  // In order of their calls: a read must not overtake the write before it.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = last.then(run);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    kind,
    get: (name) =>
      inTurn(async () => {
        const sealed = await readIfPresent(fileOf(name));
        if (sealed === null) return null;
        return sealer.open(sealed).catch(() => {
          onUnreadable();
          return null;
        });
      }),
    set: (name, value) => inTurn(async () => writePrivate(folder, fileOf(name), await sealer.seal(value))),
    delete: (name) => inTurn(() => rm(fileOf(name), { force: true })),
  };
}

/** For machines without a key store: the key is a file that only this user can read. */
export function createKeyFileSealer(folder: string): Sealer {
  const file = path.join(folder, 'key');
  let loaded: Promise<Buffer> | null = null;
  const key = (): Promise<Buffer> =>
    (loaded ??= (async () => {
      const present = await readIfPresent(file);
      if (present?.length === 32) return present;
      const made = randomBytes(32);
      await writePrivate(folder, file, made);
      return made;
    })());
  return {
    async seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', await key(), nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    async open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', await key(), sealed.subarray(0, 12), { authTagLength: 16 });
      decipher.setAuthTag(sealed.subarray(12, 28));
      return decipher.update(sealed.subarray(28), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}

async function readIfPresent(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, also when the power goes. */
async function writePrivate(folder: string, file: string, content: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const partial = `${file}.${randomUUID()}`;
  try {
    const handle = await open(partial, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    // Windows opens no folders, and keeps its journal by itself.
    if (process.platform !== 'win32') {
      const entries = await open(folder, 'r');
      await entries.sync().finally(() => entries.close());
    }
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
