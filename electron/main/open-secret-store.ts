import type { Logger } from '../../shared/lib/logger.ts';
import type { BuildFacts } from './build-facts.ts';
import { chooseSecretStore } from './secret-policy.ts';
import { createFileStore, createKeyFileSealer, createMemoryStore, type Sealer, type SecretStore } from './secret-store.ts';

/** Of Electron's `safeStorage`, what is used. Each of these may throw, at any time. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  /** On Linux alone. */
  getSelectedStorageBackend(): string;
  encryptString(text: string): Buffer;
  decryptString(sealed: Buffer): string;
}

/** Has to be called when the app is ready: before, Linux does not know its key store. Never throws: without one, see `chooseSecretStore`. */
export function openSecretStore(safe: SafeStorage, folder: string, facts: BuildFacts, platform: string, logger: Logger): SecretStore {
  const backend = platform === 'linux' ? ask(() => safe.getSelectedStorageBackend(), '') : '';
  const available = ask(() => safe.isEncryptionAvailable(), false);
  const kind = chooseSecretStore({ ...facts, platform, backend, available });
  logger.info('secrets', { kind, backend, available });
  if (kind === 'memory') return createMemoryStore();
  const sealer = kind === 'os' ? systemSealer(safe) : createKeyFileSealer(folder);
  return createFileStore(folder, kind, sealer, () => logger.error('secret-unreadable', { kind }));
}

const systemSealer = (safe: SafeStorage): Sealer => ({
  seal: async (text) => safe.encryptString(text),
  open: async (sealed) => safe.decryptString(sealed),
});

function ask<T>(question: () => T, otherwise: T): T {
  try {
    return question();
  } catch {
    return otherwise;
  }
}
