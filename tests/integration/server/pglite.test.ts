import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('a server on PGlite that has much to do', () => {
  it('lets other work by: requests, timers and live channels do not wait until the last question is answered', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'zuoxi-turns-'));
    const store = await openTestStore({ dir });
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    // Far more than a turn may take; each answer comes in the turn of its question.
    for (let i = 0; i < 5000 && !turned; i++) await store.orm.execute(sql`SELECT ${i}::integer`);
    expect(turned).toBe(true);
    await store.close();
    await rm(dir, { recursive: true });
  });
});
