import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feedHead, meta } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { checkIdentity, readEpoch, turnEpoch } from '../../../../server/sync/epoch.ts';
import { paths } from '../../../../shared/protocol/wire.ts';

import { type Company, foundCompany, MINUTE } from '../company.ts';
import { call, type Device } from '../device.ts';

/** A database that was restored from a backup is noticed (SY14). */
export function epochSuite(store: () => Store): void {
  describe('the epoch', () => {
    let company: Company;
    let ann: Device;
    beforeEach(async () => {
      company = await foundCompany(store());
      ann = await company.device('ann');
    });
    afterEach(() => company.close());
    const epoch = (): Promise<string> => readEpoch(company.store.orm);
    const audited = async (): Promise<unknown[]> =>
      (await company.store.orm.execute<{ detail: string }>(
        sql`SELECT detail FROM audit WHERE action = 'epoch' ORDER BY at`,
      )) as unknown as [];
    const goBack = async (by: number): Promise<void> => {
      await company.store.orm.update(feedHead).set({ seq: sql`seq - ${by}` });
    };

    it('SY14 a device that has seen more than the database proves it: everybody begins anew, once', async () => {
      await company.newTicket(ann);
      await ann.sync();
      const ben = await company.device('ben');
      await ben.sync();
      const was = await epoch();
      await goBack(1);
      expect((await ann.page()).mode).toBe('reset');
      const turned = await epoch();
      expect(turned).not.toBe(was);
      expect((await ben.page()).mode).toBe('reset');
      expect(await epoch()).toBe(turned);
      await ann.sync();
      expect(ann.epoch).toBe(turned);
      expect(JSON.stringify(await audited())).toContain('device');
    });

    it('SY14 the answer to a command proves it too, though the device had not yet read what came of it', async () => {
      await ann.sync();
      const was = await epoch();
      const request = { protocol: 3, epoch: ann.epoch, view: ann.view, cursor: ann.cursor, after: null, limit: 10 };
      const pull = async (seen: number): Promise<unknown> =>
        (await call(company.server, 'POST', paths.pull, { ...request, seen }, ann.access)).body;
      expect(await pull(ann.cursor!)).toMatchObject({ mode: 'delta', epoch: was });
      expect(await pull(ann.cursor! + 1)).toMatchObject({ mode: 'reset' });
      expect(await epoch()).not.toBe(was);
    });

    it('its word alone turns the epoch once a minute at most; until then it is told to wait, and knows what it knew', async () => {
      await ann.sync();
      await goBack(1);
      await ann.page();
      await ann.sync();
      await goBack(1);
      const turned = await epoch();
      const request = { protocol: 3, epoch: ann.epoch, view: ann.view, cursor: ann.cursor, after: null, limit: 10 };
      const refused = await call(company.server, 'POST', paths.pull, request, ann.access);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(await epoch()).toBe(turned);
      company.clock.pass(MINUTE);
      expect((await ann.page()).mode).toBe('reset');
      expect(await epoch()).not.toBe(turned);
    });

    it('tables made anew or another cluster are noticed at the start of a server, and the same ones are not', async () => {
      const was = await epoch();
      await company.another();
      expect(await epoch()).toBe(was);
      await company.store.orm
        .update(meta)
        .set({ value: 'elsewhere' })
        .where(sql`key = 'identity'`);
      await company.another();
      const turned = await epoch();
      expect(turned).not.toBe(was);
      await checkIdentity(company.store, company.clock.now());
      expect(await epoch()).toBe(turned);
    });

    it('several that find it out at once turn it once', async () => {
      const was = await epoch();
      await Promise.all([1, 2, 3].map(() => turnEpoch(company.store, was, 'identity', company.clock.now())));
      expect(JSON.stringify(await audited()).match(/identity/g)).toHaveLength(1);
    });
  });
}
