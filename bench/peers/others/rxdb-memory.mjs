import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { openRxdb } from './rxdb-core.mjs';

export const open = (job) => openRxdb(job, getRxStorageMemory());
