import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cache, openCache } from '../../db/open.ts';
import { writeMeta } from '../../db/reads/meta.ts';
import { drafts, keptDrafts } from '../../db/schema/tables.ts';
import { getRow } from '../../db/writes/rows.ts';
import { baseTicket, holder, NOW } from '../../shared/domain/commands/decide-world.ts';
import { readKnown } from './known.ts';
import { putOlder } from './older.ts';

let folder: string;
let cache: Cache;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-older-'));
  cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
});
afterEach(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

test('SPEC 15 a ticket that had left and comes back as an old one brings its draft back', () => {
  const form = `ticket:${baseTicket.id}`;
  cache.transaction((db) => {
    for (const [key, value] of [
      ['cursor', '10'],
      ['epoch', 'e'],
      ['view', 'v'],
    ] as const)
      writeMeta(db, key, value);
    db.insert(keptDrafts).values({ form, value: '"打了一半"', number: 104_001, keptAt: NOW }).run();
  });
  const tickets = [{ ...baseTicket, status: 'closed' as const, custom: {} }];
  const page = {
    epoch: 'e',
    view: 'v',
    head: 9,
    mark: 109,
    tickets,
    customers: [],
    callbacks: [],
    events: [],
    attachments: [],
    next: null,
  };
  // Older than what is here: nothing of it is used.
  expect(putOlder(cache, page, holder, NOW)).toBeNull();
  expect(getRow(cache.db, 'ticket', baseTicket.id)).toBeNull();
  // The server says that it is older than what this device has seen: its place takes the place of no other.
  expect(putOlder(cache, { ...page, head: 12, mark: 112, wentBack: true }, holder, NOW)).toBeNull();
  expect(readKnown(cache.db)).toMatchObject({ seen: 10, mark: null });
  expect(putOlder(cache, { ...page, head: 12, mark: 112 }, holder, NOW)).toBe(1);
  // Should the server go back, this is what proves it (SPEC 14).
  expect(readKnown(cache.db)).toMatchObject({ seen: 12, mark: 112 });
  expect(cache.db.select().from(drafts).all()).toEqual([{ form, value: '"打了一半"', savedAt: NOW }]);
  expect(cache.db.select().from(keptDrafts).all()).toEqual([]);
});
