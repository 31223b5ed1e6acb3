import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputOf } from '../../shared/bridge/define.ts';
import type { HostContract } from '../../shared/bridge/host-contract.ts';
import type { CoreContext } from '../context.ts';

type SecretKind = OutputOf<HostContract['calls']['secrets.kind']>['kind'];

/** The name under which all that belongs to one account on one server lies. */
export const cacheName = (url: string, accountId: string): string =>
  createHash('sha256').update(`${url}\n${accountId}`).digest('hex').slice(0, 24);

/** The host's key store gave no answer, or would not keep what it was given. */
export class KeyStoreError extends Error {
  override readonly name = 'KeyStoreError';
}

/** Where the caches and their keys lie. */
export class CachePlaces {
  readonly #ctx: CoreContext;
  /** Where the host keeps secrets; known once it has been asked. */
  secrets: SecretKind = 'memory';

  constructor(ctx: CoreContext) {
    this.#ctx = ctx;
  }

  /** Of the files of attachments. */
  folder(url: string, accountId: string): string {
    return this.path(url, accountId).replace(/\.db$/, '.files');
  }

  path(url: string, accountId: string): string {
    // Without a key store the key dies with the process: so does the use of the file, which the next run must not meet.
    const suffix = this.secrets === 'memory' ? `.${this.#ctx.runId}` : '';
    return join(this.#ctx.dataDir, `${cacheName(url, accountId)}${suffix}.db`);
  }

  /** Whether a cache lies here that should have a key. */
  holds(url: string, accountId: string): boolean {
    return this.secrets !== 'memory' && existsSync(this.path(url, accountId));
  }

  /** Why nothing is opened for which the host has no key. A cache from a time with a key store waits, untouched, for it to come back. */
  withoutKey(url: string, accountId: string): 'key-store' | 'store-unreadable' | null {
    if (!existsSync(join(this.#ctx.dataDir, `${cacheName(url, accountId)}.db`))) return null;
    return this.secrets === 'memory' ? 'key-store' : 'store-unreadable';
  }

  /** null: the host has none. @throws KeyStoreError */
  key(url: string, accountId: string): Promise<string | null> {
    return this.#get(keyName(cacheName(url, accountId)));
  }

  /** @throws KeyStoreError */
  async newKey(url: string, accountId: string): Promise<string> {
    const value = randomBytes(32).toString('hex');
    await this.#ctx.host.call('secrets.set', { name: keyName(cacheName(url, accountId)), value }).catch(fail);
    return value;
  }

  /** null: the account has never signed in here, or signed out. @throws KeyStoreError */
  refreshToken(name: string): Promise<string | null> {
    return this.#get(refreshName(name));
  }

  async #get(name: string): Promise<string | null> {
    return (await this.#ctx.host.call('secrets.get', { name }).catch(fail)).value;
  }

  hasFiles(name: string): boolean {
    return this.#filesOf(name).length > 0;
  }

  /** All that lies here under a name: the cache, what SQLite keeps beside it, copies, files of attachments. @throws if anything stays */
  remove(name: string): void {
    for (const file of this.#filesOf(name)) rmSync(join(this.#ctx.dataDir, file), { recursive: true, force: true });
    if (this.hasFiles(name)) throw new Error('files stay');
  }

  #filesOf(name: string): string[] {
    return readdirSync(this.#ctx.dataDir).filter((file) => file.startsWith(`${name}.`));
  }

  /** Caches of earlier runs without a key store: nobody has their keys. */
  removeOrphans(): void {
    for (const name of readdirSync(this.#ctx.dataDir))
      if (/^[0-9a-f]{24}\.[^.]+\.(files|db(-wal|-shm|\.spare)?)$/.test(name) && !name.includes(this.#ctx.runId))
        rmSync(join(this.#ctx.dataDir, name), { recursive: true, force: true });
  }
}

const fail = (): never => {
  throw new KeyStoreError();
};

/** Where the host keeps the key of a cache, and the token of its session. */
export const keyName = (name: string): string => `key:${name}`;
export const refreshName = (name: string): string => `refresh:${name}`;
