import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Logger } from '../../shared/lib/logger.ts';
import { openSecretStore, type SafeStorage } from './open-secret-store.ts';

const release = { packaged: true, testBuild: false };
const CANARY = 'refresh-token-canary-5ae1';

/** A key store of the system, with one key, that can fail like the real ones. */
class FakeKeyStore implements SafeStorage {
  backend = 'gnome_libsecret';
  available = true;
  #key = randomBytes(32);
  /** Which of its answers are errors from now on. */
  failing = new Set<keyof SafeStorage>();
  /** As after a new profile of the user, another computer, or another key store. */
  changeKey(): void {
    this.#key = randomBytes(32);
  }
  #mayFail(name: keyof SafeStorage): void {
    if (this.failing.has(name)) throw new Error(`Error while asking safeStorage.${name}.`);
  }
  isEncryptionAvailable(): boolean {
    this.#mayFail('isEncryptionAvailable');
    return this.available;
  }
  getSelectedStorageBackend(): string {
    this.#mayFail('getSelectedStorageBackend');
    return this.backend;
  }
  encryptString(text: string): Buffer {
    this.#mayFail('encryptString');
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }
  decryptString(sealed: Buffer): string {
    this.#mayFail('decryptString');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(-16));
    return decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
  }
}

let folder: string;
let keyStore: FakeKeyStore;
let log: string[];
const logger: Logger = {
  info: (event, fields) => void log.push(`${event} ${JSON.stringify(fields)}`),
  warn: (event, fields) => void log.push(`${event} ${JSON.stringify(fields)}`),
  error: (event, fields) => void log.push(`${event} ${JSON.stringify(fields)}`),
};
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'zuoxi-key-store-')), 'secrets');
  keyStore = new FakeKeyStore();
  log = [];
});
afterEach(() => {
  // Whatever happened: no value on the disk, and none in a log.
  const places = [...files().map((name) => readFileSync(path.join(folder, name))), Buffer.from(log.join('\n'))];
  rmSync(path.dirname(folder), { recursive: true, force: true });
  if (places.some((each) => each.includes(CANARY))) throw new Error('A secret lies open.');
});
const open = (platform: string, facts = release) => openSecretStore(keyStore, folder, facts, platform, logger);
const files = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);

describe('S12 S13 a key store that works', () => {
  test.each([
    ['darwin', 'unknown'],
    ['win32', 'unknown'],
    ['linux', 'gnome_libsecret'],
    ['linux', 'kwallet'],
    ['linux', 'kwallet5'],
    ['linux', 'kwallet6'],
  ])('%s with %s keeps secrets over a restart', async (platform, backend) => {
    keyStore.backend = backend;
    const store = open(platform);
    expect(store.kind).toBe('os');
    await store.set('refresh:1', CANARY);
    expect(await open(platform).get('refresh:1')).toBe(CANARY);
    expect(files()).toHaveLength(1);
  });
});

const states: readonly (readonly [string, string, (store: FakeKeyStore) => void])[] = [
  ['macOS: access to the keychain was denied at the start', 'darwin', (s) => (s.available = false)],
  ['macOS: the keychain does not answer', 'darwin', (s) => s.failing.add('isEncryptionAvailable')],
  ['Windows: DPAPI is not there', 'win32', (s) => (s.available = false)],
  ['Windows: DPAPI fails', 'win32', (s) => s.failing.add('isEncryptionAvailable')],
  ['Linux: basic_text, a key that everybody knows', 'linux', (s) => (s.backend = 'basic_text')],
  ['Linux: unknown', 'linux', (s) => (s.backend = 'unknown')],
  ['Linux: nothing said', 'linux', (s) => (s.backend = '')],
  ['Linux: it cannot say which', 'linux', (s) => s.failing.add('getSelectedStorageBackend')],
  ['Linux: not available', 'linux', (s) => (s.available = false)],
];
describe('S12 no key store that can be trusted', () => {
  test.each(states)('%s: a release writes nothing at all, and forgets at its end', async (_, platform, ail) => {
    ail(keyStore);
    const store = open(platform);
    expect(store.kind).toBe('memory');
    await store.set('refresh:1', CANARY);
    expect(await store.get('refresh:1')).toBe(CANARY);
    expect(files()).toEqual([]);
    expect(await open(platform).get('refresh:1')).toBeNull();
  });

  test.each(states)('%s: what an earlier start sealed stays as it is, and opens when the key store is back', async (_, platform, ail) => {
    await open(platform).set('key:1', CANARY);
    const sealed = files().map((name) => readFileSync(path.join(folder, name), 'latin1'));
    const well = keyStore;
    keyStore = Object.assign(new FakeKeyStore(), {
      encryptString: well.encryptString.bind(well),
      decryptString: well.decryptString.bind(well),
    });
    ail(keyStore);
    const store = open(platform);
    expect(await store.get('key:1')).toBeNull();
    await store.set('key:1', 'another');
    await store.delete('key:1');
    expect(files().map((name) => readFileSync(path.join(folder, name), 'latin1'))).toEqual(sealed);
    keyStore = well;
    expect(await open(platform).get('key:1')).toBe(CANARY);
  });

  test.each(states)(
    '%s: a program run from its sources and a test build use a file that only this user reads',
    async (_, platform, ail) => {
      ail(keyStore);
      for (const facts of [
        { packaged: false, testBuild: false },
        { packaged: true, testBuild: true },
      ]) {
        const store = open(platform, facts);
        expect(store.kind).toBe('file');
        await store.set('refresh:1', CANARY);
        expect(await open(platform, facts).get('refresh:1')).toBe(CANARY);
      }
    },
  );
});

describe('R18 S12 a key store that fails later', () => {
  test.each(['darwin', 'win32', 'linux'])('%s: what it will not seal is not kept, and whoever asked is told', async (platform) => {
    const store = open(platform);
    await store.set('key:1', 'first');
    keyStore.failing.add('encryptString');
    await expect(store.set('key:1', CANARY)).rejects.toThrow('safeStorage');
    await expect(store.set('refresh:1', CANARY)).rejects.toThrow('safeStorage');
    expect(files()).toHaveLength(1);
    expect(await store.get('key:1')).toBe('first');
    keyStore.failing.clear();
    await store.set('refresh:1', CANARY);
    expect(await store.get('refresh:1')).toBe(CANARY);
  });

  test.each(['darwin', 'win32', 'linux'])('%s: what it will not open is no secret, is logged, and stays where it is', async (platform) => {
    const store = open(platform);
    await store.set('key:1', CANARY);
    keyStore.failing.add('decryptString');
    expect(await store.get('key:1')).toBeNull();
    expect(log.at(-1)).toBe('secret-unreadable {"kind":"os"}');
    keyStore.failing.clear();
    expect(await store.get('key:1')).toBe(CANARY);
  });

  test.each(['darwin', 'win32', 'linux'])(
    '%s: another key, or another strong key store, opens nothing of the old one and destroys nothing',
    async (platform) => {
      await open(platform).set('key:1', CANARY);
      const sealed = files();
      keyStore.changeKey();
      keyStore.backend = 'kwallet6';
      const store = open(platform);
      expect(store.kind).toBe('os');
      expect(await store.get('key:1')).toBeNull();
      expect(files()).toEqual(sealed);
    },
  );
});
