import { afterAll, beforeAll, describe } from 'vitest';
import { openTestStore } from '../../../server/testing.ts';
import type { Store } from '../../../server/store/store.ts';
import { startPostgres, type TestPostgres } from './databases.ts';
import { suites } from './suites/all.ts';
import { manyInstancesSuite } from './suites/many-instances.ts';
import { manyWritersSuite } from './suites/many-writers.ts';

describe('server on PostgreSQL', () => {
  let postgres: TestPostgres | undefined;
  let store: Store | undefined;
  beforeAll(async () => {
    postgres = await startPostgres();
    store = await openTestStore({ url: await postgres.create('zuoxi') });
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await postgres?.stop();
  });
  suites(() => store!);
  // What one connection cannot show.
  manyWritersSuite(() => store!);
  manyInstancesSuite(
    () => store!,
    () => postgres!.address('zuoxi'),
  );
});
