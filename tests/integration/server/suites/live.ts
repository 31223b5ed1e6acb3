import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { liveMessage, paths } from '../../../../shared/protocol/wire.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, foundCompany } from '../company.ts';
import { call, command, type Device } from '../device.ts';

export interface Ear {
  readonly heard: unknown[];
  next(): Promise<unknown>;
  closed: Promise<number>;
  close(): void;
}

export async function listen(url: string, token: string): Promise<Ear> {
  const socket = new WebSocket(url.replace('http', 'ws') + paths.live, { headers: { authorization: `Bearer ${token}` } });
  const heard: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const message = liveMessage.parse(JSON.parse(data.toString()));
    const first = waiting.shift();
    if (first === undefined) heard.push(message);
    else first(message);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    heard,
    closed,
    next: () => (heard.length > 0 ? Promise.resolve(heard.shift()) : new Promise((resolve) => waiting.push(resolve))),
    close: () => socket.close(),
  };
}

export function liveSuite(store: () => Store): void {
  describe('live', () => {
    let company: Company;
    let ann: Device;
    beforeEach(async () => {
      company = await foundCompany(store(), { listen: true });
      ann = await company.device('ann');
    });
    afterEach(() => company.close());

    it('refuses a socket without a valid session', async () => {
      await expect(listen(company.server.url, 'x'.repeat(43))).rejects.toThrow('401');
    });

    it('hints to those who may see the change, with the head to pull to, and to nobody else', async () => {
      const [ben, cid, lea] = [await company.device('ben'), await company.device('cid'), await company.device('lea')];
      const ears = await Promise.all([ann, ben, cid, lea].map((d) => listen(company.server.url, d.access)));
      const [annHears, benHears, cidHears, leaHears] = ears as [Ear, Ear, Ear, Ear];
      const { ticketId } = await company.newTicket(ann);
      const first = await annHears.next();
      expect(first).toEqual(await leaHears.next());
      await ann.sync();
      expect(first).toEqual({ type: 'changed', head: ann.cursor });
      await ann.push(command('transfer', ticketId, { toId: ben.account.id, reason: '' }, company.clock.now()));
      expect(await benHears.next()).toMatchObject({ type: 'changed' });
      // Who loses it hears of it, too.
      expect(await annHears.next()).toMatchObject({ type: 'changed' });
      // Everyone hears of the directory; an earlier hint would have come first, with a lower head.
      await company.server.staff.addGroup('three');
      await cid.sync();
      expect(await cidHears.next()).toEqual({ type: 'changed', head: cid.cursor });
      for (const ear of ears) ear.close();
    });

    it('does not hint about a refused command', async () => {
      const ear = await listen(company.server.url, ann.access);
      const { ticketId } = await company.newTicket(ann);
      await ear.next();
      await ann.push(command('claim', ticketId, {}, company.clock.now()));
      await ann.push(command('note', ticketId, { note: 'x' }, company.clock.now()));
      const applied = await ear.next();
      await ann.sync();
      expect(applied).toEqual({ type: 'changed', head: ann.cursor });
      expect(ear.heard).toEqual([]);
      ear.close();
    });

    it('ends the sockets of a disabled account', async () => {
      const ear = await listen(company.server.url, ann.access);
      await company.server.staff.changeAccount(company.people.ann.id, { disabled: true });
      let message = await ear.next();
      // The change of the directory may be heard before.
      while ((message as { type: string }).type === 'changed') message = await ear.next();
      expect(message).toEqual({ type: 'ended', reason: 'disabled' });
      expect(await ear.closed).toBe(1008);
    });

    it('ends the socket of the session that signs out, and not that of another device', async () => {
      const other = await company.device('ann');
      const [ear, otherEar] = [await listen(company.server.url, ann.access), await listen(company.server.url, other.access)];
      await call(company.server, 'DELETE', paths.signOut, undefined, ann.access);
      expect(await ear.next()).toEqual({ type: 'ended', reason: 'signed-out' });
      await company.newTicket(other);
      expect(await otherEar.next()).toMatchObject({ type: 'changed' });
      otherEar.close();
    });

    it('looks at the one session of a socket that opens, and ends it if it no longer holds', async () => {
      const { hub, sessions } = company.server;
      const ended: string[] = [];
      const listener = async (device: Device, name: string) => {
        const checked = await sessions.check(device.access);
        if (!checked.ok) throw new Error(checked.denial.code);
        const { sessionId, account } = checked.value;
        hub.add({ sessionId, account, send: () => {}, close: () => ended.push(name) });
        // Without a word to the hub.
        await sessions.end(sessionId);
        return sessionId;
      };
      const first = await listener(ann, 'first');
      await listener(await company.device('ann'), 'second');
      await hub.checkOwnSessions(first);
      expect(ended).toEqual(['first']);
      await hub.checkOwnSessions();
      expect(ended).toEqual(['first', 'second']);
    });

    it('tags a listener by what its account may see now, not when it began to listen', async () => {
      const ben = await company.device('ben');
      const ear = await listen(company.server.url, ben.access);
      await company.server.staff.changeAccount(company.people.ben.id, { role: 'leader' });
      expect(await ear.next()).toMatchObject({ type: 'changed' });
      await company.newTicket(ann);
      expect(await ear.next()).toMatchObject({ type: 'changed' });
      ear.close();
    });

    it('closes its sockets when it stops', async () => {
      const ear = await listen(company.server.url, ann.access);
      await company.server.close();
      expect(await ear.closed).toBeGreaterThanOrEqual(1000);
    });
  });
}
