import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorBody, paths } from '../../../../shared/protocol/wire.ts';
import { audit } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, foundCompany, HOUR, MINUTE } from '../company.ts';
import { call, command, Device, verdict } from '../device.ts';
import { listen } from './live.ts';

export function officeSuite(store: () => Store): void {
  describe('the office', () => {
    let company: Company;
    let ada: Device;
    let ann: Device;
    beforeEach(async () => {
      company = await foundCompany(store(), { listen: true });
      [ada, ann] = [await company.device('ada'), await company.device('ann')];
    });
    afterEach(() => company.close());
    const now = (): number => company.clock.now();
    const one = (): string => company.groups.one.id;
    const two = (): string => company.groups.two.id;
    const newcomer = (staffNo = 'N1') => ({ staffNo, name: '新人', role: 'agent' as const, groupIds: [one()], priorityGroupId: one() });

    it('refuses by role before it looks at anything else, and notes it', async () => {
      const answer = await ann.ask('staff.add', { nonsense: true });
      expect([answer.status, errorBody.parse(answer.body).error.code]).toEqual([403, 'forbidden']);
      expect(await store().orm.select().from(audit)).toContainEqual(
        expect.objectContaining({ action: 'denied', accountId: ann.account.id, detail: 'staff.add' }),
      );
    });

    it.each([
      ['an unknown operation', 'staff.fire', {}, 404],
      ['a name from a prototype', 'constructor', {}, 404],
      ['input that does not fit', 'staff.add', { staffNo: 'a b' }, 400],
      ['a field too many', 'staff.resetPassword', { id: 'x', password: 'mine-is-better' }, 400],
      ['no input', 'groups.add', undefined, 400],
    ])('answers %s with a typed error', async (_name, name, input, status) => {
      const answer = await ada.ask(name, input);
      expect([answer.status, errorBody.parse(answer.body).error.code]).toEqual([status, 'bad-request']);
    });

    describe('people', () => {
      it('adds an account with a password that is told once and kept nowhere', async () => {
        const { account, password } = await ada.operate('staff.add', newcomer());
        expect(password).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
        expect(account).toMatchObject({ staffNo: 'N1', disabled: false, duty: 'on' });
        await new Device(company.server).signIn('n1', password);
        await ann.sync();
        expect(ann.accounts.get(account.id)).toMatchObject({ name: '新人' });
        expect(JSON.stringify(await store().orm.select().from(audit))).not.toContain(password);
      });

      it('says why an account cannot be added', async () => {
        expect(await ada.impossible('staff.add', newcomer('ANN'))).toBe('staff-no-taken');
        expect(await ada.impossible('staff.add', { ...newcomer(), groupIds: [v7()] })).toBe('group-missing');
        expect(await ada.impossible('staff.add', { ...newcomer(), priorityGroupId: two() })).toBe('group-missing');
      });

      it('gives a staff number to one of two that ask at once', async () => {
        const other = await company.device('ada');
        const answers = await Promise.all([ada, other].map((d) => d.ask('staff.add', newcomer())));
        expect(answers.map((a) => a.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
      });

      it('changes a role with the next request and for open connections', async () => {
        const ben = await company.device('ben');
        const ear = await listen(company.server.url, ben.access);
        const { ticketId } = await company.newTicket(ann);
        expect((await ben.ask('staff.list', {})).status).toBe(403);
        await ada.operate('staff.change', { id: ben.account.id, role: 'leader' });
        await ear.next();
        expect((await ben.ask('staff.list', {})).status).toBe(200);
        await ben.sync();
        expect(ben.tickets.has(ticketId)).toBe(true);
        await company.newTicket(ann);
        expect(await ear.next()).toMatchObject({ type: 'changed' });
        ear.close();
      });

      it('keeps the priority group among the groups', async () => {
        const { id } = company.people.ben;
        const moved = await ada.operate('staff.change', { id, groupIds: [two()] });
        expect(moved.account).toMatchObject({ groupIds: [two()], priorityGroupId: two() });
        expect(await ada.impossible('staff.change', { id, priorityGroupId: one() })).toBe('group-missing');
        expect(await ada.impossible('staff.change', { id: v7(), name: 'x' })).toBe('not-found');
      });

      it('keeps the last admin, also when two are demoted at once', async () => {
        const { id } = company.people.ada;
        expect(await ada.impossible('staff.change', { id, role: 'agent' })).toBe('last-admin');
        const second = await ada.operate('staff.change', { id: company.people.qiu.id, role: 'admin' });
        const qiu = await company.device('qiu');
        const answers = await Promise.all([
          ada.ask('staff.change', { id: second.account.id, role: 'agent' }),
          qiu.ask('staff.change', { id, role: 'agent' }),
        ]);
        expect(answers.map((a) => a.status).toSorted((a, b) => a - b)).not.toEqual([200, 200]);
        const { accounts } = (await (await company.device('lea')).page()).rows;
        expect(accounts.filter((a) => a.role === 'admin' && !a.disabled)).toHaveLength(1);
      });

      it('ends the sessions of an account whose password is reset', async () => {
        const ear = await listen(company.server.url, ann.access);
        const { password } = await ada.operate('staff.resetPassword', { id: ann.account.id });
        expect(await ear.next()).toEqual({ type: 'ended', reason: 'signed-out' });
        await expect(ann.page()).rejects.toThrow('401');
        await expect(new Device(company.server).signIn('ann')).rejects.toThrow('401');
        await new Device(company.server).signIn('ann', password);
        expect(await ada.impossible('staff.resetPassword', { id: v7() })).toBe('not-found');
      });

      it('tells who has how much open and when they were last there', async () => {
        await company.newTicket(ann);
        company.clock.pass(5 * MINUTE);
        await ann.sync();
        const lea = await company.device('lea');
        const { people } = await lea.operate('staff.list', {});
        expect(people.find((p) => p.id === ann.account.id)).toMatchObject({ openTickets: 1, lastSeenAt: now() });
        expect(people.find((p) => p.staffNo === 'cid')).toMatchObject({ openTickets: 0, lastSeenAt: null });
      });
    });

    describe('disabling', () => {
      let ticketId: string;
      let customerId: string;
      let resolved: string;
      beforeEach(async () => {
        ({ ticketId, customerId } = await company.newTicket(ann));
        await ann.push(command('scheduleCallback', ticketId, { callbackId: v7(), dueAt: now() + HOUR, note: '' }, now()));
        resolved = (await company.newTicket(ann)).ticketId;
        await ann.push(command('resolve', resolved, { report: '好' }, now()));
      });
      const id = (): string => company.people.ann.id;

      it('puts open tickets into the pool, each with a line of the admin', async () => {
        const ben = await company.device('ben');
        await ben.sync();
        const { account, moved } = await ada.operate('staff.disable', { id: id(), tickets: { what: 'pool' } });
        expect([account.disabled, moved]).toEqual([true, 1]);
        expect(await company.ticket(ticketId)).toMatchObject({ status: 'released', assigneeId: null });
        expect(await company.ticket(resolved)).toMatchObject({ status: 'resolved', assigneeId: id() });
        const truth = await company.truth();
        expect(truth.events.find((e) => e.command === 'withdraw')).toMatchObject({ ticketId, actorId: ada.account.id });
        expect(truth.customers.find((c) => c.row.id === customerId)!.row.ownerId).toBeNull();
        await ben.sync();
        expect(ben.tickets.get(ticketId)).toMatchObject({ status: 'released' });
        await expect(ann.page()).rejects.toThrow('account-disabled');
      });

      it('gives them to a colleague with their callbacks', async () => {
        const ben = await company.device('ben');
        const { moved } = await ada.operate('staff.disable', { id: id(), tickets: { what: 'to', accountId: ben.account.id } });
        expect(moved).toBe(1);
        expect(await company.ticket(ticketId)).toMatchObject({ status: 'pending', assigneeId: ben.account.id });
        expect((await company.truth()).callbacks).toMatchObject([{ assigneeId: ben.account.id, outcome: null }]);
        expect((await company.truth()).events.find((e) => e.command === 'assign')).toMatchObject({ actorId: ada.account.id });
      });

      it('leaves them where they are', async () => {
        const { moved } = await ada.operate('staff.disable', { id: id(), tickets: { what: 'keep' } });
        expect(moved).toBe(0);
        expect(await company.ticket(ticketId)).toMatchObject({ assigneeId: id(), version: 2 });
      });

      it('says why it cannot be, and changes nothing then', async () => {
        const to = (accountId: string) => ({ id: id(), tickets: { what: 'to' as const, accountId } });
        await ada.operate('staff.disable', { id: company.people.cid.id, tickets: { what: 'keep' } });
        expect(await ada.impossible('staff.disable', { id: ada.account.id, tickets: { what: 'keep' } })).toBe('self');
        expect(await ada.impossible('staff.disable', to(v7()))).toBe('target-missing');
        expect(await ada.impossible('staff.disable', to(company.people.cid.id))).toBe('target-disabled');
        expect(await ada.impossible('staff.disable', to(id()))).toBe('target-disabled');
        expect(await ada.impossible('staff.disable', { id: v7(), tickets: { what: 'keep' } })).toBe('not-found');
        await ann.sync();
        expect(await company.ticket(ticketId)).toMatchObject({ assigneeId: id() });
      });

      it('lets an account back in', async () => {
        await ada.operate('staff.disable', { id: id(), tickets: { what: 'pool' } });
        expect((await ada.operate('staff.enable', { id: id() })).account.disabled).toBe(false);
        await ann.sync();
        expect(verdict((await ann.push(command('claim', ticketId, {}, now())))[0])).toBe('applied');
        expect(await ada.impossible('staff.enable', { id: v7() })).toBe('not-found');
      });

      it('moves a hundred at once', async () => {
        for (let i = 0; i < 100; i++) await company.newTicket(ann);
        expect((await ada.operate('staff.disable', { id: id(), tickets: { what: 'pool' } })).moved).toBe(101);
      });
    });

    describe('the own password', () => {
      it('changes it and ends the other sessions', async () => {
        const other = await company.device('ann');
        await ann.operate('account.changePassword', { old: 'right-password', next: 'a better one 7' });
        await ann.sync();
        await expect(other.page()).rejects.toThrow('401');
        await new Device(company.server).signIn('ann', 'a better one 7');
      });

      it.each(['12345678', 'PASSWORD', 'qwerty123', 'aaaaaaaaaa', 'Worker123401'])('refuses the weak one %s', async (next) => {
        const me = await ada.operate('staff.add', newcomer('worker1234'));
        const device = await new Device(company.server).signIn('worker1234', me.password);
        expect(await device.impossible('account.changePassword', { old: me.password, next })).toBe('weak-password');
      });

      it('slows down whoever guesses the old one, and notes it', async () => {
        const answers = [];
        for (let i = 0; i < 7; i++) answers.push(await ann.ask('account.changePassword', { old: `guess-${i}`, next: 'a better one 7' }));
        expect(answers.map((a) => a.status)).toEqual([409, 409, 409, 409, 409, 429, 429]);
        expect(errorBody.parse(answers[0]!.body).error.message).toBe('wrong-password');
        expect(Number(answers[5]!.headers['retry-after'])).toBeGreaterThan(0);
        const notes = (await store().orm.select().from(audit)).filter((a) => a.action === 'wrong-password');
        expect(notes).toHaveLength(5);
      });

      it('takes no seven characters', async () => {
        expect((await ann.ask('account.changePassword', { old: 'right-password', next: 'a7-b8-c' })).status).toBe(400);
      });
    });

    describe('groups', () => {
      it('adds, renames and removes them', async () => {
        const { group } = await ada.operate('groups.add', { name: '投诉组' });
        await ada.operate('groups.rename', { id: group.id, name: '投诉一组' });
        await ann.sync();
        await ada.operate('groups.remove', { id: group.id });
        const page = await ann.page();
        expect(page.mode).toBe('delta');
        // All of them, so that the one that is missing is seen to be.
        expect(page.rows.groups.map((g) => g.name).toSorted()).toEqual(['one', 'two']);
        expect((await ann.page()).rows.groups).toEqual([]);
      });

      it('says why it cannot be', async () => {
        expect(await ada.impossible('groups.add', { name: 'ONE' })).toBe('name-taken');
        expect(await ada.impossible('groups.rename', { id: two(), name: 'one' })).toBe('name-taken');
        expect(await ada.impossible('groups.rename', { id: v7(), name: 'three' })).toBe('not-found');
        expect(await ada.impossible('groups.remove', { id: v7() })).toBe('not-found');
        expect(await ada.impossible('groups.remove', { id: one() })).toBe('group-in-use');
        // Nobody is in it, but a ticket lies in it.
        const { group } = await ada.operate('groups.add', { name: '空组' });
        await company.newTicket(ada, { groupId: group.id, assigneeId: null });
        expect(await ada.impossible('groups.remove', { id: group.id })).toBe('group-in-use');
      });
    });

    describe('the audit', () => {
      it('tells newest first who did what, page by page, without losing what happened at once', async () => {
        for (let i = 0; i < 5; i++) await ada.operate('groups.add', { name: `g${i}` });
        company.clock.pass(1000);
        await ada.operate('groups.add', { name: 'last' });
        const first = await ada.operate('audit.list', { before: null, limit: 2 });
        expect(first.entries[0]).toMatchObject({ action: 'groups.add', accountId: ada.account.id, accountName: 'ada', at: now() });
        expect(first.entries.filter((e) => e.action === 'groups.add')).toHaveLength(6);
        const rest = await ada.operate('audit.list', { before: first.entries.at(-1)!.at, limit: 200 });
        expect(rest.entries.filter((e) => e.action === 'groups.add')).toHaveLength(0);
      });

      it('holds no phone number and no text', async () => {
        await ada.operate('staff.add', newcomer());
        await ada.operate('fields.put', { id: null, name: '机密字段', type: 'text', options: [], required: false });
        const importId = v7();
        const row = {
          line: 2,
          name: '机密客户',
          phones: ['13812345678'],
          emails: [],
          address: '',
          tier: '',
          subject: '机密',
          description: '',
          category: '',
        };
        await ada.operate('import.stage', { importId, rows: [row] });
        await ada.operate('import.commit', { importId, mode: 'all', tickets: true, owner: 'me', groupId: one() });
        const text = JSON.stringify(await store().orm.select().from(audit));
        for (const secret of ['机密', '13812345678', '新人', 'right-password']) expect(text).not.toContain(secret);
        expect(text).toContain('import.commit');
      });
    });

    it('needs a token like everything else', async () => {
      for (const path of [`${paths.operations}/staff.list`, paths.export])
        expect((await call(company.server, 'POST', path, { protocol: 2, input: {} })).status).toBe(401);
    });
  });
}
