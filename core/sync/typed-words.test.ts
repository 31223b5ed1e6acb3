import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cache, openCache } from '../../db/open.ts';
import { drafts, keptDrafts } from '../../db/schema/tables.ts';
import { keepText } from '../../db/writes/leaving.ts';
import { reapplyQueue, restoreBase } from '../../db/writes/optimistic.ts';
import { putRow } from '../../db/writes/rows.ts';
import { baseTicket, holder, NOW, uuid } from '../../shared/domain/commands/decide-world.ts';
import type { PullResponse } from '../../shared/protocol/wire.ts';
import { act, takeBack } from '../commands/act.ts';
import { applyPage } from './apply-page.ts';
import { createCommand, page } from './page-world.ts';
import { recordResults } from './queue.ts';

let folder: string;
let cache: Cache;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-typed-'));
  cache = openCache({ path: join(folder, 'cache.db'), key: '0f'.repeat(32), now: NOW });
});
afterEach(() => {
  cache.close();
  rmSync(folder, { recursive: true, force: true });
});

const create = createCommand;
const form = `ticket:${create.ticketId}`;
const lies = () => ({ drafts: cache.db.select().from(drafts).all(), kept: cache.db.select().from(keptDrafts).all() });
const apart = { drafts: [], kept: [{ form, value: '"打了一半"', number: null, keptAt: NOW + 5 }] };

const apply = (p: PullResponse): unknown => applyPage(cache, p, holder, NOW + 5);

/** A ticket is made here, and something is being written about it. */
function madeHere(): void {
  apply(page({ mode: 'snapshot', cursor: 10 }, { accounts: [{ ...holder, groupIds: [...holder.groupIds] }] }));
  expect(act(cache, create, holder, NOW).ok).toBe(true);
  cache.transaction((db) => db.insert(drafts).values({ form, value: '"打了一半"', savedAt: NOW }).run());
  apply(page({ cursor: 11 }));
  expect(lies()).toMatchObject({ drafts: [{ form }], kept: [] });
}

test('SPEC 15 the server takes a ticket that was made here and does not show it: what was typed about it is kept apart', () => {
  madeHere();
  recordResults(cache, [{ id: create.id, status: 'applied', seq: 15 }], holder, NOW + 5);
  apply(page({ cursor: 15 }));
  expect(lies()).toEqual(apart);
});

test('SPEC 15 the server refuses a ticket that was made here: what was typed about it is kept apart', () => {
  madeHere();
  recordResults(cache, [{ id: create.id, status: 'refused', refusal: { code: 'not-allowed' } }], holder, NOW + 5);
  expect(lies()).toEqual(apart);
});

test('SPEC 15 a ticket that was refused is made again: what was typed about it is its draft again', () => {
  madeHere();
  recordResults(cache, [{ id: create.id, status: 'refused', refusal: { code: 'not-allowed' } }], holder, NOW + 5);
  expect(lies()).toEqual(apart);
  expect(act(cache, { ...create, id: uuid(63) }, holder, NOW + 6, { replaces: create.id }).ok).toBe(true);
  expect(lies()).toMatchObject({ drafts: [{ form, value: '"打了一半"' }], kept: [] });
});

test('SPEC 15 a ticket that was made here is taken out again: what was typed about it is kept apart', () => {
  madeHere();
  takeBack(cache, [create.id], holder, NOW + 5);
  expect(lies()).toEqual(apart);
});

test('SPEC 15 another view, with a page that comes later or never: what was typed about a ticket made here waits with it', () => {
  madeHere();
  apply(page({ mode: 'reset', view: 'narrower', cursor: 0 }));
  expect(lies()).toMatchObject({ drafts: [{ form }], kept: [] });
});

test('SPEC 15 what was typed while its ticket was away takes the place of what was typed before', () => {
  const about = `ticket:${baseTicket.id}`;
  cache.transaction((db) => {
    db.insert(drafts).values({ form: about, value: '"旧的"', savedAt: NOW }).run();
    keepText(db, about, '"新的"', NOW - 1);
    restoreBase(db);
    reapplyQueue(db, holder, NOW);
  });
  expect(cache.db.select().from(keptDrafts).all()).toMatchObject([{ form: about, value: '"新的"' }]);
  cache.transaction((db) => {
    putRow(db, 'ticket', { ...baseTicket, custom: {} });
    restoreBase(db);
    reapplyQueue(db, holder, NOW);
  });
  expect(cache.db.select().from(drafts).all()).toMatchObject([{ form: about, value: '"新的"' }]);
});
