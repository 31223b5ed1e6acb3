import { plant } from '../../simulation/plant.ts';

// Loaded before a core by the test that has to find it.

plant({
  name: 'uncut-log',
  file: 'core/sync/apply-page.ts',
  find: "    cache.pragma('wal_checkpoint(TRUNCATE)');\n",
  replace: '',
  why: 'the log holds the pages as they were before an eviction',
});
