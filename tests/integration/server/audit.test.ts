import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit } from '../../../server/audit/append.ts';
import { grantToServer } from '../../../server/audit/app-role.ts';
import { type ChainFault, verifyAudit } from '../../../server/audit/verify.ts';
import { resetStore } from '../../../server/store/reset.ts';
import { audit } from '../../../server/store/schema.ts';
import { rowsOf, type Store } from '../../../server/store/store.ts';
import { openTestStore } from '../../../server/testing.ts';
import type { Logger } from '../../../shared/lib/logger.ts';
import { type Company, foundCompany } from './company.ts';
import { startPostgres, type TestPostgres } from './databases.ts';
import { command, verdict } from './device.ts';
import { asked } from './suites/exports.ts';

// What only a database with roles and several connections can show.

let postgres: TestPostgres | undefined;
let store: Store;
beforeAll(async () => {
  postgres = await startPostgres();
  store = await openTestStore({ url: await postgres.create('audit') });
}, 60_000);
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

describe('the role that a server runs as (S22)', () => {
  const ROLE = 'zuoxi_clerk';
  let clerk: Store;
  beforeAll(async () => {
    await resetStore(store);
    await store.script(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'clerk'`);
    await grantToServer(store, ROLE);
    clerk = await openTestStore({ url: postgres!.address('audit').replace('zuoxi:zuoxi', `${ROLE}:clerk`) });
  });
  afterAll(() => clerk?.close());

  it('S22 lets the server do all of its work, and chains what it appends', async () => {
    const warnings: string[] = [];
    const heads: unknown[] = [];
    const info: Logger['info'] = (event, fields) => void (event === 'audit-head' && heads.push(fields));
    const logger: Logger = { info, warn: (event) => void warnings.push(event), error: (event) => void warnings.push(event) };
    const owner = await foundCompany(store, { logger });
    expect(warnings).toEqual(['audit-not-protected']);
    const epoch = (await (await owner.device('ann')).page()).epoch;
    const server = await owner.another(clerk);
    expect(warnings).toEqual(['audit-not-protected']);
    const [ann, ada] = [await owner.device('ann', server), await owner.device('ada', server)];
    const { ticketId } = await owner.newTicket(ann);
    expect((await ann.push(command('note', ticketId, { note: '一' }, owner.clock.now()))).map(verdict)).toEqual(['applied']);
    expect((await ann.ask('staff.list', {})).status).toBe(403);
    await ada.operate('groups.add', { name: '新组' });
    expect((await ada.download(asked())).status).toBe(200);
    await server.runDue(owner.clock.now() + 400 * 86_400_000);
    // Whoever takes over from the owner is the same server to every device.
    expect((await ann.sync())[0]!.epoch).toBe(epoch);
    await owner.close();
    expect(warnings).toEqual(['audit-not-protected']);
    const report = await verifyAudit(clerk);
    expect(report).toMatchObject({ fault: null });
    // Told where nobody who edits the database is, at the latest when a server ends.
    expect(heads.at(-1)).toEqual({ entries: report.entries, head: report.head });
    const actions = (await clerk.orm.select().from(audit)).map((e) => e.action);
    expect(actions).toEqual(expect.arrayContaining(['sign-in', 'denied', 'groups.add', 'export']));
  });

  it.each([
    ['change an entry', `UPDATE audit SET detail = ''`],
    ['take entries away', `DELETE FROM audit`],
    ['empty the log', `TRUNCATE audit`],
    ['move the head', `UPDATE audit_head SET seq = 0`],
    ['take the head away', `DELETE FROM audit_head`],
    ['put in a head', `INSERT INTO audit_head VALUES (1, 0, '')`],
    ['switch the triggers off', `ALTER TABLE audit DISABLE TRIGGER ALL`],
    ['drop a trigger', `DROP TRIGGER audit_append_only ON audit`],
    ['drop the log', `DROP TABLE audit`],
    ['pass by the triggers', `SET session_replication_role = replica`],
    [
      'replace what the trigger calls',
      `CREATE OR REPLACE FUNCTION public.audit_append() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    ],
    ['put something before it in the path', `CREATE FUNCTION public.sha256(text) RETURNS text LANGUAGE sql AS 'SELECT $1'`],
    ['take a right from others', `ALTER TABLE audit OWNER TO ${ROLE}`],
    ['give itself the right', `GRANT UPDATE ON audit TO ${ROLE}`],
    ['become the owner', `SET ROLE zuoxi`],
  ])('S22 cannot %s', async (_name, statement) => {
    await appendAudit(clerk.orm, { at: 5, id: v7(), action: 'x', accountId: null, detail: '' });
    const before = await verifyAudit(store);
    const code: unknown = await clerk.script(statement).then(
      () => 'done',
      (error: { code?: unknown }) => error.code,
    );
    // Insufficient privilege; a right that nobody gave is a warning, and gives nothing.
    expect(statement.startsWith('GRANT') ? '42501' : code).toBe('42501');
    await expect(clerk.script(`UPDATE audit SET detail = ''`)).rejects.toMatchObject({ code: '42501' });
    expect(await verifyAudit(store)).toEqual(before);
  });

  it('S22 cannot lead the trigger to a table of its own', async () => {
    await clerk.transaction(async (tx) => {
      await tx.execute(sql`CREATE TEMPORARY TABLE audit_head (id smallint, seq bigint, hash text) ON COMMIT DROP`);
      await tx.execute(sql`INSERT INTO audit_head VALUES (1, 7, 'mine')`);
      await appendAudit(tx, { at: 5, id: v7(), action: 'x', accountId: null, detail: '' });
      expect(await rowsOf(tx, sql`SELECT seq, hash FROM pg_temp.audit_head`)).toEqual([{ seq: 7, hash: 'mine' }]);
    });
    expect(await verifyAudit(store)).toMatchObject({ fault: null });
  });
});

describe('a log that somebody edited who may do anything (S22)', () => {
  const ENTRIES = 8;
  beforeEach(async () => {
    await resetStore(store);
    for (let i = 1; i <= ENTRIES; i++)
      await appendAudit(store.orm, { at: 1000 + i, id: `e${i}`, action: 'x', accountId: i % 2 === 0 ? null : `a${i}`, detail: `d${i}` });
  });

  /** Past the triggers. */
  const edit = (statements: string): Promise<void> =>
    store.script(`BEGIN; SET LOCAL session_replication_role = replica; ${statements}; COMMIT`);
  const link = (previous: string, seq: string): string => `audit_link(${previous}, ${seq}, e.at, e.id, e.action, e.account_id, e.detail)`;
  const hashBefore = (seq: number): string => `(SELECT hash FROM audit WHERE seq = ${seq - 1})`;
  /** Everything from an entry on, chained anew; and the head. */
  const rechain = (from: number): string => `DO $$ DECLARE e record; h text; BEGIN
      h := coalesce(${hashBefore(from)}, repeat('0', 64));
      FOR e IN SELECT * FROM audit WHERE seq >= ${from} ORDER BY seq LOOP
        h := ${link('h', 'e.seq')}; UPDATE audit SET hash = h WHERE seq = e.seq; END LOOP;
      UPDATE audit_head SET hash = h, seq = (SELECT coalesce(max(seq), 0) FROM audit); END $$`;
  const renumber = (after: number): string =>
    `UPDATE audit SET seq = -seq WHERE seq > ${after}; UPDATE audit SET seq = -seq - 1 WHERE seq < 0`;
  const fresh = (seq: number, hash: string): string => `INSERT INTO audit VALUES (9, 'mine', 'x', NULL, 'mine', ${seq}, ${hash})`;

  it.each<[string, string, { what: ChainFault; seq: number }]>([
    ['another text', `UPDATE audit SET detail = 'd' WHERE seq = 3`, { what: 'changed', seq: 3 }],
    ['another action', `UPDATE audit SET action = 'y' WHERE seq = 3`, { what: 'changed', seq: 3 }],
    ['another account', `UPDATE audit SET account_id = 'a4' WHERE seq = 3`, { what: 'changed', seq: 3 }],
    ['no account', `UPDATE audit SET account_id = NULL WHERE seq = 3`, { what: 'changed', seq: 3 }],
    ['an account where there was none', `UPDATE audit SET account_id = '' WHERE seq = 4`, { what: 'changed', seq: 4 }],
    ['another time', `UPDATE audit SET at = 1 WHERE seq = 3`, { what: 'changed', seq: 3 }],
    ['another id', `UPDATE audit SET id = 'e0' WHERE seq = 3`, { what: 'changed', seq: 3 }],
    ['another hash', `UPDATE audit SET hash = repeat('0', 64) WHERE seq = 3`, { what: 'changed', seq: 3 }],
    ['the first text', `UPDATE audit SET detail = 'd' WHERE seq = 1`, { what: 'changed', seq: 1 }],
    ['the last text', `UPDATE audit SET detail = 'd' WHERE seq = ${ENTRIES}`, { what: 'changed', seq: ENTRIES }],
    [
      'another text, with its own hash made anew',
      `UPDATE audit e SET detail = 'd' WHERE seq = 3; UPDATE audit e SET hash = ${link(hashBefore(3), '3')} WHERE seq = 3`,
      { what: 'changed', seq: 4 },
    ],
    ['a gap', `DELETE FROM audit WHERE seq = 3`, { what: 'missing', seq: 3 }],
    ['a gap that was closed', `DELETE FROM audit WHERE seq = 3; ${renumber(3)}`, { what: 'changed', seq: 3 }],
    ['no beginning', `DELETE FROM audit WHERE seq < 3`, { what: 'missing', seq: 1 }],
    [
      'two in each other’s place',
      `UPDATE audit SET seq = -3 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = -3`,
      { what: 'changed', seq: 3 },
    ],
    ['one put in before the first', fresh(0, `repeat('0', 64)`), { what: 'changed', seq: 0 }],
    ['one put in far before the first', fresh(-9_000_000_000, `repeat('0', 64)`), { what: 'changed', seq: -9_000_000_000 }],
    [
      'one put in between',
      `UPDATE audit SET seq = -seq - 1 WHERE seq >= 3; UPDATE audit SET seq = -seq WHERE seq < 0; ${fresh(3, `repeat('a', 64)`)}`,
      { what: 'changed', seq: 3 },
    ],
    [
      'one put in behind the last, rightly chained',
      `${fresh(ENTRIES + 1, `''`)}; UPDATE audit e SET hash = ${link(hashBefore(ENTRIES + 1), String(ENTRIES + 1))} WHERE id = 'mine'`,
      { what: 'cut', seq: ENTRIES + 1 },
    ],
    ['no end', `DELETE FROM audit WHERE seq > 6`, { what: 'cut', seq: 7 }],
    ['nothing', `TRUNCATE audit`, { what: 'cut', seq: 1 }],
    ['another head', `UPDATE audit_head SET hash = repeat('0', 64)`, { what: 'cut', seq: ENTRIES + 1 }],
    ['no head', `DELETE FROM audit_head`, { what: 'cut', seq: 1 }],
  ])('S22 shows: %s', async (_name, statements, fault) => {
    expect(await verifyAudit(store)).toMatchObject({ entries: ENTRIES, fault: null });
    await edit(statements);
    expect((await verifyAudit(store)).fault).toEqual(fault);
  });

  it('S22 shows a second entry with a number, also where a thousand are read at once', async () => {
    await store.orm.execute(
      sql`INSERT INTO audit (at, id, action, detail) SELECT 5000 + n, 'm' || n, 'x', '' FROM generate_series(${ENTRIES + 1}::integer, 1200) n`,
    );
    expect(await verifyAudit(store)).toMatchObject({ entries: 1200, fault: null });
    try {
      await edit(
        `DROP INDEX audit_seq; INSERT INTO audit SELECT at + 1, 'twin', action, account_id, detail, seq, hash FROM audit WHERE seq = 1000`,
      );
      expect((await verifyAudit(store)).fault).toEqual({ what: 'changed', seq: 1000 });
    } finally {
      await edit(`DELETE FROM audit WHERE id = 'twin'; CREATE UNIQUE INDEX audit_seq ON audit (seq)`);
    }
  });

  it.each([
    ['rewritten from one entry on', `UPDATE audit SET detail = 'd' WHERE seq = 3; ${rechain(3)}`],
    ['rewritten in its last entry', `UPDATE audit SET detail = 'd' WHERE seq = ${ENTRIES}; ${rechain(ENTRIES)}`],
    ['cut off with its head', `DELETE FROM audit WHERE seq > 6; ${rechain(6)}`],
    ['begun anew', `TRUNCATE audit; ${rechain(1)}`],
  ])('S22 shows a log that was %s by a head that was noted elsewhere, and by nothing else', async (_name, statements) => {
    const { head } = await verifyAudit(store);
    await edit(statements);
    expect((await verifyAudit(store)).fault).toBeNull();
    expect((await verifyAudit(store, head)).fault).toEqual({ what: 'not-noted', seq: 0 });
  });

  it('S22 knows a head that was noted long ago', async () => {
    const { head } = await verifyAudit(store);
    for (let i = 0; i < 3; i++) await appendAudit(store.orm, { at: 1, id: v7(), action: 'x', accountId: null, detail: '' });
    expect(await verifyAudit(store, head)).toMatchObject({ entries: ENTRIES + 3, fault: null });
  });
});

describe('a log to which many append at once (S22)', () => {
  let company: Company;
  beforeEach(async () => {
    company = await foundCompany(store);
  });
  afterEach(() => company.close());

  const deadlocks = async (): Promise<number> => {
    await store.script('SELECT pg_stat_force_next_flush()');
    const [row] = await rowsOf<{ n: number }>(store.orm, sql`SELECT deadlocks AS n FROM pg_stat_database WHERE datname = 'audit'`);
    return row!.n;
  };

  it('S22 has no hole, no fork and no deadlock, whatever else those transactions hold', async () => {
    const before = await deadlocks();
    const [ada, qiu] = [await company.device('ada'), await company.device('qiu')];
    await ada.operate('staff.change', { id: qiu.account.id, role: 'admin' });
    const [ann, lea, ben] = [await company.device('ann'), await company.device('lea'), await company.device('ben')];
    const made = [];
    for (let i = 0; i < 4; i++) made.push(await company.newTicket(ann));
    const now = company.clock.now();
    for (let round = 0; round < 12; round++) {
      await Promise.all([
        // With a place in the feed before the log's, with one behind it, with none, and with refusals among what is applied.
        ada.ask('staff.disable', { id: company.people.cid.id, tickets: { what: 'pool' } }),
        qiu.ask('staff.enable', { id: company.people.cid.id }),
        qiu.ask('groups.add', { name: v7() }),
        ada.ask('parameters.set', { change: { ticketTtl: round % 2 === 0 ? 3_600_000 : null }, applyToOpen: true }),
        ada.ask('staff.signOutDevice', { id: company.people.leo.id, deviceId: v7(), erase: false }),
        company.device('leo'),
        company.device('leo'),
        ben.ask('staff.list', {}),
        lea.push(...made.map((m) => command('note', m.ticketId, { note: 'n' }, now))),
        ben.push(
          ...made.toReversed().flatMap((m) => [command('note', m.ticketId, { note: 'n' }, now), command('claim', m.ticketId, {}, now)]),
        ),
        ann.push(
          command('note', made[0]!.ticketId, { note: 'n' }, now),
          command('assign', made[1]!.ticketId, { toId: ben.account.id, note: '' }, now),
        ),
      ]);
    }
    const report = await verifyAudit(store);
    expect(report).toMatchObject({ entries: await store.orm.$count(audit), fault: null });
    expect(report.entries).toBeGreaterThan(12 * 5);
    expect((await deadlocks()) - before).toBe(0);
  });

  it('S22 keeps no push waiting that it has nothing to do with', async () => {
    const ann = await company.device('ann');
    const { ticketId } = await company.newTicket(ann);
    await store.transaction(async (tx) => {
      await appendAudit(tx, { at: 5, id: v7(), action: 'x', accountId: null, detail: '' });
      const results = await ann.push(command('note', ticketId, { note: '一' }, company.clock.now()));
      expect(results.map(verdict)).toEqual(['applied']);
      await ann.sync();
    });
  });
});

it('S22 is written in one place alone', () => {
  const root = join(import.meta.dirname, '../../../server');
  const writers = globSync('**/*.ts', { cwd: root }).filter((file) =>
    /insert\(\s*audit\b|INTO\s+"?audit"?\b(?!_)/i.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(writers).toEqual(['audit/append.ts']);
});
