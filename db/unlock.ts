import type Database from 'better-sqlite3';

/**
 * How the pages of a file are encrypted and authenticated. A new one gets the first, which runs in the processor's own AES; one that an
 * older app made keeps its own, since another would have all of it written anew under other row numbers.
 */
export const ciphers = ['aegis', 'chacha20'] as const;

/** @throws TypeError if it is no key of 256 bits in hex */
export function assertKey(key: string): void {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new TypeError('key must be 64 hex digits');
}

/** @param key 256-bit, 64 hex digits @throws TypeError if it is something else */
export function unlock(raw: Database.Database, key: string, cipher: (typeof ciphers)[number] = ciphers[0]): void {
  assertKey(key);
  raw.pragma(`cipher='${cipher}'`);
  raw.pragma(`key='raw:${key}'`);
}
