import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportRow } from '../../../../shared/protocol/operations.ts';
import { customer, importStaged, ticket } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, DAY, foundCompany } from '../company.ts';
import { command, type Device, record, verdict } from '../device.ts';
import { expectTruth } from './pull.ts';

const row = (line: number, more: Partial<ImportRow> = {}): ImportRow => ({
  line,
  name: `客户${line}`,
  phones: [String(13_500_000_000 + line)],
  emails: [],
  address: '',
  tier: '',
  subject: '',
  description: '',
  category: '',
  ...more,
});

export function importSuite(store: () => Store): void {
  describe('import (X06)', () => {
    let company: Company;
    let lea: Device;
    let ann: Device;
    beforeEach(async () => {
      company = await foundCompany(store());
      [lea, ann] = [await company.device('lea'), await company.device('ann')];
    });
    afterEach(() => company.close());
    const now = (): number => company.clock.now();
    const stage = async (importId: string, rows: ImportRow[], by = lea): Promise<string[]> =>
      (await by.operate('import.stage', { importId, rows })).verdicts.map((v) => `${v.line} ${v.verdict}${v.why ? ` ${v.why}` : ''}`);
    const commit = (importId: string, more: object = {}, by = lea) =>
      by.operate('import.commit', { importId, mode: 'all', tickets: true, owner: 'nobody', groupId: company.groups.one.id, ...more });
    const counts = async (): Promise<number[]> => [
      await store().orm.$count(customer),
      await store().orm.$count(ticket),
      await store().orm.$count(importStaged),
    ];

    it('brings in customers and their tickets, and tells everyone whom they concern', async () => {
      await ann.sync();
      const id = v7();
      expect(await stage(id, [row(2), row(3, { subject: '装机', description: '新装', category: '宽带' })])).toEqual(['2 new', '3 new']);
      expect(await counts()).toEqual([0, 0, 2]);
      expect(await commit(id)).toEqual({ customers: 2, tickets: 1, known: 0, left: 0 });
      expect(await counts()).toEqual([2, 1, 0]);
      for (const d of [ann, lea]) {
        await d.sync();
        await expectTruth(company, d);
      }
      expect([...ann.customers.values()].map((c) => `${c.name} ${c.ownerId} ${c.groupId}`).toSorted()).toEqual(
        ['客户2', '客户3'].map((name) => `${name} null ${company.groups.one.id}`),
      );
      const [made] = [...ann.tickets.values()];
      expect(made).toMatchObject({ status: 'released', subject: '装机', category: '宽带', number: 100_001, createdBy: lea.account.id });
      expect([...ann.events.values()]).toMatchObject([{ command: 'create', actorId: lea.account.id, receivedAt: now() }]);
      // They are like any others.
      expect(verdict((await ann.push(command('claim', made!.id, {}, now())))[0])).toBe('applied');
    });

    it('puts them into the own hands if wanted, or leaves tickets out', async () => {
      const id = v7();
      await stage(id, [row(2, { subject: '装机' }), row(3)]);
      await commit(id, { owner: 'me' });
      const truth = await company.truth();
      expect(truth.customers.map((c) => c.row.ownerId)).toEqual([lea.account.id, lea.account.id]);
      expect(truth.tickets.map((t) => [t.row.status, t.row.assigneeId])).toEqual([['pending', lea.account.id]]);
      const second = v7();
      await stage(second, [row(9, { subject: '不要' })]);
      expect(await commit(second, { tickets: false })).toEqual({ customers: 1, tickets: 0, known: 0, left: 0 });
    });

    it('sets the callback that a row asks for; where it cannot, a note keeps the time', async () => {
      const soon = now() + 2 * DAY;
      const id = v7();
      await stage(id, [row(2, { subject: '约', callbackAt: soon }), row(3, { subject: '过', callbackAt: now() - DAY })]);
      await commit(id, { owner: 'me' });
      const pooled = v7();
      await stage(pooled, [row(4, { subject: '池', callbackAt: soon })]);
      await commit(pooled);
      const { tickets, callbacks, events } = await company.truth();
      const of = (subject: string) => tickets.find((t) => t.row.subject === subject)!.row;
      expect(callbacks).toMatchObject([{ ticketId: of('约').id, assigneeId: lea.account.id, dueAt: soon, outcome: null }]);
      expect(of('约')).toMatchObject({ nextAt: soon, version: 2 });
      const notes = (subject: string): string[] => events.filter((e) => e.ticketId === of(subject).id).map((e) => `${e.command} ${e.note}`);
      expect(notes('约')).toEqual(['create ', 'scheduleCallback ']);
      expect(notes('过')).toEqual(['create ', 'note 预约回访 / Callback: 2026-11-20 01:00 UTC']);
      expect(notes('池')).toEqual(['create ', 'note 预约回访 / Callback: 2026-11-23 01:00 UTC']);
      await lea.sync();
      await expectTruth(company, lea);
    });

    it('makes nothing twice when the same file is read again', async () => {
      const rows = [
        row(2, { subject: '装机' }),
        row(3, { phones: [], emails: ['x@y.example'] }),
        row(4, { phones: [], subject: '无联系方式' }),
      ];
      const first = v7();
      await stage(first, rows);
      expect(await commit(first)).toEqual({ customers: 3, tickets: 2, known: 0, left: 0 });
      const second = v7();
      expect(await stage(second, rows)).toEqual(['2 known', '3 known', '4 known']);
      expect(await commit(second)).toEqual({ customers: 0, tickets: 0, known: 3, left: 0 });
      expect((await counts()).slice(0, 2)).toEqual([3, 2]);
    });

    it('takes an overlapping piece that is sent twice once', async () => {
      const id = v7();
      await stage(id, [row(2), row(3)]);
      expect(await stage(id, [row(3), row(4)])).toEqual(['3 new', '4 new']);
      expect((await commit(id)).customers).toBe(3);
    });

    it('finds twins inside a file over all of its pieces, whichever came first', async () => {
      const id = v7();
      expect(await stage(id, [row(5, { phones: ['+86 13511112222'] }), row(2), row(6, { phones: ['135-1111-2222'] })])).toEqual([
        '2 new',
        '5 new',
        '6 twin twin',
      ]);
      expect(await stage(id, [row(7, { emails: ['a@b.example'] }), row(8, { phones: ['13511112222'], emails: ['c@d.example'] })])).toEqual([
        '7 new',
        '8 twin twin',
      ]);
      expect(
        await lea.impossible('import.commit', { importId: id, mode: 'all', tickets: true, owner: 'me', groupId: company.groups.one.id }),
      ).toBe('bad-rows');
      // All or nothing: the file is still there, and nothing of it came in.
      expect(await counts()).toEqual([0, 0, 5]);
      expect(await commit(id, { mode: 'good' })).toEqual({ customers: 3, tickets: 0, known: 0, left: 2 });
    });

    it('adds tickets to customers that are known, as far as the account may', async () => {
      const cid = await company.device('cid');
      const mine = v7();
      const invalid = v7();
      const hidden = v7();
      const add = (id: string, phone: string): ReturnType<typeof record> =>
        record(
          'addCustomer',
          id,
          { name: 'x', phones: [phone], emails: [], address: '', tier: '', source: 'phone', owned: false, unique: false },
          now(),
        );
      await ann.push(add(mine, '13600000001'), add(invalid, '13600000002'));
      await cid.push(add(hidden, '13600000003'));
      for (let i = 0; i < 2; i++) {
        const { ticketId } = await company.newTicket(ann, { customerId: invalid });
        await ann.push(command('invalidate', ticketId, { reason: '空号' }, now()));
      }
      const id = v7();
      const rows = [1, 2, 3].map((n) => row(n + 1, { phones: [`1360000000${n}`], subject: '回访' }));
      expect(await stage(id, rows)).toEqual(['2 known', '3 known customer-invalid', '4 known customer-hidden']);
      expect(
        await lea.impossible('import.commit', {
          importId: id,
          mode: 'all',
          tickets: true,
          owner: 'nobody',
          groupId: company.groups.one.id,
        }),
      ).toBe('bad-rows');
      const before = (await counts())[1]!;
      expect(await commit(id, { mode: 'good' })).toEqual({ customers: 0, tickets: 1, known: 1, left: 2 });
      expect((await counts())[1]).toBe(before + 1);
      await ann.sync();
      await expectTruth(company, ann);
    });

    it('says why it cannot be', async () => {
      const id = v7();
      const importing = { importId: id, mode: 'good' as const, tickets: true, owner: 'me' as const, groupId: company.groups.one.id };
      expect(await lea.impossible('import.commit', importing)).toBe('import-gone');
      await stage(id, [row(2)]);
      expect(await lea.impossible('import.commit', { ...importing, groupId: v7() })).toBe('group-missing');
      expect(await lea.impossible('import.commit', { ...importing, groupId: company.groups.two.id })).toBe('group-missing');
      // Another's file is nobody else's.
      const ada = await company.device('ada');
      expect(await ada.impossible('import.commit', importing)).toBe('import-gone');
      expect((await lea.ask('import.stage', { importId: id, rows: [{ ...row(3), name: '' }] })).status).toBe(400);
      expect((await ann.ask('import.stage', { importId: id, rows: [row(3)] })).status).toBe(403);
    });

    it('forgets a file that is discarded, or left for a day', async () => {
      const id = v7();
      await stage(id, [row(2)]);
      await lea.operate('import.discard', { importId: id });
      expect(await counts()).toEqual([0, 0, 0]);
      await stage(id, [row(2)]);
      company.clock.pass(DAY);
      await company.server.runDue();
      expect((await counts())[2]).toBe(1);
      company.clock.pass(1);
      await company.server.runDue();
      expect((await counts())[2]).toBe(0);
    });

    it('leaves nothing of a file when the database fails in the middle', async () => {
      const id = v7();
      await stage(
        id,
        Array.from({ length: 30 }, (_, i) => row(i + 2, { subject: i === 25 ? 'break' : '装机' })),
      );
      await store().script(`CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.subject = 'break' THEN RAISE EXCEPTION 'planted'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER break_it BEFORE INSERT ON ticket FOR EACH ROW EXECUTE FUNCTION break_it();`);
      try {
        await expect(commit(id)).rejects.toThrow('500');
        expect(await counts()).toEqual([0, 0, 30]);
      } finally {
        await store().script('DROP TRIGGER break_it ON ticket; DROP FUNCTION break_it();');
      }
      expect((await commit(id)).customers).toBe(30);
    });

    it('takes ten thousand rows in one transaction, with numbers and places in the feed in a row', async () => {
      const id = v7();
      for (let first = 0; first < 10_000; first += 500)
        await lea.operate('import.stage', {
          importId: id,
          rows: Array.from({ length: 500 }, (_, i) => row(first + i + 2, { subject: '批量' })),
        });
      expect(await commit(id)).toEqual({ customers: 10_000, tickets: 10_000, known: 0, left: 0 });
      await ann.sync(1000);
      expect(ann.tickets.size).toBe(10_000);
      expect(new Set([...ann.tickets.values()].map((t) => t.number)).size).toBe(10_000);
    });
  });
}
