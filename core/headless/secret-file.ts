import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../write-whole.ts';

export interface Secrets {
  get(name: string): string | null;
  set(name: string, value: string): void;
  delete(name: string): void;
}

const schema = z.record(z.string(), z.string());

/**
 * Secrets in a file that only this user can read: the protection of the account on the computer, and no more.
 * @throws if the file is there and cannot be read: taken for empty, the cache would be locked for good
 */
export function openSecretFile(folder: string): Secrets {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'secrets.json');
  const values = new Map(existsSync(path) ? Object.entries(schema.parse(JSON.parse(readFileSync(path, 'utf8')))) : []);
  const write = (): void => writeWhole(path, JSON.stringify(Object.fromEntries(values)));
  return {
    get: (name) => values.get(name) ?? null,
    set(name, value) {
      values.set(name, value);
      write();
    },
    delete(name) {
      if (values.delete(name)) write();
    },
  };
}
