import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../../shared/domain/people.ts';
import { openTestStore } from '../../../server/testing.ts';
import type { Store } from '../../../server/store/store.ts';
import { type Company, foundCompany } from '../../integration/server/company.ts';
import { command, type Device, verdict } from '../../integration/server/device.ts';
import { type Case, Oracle } from './oracle.ts';

const HISTORIES = 300;
/** Histories on one company; after so many a new one, so that snapshots stay small. */
const PER_COMPANY = 25;
const STEPS = 10;
const names = ['ann', 'ben', 'cid', 'lea'] as const;
const acts = ['note', 'release', 'transfer', 'assign', 'claim', 'withdraw'] as const;
const roles: readonly Role[] = ['agent', 'leader', 'qa', 'admin'];

/** Repeatable chance (mulberry32). */
function chanceOf(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { hit: (share: number): boolean => next() < share, pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]! };
}

describe('S19 rights that change', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore();
  }, 60_000);
  afterAll(() => store.close());

  const seeds = Array.from({ length: HISTORIES / PER_COMPANY }, (_, i) => i + 1);

  test.each(seeds)(`S19 ${PER_COMPANY} histories of roles, groups and hands agree with the oracle at each step (seed %i)`, async (seed) => {
    const chance = chanceOf(seed);
    const company = await foundCompany(store);
    const admin = await company.device('ada');
    const devices = new Map<string, Device>();
    const oracle = new Oracle();
    const counted = { applied: 0, refused: 0, changed: 0, given: 0 };
    try {
      for (const name of names) {
        devices.set(name, await company.device(name));
        const { role, groupIds } = company.people[name];
        oracle.people.set(name, { name, role, groups: [...groupIds], disabled: false });
      }
      for (let h = 0; h < PER_COMPANY; h++) {
        const mine = await open(company, oracle, admin, chance);
        for (let step = 0; step < STEPS; step++) {
          if (chance.hit(0.45)) {
            await changePerson(company, oracle, admin, chance);
            counted.changed++;
          } else {
            const applied = await act(company, oracle, devices, mine, chance);
            counted[applied ? 'applied' : 'refused']++;
          }
          // Some of them each time, so that changes pile up for the others; all of them at the end.
          const last = step === STEPS - 1;
          for (const name of names.filter(() => last || chance.hit(0.4)))
            counted.given += await compare(company, oracle, devices.get(name)!, name, chance, last);
        }
      }
    } finally {
      await company.close();
    }
    // Otherwise nothing was tried.
    expect(counted.applied).toBeGreaterThan(20);
    expect(counted.refused).toBeGreaterThan(20);
    expect(counted.changed).toBeGreaterThan(50);
    expect(counted.given).toBeGreaterThan(0);
  });
});

type Chance = ReturnType<typeof chanceOf>;

/** A ticket of somebody's making. */
async function open(company: Company, oracle: Oracle, admin: Device, chance: Chance): Promise<Case> {
  const holder = chance.pick([...names, null]);
  const person = holder === null ? null : oracle.people.get(holder)!;
  const usable = person !== null && !person.disabled;
  const group = usable ? person.groups[0]! : chance.pick([company.groups.one.id, company.groups.two.id]);
  const assigneeId = usable ? company.people[holder as (typeof names)[number]].id : null;
  const { ticketId } = await company.newTicket(admin, { groupId: group, assigneeId });
  const made: Case = {
    id: ticketId,
    group,
    holder: usable ? holder : null,
    actors: new Set(),
    givenAwayBy: new Set(),
    releasedBy: new Set(),
  };
  oracle.cases.set(ticketId, made);
  return made;
}

async function changePerson(company: Company, oracle: Oracle, admin: Device, chance: Chance): Promise<void> {
  const out = names.filter((n) => oracle.people.get(n)!.disabled);
  const name = out.length > 0 && chance.hit(0.6) ? chance.pick(out) : chance.pick(names);
  const { id } = company.people[name];
  const person = oracle.people.get(name)!;
  if (person.disabled || chance.hit(0.25)) {
    person.disabled = !person.disabled;
    if (person.disabled) await admin.operate('staff.disable', { id, tickets: { what: 'keep' } });
    else await admin.operate('staff.enable', { id });
  } else if (chance.hit(0.5)) {
    person.role = chance.pick(roles);
    await admin.operate('staff.change', { id, role: person.role });
  } else {
    const { one, two } = company.groups;
    person.groups = chance.pick([[one.id], [two.id], [one.id, two.id]]);
    await admin.operate('staff.change', { id, groupIds: person.groups, priorityGroupId: person.groups[0]! });
  }
}

async function act(company: Company, oracle: Oracle, devices: ReadonlyMap<string, Device>, of: Case, chance: Chance): Promise<boolean> {
  // Often whoever has it: others are mostly refused.
  const name = of.holder !== null && chance.hit(0.5) ? (of.holder as (typeof names)[number]) : chance.pick(names);
  const to = chance.pick(names);
  const kind = chance.pick(acts);
  const toId = company.people[to].id;
  const now = company.clock.now();
  const given = {
    note: () => command('note', of.id, { note: 'n' }, now),
    release: () => command('release', of.id, { reason: '' }, now),
    transfer: () => command('transfer', of.id, { toId, reason: '' }, now),
    assign: () => command('assign', of.id, { toId, note: '' }, now),
    claim: () => command('claim', of.id, {}, now),
    withdraw: () => command('withdraw', of.id, { reason: '' }, now),
  }[kind]();
  const meant = oracle.may(name, kind, of, to);
  const said = await devices
    .get(name)!
    .push(given)
    .then(([result]) => verdict(result))
    .catch((error: unknown) => (/account-disabled/.test(String(error)) ? 'account-disabled' : Promise.reject(error as Error)));
  expect([name, kind, to, said === 'applied', said]).toEqual([name, kind, to, meant, said]);
  if (meant) oracle.done(name, kind, of, to);
  return meant;
}

/** What the account sees by changes, and now and then from the beginning and in a file. @returns how many tickets it gave away */
async function compare(company: Company, oracle: Oracle, device: Device, name: string, chance: Chance, thorough: boolean): Promise<number> {
  const person = oracle.people.get(name)!;
  if (person.disabled) {
    await expect(device.page()).rejects.toThrow('account-disabled');
    return 0;
  }
  const meant = [...oracle.cases.values()].filter((c) => oracle.sees(name, c)).map((c) => c.id);
  await device.sync(1000);
  expect([name, [...device.tickets.keys()].toSorted()]).toEqual([name, meant.toSorted()]);
  const given = [...oracle.cases.values()].filter((c) => c.givenAwayBy.has(name));
  const kept = [...device.transfers.values()].filter((t) => t.fromId === device.account.id).map((t) => t.ticketId);
  expect(new Set(kept)).toEqual(new Set(given.map((c) => c.id)));
  if (!thorough || !chance.hit(0.3)) return given.length;
  const fresh = await company.device(name as (typeof names)[number]);
  await fresh.sync(1000);
  expect([...fresh.tickets.keys()].toSorted()).toEqual(meant.toSorted());
  const ids = [...oracle.cases.keys()];
  const file = await fresh.download({ fields: ['number'], select: { by: 'ids', ids }, locale: 'zh-CN', zone: 'UTC' });
  if (person.role === 'agent') expect(file.status).toBe(403);
  else expect(file.text.split('\r\n').slice(1, -1)).toHaveLength(meant.length);
  return given.length;
}
