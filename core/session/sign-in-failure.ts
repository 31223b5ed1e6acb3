import { NewerDatabaseError } from '../../db/migrate.ts';
import { UnreadableDatabaseError } from '../../db/open.ts';
import { StorageError } from '../../db/storage-error.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import type { HelloResponse } from '../../shared/protocol/wire.ts';
import { TransportError } from '../ports.ts';
import { KeyStoreError } from './cache-places.ts';

export type SignInResult = OutputOf<CoreContract['calls']['session.signIn']>;

/** Which of the two is too old for the other; null: neither. */
export function versionMisfit({ protocol }: HelloResponse): 'protocol' | 'server-old' | null {
  if (protocol.oldest > PROTOCOL_VERSION) return 'protocol';
  return protocol.newest < PROTOCOL_VERSION ? 'server-old' : null;
}

/** What the server, or the way to it, said no to. Other errors are thrown on. */
export function signInFailure(error: unknown): SignInResult {
  if (!(error instanceof TransportError)) throw error;
  const { code, retryAfter, way } = error;
  if (way !== null) return { ok: false, reason: way, retryAfter: null };
  switch (code) {
    case 'bad-credentials':
    case 'account-disabled':
    case 'throttled':
      return { ok: false, reason: code, retryAfter };
    case 'protocol-unsupported':
      return { ok: false, reason: 'protocol', retryAfter: null };
    default:
      return { ok: false, reason: 'server-fault', retryAfter };
  }
}

/** Why a cache that is there could not be opened. Other errors are thrown on. */
export function cacheProblem(error: unknown): 'store-unreadable' | 'newer-database' | 'key-store' | 'disk' {
  if (error instanceof KeyStoreError) return 'key-store';
  if (error instanceof NewerDatabaseError) return 'newer-database';
  if (error instanceof UnreadableDatabaseError) return 'store-unreadable';
  if (error instanceof StorageError) return 'disk';
  throw error;
}
