import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { makeSwitchKey } from '../../../../server/calls/switch-key.ts';
import { audit, customer, switchCall, ticketEvent } from '../../../../server/store/schema.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type LiveMessage, paths } from '../../../../shared/protocol/wire.ts';
import { type Company, foundCompany, MINUTE } from '../company.ts';
import type { TestServer } from '../../../../server/testing.ts';

/** What a telephone switch says, and what comes of it. */
export function callSuite(storeOf: () => Store): void {
  describe('calls from a telephone switch', () => {
    let company: Company;
    let key: string;
    beforeEach(async () => {
      company = await foundCompany(storeOf());
      key = await makeSwitchKey(company.store, v7, company.clock.now());
    });
    afterEach(() => company.close());

    const body = (more: object = {}) => ({ id: 'pbx-1', phone: '138 1234-6021', staffNo: 'ann', at: company.clock.now(), ...more });
    const post = async (payload: unknown, bearer: string | null = key, server: TestServer = company.server) => {
      const headers = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
      const answer = await server.inject({ method: 'POST', url: '/v1/calls', headers, payload: payload as object });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    };
    const listen = async (server: TestServer, name: 'ann' | 'ben') => {
      const heard: LiveMessage[] = [];
      const session = await server.sessions.signIn(name, 'right-password', { id: v7(), system: '', name: '' }, 'test');
      if (!session.ok) throw new Error(session.denial.code);
      const checked = await server.sessions.check(session.value.accessToken);
      if (!checked.ok) throw new Error(checked.denial.code);
      server.hub.add({ ...checked.value, send: (m) => void heard.push(m), close: () => {} });
      return heard;
    };
    const rings = (heard: readonly LiveMessage[]) => heard.filter((m) => m.type === 'call');

    test('Y05 a new number becomes a customer and a ticket of that agent, with its history and its place in the feed', async () => {
      const ann = await company.device('ann');
      const { status, body: answer } = await post(body());
      expect(status).toBe(200);
      expect(answer).toEqual({ customerIds: [expect.any(String)], ticketId: expect.any(String), refused: null });
      const made = await company.ticket(answer['ticketId'] as string);
      expect(made).toMatchObject({
        subject: '来电 138****6021',
        source: 'phone',
        status: 'pending',
        assigneeId: company.people.ann.id,
        createdBy: company.people.ann.id,
        customerId: (answer['customerIds'] as string[])[0],
      });
      expect(made.dueAt).toBeGreaterThan(company.clock.now());
      const [row] = await company.store.orm.select().from(customer);
      expect(row).toMatchObject({ phones: ['138 1234-6021'], ownerId: company.people.ann.id, name: '来电 138****6021' });
      expect(await company.store.orm.select().from(ticketEvent)).toMatchObject([{ command: 'create', actorId: company.people.ann.id }]);
      await ann.sync();
      expect([...ann.tickets.keys()]).toEqual([made.id]);
      const noted = (await company.store.orm.select().from(audit)).filter((a) => a.action === 'call');
      expect(noted).toMatchObject([{ accountId: company.people.ann.id, detail: `customers=1 ticket=${made.id}` }]);
      const kept = JSON.stringify([await company.store.orm.select().from(audit), await company.store.orm.select().from(switchCall)]);
      expect(kept).not.toContain('6021');
    });

    test('Y05 the same id again, also at once, does nothing and has the same answer', async () => {
      const heard = await listen(company.server, 'ann');
      const answers = await Promise.all([post(body()), post(body()), post(body())]);
      answers.push(await post(body({ phone: '13900000000' })));
      expect(new Set(answers.map((a) => JSON.stringify(a)))).toHaveProperty('size', 1);
      expect((await company.truth()).tickets).toHaveLength(1);
      expect(await company.store.orm.select().from(customer)).toHaveLength(1);
      expect(rings(heard)).toEqual([{ type: 'call', callId: 'pbx-1', phone: '13812346021', at: company.clock.now() }]);
      // The answer that was written down is lost with the disk; what the call made says what it was.
      await company.store.orm.delete(switchCall);
      expect(await post(body())).toEqual(answers[0]);
      expect((await company.truth()).tickets).toHaveLength(1);
    });

    test('Y05 two new calls of one number at once make one customer', async () => {
      const [one, two] = await Promise.all([post(body()), post(body({ id: 'pbx-2', staffNo: 'ben' }))]);
      expect(one.body['customerIds']).toEqual(two.body['customerIds']);
      expect(await company.store.orm.select().from(customer)).toHaveLength(1);
      expect([one.body['ticketId'], two.body['ticketId']].filter((id) => id !== null)).toHaveLength(1);
    });

    test('Y06 a known number makes nothing, is known however it is written, and the agent’s own customer comes first', async () => {
      const [ann, ben] = await Promise.all([company.device('ann'), company.device('ben')]);
      const facts = (name: string, phone: string) => ({ customer: { name, phones: [phone] } });
      const mine = await company.newTicket(ann, facts('mine', '(025) 8300-1234'));
      company.clock.pass(MINUTE);
      const other = await company.newTicket(ben, facts('other', '025 8300 1234'));
      const before = await company.truth();
      for (const phone of ['02583001234', '+86 25 8300 1234', '2583001234', '0086 25 83001234']) {
        const answer = { customerIds: [mine.customerId, other.customerId], ticketId: null, refused: null };
        expect(await post(body({ id: phone, phone }))).toEqual({ status: 200, body: answer });
      }
      expect(await company.truth()).toEqual(before);
    });

    test('only that agent hears of it, on each instance, and not of what is over', async () => {
      const another = company.store.kind === 'postgres' ? await company.another() : company.server;
      const [near, far, ben] = [await listen(company.server, 'ann'), await listen(another, 'ann'), await listen(another, 'ben')];
      await post(body());
      await expect.poll(() => [rings(near).length, rings(far).length]).toEqual([1, 1]);
      expect(rings(ben)).toEqual([]);
      const late = await post(body({ id: 'pbx-late', at: company.clock.now() - 2 * MINUTE }));
      expect(late.status).toBe(200);
      expect(rings(near)).toHaveLength(1);
    });

    test('a window whose way here was broken hears of it when it is back, unless that takes a minute', async () => {
      await post(body());
      company.clock.pass(MINUTE);
      expect(rings(await listen(company.server, 'ann'))).toHaveLength(1);
      expect(rings(await listen(company.server, 'ben'))).toEqual([]);
      company.clock.pass(1);
      expect(rings(await listen(company.server, 'ann'))).toEqual([]);
    });

    test('no key, a wrong one, an agent’s token and the key of before open nothing', async () => {
      const ann = await company.device('ann');
      const old = key;
      key = await makeSwitchKey(company.store, v7, company.clock.now());
      for (const bearer of [null, '', 'x'.repeat(48), ann.access, old])
        expect((await post(body(), bearer)).status, String(bearer)).toBe(401);
      expect((await post(body())).status).toBe(200);
      const pull = await company.server.inject({
        method: 'POST',
        url: paths.pull,
        headers: { authorization: `Bearer ${key}` },
        payload: {},
      });
      expect(pull.statusCode).toBe(401);
    });

    test.each<[string, object]>([
      ['no id', { id: undefined }],
      ['an empty id', { id: '' }],
      ['a long id', { id: 'x'.repeat(101) }],
      ['no number', { phone: 'anonymous' }],
      ['a long number', { phone: '1'.repeat(25) }],
      ['no staff number', { staffNo: ' ' }],
      ['a time in words', { at: '2026-11-22T01:00:00Z' }],
      ['something more', { subject: 'x' }],
    ])('a body with %s is refused and names the field', async (_, more) => {
      const { status, body: answer } = await post(body(more));
      expect(status).toBe(400);
      const field = Object.keys(more)[0]!;
      expect(JSON.stringify(answer)).toContain(field === 'subject' ? 'unrecognized_keys' : field);
      expect((await company.truth()).tickets).toEqual([]);
    });

    test('a large body, nobody’s number, a disabled agent and one who may not create are told apart', async () => {
      expect((await post(body({ id: 'x'.repeat(4_000) }))).status).toBe(413);
      expect(await post(body({ staffNo: 'nobody' }))).toMatchObject({
        status: 409,
        body: { error: { message: 'Nobody has this staff number.' } },
      });
      await company.server.staff.changeAccount(company.people.ben.id, { disabled: true });
      expect(await post(body({ staffNo: 'ben' }))).toMatchObject({ status: 403, body: { error: { code: 'account-disabled' } } });
      await company.server.staff.changeParameters({ agentsMayCreate: false });
      const heard = await listen(company.server, 'ann');
      expect(await post(body())).toEqual({ status: 200, body: { customerIds: [], ticketId: null, refused: 'not-allowed' } });
      expect(rings(heard)).toHaveLength(1);
      expect((await company.truth()).tickets).toEqual([]);
    });

    test('more than 600 in a minute have to wait', async () => {
      for (let i = 0; i < 600; i += 1) await post({});
      for (let i = 0; i < 10; i += 1) expect((await post(body(), null)).status).toBe(401);
      expect(await post(body())).toMatchObject({ status: 429, body: { error: { code: 'throttled' } } });
      company.clock.pass(MINUTE);
      expect((await post(body())).status).toBe(200);
    });
  });
}
