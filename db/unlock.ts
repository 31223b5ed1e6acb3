import type Database from 'better-sqlite3';

/**
 * How the pages of a file are encrypted and authenticated. A new one gets the first, which runs in the processor's own AES; one that an
 * older app made keeps its own, since another would have all of it written anew under other row numbers.
 */
export const ciphers = ['aegis', 'chacha20'] as const;

/** @param key 256-bit, 64 hex digits */
export function unlock(raw: Database.Database, key: string, cipher: (typeof ciphers)[number] = ciphers[0]): void {
  raw.pragma(`cipher='${cipher}'`);
  raw.pragma(`key='raw:${key}'`);
}
