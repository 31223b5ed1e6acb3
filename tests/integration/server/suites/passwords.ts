import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { argonFloor, argonHasher, costOf, type PasswordHasher } from '../../../../server/sessions/hasher.ts';
import { account, audit } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { startTestServer, type TestServer } from '../../../../server/testing.ts';
import { type Company, foundCompany } from '../company.ts';
import { Device } from '../device.ts';

export function passwordSuite(store: () => Store): void {
  describe('stored passwords (S15)', () => {
    let company: Company;
    const more: TestServer[] = [];
    beforeEach(async () => {
      company = await foundCompany(store(), { hasher: argonHasher() });
    });
    afterEach(async () => {
      for (const server of more.splice(0)) await server.close();
      await company.close();
    });

    const storedOf = async (): Promise<string> => {
      const [row] = await store().orm.select().from(account).where(eq(account.id, company.people.ann.id));
      return row!.passwordHash;
    };
    const serve = async (hasher: PasswordHasher): Promise<TestServer> => {
      const server = await startTestServer({ database: { store: store() }, empty: false, listen: false, clock: company.clock, hasher });
      more.push(server);
      return server;
    };

    it('S15 cost at least the floor, whoever made them', async () => {
      const ada = await company.device('ada');
      const groupIds = [company.groups.one.id];
      const person = { staffNo: 'n1', name: 'n', role: 'agent' as const, groupIds, priorityGroupId: groupIds[0]! };
      const { password } = await ada.operate('staff.add', person);
      await (
        await new Device(company.server).signIn('n1', password)
      ).operate('account.changePassword', { old: password, next: 'a better one 7' });
      await ada.operate('staff.resetPassword', { id: company.people.ben.id });
      const rows = await store().orm.select().from(account);
      expect(rows).toHaveLength(8);
      for (const { passwordHash } of rows) {
        const cost = costOf(passwordHash);
        for (const part of ['memoryCost', 'timeCost', 'parallelism'] as const)
          expect(cost?.[part]).toBeGreaterThanOrEqual(argonFloor[part]);
      }
    });

    it('S15 are made anew at the next sign-in where one would cost more now, for the right password alone', async () => {
      const dearer = { ...argonFloor, timeCost: argonFloor.timeCost + 1 };
      const server = await serve(argonHasher(dearer));
      const before = await storedOf();
      await expect(new Device(server).signIn('ann', 'wrong')).rejects.toThrow('401');
      expect(await storedOf()).toBe(before);
      await new Device(server).signIn('ann');
      const after = await storedOf();
      expect(costOf(after)).toEqual(dearer);
      // And once: what costs enough stays.
      await new Device(server).signIn('ann');
      expect(await storedOf()).toBe(after);
      // An instance that is not yet told of the new cost takes it as well, and leaves it.
      await company.device('ann');
      expect(await storedOf()).toBe(after);
    });

    it('S15 let in several who come at once while they are made anew', async () => {
      const server = await serve(argonHasher({ ...argonFloor, timeCost: argonFloor.timeCost + 1 }));
      await Promise.all(Array.from({ length: 4 }, () => new Device(server).signIn('ann')));
      const refused = (await store().orm.select().from(audit)).filter((e) => e.action === 'sign-in-refused');
      expect(refused).toEqual([]);
    });

    it('S15 let nobody in with a password that was changed while it was checked', async () => {
      const real = argonHasher();
      const next = await real.hash('a better one 7');
      let change = true;
      const server = await serve({
        hash: real.hash,
        async verify(stored, password) {
          const right = await real.verify(stored, password);
          if (change) await store().orm.update(account).set({ passwordHash: next }).where(eq(account.id, company.people.ann.id));
          change = false;
          return right;
        },
      });
      await expect(new Device(server).signIn('ann')).rejects.toThrow('401');
      await new Device(server).signIn('ann', 'a better one 7');
    });
  });
}
