import { asc, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../../../shared/protocol/version.ts';
import { feed } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, foundCompany } from '../company.ts';
import { command, type Device, record, verdict } from '../device.ts';
import { expectTruth } from './pull.ts';
import { facts } from './records.ts';

const newTicket = {
  subject: '新装',
  description: '',
  category: '',
  nature: 'task',
  priority: 'normal',
  source: 'phone',
} as const;

/** What needs several connections at once. */
export function manyWritersSuite(store: () => Store): void {
  describe('many writers at once', () => {
    let company: Company;
    beforeEach(async () => {
      company = await foundCompany(store());
    });
    afterEach(() => company.close());

    /** Devices of ann; one after the other, since many sign-ins at once are throttled. */
    const several = async (count: number): Promise<Device[]> => {
      const out: Device[] = [];
      for (let i = 0; i < count; i++) out.push(await company.device('ann'));
      return out;
    };

    it('shows a reader no change before all with a lower number, and loses none (SY4)', async () => {
      const lea = await company.device('lea');
      await lea.sync();
      const writers = await several(8);
      let writing = true;
      const seen: number[] = [];
      const reader = (async () => {
        let from = 0;
        while (writing) {
          const rows = await store()
            .orm.select({ seq: feed.seq })
            .from(feed)
            .where(sql`seq > ${from}`)
            .orderBy(asc(feed.seq));
          for (const { seq } of rows) {
            seen.push(seq);
            from = seq;
          }
        }
      })();
      const follower = (async () => {
        while (writing) await lea.sync(7);
      })();
      await Promise.all(
        writers.map(async (writer) => {
          for (let i = 0; i < 12; i++) {
            const { ticketId } = await company.newTicket(writer);
            // Transactions of different lengths, so that they overtake each other.
            if (i % 3 === 0) await writer.push(command('resolve', ticketId, { report: 'r' }, company.clock.now()));
            if (i % 3 === 1) await writer.push(command('release', ticketId, { reason: '' }, company.clock.now()));
          }
        }),
      );
      writing = false;
      await Promise.all([reader, follower]);
      const all = (await store().orm.select({ seq: feed.seq }).from(feed).orderBy(asc(feed.seq))).map((r) => r.seq);
      expect(all).toEqual(Array.from({ length: all.length }, (_, i) => i + 1));
      expect(seen).toEqual(all.slice(0, seen.length));
      expect(seen.length).toBeGreaterThan(50);
      await lea.sync();
      await expectTruth(company, lea);
    });

    it('lets exactly one of many claims win, each time', async () => {
      const people = [await company.device('ann'), await company.device('ben'), await company.device('lea'), await company.device('ada')];
      for (let i = 0; i < 25; i++) {
        const { ticketId } = await company.newTicket(people[0] as Device, { assigneeId: null });
        const results = (await Promise.all(people.map((d) => d.push(command('claim', ticketId, {}, company.clock.now()))))).flat();
        expect(results.map((r) => r.status).toSorted()).toEqual(['applied', 'refused', 'refused', 'refused']);
        expect((await company.ticket(ticketId)).version).toBe(2);
      }
    });

    it('applies nothing of an account after it was disabled, however close (S17, S21)', async () => {
      let cut = 0;
      for (let i = 0; i < 25; i++) {
        const ann = await company.device('ann');
        const { ticketId } = await company.newTicket(ann);
        const notes = Array.from({ length: 6 }, (_, n) => command('note', ticketId, { note: String(n) }, company.clock.now()));
        let disabledSeq = Number.MAX_SAFE_INTEGER;
        const [results] = await Promise.all([
          // The whole request may come too late as well.
          ann.push(...notes).catch((error: unknown) => {
            if (error instanceof Error && error.message.includes('account-disabled')) return [];
            throw error;
          }),
          company.server.staff.changeAccount(company.people.ann.id, { disabled: true }).then(async () => {
            const rows = await store()
              .orm.select()
              .from(feed)
              .where(sql`kind = 'account' AND subject_id = ${company.people.ann.id}`)
              .orderBy(asc(feed.seq));
            disabledSeq = rows.at(-1)!.seq;
          }),
        ]);
        for (const r of results) if (r.status === 'applied') expect(r.seq).toBeLessThan(disabledSeq);
        cut += results.filter((r) => r.status === 'refused').length;
        await company.server.staff.changeAccount(company.people.ann.id, { disabled: false });
      }
      // Otherwise the race never happened.
      expect(cut).toBeGreaterThan(0);
    });

    it('lets exactly one of many add a customer with the same phone, each time', async () => {
      const people = [await company.device('ann'), await company.device('ben'), await company.device('lea'), await company.device('ada')];
      for (let i = 0; i < 20; i++) {
        const phones = [`138${String(i).padStart(8, '0')}`, `139${String(i).padStart(8, '0')}`];
        const results = await Promise.all(
          people.map((d, n) => {
            const given = n % 2 === 0 ? phones : phones.toReversed();
            if (n === 3) return d.push(createUnique(d, given));
            return d.push(record('addCustomer', v7(), { ...facts, phones: given, emails: [], unique: true }, company.clock.now()));
          }),
        );
        expect(results.flat().map(verdict).toSorted()).toEqual(['applied', 'duplicate-contact', 'duplicate-contact', 'duplicate-contact']);
      }
      expect((await company.truth()).customers).toHaveLength(20);

      function createUnique(by: Device, phones: string[]) {
        const args = { ...newTicket, customerId: v7(), customer: { name: '周', phones, unique: true }, groupId: company.groups.one.id };
        return command('create', v7(), { ...args, assigneeId: by.account.id }, company.clock.now());
      }
    });

    it('adds nobody twice when a file comes in while others add by hand', async () => {
      const lea = await company.device('lea');
      const ann = await company.device('ann');
      for (let round = 0; round < 5; round++) {
        const importId = v7();
        const phone = (i: number): string => `137${String(round * 100 + i).padStart(8, '0')}`;
        const rows = Array.from({ length: 30 }, (_, i) => ({
          line: i + 2,
          name: '客',
          phones: [phone(i)],
          emails: [],
          address: '',
          tier: '',
        }));
        const rest = { subject: '', description: '', category: '' };
        await lea.operate('import.stage', { importId, rows: rows.map((r) => ({ ...r, ...rest })) });
        const by = { mode: 'good' as const, tickets: false, owner: 'nobody' as const, groupId: company.groups.one.id };
        await Promise.all([
          lea.operate('import.commit', { importId, ...by }),
          ...rows.map((r) =>
            ann.push(record('addCustomer', v7(), { ...facts, phones: r.phones, emails: [], unique: true }, company.clock.now())),
          ),
        ]);
        expect((await company.truth()).customers).toHaveLength((round + 1) * 30);
      }
    });

    it('moves each open ticket of a disabled account once, while others work on the same customers', async () => {
      const ada = await company.device('ada');
      for (let round = 0; round < 6; round++) {
        const ann = await company.device('ann');
        const lea = await company.device('lea');
        const made = [];
        for (let i = 0; i < 8; i++) made.push(await company.newTicket(ann));
        const others = [];
        for (const { customerId } of made) others.push(await company.newTicket(lea, { customerId, assigneeId: lea.account.id }));
        const results = await Promise.all([
          ada.operate('staff.disable', { id: ann.account.id, tickets: { what: 'pool' } }),
          ...others.toReversed().map((o) => lea.push(command('note', o.ticketId, { note: 'n' }, company.clock.now()))),
          ...made.map((m) => lea.push(command('assign', m.ticketId, { toId: lea.account.id, note: '' }, company.clock.now()))),
        ]);
        expect(
          results
            .slice(1)
            .flatMap((r) => r as { status: string }[])
            .map((r) => r.status),
        ).not.toContain('failed');
        const { tickets } = await company.truth();
        expect(tickets.filter((t) => t.row.assigneeId === ann.account.id)).toEqual([]);
        await ada.operate('staff.enable', { id: ann.account.id });
      }
    });

    it('lets exactly one of many claim a customer, each time', async () => {
      const people = [await company.device('ann'), await company.device('ben'), await company.device('lea')];
      for (let i = 0; i < 20; i++) {
        const customerId = v7();
        await people[0]!.push(record('addCustomer', customerId, { ...facts, owned: false }, company.clock.now()));
        const claims = await Promise.all(
          people.map((d) => d.push(command('claimCustomer', v7(), { customerId, subject: 'x' }, company.clock.now()))),
        );
        expect(claims.flat().filter((r) => r.status === 'applied')).toHaveLength(1);
      }
      expect((await company.truth()).tickets).toHaveLength(20);
    });

    it('carries out nothing of an admin after the role was taken, however close (S17, S21)', async () => {
      const ada = await company.device('ada');
      const { id } = company.people.qiu;
      let cut = 0;
      // Until the two have met: on a busy machine they may miss each other for long.
      for (let i = 0; i < 15 || (cut === 0 && i < 150); i++) {
        await ada.operate('staff.change', { id, role: 'admin' });
        const qiu = await company.device('qiu');
        const [, ...answers] = await Promise.all([
          ada.operate('staff.change', { id, role: 'qa' }),
          ...Array.from({ length: 5 }, () => qiu.ask('groups.add', { name: v7() })),
        ]);
        const rows = await store().orm.select().from(feed).orderBy(asc(feed.seq));
        const taken = rows.findLast((r) => r.kind === 'account' && r.subjectId === id)!.seq;
        expect(rows.filter((r) => r.kind === 'group' && r.seq > taken)).toEqual([]);
        expect(answers.map((a) => a.status).filter((s) => s !== 200 && s !== 403)).toEqual([]);
        cut += answers.filter((a) => a.status === 403).length;
      }
      expect(cut).toBeGreaterThan(0);
    });

    it('S16 answers a refresh that comes several times at once each time, and the whole session ends when two of those live on', async () => {
      for (let i = 0; i < 10; i++) {
        const ann = await company.device('ann');
        const { sessions } = company.server;
        const refresh = (token: string) => sessions.refresh(token, PROTOCOL_VERSION);
        const given = await Promise.all(Array.from({ length: 4 }, () => refresh(ann.refreshToken)));
        const pairs = given.map((g) => (g.ok ? g.value : null)!);
        expect(new Set(pairs.map((p) => p.refreshToken)).size).toBe(4);
        for (const p of pairs) expect((await sessions.check(p.accessToken)).ok).toBe(true);
        // Somebody who has one of them and somebody who has another: at once, and only one of the two goes on, or neither.
        const both = await Promise.all([refresh(pairs[0]!.refreshToken), refresh(pairs[3]!.refreshToken)]);
        expect(both.map((b) => b.ok).toSorted((a, b) => Number(a) - Number(b))).toEqual([false, true]);
        const won = both.find((b) => b.ok)!;
        for (const p of [...pairs, ...(won.ok ? [won.value] : [])]) {
          expect((await sessions.check(p.accessToken)).ok).toBe(false);
          expect((await refresh(p.refreshToken)).ok).toBe(false);
        }
      }
    });

    it('does not lock crosswise on many customers, whatever the order of the commands', async () => {
      const ann = await company.device('ann');
      const made: string[] = [];
      for (let i = 0; i < 8; i++) made.push((await company.newTicket(ann)).ticketId);
      const devices = await several(6);
      const results = await Promise.all(
        devices.flatMap((d, n) =>
          [made, made.toReversed(), [...made.slice(n), ...made.slice(0, n)]].map((order) =>
            d.push(...order.map((id) => command('note', id, { note: String(n) }, company.clock.now()))),
          ),
        ),
      );
      expect(results.flat().filter((r) => r.status !== 'applied')).toEqual([]);
      for (const id of made) expect((await company.ticket(id)).version).toBe(1 + devices.length * 3);
    });

    it('does not lock crosswise on two tickets of one customer', async () => {
      const ann = await company.device('ann');
      const { ticketId, customerId } = await company.newTicket(ann);
      const other = await company.newTicket(ann, { customerId });
      const devices = await several(6);
      const results = await Promise.all(
        devices.flatMap((d) =>
          Array.from({ length: 10 }, (_, i) => {
            const id = i % 2 === 0 ? ticketId : other.ticketId;
            return d.push(
              command('scheduleCallback', id, { callbackId: v7(), dueAt: company.clock.now() + 1000, note: '' }, company.clock.now()),
            );
          }),
        ),
      );
      expect(results.flat().filter((r) => r.status !== 'applied')).toEqual([]);
    });
  });
}
