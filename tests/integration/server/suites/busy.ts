import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../../../shared/protocol/version.ts';
import { paths } from '../../../../shared/protocol/wire.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, foundCompany } from '../company.ts';
import { type Answer, call, type Device } from '../device.ts';

const MANY = 30;

export function busySuite(store: () => Store): void {
  describe('a server to which many come at once', () => {
    let company: Company;
    let ann: Device;
    /** Until then no page is read. */
    let free: PromiseWithResolvers<void>;
    /** A page is asked for. */
    let begun: PromiseWithResolvers<void>;
    beforeEach(async () => {
      free = Promise.withResolvers();
      begun = Promise.withResolvers();
      const slow: Store = {
        ...store(),
        snapshot: async (work) => {
          begun.resolve();
          await free.promise;
          return store().snapshot(work);
        },
      };
      company = await foundCompany(slow);
      ann = await company.device('ann');
    });
    afterEach(() => company.close());

    const pull = (): Promise<Answer> => {
      const body = { protocol: PROTOCOL_VERSION, epoch: null, view: null, cursor: null, after: null, limit: 10 };
      return call(company.server, 'POST', paths.pull, body, ann.access);
    };

    it('R7 tells those who would wait too long when to come again, and serves the others', async () => {
      // One page takes 9 s, and the server has seen it.
      const first = pull();
      await begun.promise;
      company.clock.pass(9_000);
      free.resolve();
      expect((await first).status).toBe(200);
      free = Promise.withResolvers();
      const refused: Answer[] = [];
      const enough = Promise.withResolvers<void>();
      const all = Array.from({ length: MANY }, async () => {
        const answer = await pull();
        if (answer.status === 503 && refused.push(answer) === 10) enough.resolve();
        return answer.status;
      });
      await enough.promise;
      free.resolve();
      const statuses = await Promise.all(all);
      expect(new Set(statuses)).toEqual(new Set([200, 503]));
      for (const { body, headers } of refused) {
        expect(body).toMatchObject({ error: { code: 'unavailable' } });
        expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(4);
        expect(Number(headers['retry-after'])).toBeLessThanOrEqual(20);
      }
      // Nothing of it is left behind: who comes again is served.
      expect((await pull()).status).toBe(200);
    });
  });
}
