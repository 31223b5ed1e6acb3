import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createChance } from '../../../server/seed/random.ts';
import { argonFloor, argonHasher, costOf, type PasswordHasher } from '../../../server/sessions/hasher.ts';
import { audit, loginAttempt } from '../../../server/store/schema.ts';
import type { Store } from '../../../server/store/store.ts';
import { openTestStore, plainHasher } from '../../../server/testing.ts';
import { PROTOCOL_VERSION } from '../../../shared/protocol/version.ts';
import { paths } from '../../../shared/protocol/wire.ts';
import { type Company, foundCompany, MINUTE, type Name } from './company.ts';

// S18: whether there is an account cannot be told from what a try to sign in is answered, nor from the work that it takes.
// The work is counted, since a measured time says more about the machine than about the server.

let store: Store;
let company: Company | undefined;
beforeAll(async () => {
  store = await openTestStore();
}, 60_000);
afterEach(() => company?.close());
afterAll(() => store?.close());

const names: readonly Name[] = ['ann', 'ben', 'cid', 'lea', 'leo', 'qiu', 'ada'];
/** Nobody, who is asked for whenever somebody is. */
const ghostOf = (name: string): string => `${name}x`;

/** Counts what is hashed and at what cost. */
function counted(hasher: PasswordHasher): { readonly hasher: PasswordHasher; take(): string[] } {
  let done: string[] = [];
  return {
    hasher: {
      ...hasher,
      hash(password) {
        done.push('hash');
        return hasher.hash(password);
      },
      verify(stored, password) {
        done.push(`verify ${JSON.stringify(costOf(stored))}`);
        return hasher.verify(stored, password);
      },
    },
    take() {
      const taken = done;
      done = [];
      return taken;
    },
  };
}

it('S18 5,000 times two tries are told the same and cost the same, one for an account and one for nobody', async () => {
  const { hasher, take } = counted(plainHasher);
  company = await foundCompany(store, { hasher });
  // One of them is disabled, and is told so only with the right password.
  await company.server.staff.changeAccount(company.people.cid.id, { disabled: true });
  const { sessions } = company.server;
  const chance = createChance(18);
  const from = { id: 'device-0001', system: '', name: '' };
  let [refused, throttled] = [0, 0];
  const ask = async (name: string, address: string): Promise<unknown> => {
    take();
    const answer = await sessions.signIn(name, 'wrong', from, address);
    return { answer, work: take() };
  };
  for (let i = 0; i < 5_000; i++) {
    if (chance.hit(0.1)) company.clock.pass(chance.pick([1, 4_999, 5_000, 30_000, 2 * MINUTE, 16 * MINUTE]));
    if (chance.hit(0.002)) company.clock.pass(61 * MINUTE);
    const name = chance.hit(0.8) ? chance.pick(names) : chance.pick(names).toUpperCase();
    const address = chance.pick(['203.0.113.1', '203.0.113.2', '2001:db8::1', '2001:db8::2']);
    const ghostFirst = chance.hit(0.5);
    const first = await ask(ghostFirst ? ghostOf(name) : name, address);
    const second = await ask(ghostFirst ? name : ghostOf(name), address);
    expect(second).toEqual(first);
    const { answer, work } = first as { answer: { ok: boolean; denial: { code: string } }; work: string[] };
    expect(answer.ok).toBe(false);
    expect(work).toHaveLength(answer.denial.code === 'throttled' ? 0 : 1);
    if (answer.denial.code === 'throttled') throttled += 1;
    else refused += 1;
  }
  expect(refused).toBeGreaterThan(500);
  expect(throttled).toBeGreaterThan(500);
  // One count for each name and network, whatever its capitals.
  expect(await store.orm.$count(loginAttempt)).toBe(names.length * 2 * 3);
}, 120_000);

it('S18 100 tries with the real hasher: the same words and headers, and as many hashes with the same parameters', async () => {
  const { hasher, take } = counted(argonHasher());
  company = await foundCompany(store, { hasher });
  const { server } = company;
  const ask = async (staffNo: string, address: string): Promise<unknown> => {
    take();
    const { statusCode, headers, body } = await server.inject({
      method: 'POST',
      url: paths.signIn,
      remoteAddress: address,
      payload: { protocol: PROTOCOL_VERSION, staffNo, password: 'wrong', deviceId: 'device-0001' },
    });
    const { date: _, ...rest } = headers;
    return { statusCode, headers: rest, body, work: take() };
  };
  const works: string[][] = [];
  const statuses = new Set<number>();
  for (let i = 0; i < 50; i++) {
    const name = names[i % 5]!;
    const address = i < 40 ? '203.0.113.1' : '203.0.113.2';
    const somebody = await ask(name, address);
    expect(await ask(ghostOf(name), address)).toEqual(somebody);
    const { statusCode, work } = somebody as { statusCode: number; work: string[] };
    statuses.add(statusCode);
    works.push(work);
  }
  expect(statuses).toEqual(new Set([401, 429]));
  expect(new Set(works.flat())).toEqual(new Set([`verify ${JSON.stringify(argonFloor)}`]));
  // Five for each of five names from the first address, and two from the other.
  expect(works.flat()).toHaveLength(5 * 5 + 5 * 2);
}, 60_000);

it('S18 a refusal is written to the log for an account as it is for nobody, or for neither', async () => {
  company = await foundCompany(store);
  const { sessions } = company.server;
  let before = await store.orm.$count(audit);
  const written = async (name: string, address: string): Promise<number> => {
    await sessions.signIn(name, 'wrong', { id: 'device-0001', system: '', name: '' }, address);
    const now = await store.orm.$count(audit);
    const more = now - before;
    before = now;
    return more;
  };
  let single = 0;
  for (let i = 0; i < 120; i++) {
    const name = names[i % names.length]!;
    const [one, other] = [await written(ghostOf(name), `203.0.113.${i}`), await written(name, `203.0.113.${i}`)];
    expect(other).toBe(one);
    single += one;
  }
  expect(single).toBeGreaterThan(0);
  expect(single).toBeLessThan(120);
});
