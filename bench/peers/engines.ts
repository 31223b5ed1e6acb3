/** An engine in the table. */
export interface Engine {
  readonly name: string;
  readonly title: string;
  /** Module in `adapters/`, or in `others/` if it needs packages. */
  readonly adapter: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Module that it syncs with, from here: each engine has its own protocol. */
  readonly server: string;
  /** What has to be there beside the project itself: the peers' own packages, or those and Chromium. */
  readonly needs: 'nothing' | 'packages' | 'chromium';
  /** Whether a search gives the newest first. */
  readonly sorts: boolean;
  /** In memory only: there is nothing to open again. */
  readonly forgets?: boolean;
  readonly leavesOut: string;
}

export const engines: readonly Engine[] = [
  {
    name: 'ours',
    title: 'ours',
    adapter: 'ours.ts',
    server: 'servers/ours.ts',
    needs: 'nothing',
    sorts: true,
    leavesOut: 'nothing: checked pages, permissions, queue with rebase, encryption, fsync at each save, search with pinyin, reminders',
  },
  {
    name: 'raw',
    title: 'raw SQLite (the limit)',
    adapter: 'raw.ts',
    server: 'servers/plain.ts',
    needs: 'nothing',
    sorts: true,
    leavesOut: 'validation, permissions, rebase, encryption; the last saves may be lost with the power (no fsync at a save)',
  },
  {
    name: 'raw-full',
    title: 'raw SQLite, durable saves',
    adapter: 'raw.ts',
    options: { synchronous: 'FULL' },
    server: 'servers/plain.ts',
    needs: 'nothing',
    sorts: true,
    leavesOut: 'validation, permissions, rebase, encryption',
  },
  {
    name: 'raw-whole',
    title: 'raw SQLite with all that ours holds',
    adapter: 'raw-whole.ts',
    server: 'servers/ours.ts',
    needs: 'nothing',
    sorts: true,
    leavesOut: 'validation, permissions, rebase; how names and subjects sound is known to it beforehand',
  },
  {
    name: 'drizzle',
    title: 'drizzle as documented',
    adapter: 'drizzle.ts',
    server: 'servers/plain.ts',
    needs: 'nothing',
    sorts: true,
    leavesOut: 'validation, permissions, rebase, encryption, fsync at a save',
  },
  {
    name: 'powersync',
    title: 'PowerSync',
    adapter: 'powersync.mjs',
    server: 'servers/powersync.ts',
    needs: 'packages',
    sorts: true,
    leavesOut: 'a search index (it reads all rows), encryption, permissions on the device, fsync at a save; its service is simulated',
  },
  {
    name: 'watermelon',
    title: 'WatermelonDB',
    adapter: 'watermelon.mjs',
    server: 'servers/plain.ts',
    needs: 'packages',
    sorts: true,
    leavesOut: 'a search index (it reads all rows), encryption, permissions, pages (one answer brings everything)',
  },
  {
    name: 'dexie',
    title: 'Dexie in Chromium',
    adapter: 'dexie.mjs',
    server: 'servers/plain.ts',
    needs: 'chromium',
    sorts: true,
    leavesOut: 'a search index (it reads all rows), encryption, permissions, fsync at a save (relaxed durability)',
  },
  {
    name: 'pouchdb',
    title: 'PouchDB',
    adapter: 'pouchdb.mjs',
    server: 'others/pouchdb-server.mjs',
    needs: 'packages',
    sorts: false,
    leavesOut: 'a search index (it reads all rows, unsorted), encryption, permissions, fsync at a save',
  },
  {
    name: 'rxdb',
    title: 'RxDB on Dexie, in Chromium',
    adapter: 'rxdb-dexie.mjs',
    server: 'servers/plain.ts',
    needs: 'chromium',
    sorts: false,
    leavesOut:
      'a search index (it reads all rows, unsorted), encryption, permissions, fsync at a save; repeated counts come from its cache',
  },
  {
    name: 'rxdb-memory',
    title: 'RxDB in memory',
    adapter: 'rxdb-memory.mjs',
    server: 'servers/plain.ts',
    needs: 'packages',
    sorts: false,
    forgets: true,
    leavesOut: 'the disk (nothing is durable), a search index, encryption, permissions; repeated counts come from its cache',
  },
];
