import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendAudit } from '../../../server/audit/append.ts';
import { verifyAudit } from '../../../server/audit/verify.ts';
import { migrate } from '../../../server/store/migrate.ts';
import { migrations } from '../../../server/store/migrations.ts';
import { readParameters } from '../../../server/store/parameters.ts';
import { audit, contact, customer, customField, device, feed, feedTag, ticket } from '../../../server/store/schema.ts';
import { rowsOf, type Store } from '../../../server/store/store.ts';
import { openTestStore } from '../../../server/testing.ts';

const [group, person, released, owned, free, busy] = Array.from({ length: 6 }, () => v7());

describe('a database of version 1', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore();
    // Beside the tables of today: PGlite has one connection, so the path holds for all that follows.
    await store.script('CREATE SCHEMA old; SET search_path TO old');
    await migrate(store, 0, migrations.slice(0, 1));
    const customers = [
      [released, null, `a:${person}`],
      [owned, person, `a:${person}`],
      [free, null, `a:${person}`],
      [busy, null, `a:${person}`],
    ] as const;
    await store.script(`INSERT INTO staff_group VALUES ('${group}', 'one');
      INSERT INTO account VALUES ('${person}', 'A1', 'ann', 'agent', '{${group}}', '${group}', false, 'x');
      INSERT INTO session VALUES ('s1', '${person}', 'device-0001', 5, 9, NULL, 0, NULL, NULL), ('s2', '${person}', 'device-0001', 6, 9, 7, 1, 'x', 8);
      INSERT INTO feed VALUES (11, 'ticket', 'x', '{}', '{a:1,g:2}'), (12, 'ticket', 'x', '{a:1,g:2}', '{g:2,p:3}'), (13, 'group', 'x', '{}', '{}');
      INSERT INTO audit VALUES (7, 'b', 'sign-in', '${person}', 's2'), (7, 'a', 'group-added', NULL, '${group}'), (6, 'c', '说"明"', '', '');
      UPDATE parameter SET value = value - 'maskPhones' || '{"invalidReleaseLimit": 5}';
      ${customers
        .map(
          ([id, owner, tag], i) =>
            `INSERT INTO customer VALUES ('${id}', '客户${i}', '{"138 0000 000${i}"}', '{A${i}@B.example}', '', '', ${owner === null ? 'NULL' : `'${owner}'`}, 'phone', 0, NULL, NULL, '{}', 1, 1, '{${tag}}');`,
        )
        .join('\n')}
      ${[
        [released, 'closed', 1, 'other', '{}'],
        [released, 'resolved', 2, group, '{"片区": "东", "速率": 5}'],
        [owned, 'resolved', 3, group, '{"片区": "西", "在家": true}'],
        [free, 'released', 4, group, '{}'],
        [busy, 'pending', 5, group, '{"片区": null}'],
      ]
        .map(
          ([of, status, at, where, custom]) =>
            `INSERT INTO ticket (id, number, subject, description, category, nature, priority, source, status, customer_id, assignee_id, group_id, created_by, created_at, updated_at, due_at, next_at, resolved_at, invalid, expired_from, custom, deleted_at, version, audience) VALUES ('${v7()}', ${at}, 's', '', '', 'task', 'low', 'phone', '${status}', '${of}', NULL, '${where}', NULL, ${at}, ${at}, NULL, NULL, NULL, false, NULL, '${custom}', NULL, 1, '{}');`,
        )
        .join('\n')}`);
    await migrate(store, 0);
  }, 60_000);
  afterAll(() => store.close());

  it('gives each customer the group of its newest ticket, and shows it to those who may claim it', async () => {
    const rows = await store.orm.select().from(customer);
    expect(rows.map((c) => c.groupId)).toEqual([group, group, group, group]);
    const open = rows.filter((c) => c.audience.includes(`p:${group}`)).map((c) => c.id);
    expect(new Set(open)).toEqual(new Set([released, free]));
    for (const c of rows) expect(c.audience).toContain(`a:${person}`);
  });

  it('finds its customers by phone and e-mail', async () => {
    const rows = await store.orm.select().from(contact);
    expect(
      rows
        .filter((c) => c.customerId === owned)
        .map((c) => c.key)
        .toSorted(),
    ).toEqual(['13800000001', 'a1@b.example']);
    expect(rows).toHaveLength(8);
  });

  it('turns the names under which custom values lay into definitions, and loses no value', async () => {
    const fields = await store.orm.select().from(customField);
    const types = Object.fromEntries(fields.map((f) => [f.name, f.type]));
    expect(types).toEqual({ 片区: 'longText', 速率: 'number', 在家: 'yesNo' });
    const named = new Map(fields.map((f) => [f.id, f.name]));
    const values = (await store.orm.select().from(ticket).orderBy(ticket.number)).map((t) =>
      Object.fromEntries(Object.entries(t.custom).map(([id, value]) => [named.get(id), value])),
    );
    expect(values).toEqual([{}, { 片区: '东', 速率: 5 }, { 片区: '西', 在家: true }, {}, { 片区: null }]);
  });

  it('has the rules as they were, and the default of those that are new', async () => {
    expect(await readParameters(store.orm)).toMatchObject({ invalidReleaseLimit: 5, maskPhones: true });
  });

  it('has marked what stood in its feed, each entry otherwise', async () => {
    const marks = (await store.orm.select().from(feed)).map((f) => f.mark);
    expect(new Set(marks).size).toBe(3);
    for (const mark of marks) expect(mark).toBeGreaterThan(0);
  });

  it('finds what stood in its feed by each tag, before or after, and what is public by that of everyone', async () => {
    const tags = (await store.orm.select().from(feedTag)).map(({ tag, seq }) => `${seq} ${tag}`);
    expect(tags.toSorted()).toEqual(['11 a:1', '11 g:2', '12 a:1', '12 g:2', '12 p:3', '13 *']);
  });

  it('knows the devices of the sessions that there are', async () => {
    expect(await store.orm.select().from(device)).toEqual([
      { accountId: person, id: 'device-0001', system: '', name: '', firstAt: 5, lastAt: 8, eraseAt: null, toldAt: null },
    ]);
  });

  it('S22 has chained what stood in its audit log, in the order of its times, and goes on from there', async () => {
    expect((await store.orm.select().from(audit).orderBy(audit.seq)).map((e) => e.id)).toEqual(['c', 'a', 'b']);
    await appendAudit(store.orm, { at: 1, id: 'd', action: 'x', accountId: null, detail: '' });
    expect(await verifyAudit(store)).toMatchObject({ entries: 4, fault: null });
    await expect(store.script('DELETE FROM audit')).rejects.toThrow('only appended to');
  });

  it('has everybody on duty, and takes the new kinds into its feed', async () => {
    expect(await rowsOf(store.orm, sql`SELECT duty, duty_since FROM account`)).toEqual([{ duty: 'on', duty_since: null }]);
    await store.script(`INSERT INTO feed VALUES (1, 'field', 'x', '{}', '{}')`);
    await expect(store.script(`INSERT INTO feed VALUES (2, 'nonsense', 'x', '{}', '{}')`)).rejects.toThrow();
  });
});
