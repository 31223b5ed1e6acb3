import { eq, gte, lte, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feed, feedHead, meta } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { checkIdentity, readEpoch, turnEpoch } from '../../../../server/sync/epoch.ts';
import type { Command } from '../../../../shared/domain/commands/index.ts';
import { paths } from '../../../../shared/protocol/wire.ts';

import { type Company, foundCompany, MINUTE } from '../company.ts';
import { call, command, type Device } from '../device.ts';

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
    const noteOn = (device: Device): Command => command('note', [...device.tickets.keys()][0]!, { note: '在查' }, company.clock.now());
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

    /** Makes the feed one that began otherwise from this number on, as if an old copy had been put back and worked on. */
    const rewrite = async (from: number): Promise<void> => {
      await company.store.orm
        .update(feed)
        .set({ mark: sql`${feed.mark} + 1` })
        .where(gte(feed.seq, from));
    };
    const writeOn = async (times: number): Promise<void> => {
      const ben = await company.device('ben');
      for (let i = 0; i < times; i += 1) await company.newTicket(ben);
    };

    it('SY14 files put back in silence are noticed though others have written past what a device has seen', async () => {
      await company.newTicket(ann);
      await ann.sync();
      const was = await epoch();
      await rewrite(ann.cursor!);
      await writeOn(3);
      expect((await ann.page()).mode).toBe('reset');
      expect(await epoch()).not.toBe(was);
    });

    it('what was written after it, and by others, is no other history', async () => {
      await ann.sync();
      const was = await epoch();
      const at = ann.cursor!;
      await writeOn(3);
      await rewrite(at + 1);
      expect((await ann.page()).mode).toBe('delta');
      expect(await epoch()).toBe(was);
    });

    it('SY14 a place at which nothing stands any more proves it as well, unless it is older than the feed', async () => {
      await company.newTicket(ann);
      await ann.sync();
      await writeOn(2);
      const was = await epoch();
      const request = { protocol: 3, epoch: was, view: ann.view, cursor: ann.cursor, after: null, limit: 10 };
      const pull = async (): Promise<unknown> =>
        (await call(company.server, 'POST', paths.pull, { ...request, seen: ann.seen, mark: ann.mark }, ann.access)).body;
      await company.store.orm.delete(feed).where(lte(feed.seq, ann.seen));
      expect(await pull()).toMatchObject({ mode: 'delta', epoch: was });
      await company.store.orm.insert(feed).values({ seq: 1, kind: 'account', subjectId: 'x', before: [], after: [] });
      expect(await pull()).toMatchObject({ mode: 'reset' });
      expect(await epoch()).not.toBe(was);
    });

    it('every page of a snapshot tells the mark of its cursor, and so do pages of changes and answers', async () => {
      for (let i = 0; i < 4; i += 1) await company.newTicket(ann);
      const markAt = async (seq: number): Promise<number> =>
        (await company.store.orm.select().from(feed).where(eq(feed.seq, seq)))[0]!.mark;
      const first = await ann.page(1);
      await writeOn(1);
      const rest = await ann.sync(1);
      expect(rest.length).toBeGreaterThan(2);
      await company.newTicket(ann);
      rest.push(...(await ann.sync(1)));
      for (const page of [first, ...rest]) expect(page.mark).toBe(await markAt(page.cursor));
      const [answer] = await ann.push(noteOn(ann));
      if (answer?.status !== 'applied') throw new Error('refused');
      expect(answer.mark).toBe(await markAt(answer.seq));
    });

    it('a device from before, without a mark, is served as it was', async () => {
      await company.newTicket(ann);
      await ann.sync();
      await rewrite(1);
      const was = await epoch();
      for (const protocol of [1, 2, 3]) {
        const request = { protocol, epoch: ann.epoch, view: ann.view, cursor: ann.cursor, after: null, limit: 10 };
        expect((await call(company.server, 'POST', paths.pull, request, ann.access)).body).toMatchObject({ mode: 'delta', epoch: was });
      }
      expect(await ann.push(noteOn(ann))).toMatchObject([{ status: 'applied' }]);
    });

    it('SY14 a push to a server that went back decides nothing, and tells of the new epoch', async () => {
      await company.newTicket(ann);
      await ann.sync();
      const note = noteOn(ann);
      await rewrite(ann.cursor!);
      await writeOn(2);
      const was = ann.epoch;
      const answer = await ann.pushKnowing(note);
      expect(answer.results).toEqual([]);
      expect(answer.epoch).not.toBe(was);
      expect((await ann.pushKnowing(note)).results).toEqual([]);
      await ann.sync();
      const again = await ann.pushKnowing(note);
      expect(again).toMatchObject({ epoch: answer.epoch, results: [{ status: 'applied' }] });
    });

    it('the word of one account counts ever more seldom, that of another as before', async () => {
      const ben = await company.device('ben');
      const turn = async (device: Device): Promise<number> => {
        await device.sync();
        const request = { protocol: 3, epoch: device.epoch, view: device.view, cursor: device.cursor, after: null, limit: 10 };
        return (await call(company.server, 'POST', paths.pull, { ...request, seen: 1_000_000 }, device.access)).status;
      };
      const said: [number, number][] = [];
      for (let minutes = 0; minutes < 9; minutes += 1) {
        said.push([minutes, await turn(ann)]);
        company.clock.pass(MINUTE);
      }
      expect(said.filter(([, status]) => status === 200).map(([minutes]) => minutes)).toEqual([0, 1, 5]);
      expect(said.every(([, status]) => status === 200 || status === 429)).toBe(true);
      expect(await turn(ben)).toBe(200);
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
