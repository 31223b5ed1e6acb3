import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { openRxdb } from './rxdb-core.mjs';

export const open = (job) => openRxdb(job, getRxStorageDexie());
