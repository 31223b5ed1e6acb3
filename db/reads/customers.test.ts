import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { admin, baseCustomer, holder, leader, NOW, uuid } from '../../shared/domain/commands/decide-world.ts';
import type { Account } from '../../shared/domain/people.ts';
import { type Cache, openCache } from '../open.ts';
import { putRow } from '../writes/rows.ts';
import { countOwnCustomers } from './customers.ts';

let folder: string;
let cache: Cache;
/** 100 customers: each fourth is the holder's, each tenth invalid, half of these by the holder. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-customers-'));
  cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
  cache.transaction((db) => {
    for (let n = 0; n < 100; n += 1) {
      const invalid = n % 10 === 0 && { invalidAt: NOW, invalidBy: n % 20 === 0 ? holder.id : admin.id };
      putRow(db, 'customer', { ...baseCustomer, id: uuid(n + 1), ownerId: n % 4 === 0 ? holder.id : null, ...invalid });
    }
  });
});
afterAll(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['an agent', holder, { mine: 20, invalid: 5 }],
  ['a leader', leader, { mine: 0, invalid: 10 }],
] as const)('the nav counts the own and the invalid customers of %s in indexes, without reading one', (_, me: Account, counts) => {
  const raw = cache.db.$client;
  const asked: string[] = [];
  const { prepare } = raw;
  raw.prepare = ((text: string) => {
    asked.push(text);
    return prepare.call(raw, text);
  }) as typeof prepare;
  const counted = countOwnCustomers(cache.db, me);
  raw.prepare = prepare;
  expect(counted).toEqual(counts);
  expect(asked).toHaveLength(2);
  for (const text of asked) {
    const plan = raw.prepare(`EXPLAIN QUERY PLAN ${text}`).all(Array(text.split('?').length - 1).fill(null)) as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual([expect.stringMatching(/USING COVERING INDEX customer_(owner \(owner_id|invalid)/)]);
  }
});
