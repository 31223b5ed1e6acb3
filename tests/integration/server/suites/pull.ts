import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canSeeTicket } from '../../../../shared/domain/permissions.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, foundCompany, HOUR, type Name } from '../company.ts';
import { command, Device } from '../device.ts';

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

/** What a device holds must be what the database holds of what its account may see: nothing missing, nothing more. */
export async function expectTruth(company: Company, device: Device): Promise<void> {
  const truth = await company.truth();
  const customers = new Map(truth.customers.map((c) => [c.row.id, c.row]));
  const mine = truth.tickets.map((t) => t.row).filter((t) => canSeeTicket(device.account, t, customers.get(t.customerId) ?? null));
  const ids = new Set(mine.map((t) => t.id));
  expect([...device.tickets.values()].toSorted(byId)).toEqual(mine.toSorted(byId));
  expect([...device.callbacks.values()].toSorted(byId)).toEqual(truth.callbacks.filter((c) => ids.has(c.ticketId)).toSorted(byId));
  expect([...device.events.values()].toSorted(byId)).toEqual(truth.events.filter((e) => ids.has(e.ticketId)).toSorted(byId));
  for (const t of mine) expect(device.customers.get(t.customerId)).toEqual(customers.get(t.customerId));
  for (const c of device.customers.values()) expect(c).toEqual(customers.get(c.id));
}

export function pullSuite(store: () => Store): void {
  describe('pull', () => {
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

    it('brings the directory, the rules and the own transfers with the first page', async () => {
      const { ticketId } = await company.newTicket(ann);
      await ann.push(command('transfer', ticketId, { toId: ben.account.id, reason: '片区调整' }, now()));
      const page = await ann.page(1);
      expect(page.rows.accounts.map((a) => a.staffNo).toSorted()).toEqual(['ada', 'ann', 'ben', 'cid', 'lea', 'leo', 'qiu']);
      expect(page.rows.groups).toHaveLength(2);
      expect(page.rows.parameters).toMatchObject({ invalidReleaseLimit: 2 });
      expect(page.rows.transfers).toMatchObject([{ fromId: ann.account.id, toId: ben.account.id, reason: '片区调整' }]);
    });

    it('reads a snapshot page by page: open tickets first, then the latest, each once', async () => {
      for (let i = 0; i < 7; i++) {
        company.clock.pass(1000);
        const { ticketId } = await company.newTicket(ann);
        if (i % 2 === 0) await ann.push(command('resolve', ticketId, { report: '好' }, now()));
      }
      const pages = await ann.sync(2);
      const order = pages.flatMap((p) => p.rows.tickets);
      expect(order).toHaveLength(7);
      expect(order.map((t) => t.status)).toEqual(['pending', 'pending', 'pending', 'resolved', 'resolved', 'resolved', 'resolved']);
      const times = order.map((t) => t.updatedAt);
      expect(times.slice(0, 3)).toEqual(times.slice(0, 3).toSorted((a, b) => b - a));
      expect(times.slice(3)).toEqual(times.slice(3).toSorted((a, b) => b - a));
      expect(pages[0]!.total).toBe(7);
      expect(new Set(pages.map((p) => p.cursor)).size).toBe(1);
      await expectTruth(company, ann);
    });

    it('goes on with a snapshot where it was broken off, on another instance too', async () => {
      for (let i = 0; i < 5; i++) await company.newTicket(ann);
      await ann.page(2);
      const elsewhere = Object.assign(new Device(await company.another()), {
        access: ann.access,
        account: ann.account,
        epoch: ann.epoch,
        view: ann.view,
        after: ann.after,
      });
      const rest = await elsewhere.sync(2);
      expect(rest.flatMap((p) => p.rows.tickets)).toHaveLength(3);
      expect(rest.flatMap((p) => p.rows.tickets).filter((t) => ann.tickets.has(t.id))).toEqual([]);
    });

    it('brings each change behind the cursor with the new events only', async () => {
      const { ticketId } = await company.newTicket(ann);
      await ann.sync();
      await ann.push(command('note', ticketId, { note: '新的' }, now()));
      const [page] = await ann.sync();
      expect(page!.mode).toBe('delta');
      expect(page!.rows.tickets.map((t) => t.id)).toEqual([ticketId]);
      expect(page!.rows.events.map((e) => e.note)).toEqual(['新的']);
      expect((await ann.sync())[0]!.rows.tickets).toEqual([]);
    });

    it('brings a ticket that comes into view with its whole history and its customer', async () => {
      const { ticketId, customerId } = await company.newTicket(ann);
      await ann.push(command('note', ticketId, { note: '旧的' }, now()));
      await ben.sync();
      await ann.push(command('transfer', ticketId, { toId: ben.account.id, reason: '' }, now()));
      const [page] = await ben.sync();
      expect(page!.rows.events.map((e) => e.command)).toEqual(['create', 'note', 'transfer']);
      expect(page!.rows.customers.map((c) => c.id)).toEqual([customerId]);
      await expectTruth(company, ben);
    });

    it('evicts a ticket that leaves the view, once, and tells nobody else of it', async () => {
      const { ticketId } = await company.newTicket(ann);
      const cid = await company.device('cid');
      for (const d of [ann, ben, lea, cid]) await d.sync();
      await ann.push(command('transfer', ticketId, { toId: ben.account.id, reason: '' }, now()));
      expect((await ann.sync())[0]!.evict.tickets).toEqual([ticketId]);
      expect((await ann.sync())[0]!.evict.tickets).toEqual([]);
      expect(JSON.stringify(await cid.sync())).not.toContain(ticketId);
      expect((await lea.sync())[0]!.evict.tickets).toEqual([]);
      for (const d of [ann, ben, lea, cid]) {
        await d.sync();
        await expectTruth(company, d);
      }
    });

    it('never names what came and went between two pulls of an account that could not see it', async () => {
      const cid = await company.device('cid');
      await cid.sync();
      const { ticketId, customerId } = await company.newTicket(ann);
      await ann.push(command('release', ticketId, { reason: '' }, now()));
      await ann.push(command('note', ticketId, { note: '客户再打' }, now()));
      const text = JSON.stringify(await cid.sync());
      expect(text).not.toContain(ticketId);
      expect(text).not.toContain(customerId);
    });

    it('leaves the sender of a transfer only what they had: the snapshot, and no later event', async () => {
      const { ticketId } = await company.newTicket(ann);
      await ann.sync();
      await ann.push(command('transfer', ticketId, { toId: ben.account.id, reason: '' }, now()));
      await ben.push(command('note', ticketId, { note: '机密后续' }, now()));
      await ann.sync();
      const fresh = await company.device('ann');
      await fresh.sync();
      for (const d of [ann, fresh]) {
        expect(d.tickets.has(ticketId)).toBe(false);
        const [kept] = [...d.transfers.values()];
        expect(kept).toMatchObject({
          ticketId,
          toId: ben.account.id,
          snapshot: { customerName: '周砚秋', ticket: { id: ticketId, assigneeId: ann.account.id } },
        });
        expect(JSON.stringify([...d.transfers.values(), ...d.events.values()])).not.toContain('机密后续');
      }
      expect([...ben.transfers.values()]).toEqual([]);
    });

    it('brings customers without a visible ticket behind the tickets', async () => {
      const { ticketId, customerId } = await company.newTicket(ann);
      await ann.push(command('transfer', ticketId, { toId: ben.account.id, reason: '' }, now()));
      const fresh = await company.device('ann');
      await fresh.sync(1);
      expect([...fresh.customers.keys()]).toEqual([customerId]);
      expect(fresh.tickets.size).toBe(0);
    });

    it('leaves a customer to who once held one of its tickets, though the owner is another by now', async () => {
      const { ticketId, customerId } = await company.newTicket(ann);
      await ann.push(command('release', ticketId, { reason: '' }, now()));
      await ben.push(command('claim', ticketId, {}, now()));
      await ann.sync();
      expect(ann.tickets.has(ticketId)).toBe(false);
      expect(ann.customers.get(customerId)).toMatchObject({ ownerId: ben.account.id });
    });

    it('moves an invalid customer out of the pool of everyone but leaves it to who did it', async () => {
      const { ticketId, customerId } = await company.newTicket(ann, { assigneeId: null });
      const second = await company.newTicket(ann, { customerId });
      const third = await company.newTicket(ann, { customerId });
      await ben.sync();
      expect(ben.tickets.has(ticketId)).toBe(true);
      await ann.push(command('invalidate', second.ticketId, { reason: '空号' }, now()));
      await ben.sync();
      expect(ben.tickets.has(second.ticketId)).toBe(true);
      await ann.push(command('invalidate', third.ticketId, { reason: '空号' }, now()));
      const [page] = await ben.sync();
      expect(page!.evict.tickets.toSorted()).toEqual([ticketId, second.ticketId].toSorted());
      expect(page!.evict.customers).toEqual([customerId]);
      await ann.sync();
      expect(ann.customers.get(customerId)).toMatchObject({ invalidBy: ann.account.id, invalidReleases: 2 });
      for (const d of [ann, ben, lea]) {
        await d.sync();
        await expectTruth(company, d);
      }
    });

    it('goes back to a snapshot when view or epoch no longer hold, and says nothing with it', async () => {
      await company.newTicket(ann);
      await ann.sync();
      const good = { cursor: ann.cursor, epoch: ann.epoch, view: ann.view };
      for (const bad of [{ epoch: 'another' }, { view: 'another' }, { epoch: null }, { view: null }]) {
        Object.assign(ann, good, bad);
        const page = await ann.page();
        expect(page.mode, JSON.stringify(bad)).toBe('reset');
        expect(page.rows.tickets).toEqual([]);
        expect(page.rows.accounts).toEqual([]);
      }
      Object.assign(ann, good);
      expect((await ann.page()).mode).toBe('delta');
    });

    it('resets a snapshot that another view began', async () => {
      for (let i = 0; i < 3; i++) await company.newTicket(ann);
      await lea.page(1);
      await company.server.staff.changeAccount(company.people.lea.id, { role: 'agent' });
      expect((await lea.page(1)).mode).toBe('reset');
      await lea.sync();
      expect(lea.tickets.size).toBe(0);
    });

    it('brings changed accounts and rules to everyone', async () => {
      await ann.sync();
      await company.server.staff.changeAccount(company.people.ben.id, { disabled: true });
      await company.server.staff.changeParameters({ agentsMayCreate: false });
      const [page] = await ann.sync();
      expect(page!.rows.accounts).toMatchObject([{ id: company.people.ben.id, disabled: true }]);
      expect(page!.rows.parameters).toMatchObject({ agentsMayCreate: false });
    });

    it('reads many changes in pages without losing or repeating the rest', async () => {
      await lea.sync();
      for (let i = 0; i < 9; i++) await company.newTicket(ann);
      const pages = await lea.sync(4);
      expect(pages.length).toBeGreaterThan(2);
      expect(pages.map((p) => p.more)).toEqual([...pages.slice(1).map(() => true), false]);
      await expectTruth(company, lea);
    });

    it('passes over what does not concern the account without a page of its own', async () => {
      const cid = await company.device('cid');
      await cid.sync();
      for (let i = 0; i < 9; i++) await company.newTicket(ann);
      await lea.sync();
      const pages = await cid.sync(2);
      expect(pages).toHaveLength(1);
      expect(cid.cursor).toBe(lea.cursor);
    });

    it.each(Array.from({ length: 8 }, (_, i) => i + 1))(
      'ends at the truth when all change while a snapshot is read (run %i)',
      async (seed) => {
        const chance = random(seed);
        const names: Name[] = ['ann', 'ben', 'cid', 'lea', 'leo', 'qiu'];
        const workers = await Promise.all(names.map((n) => company.device(n)));
        const ids: string[] = [];
        for (let i = 0; i < 14; i++) ids.push((await company.newTicket(chance.pick(workers.slice(0, 3)))).ticketId);
        const readers = await Promise.all(names.map((n) => company.device(n)));
        for (let round = 0; round < 25; round++) {
          for (const reader of readers) if (chance.hit(0.5)) await reader.page(chance.pick([1, 2, 5]));
          company.clock.pass(chance.pick([1, 1000, HOUR]));
          const worker = chance.pick(workers);
          const id = chance.pick(ids);
          await worker.push(anyCommand(id));
          if (chance.hit(0.1)) ids.push((await company.newTicket(chance.pick(workers.slice(0, 3)))).ticketId);
        }
        for (const reader of readers) {
          await reader.sync(3);
          await expectTruth(company, reader);
          const fresh = await company.device(reader.account.name as Name);
          await fresh.sync(3);
          expect([...reader.customers.keys()].toSorted()).toEqual([...fresh.customers.keys()].toSorted());
          expect([...reader.transfers.keys()].toSorted()).toEqual([...fresh.transfers.keys()].toSorted());
        }

        function anyCommand(id: string) {
          const to = chance.pick(['ann', 'ben', 'cid', 'lea'] as const);
          return chance.pick([
            command('transfer', id, { toId: company.people[to].id, reason: '' }, now()),
            command('assign', id, { toId: company.people[to].id, note: '' }, now()),
            command('claim', id, {}, now()),
            command('release', id, { reason: '' }, now()),
            command('invalidate', id, { reason: '空号' }, now()),
            command('note', id, { note: 'n' }, now()),
            command('resolve', id, { report: 'r' }, now()),
            command('scheduleCallback', id, { callbackId: v7(), dueAt: now() + HOUR, note: '' }, now()),
          ]);
        }
      },
    );
  });
}

function random(seed: number) {
  let state = seed * 2_654_435_761;
  const next = (): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return (state ^ (state >>> 13)) / 4_294_967_296;
  };
  const value = (): number => Math.abs(next()) % 1;
  return { hit: (share: number): boolean => value() < share, pick: <T>(list: readonly T[]): T => list[Math.floor(value() * list.length)]! };
}
