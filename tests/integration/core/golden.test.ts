import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../../db/migrate.ts';
import { migrations } from '../../../db/migrations/index.ts';
import { openCache, openEncrypted } from '../../../db/open.ts';
import { callback, ticketEvent } from '../../../server/store/schema.ts';
import { golden, GOLDEN_KEY as KEY, goldenPath } from '../../durability/golden/make-golden.ts';
import { migrateUpTo, statementsOf } from '../../durability/golden/migrate-and-die.ts';
import { type Office, openOffice } from '../../support/core/desk.ts';
import { type Device, startDevice } from '../../support/core/device.ts';
import { troubledTransport } from '../../support/core/troubled-transport.ts';

const NOW = golden.at + 1000;
const old = migrations.slice(0, -1).map((m) => m.name);

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-golden-'));
  path = join(folder, 'cache.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a cache holds, table by table, but for what is derived from it. Columns have the names of today. */
function contentOf(db: Database.Database, columns?: ReadonlyMap<string, readonly string[]>): Map<string, unknown[]> {
  const derived = /^(sqlite_|search|migration$)/;
  const names = (db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[]).filter(
    (n) => !derived.test(n),
  );
  const content = new Map<string, unknown[]>();
  for (const name of names) {
    const all = db.prepare(`SELECT * FROM ${name}`).all() as Record<string, unknown>[];
    // The place in the server's feed is no content: a migration may ask for everything once more.
    const rows = all
      .filter((row) => name !== 'meta' || (row['key'] !== 'cursor' && row['key'] !== 'after'))
      .map((row) => {
        const { ticket_id: ticketId, ...rest } = row;
        const today = name === 'outbox' && ticketId !== undefined ? { ...rest, subject_id: ticketId } : row;
        const wanted = columns?.get(name);
        return Object.fromEntries(Object.entries(today).filter(([column]) => wanted === undefined || wanted.includes(column)));
      });
    if (rows.length > 0) content.set(name, rows);
  }
  return content;
}

function take(name: string): Map<string, unknown[]> {
  copyFileSync(goldenPath(name), path);
  const db = openEncrypted(path, KEY);
  const content = contentOf(db);
  db.close();
  return content;
}

function expectSame(before: ReadonlyMap<string, unknown[]>): void {
  const columns = new Map([...before].map(([name, rows]) => [name, Object.keys(rows[0] as object)]));
  const cache = openCache({ path, key: KEY, now: NOW });
  const after = contentOf(cache.db.$client, columns);
  for (const [name, rows] of before) {
    expect(after.get(name), name).toHaveLength(rows.length);
    for (const row of rows) expect(after.get(name), name).toContainEqual(row);
  }
  expect(cache.db.$client.pragma('integrity_check', { simple: true })).toBe('ok');
  cache.close();
}

describe('R15 a cache of an earlier version', () => {
  test('there is one of each schema, and each has the schema that its migrations make', () => {
    const shape = (db: Database.Database): unknown[] => db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
    migrations.forEach(({ name }, i) => {
      take(name);
      const db = openEncrypted(path, KEY);
      const found = shape(db);
      db.close();
      rmSync(path);
      const fresh = openEncrypted(path, KEY);
      migrate(fresh, NOW, migrations.slice(0, i + 1));
      expect(found, name).toEqual(shape(fresh));
      fresh.close();
      rmSync(path);
    });
  });

  test.each(migrations.map((m) => m.name))('after %s opens with all that it held, and leaves a backup if it was older', (name) => {
    const before = take(name);
    expect([...before.keys()]).toEqual(expect.arrayContaining(['ticket', 'draft', 'outbox', 'reminder', 'callback']));
    const bytes = readFileSync(path);
    expectSame(before);
    const next = migrations[migrations.findIndex((m) => m.name === name) + 1];
    const backups = readdirSync(folder).filter((n) => n.includes('.before-'));
    expect(backups).toEqual(next === undefined ? [] : [`cache.db.before-${next.name}`]);
    for (const backup of backups) expect(readFileSync(join(folder, backup)).equals(bytes)).toBe(true);
  });

  test.each(old)('after %s: a failure at any statement of what follows undoes that migration, and the next start completes', (name) => {
    const before = take(name);
    const first = migrations.findIndex((m) => m.name === name) + 1;
    const { sql } = migrations[first]!;
    const count = statementsOf(sql).length;
    expect(count).toBeGreaterThan(1);
    for (let statement = 0; statement <= count; statement += 1) {
      const db = openEncrypted(path, KEY);
      expect(() => migrateUpTo(db, first, statement, 'SELECT nothing_of_this_name();')).toThrow(/nothing_of_this_name/);
      db.close();
    }
    expectSame(before);
  });

  test.each(old)('after %s: killed at any statement of what follows, the next start completes', { timeout: 200_000 }, (name) => {
    const before = take(name);
    const first = migrations.findIndex((m) => m.name === name) + 1;
    const count = statementsOf(migrations[first]!.sql).length;
    const child = join(import.meta.dirname, '../../durability/golden/migrate-and-die.ts');
    for (let statement = 0; statement <= count; statement += 1) {
      const ended = spawnSync(process.execPath, [child, path, KEY, String(first), String(statement)], { encoding: 'utf8' });
      expect(ended.signal, ended.stderr).toBe('SIGKILL');
    }
    expectSame(before);
  });
});

describe('in the app', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  });
  afterAll(() => office.close());

  /** A device of lin's whose cache is the golden one, before it starts. */
  async function deviceOn(name: string): Promise<{ device: () => Device; cache: string }> {
    const first = await office.device('lin');
    await first.stop({ keep: true });
    const { dataDir, host } = first;
    const cache = join(
      dataDir,
      readdirSync(dataDir).find((n) => n.endsWith('.db'))!,
    );
    for (const suffix of ['-wal', '-shm', '.spare']) rmSync(`${cache}${suffix}`, { force: true });
    copyFileSync(goldenPath(name), cache);
    for (const secret of host.secrets.keys()) if (secret.startsWith('key:')) host.secrets.set(secret, KEY);
    // Whose it is and in which group is another matter in each office.
    const db = openEncrypted(cache, KEY);
    const { groups, people } = office;
    db.prepare(`UPDATE outbox SET args = replace(replace(args, ?, ?), ?, ?)`).run(
      golden.group,
      groups.one.id,
      golden.account,
      people.lin.id,
    );
    db.close();
    return { device: () => startDevice({ dataDir, host }), cache };
  }

  test.each(old)('R15 after %s: the queue is sent, in order and once, and the backup goes with the first sync', async (name) => {
    const { cache, device: start } = await deviceOn(name);
    const device = start();
    for (const [form, value] of golden.drafts) expect((await device.read('drafts.get', { form }))?.value).toBe(value);
    await device.synced();
    const events = (await office.server.store.orm.select().from(ticketEvent)).filter((e) => e.ticketId === golden.created);
    expect(events.map((e) => e.command)).toEqual(golden.queued.map((c) => c.kind));
    expect((await office.server.store.orm.select().from(callback)).filter((c) => c.ticketId === golden.created)).toHaveLength(1);
    expect(await device.read('attention.list', {})).toContainEqual(expect.objectContaining({ kind: 'resolve', text: '被拒绝的完成报告' }));
    expect((await device.read('drafts.get', { form: 'new' }))?.value).toBe(golden.drafts[1][1]);
    expect(existsSync(cache)).toBe(true);
    expect(readdirSync(device.dataDir).filter((n) => n.includes('.before-'))).toEqual([]);
    await device.stop({ keep: false });
  });

  test('R16 a cache of a newer version is refused untouched, and the sign-in screen is told why', async () => {
    const { cache, device: start } = await deviceOn(old[0]!);
    const db = openEncrypted(cache, KEY);
    migrate(db, NOW, [...migrations, { name: '9999-from-the-future', sql: 'CREATE TABLE future (id TEXT);' }]);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const before = readFileSync(cache);
    const device = start();
    const newer = { phase: 'signedOut', reason: 'newer-database' } as const;
    expect(await device.until('session.state', {}, (s) => s.phase !== 'starting')).toMatchObject(newer);
    expect(await device.call('session.signIn', { url: office.server.url, staffNo: 'A1', password: 'secret-pass' })).toMatchObject({
      ok: false,
      reason: 'newer-database',
    });
    expect(await device.read('session.state', {})).toMatchObject(newer);
    await device.stop({ keep: true });
    expect(readFileSync(cache).equals(before)).toBe(true);
    rmSync(device.dataDir, { recursive: true });
  });

  test('R18 without its key a cache is not touched, its waiting commands are told by number, and the agent may start anew', async () => {
    const { cache, device: start } = await deviceOn(migrations.at(-1)!.name);
    const once = start();
    await once.synced();
    await once.stop({ keep: true });
    const { dataDir, host } = once;
    const { transport, trouble } = troubledTransport();
    trouble.offline = true;
    const offline = startDevice({ dataDir, host, transport });
    for (const title of ['一', '二'])
      expect(
        await offline.call('records.act', {
          kind: 'putPhrase',
          subjectId: null,
          args: { shared: false, title, text: '您好', position: 1 },
        }),
      ).toMatchObject({ ok: true });
    await offline.stop({ keep: true });
    const before = readFileSync(cache);
    for (const secret of [...host.secrets.keys()]) if (secret.startsWith('key:')) host.secrets.delete(secret);
    const device = startDevice({ dataDir, host });
    expect(await device.until('session.state', {}, (s) => s.phase !== 'starting')).toMatchObject({ reason: 'store-unreadable' });
    const signIn = { url: office.server.url, staffNo: 'A1', password: 'secret-pass' };
    expect(await device.call('session.signIn', signIn)).toMatchObject({ ok: false, reason: 'store-unreadable', waiting: 2 });
    expect(readFileSync(cache).equals(before)).toBe(true);
    expect(await device.call('session.signIn', { ...signIn, startAnew: true })).toEqual({ ok: true });
    await device.synced();
    const aside = readdirSync(dataDir).filter((n) => /\.unreadable-\d{8}T\d{6}Z$/.test(n));
    expect(aside).toHaveLength(1);
    expect(readFileSync(join(dataDir, aside[0]!)).equals(before)).toBe(true);
    await device.stop({ keep: false });
  });
});
