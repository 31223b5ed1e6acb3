import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../server/store/store.ts';
import { openTestStore, startTestServer, type TestServer } from '../../../server/testing.ts';
import { PROTOCOL_VERSION } from '../../../shared/protocol/version.ts';
import { errorBody, paths } from '../../../shared/protocol/wire.ts';
import { type Company, foundCompany } from './company.ts';
import { startPostgres, type TestPostgres } from './databases.ts';
import { type Answer, call, command, type Device } from './device.ts';
import { asked } from './suites/exports.ts';
import { type Ear, listen } from './suites/live.ts';

// S17 on PostgreSQL with two instances, one that the administrator talks to and one that the account is connected with. What
// was asked before the administrator has the answer may be answered; nothing that is asked behind it is. ZUOXI_RACES=1000
// for all of them.

const RACES = Number(process.env['ZUOXI_RACES'] ?? 40);

let postgres: TestPostgres | undefined;
let [store, second]: [Store | undefined, Store | undefined] = [undefined, undefined];
beforeAll(async () => {
  postgres = await startPostgres();
  const url = await postgres.create('cut');
  store = await openTestStore({ url });
  second = await openTestStore({ url });
}, 60_000);
afterAll(async () => {
  await second?.close();
  await store?.close();
  await postgres?.stop();
});

let company: Company;
let other: TestServer;
let [ada, ann]: [Device, Device] = [undefined!, undefined!];
beforeEach(async () => {
  company = await foundCompany(store!, { listen: true });
  other = await company.another(second);
  [ada, ann] = [await company.device('ada'), await company.device('ann', other)];
});
afterEach(() => company.close());

const codeOf = (answer: Answer): string => (answer.status < 400 ? 'done' : errorBody.parse(answer.body).error.code);
const pullBody = (device: Device): object => {
  const { epoch, view, cursor, after } = device;
  return { protocol: PROTOCOL_VERSION, epoch, view, cursor, after, limit: 50 };
};
const post = async (device: Device, path: string, body: object): Promise<string> =>
  codeOf(await call(device.server, 'POST', path, body, device.access));
const pull = (device: Device): Promise<string> => post(device, paths.pull, pullBody(device));
const push = (device: Device, ticketId: string): Promise<string> => {
  const commands = [command('note', ticketId, { note: 'n' }, company.clock.now())];
  return post(device, paths.push, { protocol: PROTOCOL_VERSION, deviceId: device.id, commands });
};
const listPeople = async (device: Device): Promise<string> => codeOf(await device.ask('staff.list', {}));

/** All ways in. */
const everyWay: Readonly<Record<string, (device: Device, ticketId: string) => Promise<string>>> = {
  pull,
  push,
  operation: listPeople,
  older: (d) => d.ask('tickets.older', { select: { by: 'ids', ids: ['x'] }, zone: 'UTC', behind: null, limit: 1 }).then(codeOf),
  export: (d) => post(d, paths.export, { protocol: PROTOCOL_VERSION, ...asked() }),
  attachment: (d) => call(d.server, 'GET', `${paths.attachments}/x/bytes?offset=0`, undefined, d.access).then(codeOf),
  refresh: (d) => post(d, paths.refresh, { protocol: PROTOCOL_VERSION, refreshToken: d.refreshToken }),
  signIn: async (d) => {
    const body = { protocol: PROTOCOL_VERSION, staffNo: d.account.staffNo, password: 'right-password', deviceId: d.id };
    return codeOf(await call(d.server, 'POST', paths.signIn, body));
  },
  live: (d) =>
    listen(d.server.url, d.access).then(
      (ear) => {
        ear.close();
        return 'done';
      },
      (error: Error) => (error.message.includes('403') ? 'account-disabled' : error.message),
    ),
};

/** Asks on and on in several ways at once, until told to stop. @returns how often something was answered */
function hammer(ways: readonly (() => Promise<string>)[]): () => Promise<number> {
  let on = true;
  let answered = 0;
  const running = ways.map(async (way) => {
    while (on) if ((await way()) === 'done') answered += 1;
  });
  return async () => {
    on = false;
    await Promise.all(running);
    return answered;
  };
}

describe('an account that is disabled (S17)', () => {
  it(
    `S17 is cut off from every way in by the time the administrator is answered, ${RACES} times`,
    async () => {
      const { ticketId } = await company.newTicket(ann);
      let during = 0;
      for (let i = 0; i < RACES; i++) {
        const lea = await company.device('lea', other);
        await lea.page();
        const ear = await listen(other.url, lea.access);
        const stop = hammer([() => pull(lea), () => push(lea, ticketId), () => listPeople(lea)]);
        // At another moment of those requests each time.
        if (i % 4 > 0) await wait(i % 4);
        await ada.operate('staff.disable', { id: lea.account.id, tickets: { what: 'keep' } });
        const way = Object.keys(everyWay)[i % Object.keys(everyWay).length]!;
        const answers = await Promise.all([pull(lea), push(lea, ticketId), listPeople(lea), everyWay[way]!(lea, ticketId)]);
        expect([way, ...answers]).toEqual([way, ...Array.from({ length: 4 }, () => 'account-disabled')]);
        during += await stop();
        expect(await ending(ear)).toEqual({ type: 'ended', reason: 'disabled' });
        await ear.closed;
        await ada.operate('staff.enable', { id: lea.account.id });
      }
      // Otherwise there was no race.
      expect(during).toBeGreaterThan(RACES / 2);
    },
    60_000 + RACES * 1000,
  );

  it('S17 is cut off from live push although no notice of it came, by what each instance asks every few seconds', async () => {
    const server = await startTestServer({ database: { store: second! }, empty: false, timers: true, clock: company.clock });
    try {
      const lea = await company.device('lea', server);
      const ear = await listen(server.url, lea.access);
      await store!.script(`UPDATE account SET disabled = true WHERE id = '${lea.account.id}'`);
      expect(await ending(ear)).toEqual({ type: 'ended', reason: 'disabled' });
    } finally {
      await server.close();
    }
  });
});

describe('an account whose role is changed (S17)', () => {
  it(
    `S17 sees no more of others by the time the administrator is answered, ${RACES} times`,
    async () => {
      const { ticketId } = await company.newTicket(ann);
      let during = 0;
      for (let i = 0; i < RACES; i++) {
        const lea = await company.device('lea', other);
        await lea.sync();
        expect(lea.tickets.has(ticketId)).toBe(true);
        const stop = hammer([() => pull(lea), () => listPeople(lea)]);
        if (i % 4 > 0) await wait(i % 4);
        await ada.operate('staff.change', { id: lea.account.id, role: 'agent' });
        const [people, file, pages] = await Promise.all([listPeople(lea), everyWay['export']!(lea, ticketId), lea.sync()]);
        expect([people, file, pages[0]!.mode, lea.tickets.has(ticketId)]).toEqual(['forbidden', 'forbidden', 'reset', false]);
        expect(pages.flatMap((p) => p.rows.tickets)).toEqual([]);
        during += await stop();
        await ada.operate('staff.change', { id: lea.account.id, role: 'leader' });
      }
      expect(during).toBeGreaterThan(RACES / 2);
    },
    60_000 + RACES * 1000,
  );
});

describe('a request that was let in before (S17)', () => {
  /** Sends the head, and the body when told to. */
  async function slowly(device: Device, path: string, body: object): Promise<() => Promise<number>> {
    const text = JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${device.access}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const asking = httpRequest(device.server.url + path, { method: 'POST', headers });
    asking.write(text.slice(0, 1));
    // The head has been looked at when another request behind it has.
    await pull(device);
    return async () => {
      asking.end(text.slice(1));
      const [response] = (await once(asking, 'response')) as [{ statusCode: number; resume(): void }];
      response.resume();
      return response.statusCode;
    };
  }

  it.each([
    ['a pull', paths.pull, (d: Device) => pullBody(d)],
    ['a list of people', `${paths.operations}/staff.list`, () => ({ protocol: PROTOCOL_VERSION, input: {} })],
    ['an export', paths.export, () => ({ protocol: PROTOCOL_VERSION, ...asked() })],
  ])('S17 is refused if its body comes slowly and the account is disabled meanwhile: %s', async (_name, path, bodyOf) => {
    const lea = await company.device('lea', other);
    const [finish, allowed] = [await slowly(lea, path, bodyOf(lea)), await slowly(lea, path, bodyOf(lea))];
    expect(await allowed()).toBe(200);
    await ada.operate('staff.disable', { id: lea.account.id, tickets: { what: 'keep' } });
    company.clock.pass(1_000);
    expect(await finish()).toBe(403);
  });

  it('S17 is refused if it waited for its turn and the account was disabled or signed out meanwhile', async () => {
    const { ticketId, customerId } = await company.newTicket(ann);
    const [lea, leo] = [await company.device('lea', other), await company.device('leo', other)];
    let [waiting, ending_]: [Promise<string>[], Promise<string>[]] = [[], []];
    await store!.transaction(async (tx) => {
      await tx.execute(sql`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`);
      // As many as work at a time, and all of them wait for this.
      waiting = Array.from({ length: 8 }, () => push(ann, ticketId));
      await blocked(8);
      ending_ = [pull(lea), pull(leo)];
      await wait(50);
      await ada.operate('staff.disable', { id: lea.account.id, tickets: { what: 'keep' } });
      await ada.operate('staff.signOutDevice', { id: leo.account.id, deviceId: leo.id, erase: false });
      company.clock.pass(1_500);
    });
    expect(await Promise.all(ending_)).toEqual(['account-disabled', 'unauthorized']);
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 8 }, () => 'done'));
  });

  async function blocked(many: number): Promise<void> {
    for (;;) {
      const found = await store!.orm.execute(
        sql`SELECT count(*)::integer AS n FROM pg_stat_activity WHERE datname = 'cut' AND wait_event_type = 'Lock'`,
      );
      if ((found as unknown as { rows: { n: number }[] }).rows[0]!.n >= many) return;
      await wait(5);
    }
  }
});

/** What it hears last. */
async function ending(ear: Ear): Promise<unknown> {
  for (;;) {
    const message = await ear.next();
    if ((message as { type: string }).type === 'ended') return message;
  }
}
