import { plant } from '../../simulation/plant.ts';

// Loaded before a core by the test that has to find it.

plant({
  name: 'uncut-log',
  file: 'db/upkeep.ts',
  find: "    this.#raw.pragma('wal_checkpoint(TRUNCATE)');\n",
  replace: '',
  why: 'the log holds the pages as they were before an eviction',
});
