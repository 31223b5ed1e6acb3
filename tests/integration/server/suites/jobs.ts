import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, DAY, foundCompany, HOUR } from '../company.ts';
import { command, type Device } from '../device.ts';

export function jobsSuite(store: () => Store): void {
  describe('what time brings', () => {
    let company: Company;
    let ann: Device;
    beforeEach(async () => {
      company = await foundCompany(store());
      ann = await company.device('ann');
    });
    afterEach(() => company.close());

    it('expires an open ticket at its deadline, not a millisecond before', async () => {
      const { ticketId, customerId } = await company.newTicket(ann);
      const now = company.clock.now();
      await ann.push(command('scheduleCallback', ticketId, { callbackId: v7(), dueAt: now + HOUR, note: '' }, now));
      company.clock.pass(3 * DAY - 1);
      expect(await company.server.runDue()).toEqual({ expired: 0, closed: 0 });
      company.clock.pass(1);
      expect(await company.server.runDue()).toEqual({ expired: 1, closed: 0 });
      expect(await company.ticket(ticketId)).toMatchObject({ status: 'released', assigneeId: null, expiredFrom: ann.account.id });
      const truth = await company.truth();
      expect(truth.callbacks).toMatchObject([{ outcome: 'cancelled', closedAt: company.clock.now() }]);
      expect(truth.customers.find((c) => c.row.id === customerId)?.row.ownerId).toBeNull();
      expect(truth.events.find((e) => e.command === 'expire')).toMatchObject({ actorId: null, receivedAt: company.clock.now() });
      expect(await company.server.runDue()).toEqual({ expired: 0, closed: 0 });
    });

    it('expires any number in one run', async () => {
      for (let i = 0; i < 130; i++) await company.newTicket(ann);
      company.clock.pass(3 * DAY);
      expect((await company.server.runDue()).expired).toBe(130);
    });

    it('leaves resolved tickets and the pool alone', async () => {
      const { ticketId } = await company.newTicket(ann);
      await ann.push(command('resolve', ticketId, { report: '好' }, company.clock.now()));
      await company.newTicket(ann, { assigneeId: null });
      company.clock.pass(3 * DAY - 1);
      expect(await company.server.runDue()).toEqual({ expired: 0, closed: 0 });
    });

    it('closes a resolved ticket after the days that the rules say', async () => {
      await company.server.staff.changeParameters({ resolvedAutoCloseDays: 1 });
      const { ticketId } = await company.newTicket(ann);
      await ann.push(command('resolve', ticketId, { report: '好' }, company.clock.now()));
      company.clock.pass(DAY - 1);
      expect((await company.server.runDue()).closed).toBe(0);
      company.clock.pass(1);
      expect((await company.server.runDue()).closed).toBe(1);
      expect((await company.ticket(ticketId)).status).toBe('closed');
    });

    it('brings an expiry to devices like any other change', async () => {
      const ben = await company.device('ben');
      const { ticketId } = await company.newTicket(ann);
      await ben.sync();
      company.clock.pass(3 * DAY);
      await company.server.runDue();
      await ben.signIn('ben');
      await ben.sync();
      expect(ben.tickets.get(ticketId)).toMatchObject({ status: 'released' });
    });

    it('lets a demo colleague hand over a ticket to who is signed in, and stops after a dozen', async () => {
      const [ben, lea] = [await company.device('ben'), await company.device('lea')];
      for (let i = 0; i < 14; i++) await company.newTicket(ben);
      for (let i = 0; i < 6; i++) await company.newTicket(lea, { assigneeId: null });
      // Only ann stays signed in.
      company.clock.pass(11 * 60_000);
      await ann.signIn('ann');
      let steps = 0;
      while (await company.server.demoActivity.step()) steps++;
      expect(steps).toBe(12);
      await ann.sync();
      const mine = [...ann.tickets.values()].filter((t) => t.assigneeId === ann.account.id);
      expect(mine).toHaveLength(12);
    });
  });
}
