import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { admin, baseCustomer, holder, leader, NOW, uuid } from '../../shared/domain/commands/decide-world.ts';
import type { Account } from '../../shared/domain/people.ts';
import { type Cache, openCache } from '../open.ts';
import { plansOf } from '../../tests/support/core/plans.ts';
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
  let counted: object = {};
  const plans = plansOf(cache.db.$client, () => {
    counted = countOwnCustomers(cache.db, me);
  });
  expect(counted).toEqual(counts);
  const step = /USING COVERING INDEX customer_(owner \(owner_id|invalid)/;
  expect(plans).toEqual([[expect.stringMatching(step)], [expect.stringMatching(step)]]);
});
