import { countFileForms } from '../../db/reads/attachments.ts';
import { countKept } from '../../db/reads/attention.ts';
import { readMeta, readMetaJson } from '../../db/reads/meta.ts';
import { readQueue } from '../../db/reads/queue.ts';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import { countByState } from '../sync/queue.ts';
import type { Desk } from '../session/desk.ts';

type SyncState = OutputOf<CoreContract['queries']['sync.state']>;

const signedOut: SyncState = {
  connection: 'offline',
  offlineSince: null,
  lastSyncedAt: null,
  pending: 0,
  attention: 0,
  firstSync: null,
  nextRetryAt: null,
  problem: null,
};

export function syncState(desk: Desk | null): SyncState {
  if (desk === null) return signedOut;
  const { db } = desk.cache;
  const lastSyncedAt = readMeta(db, 'lastSyncedAt');
  const first = readMetaJson(db, 'firstSync') as { done: number; total: number } | null;
  const incomplete = readMeta(db, 'cursor') === null;
  return {
    ...desk.engine.state,
    lastSyncedAt: lastSyncedAt === null ? null : Number(lastSyncedAt),
    pending: countByState(db, 'queued'),
    attention: countByState(db, 'refused') + countKept(db) + countFileForms(db),
    firstSync: first ?? (incomplete ? { done: 0, total: 0 } : null),
  };
}

export const syncQueue = (desk: Desk | null): OutputOf<CoreContract['queries']['sync.queue']> =>
  desk === null ? [] : readQueue(desk.cache.db).map(({ callbackId: _, ...item }) => item);
