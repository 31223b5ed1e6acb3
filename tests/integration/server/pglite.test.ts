import { afterAll, beforeAll, describe } from 'vitest';
import { openTestStore } from '../../../server/testing.ts';
import type { Store } from '../../../server/store/store.ts';
import { suites } from './suites/all.ts';

describe('server on PGlite', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore();
  }, 60_000);
  afterAll(() => store.close());
  suites(() => store);
});
