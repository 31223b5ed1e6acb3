import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { v7 } from 'uuid';
import type { Clock } from '../shared/lib/clock.ts';
import type { IdSource } from '../shared/lib/ids.ts';
import { createServer, type ZuoxiServer } from './create-server.ts';
import { type Logger, silentLogger } from '../shared/lib/logger.ts';
import { type DemoSize } from './seed/make-demo.ts';
import { seedDemo } from './seed/seed-demo.ts';
import type { PasswordHasher } from './sessions/hasher.ts';
import { openStore } from './store/open-store.ts';
import { resetStore } from './store/reset.ts';
import type { Store } from './store/store.ts';

const outFolder = join(import.meta.dirname, '..', 'out');

/** Where a test server keeps its data. `store`: an open one, emptied first and left open: much faster than a new one. */
export type TestDatabase = 'pglite-memory' | { readonly dir: string } | { readonly url: string } | { readonly store: Store };

export interface TestServerOptions {
  readonly database?: TestDatabase;
  /** Default true; false keeps what an open store, a folder or a database holds, as a restart does. */
  readonly empty?: boolean;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly logger?: Logger;
  readonly hasher?: PasswordHasher;
  readonly name?: string;
  /** Fill it with the demo, of a small size if wanted. */
  readonly demo?: { readonly seed?: number; readonly size?: DemoSize } | boolean;
  /** Run jobs by timers; default false: call `runDue`. */
  readonly timers?: boolean;
  /** Listen on a free port of 127.0.0.1; default true. Without, use `inject`. */
  readonly listen?: boolean;
}

export interface TestServer extends ZuoxiServer {
  readonly store: Store;
  /** Empty without `listen`. */
  readonly url: string;
}

/** Not a hash at all, and fast: for tests that are not about hashing. */
export const plainHasher: PasswordHasher = {
  hash: async (password) => `plain:${password}`,
  verify: async (stored, password) => stored === `plain:${password}`,
};

/** The production server, in the test's own process. `close` ends it, and the store unless it was given. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const clock = options.clock ?? { now: () => Date.now() };
  const hasher = options.hasher ?? plainHasher;
  const given = typeof options.database === 'object' && 'store' in options.database ? options.database.store : null;
  const store = given ?? (await openTestStore(options.database as Exclude<TestDatabase, { store: Store }> | undefined, clock.now()));
  if (options.empty ?? true) await resetStore(store);
  if (options.demo !== undefined && options.demo !== false) {
    const { seed = 1, size } = options.demo === true ? {} : options.demo;
    await seedDemo(store, { seed, now: clock.now(), hasher, ...(size && { size }) });
  }
  const server = await createServer({
    store,
    clock,
    hasher,
    ids: options.ids ?? v7,
    logger: options.logger ?? silentLogger,
    name: options.name ?? 'test',
    timers: options.timers ?? false,
    demoActivity: false,
  });
  const url = (options.listen ?? true) ? (await server.listen({ host: '127.0.0.1', port: 0 })).url : '';
  return {
    ...server,
    store,
    url,
    async close() {
      await server.close();
      if (given === null) await store.close();
    },
  };
}

/** A database for tests; in memory by default. One can serve many tests: `startTestServer({ database: { store } })` empties it. */
export async function openTestStore(
  database: Exclude<TestDatabase, { store: Store }> = 'pglite-memory',
  now: number = Date.now(),
): Promise<Store> {
  if (database === 'pglite-memory') return openStore({ memory: true, from: await emptyDatabase() }, now);
  return openStore('dir' in database ? { dataDir: database.dir } : { databaseUrl: database.url }, now);
}

/** As PGlite makes it, of this version. Made once a checkout: each test file wants one. */
async function emptyDatabase(): Promise<Blob> {
  const version = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const file = join(
    outFolder,
    `empty-database-${createHash('sha256')
      .update(await readFile(version))
      .digest('hex')
      .slice(0, 16)}.tar`,
  );
  if (!existsSync(file)) {
    const client = await PGlite.create();
    const dump = await client.dumpDataDir('none');
    await client.close();
    await mkdir(outFolder, { recursive: true });
    const own = `${file}.${process.pid}`;
    await writeFile(own, new Uint8Array(await dump.arrayBuffer()));
    await rename(own, file);
  }
  // Read, not opened: another process that made one at the same time may put its own in this one's place.
  return new Blob([await readFile(file)]);
}
