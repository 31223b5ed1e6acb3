import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../../../shared/protocol/version.ts';
import { errorBody, paths, sessionResponse } from '../../../../shared/protocol/wire.ts';
import { audit, device, session } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, DAY, foundCompany, MINUTE } from '../company.ts';
import { type Answer, call, type Device } from '../device.ts';
import { listen } from './live.ts';

export function deviceSuite(store: () => Store): void {
  describe('devices of an account', () => {
    let company: Company;
    let ann: Device;
    let ada: Device;
    beforeEach(async () => {
      company = await foundCompany(store(), { listen: true });
      ann = await company.device('ann');
      ada = await company.device('ada');
    });
    afterEach(() => company.close());

    const wordOf = (answer: Answer): string => (answer.status === 200 ? 'done' : errorBody.parse(answer.body).error.code);
    const refresh = (token: string, protocol = PROTOCOL_VERSION): Promise<Answer> =>
      call(company.server, 'POST', paths.refresh, { protocol, refreshToken: token });
    const pullWord = async (token: string): Promise<string> => {
      const body = { protocol: PROTOCOL_VERSION, epoch: null, view: null, cursor: null, after: null, limit: 1 };
      return wordOf(await call(company.server, 'POST', paths.pull, body, token));
    };
    const erase = (of: Device, is = true) => ada.operate('staff.signOutDevice', { id: of.account.id, deviceId: of.id, erase: is });
    const devicesOf = async (of: Device) => (await ada.operate('staff.devices', { id: of.account.id })).devices;
    const noted = async (action: string) =>
      (await company.store.orm.select().from(audit).where(eq(audit.action, action))).map((a) => a.detail);
    const signIn = (of: Device, staffNo: string, more: object = {}): Promise<Answer> =>
      call(company.server, 'POST', paths.signIn, {
        protocol: PROTOCOL_VERSION,
        staffNo,
        password: 'right-password',
        deviceId: of.id,
        ...more,
      });

    it('R11 are told with what they said of themselves, first sign-in and last contact, to the account and to an admin', async () => {
      const first = company.clock.now();
      company.clock.pass(5 * MINUTE);
      const second = await company.device('ann');
      await signIn(second, 'ann', { device: { system: 'win32', name: 'FRONT-DESK-7' } });
      company.clock.pass(3 * MINUTE);
      const now = company.clock.now();
      expect((await second.operate('account.devices', {})).devices).toEqual([
        {
          id: second.id,
          system: 'win32',
          name: 'FRONT-DESK-7',
          firstAt: first + 5 * MINUTE,
          lastAt: now,
          state: 'in',
          toldAt: null,
          current: true,
        },
        { id: ann.id, system: '', name: '', firstAt: first, lastAt: first, state: 'in', toldAt: null, current: false },
      ]);
      expect((await devicesOf(ann)).map((d) => [d.id, d.current])).toEqual([
        [second.id, false],
        [ann.id, false],
      ]);
    });

    it('SY11 signing out another of the own devices ends it at once, its live connection too, and orders no erasure', async () => {
      const ear = await listen(company.server.url, ann.access);
      const second = await company.device('ann');
      await second.operate('account.signOutDevice', { deviceId: ann.id });
      expect(await ear.next()).toEqual({ type: 'ended', reason: 'signed-out' });
      await ear.closed;
      expect(await pullWord(ann.access)).toBe('unauthorized');
      expect(wordOf(await refresh(ann.refreshToken))).toBe('unauthorized');
      expect(await pullWord(second.access)).toBe('done');
      expect((await devicesOf(ann)).map((d) => [d.id, d.state])).toEqual(
        [
          [ann.id, 'out'],
          [second.id, 'in'],
        ].toSorted((a, b) => (a[0]! < b[0]! ? -1 : 1)),
      );
      expect(await noted('account.signOutDevice')).toEqual([`${ann.account.id} ${ann.id}`]);
    });

    it('R25 erasing ends access at once and answers each refresh of that device with its own code, until somebody signs in there', async () => {
      const ear = await listen(company.server.url, ann.access);
      await erase(ann);
      expect(await ear.next()).toEqual({ type: 'ended', reason: 'signed-out' });
      await ear.closed;
      // A request with the access token only learns that it has to renew it.
      expect(await pullWord(ann.access)).toBe('unauthorized');
      expect((await devicesOf(ann))[0]).toMatchObject({ state: 'erase', toldAt: null });
      company.clock.pass(MINUTE);
      expect(wordOf(await refresh(ann.refreshToken))).toBe('device-erased');
      const told = company.clock.now();
      company.clock.pass(MINUTE);
      expect(wordOf(await refresh(ann.refreshToken))).toBe('device-erased');
      expect((await devicesOf(ann))[0]).toMatchObject({ state: 'erase', toldAt: told, lastAt: told });
      expect(await noted('staff.signOutDevice')).toEqual([`${ann.account.id} ${ann.id} erase`]);
      expect(await noted('device-erased')).toEqual([ann.id]);

      const again = sessionResponse.parse((await signIn(ann, 'ann')).body);
      expect(await pullWord(again.accessToken)).toBe('done');
      expect((await devicesOf(ann))[0]).toMatchObject({ state: 'in', toldAt: null });
      expect(wordOf(await refresh(again.refreshToken))).toBe('done');
      expect(wordOf(await refresh(ann.refreshToken))).toBe('unauthorized');
    });

    it('SY13 versions 1 and 2 are told `unauthorized`, and the order stands for when a newer one asks', async () => {
      await erase(ann);
      expect(wordOf(await refresh(ann.refreshToken, 1))).toBe('unauthorized');
      expect(wordOf(await refresh(ann.refreshToken, 2))).toBe('unauthorized');
      expect((await devicesOf(ann))[0]).toMatchObject({ state: 'erase', toldAt: null });
      expect(wordOf(await refresh(ann.refreshToken))).toBe('device-erased');
    });

    it('R25 tells a device whose account was disabled, whose session had ended or run out long ago', async () => {
      await ada.operate('staff.resetPassword', { id: ann.account.id });
      expect(wordOf(await refresh(ann.refreshToken))).toBe('unauthorized');
      expect((await devicesOf(ann))[0]).toMatchObject({ state: 'out' });
      await erase(ann);
      await ada.operate('staff.disable', { id: ann.account.id, tickets: { what: 'keep' } });
      company.clock.pass(200 * DAY);
      await company.server.sessions.sweep();
      expect(wordOf(await refresh(ann.refreshToken))).toBe('device-erased');
    });

    it('R25 who signs in with the wrong password takes no mark away', async () => {
      await erase(ann);
      expect(wordOf(await signIn(ann, 'ann', { password: 'wrong-password' }))).toBe('bad-credentials');
      expect(wordOf(await refresh(ann.refreshToken))).toBe('device-erased');
    });

    it('R11 nobody but an admin signs out the device of another, and nobody at all the one that he sits at', async () => {
      const lea = await company.device('lea');
      const ben = await company.device('ben');
      const order = { id: ann.account.id, deviceId: ann.id, erase: true };
      expect(wordOf(await lea.ask('staff.signOutDevice', order))).toBe('forbidden');
      expect(wordOf(await ben.ask('staff.signOutDevice', order))).toBe('forbidden');
      expect(wordOf(await ben.ask('staff.devices', { id: ann.account.id }))).toBe('forbidden');
      const own = await ben.ask('account.signOutDevice', { deviceId: ann.id });
      expect([wordOf(own), errorBody.parse(own.body).error.message]).toEqual(['not-possible', 'not-found']);
      const self = await ada.ask('staff.signOutDevice', { id: ada.account.id, deviceId: ada.id, erase: true });
      expect([wordOf(self), errorBody.parse(self.body).error.message]).toEqual(['not-possible', 'this-device']);
      const here = await ann.ask('account.signOutDevice', { deviceId: ann.id });
      expect([wordOf(here), errorBody.parse(here.body).error.message]).toEqual(['not-possible', 'this-device']);
      for (const d of [ann, ben, lea, ada]) expect(await pullWord(d.access)).toBe('done');
    });

    it('R25 reaches that account on that device and no other: not a colleague on it, not the same account elsewhere, not a stranger who names it', async () => {
      const ben = sessionResponse.parse((await signIn(ann, 'ben')).body);
      const elsewhere = await company.device('ann');
      await erase(ann);
      expect(wordOf(await refresh(ben.refreshToken))).toBe('done');
      expect(wordOf(await refresh(elsewhere.refreshToken))).toBe('done');
      expect(wordOf(await refresh('x'.repeat(43)))).toBe('unauthorized');
      expect(wordOf(await refresh(ann.refreshToken))).toBe('device-erased');
    });

    it('a device that signed out by itself is listed no more, and can be ordered nothing', async () => {
      await call(company.server, 'DELETE', paths.signOut, undefined, ann.access);
      expect(await devicesOf(ann)).toEqual([]);
      const answer = await ada.ask('staff.signOutDevice', { id: ann.account.id, deviceId: ann.id, erase: true });
      expect(errorBody.parse(answer.body).error.message).toBe('not-found');
    });

    it('a device is forgotten with the last of its sessions', async () => {
      company.clock.pass(70 * DAY);
      await company.server.sessions.sweep();
      const mine = and(eq(device.accountId, ann.account.id), eq(device.id, ann.id));
      expect(await company.store.orm.$count(device, mine)).toBe(0);
      expect(await company.store.orm.$count(session, eq(session.accountId, ann.account.id))).toBe(0);
    });
  });
}
