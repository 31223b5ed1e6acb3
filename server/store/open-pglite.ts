import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { inProcessPool } from './in-process-pool.ts';
import { migrate } from './migrate.ts';
import { poolStore } from './pool-store.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

/** A database in the process itself: in `place/database`, or in memory alone, empty or from a dump. */
export async function openPglite(place: string | Blob | null, now: number): Promise<Store> {
  const unlock = typeof place === 'string' ? await takeFolder(place) : async () => {};
  try {
    const client = await start(place);
    // One in memory alone is a test's.
    const store = wrap(client, typeof place === 'string', unlock);
    try {
      // Nothing here counts rows by itself, and plans are kept: those made for a small table would read a large one whole.
      await store.script('SET enable_seqscan = off');
      await migrate(store, now);
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function start(place: string | Blob | null): Promise<PGlite> {
  try {
    if (typeof place === 'string') return await PGlite.create({ dataDir: join(place, 'database') });
    return await (place === null ? PGlite.create() : PGlite.create({ loadDataDir: place }));
  } catch (error) {
    throw new StoreError('database-damaged', typeof place === 'string' ? place : 'memory', error);
  }
}

function wrap(client: PGlite, letsTurnsBy: boolean, unlock: () => Promise<void>): Store {
  const pool = inProcessPool(client, letsTurnsBy);
  return poolStore(pool, {
    kind: 'pglite',
    listen: async () => async () => {},
    async alone(_lock, work) {
      await work();
      return true;
    },
    async close() {
      if (!client.closed) {
        await pool.end();
        await client.close();
      }
      await unlock();
    },
  });
}

/** Makes the folder (readable for its owner alone) and marks it as in use; two processes on one database would destroy it. */
async function takeFolder(dataDir: string): Promise<() => Promise<void>> {
  const lock = join(dataDir, 'server.pid');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    for (;;) {
      try {
        const file = await open(lock, 'wx', 0o600);
        await file.writeFile(String(process.pid));
        await file.close();
        return () => rm(lock, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
        if (owner !== process.pid && isAlive(owner)) throw new StoreError('data-dir-in-use', dataDir);
        if (owner === process.pid) throw new StoreError('data-dir-in-use', dataDir);
        await rm(lock, { force: true });
        await writeFile(join(dataDir, '.writable'), '');
        await rm(join(dataDir, '.writable'), { force: true });
      }
    }
  } catch (error) {
    throw error instanceof StoreError ? error : new StoreError('data-dir', dataDir, error);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
