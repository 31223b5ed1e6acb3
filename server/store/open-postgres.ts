import pg from 'pg';
import { migrate } from './migrate.ts';
import { namingClient } from './naming-client.ts';
import { codeOf, poolStore } from './pool-store.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

const RELISTEN_MS = 1000;

/** A PostgreSQL of one's own; several instances may share it. */
export async function openPostgres(url: string, now: number): Promise<Store> {
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5000, Client: namingClient() } as pg.PoolConfig);
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', () => {});
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    throw new StoreError(problemOf(error), place(url), error);
  }
  const store = wrap(pool, url);
  try {
    await migrate(store, now);
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

function wrap(pool: pg.Pool, url: string): Store {
  return poolStore(pool, {
    kind: 'postgres',
    async listen(channel, onPayload, onGap) {
      const listener = keepListening(url, channel, onPayload, onGap);
      await listener.started;
      return listener.stop;
    },
    async alone(lock, work) {
      const client = await pool.connect();
      try {
        const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [lock]);
        if (rows[0]?.got !== true) return false;
        try {
          await work();
        } finally {
          await client.query('SELECT pg_advisory_unlock($1)', [lock]);
        }
        return true;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  });
}

/** One connection that listens, made anew when it breaks. */
function keepListening(
  url: string,
  channel: string,
  onPayload: (payload: string) => void,
  onGap: () => void,
): { started: Promise<void>; stop: () => Promise<void> } {
  let stopped = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, keepAlive: true });
    next.on('error', () => again(next));
    next.on('end', () => again(next));
    next.on('notification', (n) => {
      if (n.payload !== undefined) onPayload(n.payload);
    });
    client = next;
    await next.connect();
    await next.query(`LISTEN ${channel}`);
  };
  const again = (from: pg.Client): void => {
    if (stopped || client !== from || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      connect().then(onGap, () => {
        if (client !== null) again(client);
      });
    }, RELISTEN_MS);
  };
  return {
    started: connect(),
    stop: async () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}

function problemOf(error: unknown): 'database-missing' | 'database-refused' | 'database-unreachable' {
  const code = codeOf(error);
  if (code === '3D000') return 'database-missing';
  return code.startsWith('28') ? 'database-refused' : 'database-unreachable';
}

/** Host, port and database, without name and password. */
function place(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname}:${port || '5432'}${pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}
