import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../../../shared/protocol/version.ts';
import { errorBody, paths, sessionResponse } from '../../../../shared/protocol/wire.ts';
import { silentLogger } from '../../../../shared/lib/logger.ts';
import { plainHasher } from '../../../../server/testing.ts';
import { accessToken, audit, refreshToken } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, DAY, foundCompany, MINUTE } from '../company.ts';
import { type Answer, call, Device } from '../device.ts';

const codeOf = (answer: Answer): string => errorBody.parse(answer.body).error.code;

export function sessionSuite(store: () => Store): void {
  describe('sessions', () => {
    let company: Company;
    let verified: string[];
    beforeEach(async () => {
      verified = [];
      company = await foundCompany(store(), {
        logger: silentLogger,
        hasher: {
          hash: plainHasher.hash,
          verify(stored, password) {
            verified.push(stored);
            return plainHasher.verify(stored, password);
          },
        },
      });
    });
    afterEach(() => company.close());

    const signIn = (staffNo: string, password: string): Promise<Answer> =>
      call(company.server, 'POST', paths.signIn, { protocol: PROTOCOL_VERSION, staffNo, password, deviceId: 'device-0001' });
    const refresh = (token: string): Promise<Answer> =>
      call(company.server, 'POST', paths.refresh, { protocol: PROTOCOL_VERSION, refreshToken: token });
    const works = async (token: string): Promise<boolean> => (await pullStatus(token)) === 200;
    const pullStatus = async (token: string): Promise<number> =>
      (
        await call(
          company.server,
          'POST',
          paths.pull,
          { protocol: PROTOCOL_VERSION, epoch: null, view: null, cursor: null, after: null, limit: 1 },
          token,
        )
      ).status;
    const session = (answer: Answer) => {
      expect(answer.status).toBe(200);
      return sessionResponse.parse(answer.body);
    };

    it('gives tokens and the account for the right password, whatever the case of the staff number', async () => {
      const given = session(await signIn('ANN', 'right-password'));
      expect(given.account).toMatchObject({ staffNo: 'ann', role: 'agent', disabled: false });
      expect(given.accessExpiresIn).toBeLessThanOrEqual(600_000);
      expect(given.now).toBe(company.clock.now());
      expect(await works(given.accessToken)).toBe(true);
    });

    it('never sends a password hash', async () => {
      const answer = await signIn('ann', 'right-password');
      expect(JSON.stringify(answer.body)).not.toMatch(/plain:|passwordHash|password_hash/);
    });

    it('answers a wrong password and an unknown account alike, with the same work', async () => {
      const wrong = await signIn('ann', 'wrong');
      const unknown = await signIn('nobody', 'wrong');
      expect([wrong.status, codeOf(wrong)]).toEqual([401, 'bad-credentials']);
      expect(unknown.body).toEqual(wrong.body);
      expect(unknown.status).toBe(wrong.status);
      expect(verified).toHaveLength(2);
    });

    it('makes the sixth failure in a row wait, longer each time, and then lets the right password in', async () => {
      for (let i = 0; i < 5; i++) expect((await signIn('ann', 'wrong')).status).toBe(401);
      const first = await signIn('ann', 'right-password');
      expect([first.status, codeOf(first), Number(first.headers['retry-after'])]).toEqual([429, 'throttled', 5]);
      company.clock.pass(5_000);
      expect((await signIn('ann', 'wrong')).status).toBe(401);
      expect(Number((await signIn('ann', 'wrong')).headers['retry-after'])).toBe(10);
      company.clock.pass(10_000);
      expect((await signIn('ann', 'right-password')).status).toBe(200);
      for (let i = 0; i < 5; i++) expect((await signIn('ann', 'wrong')).status).toBe(401);
    });

    it('throttles accounts that do not exist, too, and each account on its own', async () => {
      for (let i = 0; i < 5; i++) await signIn('nobody', 'wrong');
      expect((await signIn('nobody', 'wrong')).status).toBe(429);
      expect((await signIn('ann', 'right-password')).status).toBe(200);
    });

    it('gains a guesser nothing to try many at once', async () => {
      const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => signIn('ann', `guess-${i}`)));
      expect(answers.filter((a) => a.status === 401).length).toBeLessThanOrEqual(5);
    });

    it('says that an account is disabled only to who knows its password', async () => {
      await company.server.staff.changeAccount(company.people.ann.id, { disabled: true });
      expect(codeOf(await signIn('ann', 'wrong'))).toBe('bad-credentials');
      const answer = await signIn('ann', 'right-password');
      expect([answer.status, codeOf(answer)]).toEqual([403, 'account-disabled']);
    });

    it('cuts a session off with the next request after its account was disabled', async () => {
      const ann = await company.device('ann');
      expect(await pullStatus(ann.access)).toBe(200);
      await company.server.staff.changeAccount(company.people.ann.id, { disabled: true });
      expect(await pullStatus(ann.access)).toBe(403);
      expect(codeOf(await refresh(ann.refreshToken))).toBe('account-disabled');
    });

    it('stops access after ten minutes, and goes on with a refresh', async () => {
      const ann = await company.device('ann');
      company.clock.pass(10 * MINUTE - 1);
      expect(await works(ann.access)).toBe(true);
      company.clock.pass(1);
      expect(await pullStatus(ann.access)).toBe(401);
      const next = session(await refresh(ann.refreshToken));
      expect(await works(next.accessToken)).toBe(true);
      expect(next.refreshToken).not.toBe(ann.refreshToken);
    });

    it('ends the whole session when an old refresh token comes back', async () => {
      const ann = await company.device('ann');
      const second = session(await refresh(ann.refreshToken));
      const third = session(await refresh(second.refreshToken));
      company.clock.pass(1_000);
      expect((await refresh(ann.refreshToken)).status).toBe(401);
      expect(await pullStatus(third.accessToken)).toBe(401);
      expect((await refresh(third.refreshToken)).status).toBe(401);
      const log = await store().orm.select().from(audit);
      expect(log.map((l) => l.action)).toContain('refresh-reused');
    });

    it('gives a new pair for the token just used, while its answer may have been lost', async () => {
      const ann = await company.device('ann');
      await refresh(ann.refreshToken);
      company.clock.pass(30_000);
      const again = session(await refresh(ann.refreshToken));
      expect(await works(again.accessToken)).toBe(true);
      expect((await refresh(again.refreshToken)).status).toBe(200);
    });

    it('takes the token just used for stolen once the grace is over', async () => {
      const ann = await company.device('ann');
      const next = session(await refresh(ann.refreshToken));
      company.clock.pass(30_001);
      expect((await refresh(ann.refreshToken)).status).toBe(401);
      expect((await refresh(next.refreshToken)).status).toBe(401);
    });

    it('lets only one of the two pairs of a grace live on', async () => {
      const ann = await company.device('ann');
      const one = session(await refresh(ann.refreshToken));
      const two = session(await refresh(ann.refreshToken));
      expect((await refresh(one.refreshToken)).status).toBe(200);
      company.clock.pass(1_000);
      expect((await refresh(two.refreshToken)).status).toBe(401);
    });

    it('does not end another session of the same account', async () => {
      const [phone, desk] = [await company.device('ann'), await company.device('ann')];
      await call(company.server, 'DELETE', paths.signOut, undefined, phone.access);
      expect(await pullStatus(phone.access)).toBe(401);
      expect((await refresh(phone.refreshToken)).status).toBe(401);
      expect(await works(desk.access)).toBe(true);
    });

    it('asks for a sign-in after thirty days without contact', async () => {
      const ann = await company.device('ann');
      company.clock.pass(30 * DAY);
      expect((await refresh(ann.refreshToken)).status).toBe(401);
    });

    it('keeps no token as it is', async () => {
      const ann = await company.device('ann');
      const rows = JSON.stringify([await store().orm.select().from(accessToken), await store().orm.select().from(refreshToken)]);
      expect(rows).not.toContain(ann.access);
      expect(rows).not.toContain(ann.refreshToken);
      expect(ann.access.length).toBeGreaterThanOrEqual(43);
    });

    it('uses the role that the account has now, not the one at sign-in', async () => {
      const ben = await company.device('ben');
      const { ticketId } = await company.newTicket(await company.device('ann'));
      await ben.sync();
      expect(ben.tickets.has(ticketId)).toBe(false);
      await company.server.staff.changeAccount(company.people.ben.id, { role: 'leader' });
      const pages = await ben.sync();
      expect(pages[0]!.mode).toBe('reset');
      expect(ben.tickets.has(ticketId)).toBe(true);
      expect(new Device(company.server).access).toBe('');
    });
  });
}
