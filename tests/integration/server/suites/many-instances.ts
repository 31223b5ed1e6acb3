import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paths } from '../../../../shared/protocol/wire.ts';
import { openTestStore, startTestServer, type TestServer } from '../../../../server/testing.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, DAY, foundCompany } from '../company.ts';
import { call, type Device } from '../device.ts';
import { listen } from './live.ts';

/** Two servers, each with connections of its own, on one database. */
export function manyInstancesSuite(store: () => Store, url: () => string): void {
  describe('several instances', () => {
    let company: Company;
    let second: TestServer;
    let secondStore: Store;
    let ann: Device;
    beforeEach(async () => {
      company = await foundCompany(store(), { listen: true });
      secondStore = await openTestStore({ url: url() });
      second = await startTestServer({ database: { store: secondStore }, empty: false, clock: company.clock });
      ann = await company.device('ann');
    });
    afterEach(async () => {
      await second.close();
      await secondStore.close();
      await company.close();
    });

    it('bring a hint from one to the sockets of the other, and only to whom it concerns', async () => {
      const cid = await company.device('cid');
      const [annHears, cidHears] = [await listen(second.url, ann.access), await listen(second.url, cid.access)];
      await company.newTicket(ann);
      expect(await annHears.next()).toMatchObject({ type: 'changed' });
      await company.server.staff.addGroup('three');
      await cid.sync();
      expect(await cidHears.next()).toEqual({ type: 'changed', head: cid.cursor });
      annHears.close();
      cidHears.close();
    });

    it('end a socket of the one when the other signs the session out', async () => {
      const ear = await listen(second.url, ann.access);
      await call(company.server, 'DELETE', paths.signOut, undefined, ann.access);
      expect(await ear.next()).toEqual({ type: 'ended', reason: 'signed-out' });
    });

    it('expire each ticket once', async () => {
      for (let i = 0; i < 20; i++) await company.newTicket(ann);
      company.clock.pass(3 * DAY);
      const reports = await Promise.all([company.server.runDue(), second.runDue(), company.server.runDue(), second.runDue()]);
      expect(reports.reduce((sum, r) => sum + r.expired, 0)).toBe(20);
      expect((await company.truth()).events.filter((e) => e.command === 'expire')).toHaveLength(20);
    });
  });
}
