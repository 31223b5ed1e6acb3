import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, DAY, foundCompany, type Name } from '../company.ts';
import { command, type Device } from '../device.ts';

/** Who sees which ticket; the cells are written from the domain's table of people, not computed. */
const scopes = ['own', 'pool', 'transferredAway', 'expired', 'otherGroup', 'resolved'] as const;
type Scope = (typeof scopes)[number];

const sees: Readonly<Record<Name, Readonly<Record<Scope, boolean>>>> = {
  // The tickets are ann's, of group one. `transferredAway`: she gave it to ben. `otherGroup`: cid's, of group two.
  ann: { own: true, pool: true, transferredAway: false, expired: true, otherGroup: false, resolved: true },
  ben: { own: false, pool: true, transferredAway: true, expired: true, otherGroup: false, resolved: false },
  cid: { own: false, pool: false, transferredAway: false, expired: false, otherGroup: true, resolved: false },
  lea: { own: true, pool: true, transferredAway: true, expired: true, otherGroup: false, resolved: true },
  leo: { own: false, pool: false, transferredAway: false, expired: false, otherGroup: true, resolved: false },
  qiu: { own: true, pool: true, transferredAway: true, expired: true, otherGroup: true, resolved: true },
  ada: { own: true, pool: true, transferredAway: true, expired: true, otherGroup: true, resolved: true },
};
const names = Object.keys(sees) as Name[];

export function visibilitySuite(store: () => Store): void {
  describe('who sees what', () => {
    let company: Company;
    const ids = {} as Record<Scope, string>;
    const early = new Map<Name, Device>();
    beforeEach(async () => {
      company = await foundCompany(store());
      for (const name of names) {
        const device = await company.device(name);
        await device.sync();
        early.set(name, device);
      }
      const ann = early.get('ann')!;
      const cid = early.get('cid')!;
      ids.expired = (await company.newTicket(ann)).ticketId;
      company.clock.pass(3 * DAY);
      await company.server.runDue();
      for (const name of names) early.set(name, await resigned(early.get(name)!));
      const now = company.clock.now();
      ids.own = (await company.newTicket(early.get('ann')!)).ticketId;
      ids.pool = (await company.newTicket(early.get('ann')!, { assigneeId: null })).ticketId;
      ids.transferredAway = (await company.newTicket(early.get('ann')!)).ticketId;
      await early.get('ann')!.push(command('transfer', ids.transferredAway, { toId: company.people.ben.id, reason: '' }, now));
      ids.otherGroup = (await company.newTicket(early.get('cid') ?? cid)).ticketId;
      ids.resolved = (await company.newTicket(early.get('ann')!)).ticketId;
      await early.get('ann')!.push(command('resolve', ids.resolved, { report: '好' }, now));
    });
    afterEach(() => company.close());

    /** The same device with fresh tokens: three days have passed. */
    async function resigned(device: Device): Promise<Device> {
      return device.signIn(device.account.staffNo);
    }

    it.each(names)('%s: by snapshot, by deltas and by commands', async (name) => {
      const device = early.get(name)!;
      await device.sync();
      const fresh = await company.device(name);
      await fresh.sync();
      for (const scope of scopes) {
        const expected = sees[name][scope];
        expect([name, scope, 'delta', device.tickets.has(ids[scope])]).toEqual([name, scope, 'delta', expected]);
        expect([name, scope, 'snapshot', fresh.tickets.has(ids[scope])]).toEqual([name, scope, 'snapshot', expected]);
      }
      // A command is refused as for a ticket that does not exist; who handled it once may still leave a note.
      for (const scope of scopes) {
        const mayNote = sees[name][scope] || (name === 'ann' && scope === 'transferredAway');
        const [result] = await fresh.push(command('note', ids[scope], { note: 'x' }, company.clock.now()));
        const got = result!.status === 'refused' ? result!.refusal.code : result!.status;
        expect([name, scope, 'note', got]).toEqual([name, scope, 'note', mayNote ? 'applied' : 'not-found']);
      }
    });

    it('an expired ticket leaves the past of its last holder when somebody takes it', async () => {
      const ben = early.get('ben')!;
      const ann = early.get('ann')!;
      await ann.sync();
      await ben.push(command('claim', ids.expired, {}, company.clock.now()));
      const [page] = await ann.sync();
      expect(page!.evict.tickets).toEqual([ids.expired]);
    });
  });
}
