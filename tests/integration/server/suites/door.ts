import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../../../shared/protocol/version.ts';
import { errorBody, helloResponse, paths } from '../../../../shared/protocol/wire.ts';
import type { Logger } from '../../../../shared/lib/logger.ts';
import type { Store } from '../../../../server/store/store.ts';
import { type Company, foundCompany } from '../company.ts';
import { call, command } from '../device.ts';

/** What comes through the network before anybody is trusted. */
export function doorSuite(store: () => Store): void {
  describe('the door', () => {
    let company: Company;
    let lines: string[];
    beforeEach(async () => {
      lines = [];
      const write = (event: string, fields: object = {}): void => void lines.push(`${event} ${JSON.stringify(fields)}`);
      const logger: Logger = { info: write, warn: write, error: write };
      company = await foundCompany(store(), { logger, name: '云启客服中心' });
    });
    afterEach(() => company.close());

    it('says who it is without a sign-in', async () => {
      const answer = await call(company.server, 'GET', paths.hello);
      expect(helloResponse.parse(answer.body)).toMatchObject({
        product: 'zuoxi',
        name: '云启客服中心',
        demo: false,
        now: company.clock.now(),
      });
    });

    it.each([
      ['POST', paths.push],
      ['POST', paths.pull],
      ['DELETE', paths.signOut],
      ['GET', paths.live],
    ] as const)('refuses %s %s without a token, with a made-up one and with a malformed one', async (method, path) => {
      for (const token of [undefined, 'x'.repeat(43), "'; DROP TABLE account; --"]) {
        const answer = await call(company.server, method, path, method === 'POST' ? {} : undefined, token);
        expect([answer.status, errorBody.parse(answer.body).error.code]).toEqual([401, 'unauthorized']);
      }
    });

    it.each([
      ['no JSON', '{"protocol":', 'application/json'],
      ['an empty body', '', 'application/json'],
      ['a list', '[]', 'application/json'],
      ['null', 'null', 'application/json'],
      ['a number', '7', 'application/json'],
      ['a text', 'hello', 'text/plain'],
      ['a form', 'a=b', 'application/x-www-form-urlencoded'],
      ['a prototype', '{"__proto__":{"admin":true},"protocol":1}', 'application/json'],
      [
        'an unknown field',
        JSON.stringify({ protocol: 1, staffNo: 'ann', password: 'x', deviceId: 'device-0001', role: 'admin' }),
        'application/json',
      ],
    ])('answers %s with a typed error', async (_name, payload, type) => {
      const response = await company.server.inject({ method: 'POST', url: paths.signIn, payload, headers: { 'content-type': type } });
      expect([400, 415]).toContain(response.statusCode);
      expect(errorBody.parse(response.json()).error.code).toBe('bad-request');
    });

    it('refuses a body over one megabyte', async () => {
      const payload = JSON.stringify({ protocol: 1, staffNo: 'x'.repeat(1_100_000) });
      const response = await company.server.inject({
        method: 'POST',
        url: paths.signIn,
        payload,
        headers: { 'content-type': 'application/json' },
      });
      expect([response.statusCode, errorBody.parse(response.json()).error.code]).toEqual([413, 'too-large']);
    });

    it('refuses a protocol that it does not speak, and says so', async () => {
      const ann = await company.device('ann');
      const body = { protocol: PROTOCOL_VERSION + 1, something: 'new' };
      for (const path of [paths.signIn, paths.refresh, paths.push, paths.pull]) {
        const answer = await call(company.server, 'POST', path, body, ann.access);
        expect(errorBody.parse(answer.body).error.code, path).toBe('protocol-unsupported');
      }
    });

    it('answers an unknown path in the same form', async () => {
      const answer = await call(company.server, 'GET', '/v1/secret');
      expect([answer.status, errorBody.parse(answer.body).error.code]).toEqual([404, 'bad-request']);
    });

    it('sends no cross-origin permission, forbids caching and framing', async () => {
      const response = await company.server.inject({ method: 'GET', url: paths.hello, headers: { origin: 'https://evil.example' } });
      expect(Object.keys(response.headers).filter((h) => h.startsWith('access-control'))).toEqual([]);
      expect(response.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(response.headers['content-security-policy']).toContain("default-src 'none'");
    });

    it('refuses a cut or foreign place in a snapshot', async () => {
      const ann = await company.device('ann');
      for (const after of [
        '',
        '!!',
        'bm9wZQ',
        Buffer.from('["t",0,"x",5,0]').toString('base64url'),
        Buffer.from('["z",0,"x"]').toString('base64url'),
      ]) {
        const answer = await call(
          company.server,
          'POST',
          paths.pull,
          { protocol: 1, epoch: null, view: null, cursor: null, after, limit: 5 },
          ann.access,
        );
        expect([answer.status, errorBody.parse(answer.body).error.code]).toEqual([400, 'bad-request']);
      }
    });

    it('logs no token, phone number, password or text', async () => {
      const ann = await company.device('ann');
      const { ticketId } = await company.newTicket(ann, { description: '机密描述' });
      await ann.push(command('note', ticketId, { note: '机密备注' }, company.clock.now()), {
        id: 'bad',
        kind: 'note',
        args: { note: '机密残句' },
      });
      await call(company.server, 'POST', paths.signIn, {
        protocol: 1,
        staffNo: 'ann',
        password: 'hunter-2-hunter',
        deviceId: 'device-0001',
      });
      await call(company.server, 'GET', `/v1/pull?token=${ann.access}`);
      await ann.sync();
      const log = lines.join('\n');
      expect(lines.length).toBeGreaterThan(4);
      for (const secret of [ann.access, ann.refreshToken, '13800006021', '机密', 'hunter', 'right-password', '周砚秋'])
        expect(log).not.toContain(secret);
    });
  });
}
