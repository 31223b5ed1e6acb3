import { plant } from '../../simulation/plant.ts';

// Loaded before a core by the test that has to find it.

plant({
  name: 'insecure-delete',
  file: 'db/open.ts',
  find: "    raw.pragma('secure_delete=ON');\n",
  replace: "    raw.pragma('secure_delete=OFF');\n",
  why: 'deleted rows stay in the pages of the cache',
});
