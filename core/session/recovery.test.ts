import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCache, UnreadableDatabaseError } from '../../db/open.ts';
import { readMeta, writeMeta } from '../../db/reads/meta.ts';
import { drafts, outbox } from '../../db/schema/tables.ts';
import { isSound } from '../../db/sound.ts';
import type { Account } from '../../shared/domain/people.ts';
import { forgetAside, forgetBackups, openOrRecover, readRecovery, setAside } from './recovery.ts';

const KEY = 'a1'.repeat(32);
const NOW = Date.UTC(2026, 10, 22, 6);
const DAY = 86_400_000;
const account: Account = {
  id: '019a9b00-0000-7000-8000-000000000001',
  staffNo: 'A1',
  name: '林知夏',
  role: 'agent',
  groupIds: [],
  priorityGroupId: '019a9b00-0000-7000-8000-000000000002',
  disabled: false,
  duty: 'on',
  dutySince: null,
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-recovery-'));
  path = join(folder, 'cache.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makeCache(): void {
  const cache = openCache({ path, key: KEY, now: NOW });
  cache.transaction((db) => db.insert(drafts).values({ form: 'new', value: '写了一半', savedAt: NOW }).run());
  cache.close();
}
const hurt = (): void => {
  const bytes = readFileSync(path);
  bytes.fill(0, 0, 4096);
  writeFileSync(path, bytes);
};
const recover = (key = KEY) => openOrRecover({ path, key, now: NOW }, account, 0);

test('R14 a damaged cache goes aside under its date, and the new one has the drafts and says so until it is read', () => {
  makeCache();
  hurt();
  const { cache, recovery } = recover();
  expect(recovery).toEqual({ at: NOW, commands: 0, drafts: 1, unreadable: 0 });
  expect(cache.db.select().from(drafts).all()).toEqual([{ form: 'new', value: '写了一半', savedAt: NOW }]);
  cache.close();
  const again = recover();
  expect(again.recovery).toBeNull();
  expect(readRecovery(again.cache)).toEqual(recovery);
  again.cache.close();
});

test('R14 a damaged cache of which nothing of the agent’s own stays behind goes at once; else it stays aside', () => {
  const aside = (): string[] => readdirSync(folder).filter((name) => name.includes('.damaged-'));
  makeCache();
  hurt();
  recover().cache.close();
  expect(aside()).toEqual([]);
  // Fewer commands than are known to have waited.
  hurt();
  openOrRecover({ path, key: KEY, now: NOW }, account, 1).cache.close();
  expect(aside()).toContain('cache.db.damaged-20261122T060000Z');
  for (const name of aside()) rmSync(join(folder, name));
  // Settings are the agent's own as well.
  const cache = openCache({ path, key: KEY, now: NOW });
  cache.transaction((db) => writeMeta(db, 'settings', '{"locale"'));
  cache.close();
  const { recovery, cache: made } = openOrRecover({ path, key: KEY, now: NOW }, account, 0, 'perhaps');
  expect(recovery).toEqual({ at: NOW, commands: 0, drafts: 1, unreadable: 0 });
  expect(readMeta(made.db, 'settings')).toBeNull();
  made.close();
  expect(aside()).toContain('cache.db.damaged-20261122T060000Z');
});

test('R14 a text that is no JSON is damage that stays, though all pages are whole', () => {
  makeCache();
  const cache = openCache({ path, key: KEY, now: NOW });
  expect(isSound(cache)).toBe(true);
  cache.transaction((db) => {
    const command = { kind: 'note', subjectId: 't', args: {}, occurredAt: 0, state: 'queued', attempts: 0, subject: '' } as const;
    for (const commandId of ['c1', 'c2'])
      db.insert(outbox)
        .values({ ...command, commandId })
        .run();
    db.run(sql`UPDATE outbox SET args = 'x' WHERE command_id = 'c1'`);
  });
  expect(cache.pragma('quick_check')).toBe('ok');
  cache.close();
  const found = openOrRecover({ path, key: KEY, now: NOW }, account, 2, 'perhaps');
  expect(found.recovery).toEqual({ at: NOW, commands: 1, drafts: 1, unreadable: 1 });
  expect(found.cache.db.select().from(outbox).all()).toMatchObject([{ commandId: 'c2', position: 2 }]);
  found.cache.close();
});

test('R14 a cache that was read badly once and is whole is opened as it is', () => {
  makeCache();
  const { cache, recovery } = openOrRecover({ path, key: KEY, now: NOW }, account, 0, 'perhaps');
  expect(recovery).toBeNull();
  expect(cache.db.select().from(drafts).all()).toHaveLength(1);
  cache.close();
});

test('R14 a recovery that was cut short between its two names is finished', () => {
  makeCache();
  hurt();
  recover().cache.close();
  // As it stands when the old one has moved and the new one has not.
  renameSync(path, `${path}.making`);
  renameSync(`${path}.spare`, `${path}.making.spare`);
  const { cache, recovery } = recover();
  expect(recovery).toBeNull();
  expect(cache.db.select().from(drafts).all()).toHaveLength(1);
  cache.close();
});

test('R18 a wrong key is no damage: nothing moves', () => {
  makeCache();
  const before = readdirSync(folder);
  expect(() => recover('b2'.repeat(32))).toThrow(UnreadableDatabaseError);
  expect(readdirSync(folder)).toEqual(before);
});

test('three at most stay aside, the newest, and none longer than fourteen days', () => {
  const aside = (): string[] => readdirSync(folder).filter((name) => name.includes('.damaged-') && !name.endsWith('-wal'));
  for (let day = 0; day < 5; day += 1) {
    makeCache();
    writeFileSync(`${path}-wal`, '');
    setAside(path, 'damaged', NOW + day * DAY);
  }
  expect(aside().filter((n) => !n.endsWith('.spare'))).toEqual([24, 25, 26].map((d) => `cache.db.damaged-202611${d}T060000Z`));
  forgetAside(path, NOW + 17 * DAY);
  expect(aside().filter((n) => !n.endsWith('.spare'))).toEqual(['cache.db.damaged-20261125T060000Z', 'cache.db.damaged-20261126T060000Z']);
  forgetAside(path, NOW + 30 * DAY);
  expect(readdirSync(folder)).toEqual([]);
});

test('copies from before a migration are forgotten when they are no longer needed, those of others are not', () => {
  writeFileSync(`${path}.before-0002-desk`, '');
  writeFileSync(join(folder, 'other.db.before-0002-desk'), '');
  forgetBackups(path, Date.now() - DAY);
  expect(readdirSync(folder)).toHaveLength(2);
  forgetBackups(path);
  expect(readdirSync(folder)).toEqual(['other.db.before-0002-desk']);
});
