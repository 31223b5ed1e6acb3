import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordArgs } from '../../../../shared/domain/commands/index.ts';
import { MAX_SAVED_SEARCHES } from '../../../../shared/domain/personal.ts';
import { OLDEST_PROTOCOL_VERSION } from '../../../../shared/protocol/version.ts';
import { paths, type PullResponse } from '../../../../shared/protocol/wire.ts';
import { contact } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, foundCompany, HOUR } from '../company.ts';
import { call, command, type Device, record, verdict } from '../device.ts';

export const facts: RecordArgs<'addCustomer'> = {
  name: '沈栖迟',
  phones: ['138 0000 6021'],
  emails: ['a@b.example'],
  address: '云锦苑',
  tier: '金卡客户',
  source: 'desktop',
  owned: true,
  unique: false,
};

const search: RecordArgs<'putSearch'> = {
  name: '今天',
  list: 'pending',
  text: '',
  filter: [{ field: 'priority', any: ['urgent'] }],
  sort: 'next',
  descending: false,
  position: 1,
  replaces: null,
};

export function recordSuite(store: () => Store): void {
  describe('commands that are not about a ticket', () => {
    let company: Company;
    let ann: Device;
    let ben: Device;
    let lea: Device;
    beforeEach(async () => {
      company = await foundCompany(store());
      [ann, ben, lea] = [await company.device('ann'), await company.device('ben'), await company.device('lea')];
    });
    afterEach(() => company.close());
    const now = (): number => company.clock.now();
    const add = async (by: Device, more: Partial<typeof facts> = {}): Promise<string> => {
      const id = v7();
      expect(verdict((await by.push(record('addCustomer', id, { ...facts, ...more }, now())))[0])).toBe('applied');
      return id;
    };

    it('adds a customer into the own hands, seen by its owner and the leader of the group alone', async () => {
      for (const d of [ann, ben, lea]) await d.sync();
      const id = await add(ann);
      for (const d of [ann, ben, lea]) await d.sync();
      expect(ann.customers.get(id)).toMatchObject({ ownerId: ann.account.id, groupId: company.groups.one.id, name: '沈栖迟' });
      expect([ben.customers.has(id), lea.customers.has(id)]).toEqual([false, true]);
    });

    it('adds a free customer, seen by the whole group until somebody claims it (X02)', async () => {
      const cid = await company.device('cid');
      for (const d of [ann, ben, cid]) await d.sync();
      const id = await add(ann, { owned: false });
      for (const d of [ann, ben, cid]) await d.sync();
      expect([ann, ben, cid].map((d) => d.customers.has(id))).toEqual([true, true, false]);
      const ticketId = v7();
      const claim = command('claimCustomer', ticketId, { customerId: id, subject: '回访' }, now());
      expect(verdict((await ben.push(claim))[0])).toBe('applied');
      expect(await company.ticket(ticketId)).toMatchObject({ assigneeId: ben.account.id, status: 'pending', number: 100_001 });
      const [page] = await ann.sync();
      expect(page!.evict.customers).toEqual([id]);
      expect(verdict((await ann.push(command('claimCustomer', v7(), { customerId: id, subject: 'x' }, now())))[0])).toBe(
        'customer-missing',
      );
      expect(verdict((await lea.push(command('claimCustomer', v7(), { customerId: id, subject: 'x' }, now())))[0])).toBe('customer-owned');
    });

    it('lets nobody claim a customer that is out of sight, or one with an open ticket', async () => {
      const cid = await company.device('cid');
      const id = await add(ann, { owned: false });
      const claim = (): ReturnType<typeof command> => command('claimCustomer', v7(), { customerId: id, subject: 'x' }, now());
      expect(verdict((await cid.push(claim()))[0])).toBe('customer-missing');
      await company.newTicket(lea, { customerId: id, assigneeId: lea.account.id });
      // Owned by now, and out of the others' sight.
      expect(verdict((await ben.push(claim()))[0])).toBe('customer-missing');
      expect(verdict((await lea.push(claim()))[0])).toBe('customer-has-ticket');
    });

    it('frees a customer when its last open ticket is done, and not before', async () => {
      const { ticketId, customerId } = await company.newTicket(ann, { assigneeId: null });
      const second = await company.newTicket(lea, { customerId, assigneeId: lea.account.id });
      await lea.push(record('editCustomer', customerId, { changes: [{ field: 'ownerId', from: lea.account.id, to: null }] }, now()));
      await ben.sync();
      await ann.push(command('claim', ticketId, {}, now()));
      await ann.push(command('resolve', ticketId, { report: '好' }, now()));
      await lea.push(record('editCustomer', customerId, { changes: [{ field: 'ownerId', from: ann.account.id, to: null }] }, now()));
      await ben.sync();
      expect(ben.customers.has(customerId)).toBe(false);
      await lea.push(command('resolve', second.ticketId, { report: '好' }, now()));
      await ben.sync();
      expect(ben.customers.has(customerId)).toBe(true);
    });

    it('merges edits of different facts, and refuses the same one with both values', async () => {
      const id = await add(ann);
      const edit = (from: string, to: string): ReturnType<typeof record> =>
        record('editCustomer', id, { changes: [{ field: 'name', from, to }] }, now());
      expect(verdict((await ann.push(edit('沈栖迟', '沈一')))[0])).toBe('applied');
      const other = record('editCustomer', id, { changes: [{ field: 'tier', from: '金卡客户', to: '银卡客户' }] }, now());
      expect(verdict((await lea.push(other))[0])).toBe('applied');
      const [result] = await lea.push(edit('沈栖迟', '沈二'));
      expect(result).toMatchObject({
        refusal: { code: 'conflict', fields: [{ field: 'customer.name', base: '沈栖迟', mine: '沈二', theirs: '沈一' }] },
      });
      const truth = (await company.truth()).customers.find((c) => c.row.id === id)!.row;
      expect(truth).toMatchObject({ name: '沈一', tier: '银卡客户' });
    });

    it('answers an edit of a hidden customer as one of a customer that does not exist', async () => {
      const cid = await company.device('cid');
      const id = await add(ann);
      const edit = (of: string): ReturnType<typeof record> =>
        record('editCustomer', of, { changes: [{ field: 'name', from: 'x', to: 'y' }] }, now());
      const [hidden, missing] = await cid.push(edit(id), edit(v7()));
      expect((hidden as { refusal: object }).refusal).toEqual((missing as { refusal: object }).refusal);
      expect(verdict((await cid.push(record('addCustomer', id, facts, now())))[0])).toBe('id-taken');
    });

    it('takes a customer out of the sight of who only owned it, and leaves it to who held a ticket', async () => {
      const owned = await add(ann);
      const { customerId: held } = await company.newTicket(ann);
      await ann.sync();
      for (const id of [owned, held])
        await lea.push(record('editCustomer', id, { changes: [{ field: 'ownerId', from: ann.account.id, to: ben.account.id }] }, now()));
      const [page] = await ann.sync();
      expect(page!.evict.customers).toEqual([owned]);
      expect(ann.customers.get(held)).toMatchObject({ ownerId: ben.account.id });
      await ben.sync();
      expect([ben.customers.has(owned), ben.customers.has(held)]).toEqual([true, true]);
    });

    it('puts the tickets of a restored customer back into the pool', async () => {
      const { ticketId, customerId } = await company.newTicket(ann, { assigneeId: null });
      for (let i = 0; i < 2; i++) {
        const { ticketId: bad } = await company.newTicket(ann, { customerId });
        await ann.push(command('invalidate', bad, { reason: '空号' }, now()));
      }
      await ben.sync();
      expect(ben.tickets.has(ticketId)).toBe(false);
      expect(verdict((await ann.push(record('restoreCustomer', customerId, { reason: '核实' }, now())))[0])).toBe('not-allowed');
      expect(verdict((await lea.push(record('restoreCustomer', customerId, { reason: '核实' }, now())))[0])).toBe('applied');
      await ben.sync();
      expect(ben.tickets.has(ticketId)).toBe(true);
      expect(verdict((await lea.push(record('restoreCustomer', customerId, { reason: '核实' }, now())))[0])).toBe('customer-valid');
    });

    it('still takes a release back after facts of its customer changed, but not after the owner did', async () => {
      const { ticketId, customerId } = await company.newTicket(ann);
      const release = command('release', ticketId, { reason: '' }, now());
      await ann.push(release);
      await lea.push(record('editCustomer', customerId, { changes: [{ field: 'address', from: '', to: '新址' }] }, now()));
      expect(verdict((await ann.push(command('undo', ticketId, { eventId: release.id }, now())))[0])).toBe('applied');
      expect((await company.truth()).customers[0]!.row).toMatchObject({ address: '新址', ownerId: ann.account.id });
      const again = command('release', ticketId, { reason: '' }, now());
      await ann.push(again);
      await lea.push(record('editCustomer', customerId, { changes: [{ field: 'ownerId', from: null, to: ben.account.id }] }, now()));
      expect(verdict((await ann.push(command('undo', ticketId, { eventId: again.id }, now())))[0])).toBe('undo-overtaken');
    });

    describe('contacts', () => {
      it('finds another customer by any phone or e-mail, however written, for both ways of making one', async () => {
        const id = await add(ann);
        for (const more of [
          { phones: ['+86 138-0000-6021'], emails: [] },
          { phones: [], emails: ['A@B.EXAMPLE'] },
          { phones: ['１３８００００６０２１'], emails: [] },
        ]) {
          const [result] = await ben.push(record('addCustomer', v7(), { ...facts, ...more, unique: true }, now()));
          expect(result).toMatchObject({ refusal: { code: 'duplicate-contact', detail: id } });
        }
        const make = (unique: boolean): Promise<unknown> =>
          company.newTicket(ben, { customer: { name: '又一个', phones: ['13800006021'], unique } });
        await expect(make(true)).rejects.toThrow('duplicate-contact');
        await make(false);
      });

      it('follows edits', async () => {
        const id = await add(ann, { emails: [] });
        const changes = [{ field: 'phones' as const, from: facts.phones, to: ['13900000001'] }];
        await ann.push(record('editCustomer', id, { changes }, now()));
        expect((await store().orm.select().from(contact)).map((c) => c.key)).toEqual(['13900000001']);
        const fresh = record('addCustomer', v7(), { ...facts, emails: [], unique: true }, now());
        expect(verdict((await ben.push(fresh))[0])).toBe('applied');
      });
    });

    describe('what an account keeps for itself', () => {
      it('brings it whole with the first page and whenever it changed, to its owner alone', async () => {
        const [first] = await ann.sync();
        expect(first!.rows).toMatchObject({ customFields: [], searches: [], phrases: [] });
        await ben.sync();
        const id = v7();
        await ann.push(record('putSearch', id, search, now()));
        const [page] = await ann.sync();
        expect(page!.rows.searches).toMatchObject([{ id, name: '今天', accountId: ann.account.id }]);
        expect([page!.rows.phrases, page!.rows.customFields]).toEqual([null, null]);
        expect((await ben.sync())[0]!.rows.searches).toBeNull();
        const other = await company.device('ann');
        await other.sync();
        expect(other.searches).toEqual(ann.searches);
        await other.push(record('removeSearch', id, {}, now()));
        expect((await ann.sync())[0]!.rows.searches).toEqual([]);
      });

      it('tells an admin, who sees everything, nothing of the searches of others', async () => {
        const ada = await company.device('ada');
        await ada.sync();
        await ann.push(record('putSearch', v7(), search, now()));
        const [page] = await ada.sync();
        expect(page!.rows.searches).toBeNull();
        expect(JSON.stringify(page)).not.toContain('今天');
      });

      it('refuses a ninth search, from two devices at once, too; one may take the place of another', async () => {
        const two = await company.device('ann');
        const put = (): ReturnType<typeof record> => record('putSearch', v7(), search, now());
        const results = (await Promise.all([ann, two].map((d) => d.push(...Array.from({ length: 6 }, put))))).flat();
        expect(results.filter((r) => r.status === 'applied')).toHaveLength(MAX_SAVED_SEARCHES);
        expect(results.filter((r) => verdict(r) === 'too-many')).toHaveLength(4);
        await ann.sync();
        const gone = ann.searches[0]!.id;
        expect(verdict((await ann.push(record('putSearch', v7(), { ...search, replaces: gone }, now())))[0])).toBe('applied');
        await ann.sync();
        expect(ann.searches).toHaveLength(MAX_SAVED_SEARCHES);
        expect(ann.searches.map((s) => s.id)).not.toContain(gone);
      });

      it("does not let one account change, replace or remove another's search", async () => {
        const id = v7();
        await ann.push(record('putSearch', id, search, now()));
        expect(verdict((await ben.push(record('putSearch', id, search, now())))[0])).toBe('not-allowed');
        expect(verdict((await ben.push(record('removeSearch', id, {}, now())))[0])).toBe('not-found');
        expect(verdict((await ben.push(record('putSearch', v7(), { ...search, replaces: id }, now())))[0])).toBe('applied');
        await ann.sync();
        expect(ann.searches.map((s) => s.id)).toEqual([id]);
      });

      it('shares phrases of leaders with everyone, and takes them back from everyone', async () => {
        const id = v7();
        const phrase = { shared: true, title: '开场', text: '您好', position: 1 };
        await ben.sync();
        expect(verdict((await ann.push(record('putPhrase', id, phrase, now())))[0])).toBe('not-allowed');
        await lea.push(record('putPhrase', id, phrase, now()));
        await ben.sync();
        expect(ben.phrases).toMatchObject([{ id, ownerId: null, text: '您好' }]);
        expect(verdict((await ann.push(record('removePhrase', id, {}, now())))[0])).toBe('not-allowed');
        await lea.push(record('putPhrase', id, { ...phrase, shared: false }, now()));
        await ben.sync();
        expect(ben.phrases).toEqual([]);
        expect(verdict((await ben.push(record('removePhrase', id, {}, now())))[0])).toBe('not-found');
        expect(verdict((await ben.push(record('putPhrase', id, { ...phrase, shared: false }, now())))[0])).toBe('not-allowed');
      });

      it('shows everyone who is on duty', async () => {
        await ben.sync();
        expect(verdict((await ann.push(record('setDuty', ann.account.id, { duty: 'off' }, now() - HOUR)))[0])).toBe('applied');
        expect(verdict((await ann.push(record('setDuty', ben.account.id, { duty: 'off' }, now())))[0])).toBe('not-allowed');
        const [page] = await ben.sync();
        expect(page!.mode).toBe('delta');
        expect(ben.accounts.get(ann.account.id)).toMatchObject({ duty: 'off', dutySince: now() - HOUR });
      });
    });

    it('holds what hangs on a customer that could not be decided, and goes on with others', async () => {
      const customerId = v7();
      await store().script(`CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.name = 'break' THEN RAISE EXCEPTION 'planted'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER break_it BEFORE INSERT ON customer FOR EACH ROW EXECUTE FUNCTION break_it();`);
      try {
        const results = await ann.push(
          record('addCustomer', customerId, { ...facts, name: 'break' }, now()),
          command('claimCustomer', v7(), { customerId, subject: 'x' }, now()),
          record('addCustomer', v7(), facts, now()),
        );
        expect(results.map((r) => r.status)).toEqual(['failed', 'failed', 'applied']);
      } finally {
        await store().script('DROP TRIGGER break_it ON customer; DROP FUNCTION break_it();');
      }
    });

    it.each([1, 2])('R16 serves a device of protocol %d as before', async (protocol) => {
      const { ticketId } = await company.newTicket(ann);
      const v1 = async (path: string, body: object): Promise<unknown> => {
        const answer = await call(company.server, 'POST', path, { protocol, ...body }, ann.access);
        expect(answer.status).toBe(200);
        return answer.body;
      };
      expect(protocol).toBeGreaterThanOrEqual(OLDEST_PROTOCOL_VERSION);
      const note = command('note', ticketId, { note: '旧客户端' }, now());
      expect(await v1(paths.push, { deviceId: ann.id, commands: [note] })).toMatchObject({ results: [{ status: 'applied' }] });
      const page = (await v1(paths.pull, { epoch: null, view: null, cursor: null, after: null, limit: 100 })) as PullResponse;
      expect(page.rows.tickets.map((t) => t.id)).toEqual([ticketId]);
      // A view of the version before: everything is read again.
      const old = await v1(paths.pull, { epoch: page.epoch, view: 'of-a-version-before', cursor: page.cursor, after: null, limit: 100 });
      expect(old).toMatchObject({ mode: 'reset' });
    });
  });
}
