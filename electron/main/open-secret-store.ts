import { safeStorage } from 'electron';
import type { Logger } from '../../shared/lib/logger.ts';
import type { BuildFacts } from './build-facts.ts';
import { chooseSecretStore } from './secret-policy.ts';
import { createFileStore, createKeyFileSealer, createMemoryStore, type Sealer, type SecretStore } from './secret-store.ts';

const systemSealer: Sealer = {
  seal: async (text) => safeStorage.encryptString(text),
  open: async (sealed) => safeStorage.decryptString(sealed),
};

/** Has to be called when the app is ready: before, Linux does not know its key store. */
export function openSecretStore(folder: string, facts: BuildFacts, platform: string, logger: Logger): SecretStore {
  const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : '';
  const available = safeStorage.isEncryptionAvailable();
  const kind = chooseSecretStore({ ...facts, platform, backend, available });
  logger.info('secrets', { kind, backend, available });
  if (kind === 'memory') return createMemoryStore();
  const sealer = kind === 'os' ? systemSealer : createKeyFileSealer(folder);
  return createFileStore(folder, kind, sealer, () => logger.error('secret-unreadable', { kind }));
}
