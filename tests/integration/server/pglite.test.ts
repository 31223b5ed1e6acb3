import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore } from '../../../server/testing.ts';
import { rowsOf, type Store } from '../../../server/store/store.ts';
import { foundCompany } from './company.ts';
import { command } from './device.ts';
import { suites } from './suites/all.ts';

describe('server on PGlite', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore();
  }, 60_000);
  afterAll(() => store.close());
  suites(() => store);
});

describe('a statement that fails on PGlite', () => {
  it('outside of a transaction harms none of those that come after it, also where they were asked before', async () => {
    const store = await openTestStore();
    const twice = (n: number): Promise<{ n: number }[]> => rowsOf(store.orm, sql`SELECT ${n}::integer * 2 AS n`);
    expect(await twice(1)).toEqual([{ n: 2 }]);
    await expect(rowsOf(store.orm, sql`SELECT 1 / ${0}::integer`)).rejects.toThrow();
    expect(await twice(2)).toEqual([{ n: 4 }]);
    await store.close();
  });
});

describe('a server on PGlite that has much to do', () => {
  it('reads no table from end to end, though its plans were made when there was little', async () => {
    const store = await openTestStore();
    const company = await foundCompany(store);
    const [ann, lea] = [await company.device('ann'), await company.device('lea')];
    const { ticketId } = await company.newTicket(ann);
    const round = async (): Promise<void> => {
      const now = company.clock.now();
      await ann.push(command('note', ticketId, { note: '一' }, now), command('note', ticketId, { note: '二' }, now));
      await Promise.all([ann.sync(), lea.sync()]);
    };
    // By then every statement has its lasting plan.
    for (let i = 0; i < 10; i++) await round();
    const many = 'generate_series(1, 5000) n';
    await store.script(`INSERT INTO command_log (id, kind, ticket_id, at) SELECT 'c' || n, 'note', 'x', 0 FROM ${many};
      INSERT INTO feed (seq, kind, subject_id, before, after) SELECT -n, 'ticket', 'x', '{}', '{}' FROM ${many};
      INSERT INTO feed_tag (tag, seq) SELECT '*', -n FROM ${many}`);
    const grown = ['command_log', 'feed', 'feed_tag'];
    const readWhole = async (): Promise<number> => {
      await store.script('SELECT pg_stat_force_next_flush()');
      const rows = await rowsOf<{ n: number }>(
        store.orm,
        sql`SELECT seq_tup_read AS n FROM pg_stat_user_tables WHERE relname = ANY(${sql.param(grown)})`,
      );
      return rows.reduce((sum, { n }) => sum + n, 0);
    };
    const before = await readWhole();
    for (let i = 0; i < 3; i++) await round();
    expect((await readWhole()) - before).toBe(0);
    await company.close();
    await store.close();
  });

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
