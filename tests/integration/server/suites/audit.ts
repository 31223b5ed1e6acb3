import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit } from '../../../../server/audit/append.ts';
import { GENESIS, linkHash } from '../../../../server/audit/chain.ts';
import { SUMMED_MS } from '../../../../server/audit/denials.ts';
import { verifyAudit } from '../../../../server/audit/verify.ts';
import { audit } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { PROTOCOL_VERSION } from '../../../../shared/protocol/version.ts';
import { paths } from '../../../../shared/protocol/wire.ts';
import { type Company, foundCompany } from '../company.ts';
import { type Answer, call, command, type Device, verdict } from '../device.ts';
import { asked } from './exports.ts';

type Row = typeof audit.$inferSelect;

export function auditSuite(store: () => Store): void {
  describe('the audit log (S22)', () => {
    let company: Company;
    let ann: Device;
    let ada: Device;
    beforeEach(async () => {
      company = await foundCompany(store());
      [ann, ada] = [await company.device('ann'), await company.device('ada')];
    });
    afterEach(() => company.close());

    const entries = (): Promise<Row[]> => store().orm.select().from(audit).orderBy(audit.seq);
    const lines = async (action: string): Promise<string[]> =>
      (await entries()).filter((e) => e.action === action).map((e) => `${e.accountId ?? 'nobody'} ${e.detail}`);
    const signIn = (staffNo: string, password: string): Promise<Answer> =>
      call(company.server, 'POST', paths.signIn, { protocol: PROTOCOL_VERSION, staffNo, password, deviceId: 'device-0001' });
    const whole = () => verifyAudit(store());

    it('S22 numbers its entries without holes and chains each to the one before, as it is computed outside of the database', async () => {
      await appendAudit(store().orm, { at: 5, id: v7(), action: 'x', accountId: null, detail: '各种 "文字", 3:abc,\n\u{1F512} - ' });
      await appendAudit(store().orm, { at: 5, id: v7(), action: '', accountId: '', detail: '' });
      const all = await entries();
      let hash = GENESIS;
      for (const [i, entry] of all.entries()) {
        expect(entry.seq).toBe(i + 1);
        hash = linkHash(hash, entry);
        expect(entry.hash).toBe(hash);
      }
      expect(await whole()).toMatchObject({ entries: all.length, head: hash, fault: null });
    });

    it('S22 tells no account from an empty one, and a boundary between two texts from another', () => {
      const entry = { seq: 1, at: 5, id: 'i', action: 'ab', accountId: null, detail: 'c' };
      const hashes = [
        entry,
        { ...entry, accountId: '' },
        { ...entry, action: 'a', detail: 'bc' },
        { ...entry, action: 'ab1:c,', detail: '' },
        { ...entry, seq: 15, at: 0 },
      ].map((e) => linkHash(GENESIS, e));
      expect(new Set(hashes).size).toBe(hashes.length);
    });

    it('S22 keeps half a character and a zero as something that the database can hold, and stays whole', async () => {
      await appendAudit(store().orm, { at: 5, id: v7(), action: 'x', accountId: null, detail: 'a\ud83db\0c' });
      expect((await entries()).at(-1)!.detail).toBe('a\ufffdbc');
      expect(await whole()).toMatchObject({ fault: null });
    });

    it('S22 leaves no trace of what was rolled back, neither in its entries nor in its numbers', async () => {
      const before = await whole();
      const refused = store().transaction(async (tx) => {
        await appendAudit(tx, { at: 5, id: v7(), action: 'x', accountId: null, detail: '' });
        throw new Error('no');
      });
      await expect(refused).rejects.toThrow('no');
      expect(await whole()).toEqual(before);
    });

    it.each([
      ['changed', sql`UPDATE audit SET detail = '' WHERE seq = 1`],
      ['changed where nothing is', sql`UPDATE audit SET detail = '' WHERE seq = -1`],
      ['taken away', sql`DELETE FROM audit`],
      ['emptied', sql`TRUNCATE audit`],
      [
        'replaced',
        sql`INSERT INTO audit (at, id, action, detail) SELECT at, id, 'x', '' FROM audit LIMIT 1
            ON CONFLICT (at, id) DO UPDATE SET action = 'x'`,
      ],
    ])('S22 refuses to be %s, to everybody', async (_name, statement) => {
      const before = await entries();
      const error: unknown = await store()
        .orm.execute(statement)
        .then(
          () => null,
          (e: unknown) => e,
        );
      expect(String((error as { cause?: unknown } | null)?.cause)).toContain('only appended to');
      expect(await entries()).toEqual(before);
    });

    it('S22 gives its own number and hash to an entry that brings others', async () => {
      await store().orm.execute(sql`INSERT INTO audit (at, id, action, detail, seq, hash) VALUES (5, ${v7()}, 'x', '', 4711, 'mine')`);
      expect(await whole()).toMatchObject({ fault: null });
    });

    it('S22 holds sign-ins and sign-outs, refused and throttled ones, with the account where there is one', async () => {
      for (let i = 0; i < 6; i++) await signIn('ann', 'wrong');
      for (let i = 0; i < 6; i++) await signIn('nobody', 'wrong');
      await call(company.server, 'DELETE', paths.signOut, undefined, ann.access);
      const { id } = company.people.ann;
      expect(await lines('sign-in-refused')).toEqual([
        ...Array.from({ length: 5 }, () => `${id} bad-credentials`),
        ...Array.from({ length: 5 }, () => 'nobody bad-credentials'),
      ]);
      expect(await lines('sign-in-throttled')).toEqual([`${id} throttled`, 'nobody throttled']);
      expect((await lines('sign-in')).map((l) => l.split(' ')[0])).toEqual([id, company.people.ada.id]);
      expect((await lines('sign-out')).map((l) => l.split(' ')[0])).toEqual([id]);
      const text = JSON.stringify(await entries());
      expect(text).not.toContain('wrong');
      expect(text).not.toContain('nobody');
    });

    it('S22 holds refused operations, exports, files and commands, and what a token of a disabled account tried', async () => {
      const cid = await company.device('cid');
      const { ticketId } = await company.newTicket(ann);
      const now = company.clock.now();
      await cid.ask('staff.list', {});
      await cid.download(asked());
      // Of a ticket out of its sight, of one that is not its to give, and one that no client may ask for.
      const [hidden, given, server] = [
        command('note', ticketId, { note: '机密' }, now),
        command('assign', ticketId, { toId: ann.account.id, note: '' }, now),
        command('expire', ticketId, {}, now),
      ];
      expect((await cid.push(hidden)).map(verdict)).toEqual(['not-found']);
      expect((await ann.push(given)).map(verdict)).toEqual(['not-allowed']);
      expect((await ann.push(server)).map(verdict)).toEqual(['not-allowed']);
      // The same answer again is no second try.
      await cid.push(hidden);
      const file = { id: v7(), ticketId, name: 'x.txt', size: 1, sha256: '0'.repeat(64) };
      await call(company.server, 'POST', paths.attachments, { protocol: PROTOCOL_VERSION, ...file }, cid.access);
      await call(company.server, 'GET', `${paths.attachments}/${v7()}/bytes?offset=0`, undefined, cid.access);
      await company.server.staff.changeAccount(cid.account.id, { disabled: true });
      await expect(cid.page()).rejects.toThrow('account-disabled');
      await call(company.server, 'POST', paths.refresh, { protocol: PROTOCOL_VERSION, refreshToken: cid.refreshToken });
      const [cidId, annId] = [cid.account.id, ann.account.id];
      expect(await lines('denied')).toEqual([
        `${cidId} staff.list`,
        `${cidId} export`,
        `${cidId} note ${ticketId} not-found`,
        `${annId} assign ${ticketId} not-allowed`,
        `${annId} server-command`,
        `${cidId} attachment-upload`,
        `${cidId} attachment`,
        `${cidId} account-disabled`,
        `${cidId} account-disabled`,
      ]);
      expect(JSON.stringify(await entries())).not.toContain('机密');
    });

    it('S22 holds changes of staff and devices and exports, each in the order in which it was committed', async () => {
      const { account } = await ada.operate('staff.add', {
        staffNo: 'n1',
        name: '新人',
        role: 'agent',
        groupIds: [company.groups.one.id],
        priorityGroupId: company.groups.one.id,
      });
      await ada.operate('staff.change', { id: account.id, role: 'leader' });
      await ada.operate('staff.signOutDevice', { id: ann.account.id, deviceId: ann.id, erase: true });
      await ada.operate('staff.disable', { id: account.id, tickets: { what: 'keep' } });
      await ada.download(asked());
      const mine = (await entries()).filter((e) => e.accountId === ada.account.id).map((e) => e.action);
      expect(mine).toEqual(['sign-in', 'staff.add', 'staff.change', 'staff.signOutDevice', 'staff.disable', 'export']);
      expect(await whole()).toMatchObject({ fault: null });
    });

    it('S22 is not flooded: beyond five of a kind they are counted, and told in one entry when ten minutes are over', async () => {
      for (let i = 0; i < 40; i++) await ann.ask('staff.list', {});
      for (let i = 0; i < 3; i++) await ann.ask('groups.add', {});
      const { ticketId } = await company.newTicket(ada);
      const tries = Array.from({ length: 30 }, () => command('note', ticketId, { note: 'x' }, company.clock.now()));
      await ann.push(...tries);
      const denied = async (about: string): Promise<string[]> => (await lines('denied')).filter((l) => l.split(' ')[1] === about);
      expect(await denied('staff.list')).toHaveLength(5);
      expect(await denied('groups.add')).toHaveLength(3);
      expect(await denied('note')).toHaveLength(5);
      company.clock.pass(SUMMED_MS - 1);
      await company.server.runDue();
      expect(await denied('staff.list')).toHaveLength(5);
      company.clock.pass(1);
      await company.server.runDue();
      expect((await denied('staff.list')).slice(5)).toEqual([`${ann.account.id} staff.list repeated=35`]);
      expect((await denied('note')).slice(5)).toEqual([`${ann.account.id} note repeated=25`]);
      expect(await denied('groups.add')).toHaveLength(3);
      // And anew.
      await ann.sync().catch(() => {});
      const again = await company.device('ann');
      for (let i = 0; i < 7; i++) await again.ask('staff.list', {});
      expect(await denied('staff.list')).toHaveLength(6 + 5);
      expect(await whole()).toMatchObject({ fault: null });
    });

    it('S22 tells what was counted before the server ends', async () => {
      const other = await company.another();
      for (let i = 0; i < 9; i++)
        await call(other, 'POST', `${paths.operations}/staff.list`, { protocol: PROTOCOL_VERSION, input: {} }, ann.access);
      await other.close();
      expect((await lines('denied')).at(-1)).toBe(`${ann.account.id} staff.list repeated=4`);
    });

    it('S22 lets two hundred guesses at names that do not exist make fifty entries and one more, and tells those at a known one apart', async () => {
      for (let i = 0; i < 200; i++) await signIn(`nobody-${i}`, 'wrong');
      for (let i = 0; i < 4; i++) await signIn('ann', 'wrong');
      expect(await lines('sign-in-refused')).toHaveLength(50);
      company.clock.pass(SUMMED_MS);
      await company.server.runDue();
      expect((await lines('sign-in-refused')).slice(50).toSorted()).toEqual(
        [`${ann.account.id} bad-credentials repeated=4`, 'nobody bad-credentials repeated=150'].toSorted(),
      );
    });

    it('S22 notes nothing of tokens that belong to nobody', async () => {
      const before = (await entries()).length;
      for (const token of ['x'.repeat(43), `${ann.access.slice(0, -1)}_`])
        expect((await call(company.server, 'POST', paths.pull, {}, token)).status).toBe(401);
      await call(company.server, 'POST', paths.refresh, { protocol: PROTOCOL_VERSION, refreshToken: 'x'.repeat(43) });
      expect(await entries()).toHaveLength(before);
    });

    it('S22 is listed newest first, also what was written in one millisecond', async () => {
      await ada.operate('groups.add', { name: 'a' });
      await ada.operate('groups.add', { name: 'b' });
      const { entries: listed } = await ada.operate('audit.list', { before: null, limit: 2 });
      expect(listed.map((e) => e.id)).toEqual((await entries()).map((e) => e.id).toReversed());
    });
  });
}
