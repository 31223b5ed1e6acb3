import type { Account, Duty } from '../../shared/domain/people.ts';
import type { Person } from './history.ts';
import type { DemoStaff } from './people.ts';
import type { Chance } from './random.ts';

const HOUR = 3_600_000;

const phone = (chance: Chance): string =>
  `1${chance.pick(['35', '36', '37', '59', '88'])}${String(chance.int(0, 99_999_999)).padStart(8, '0')}`;

/** What 用户资源 is like beside tickets: customers that nobody works for yet, some of them owned, and those with many contacts. */
export function spreadCustomers(chance: Chance, staff: DemoStaff, people: readonly Person[]): void {
  for (const [i, person] of people.entries()) {
    const { customer } = person;
    if (i % 12 === 5)
      person.customer = {
        ...customer,
        phones: [
          ...customer.phones,
          phone(chance),
          ...(chance.hit(0.4) ? [`0${chance.int(21, 29)}-${chance.int(2_000_000, 8_999_999)}`] : []),
        ].slice(0, 5),
        emails: [`kehu${chance.int(10_000, 99_999)}@mail.example`, `home${chance.int(10_000, 99_999)}@post.example`],
      };
    if (person.tickets.length > 0) continue;
    const group = staff.groups[i % staff.groups.length]!;
    const owner = ownerOf(chance, staff, group.id, i);
    person.customer = { ...person.customer, groupId: group.id, ownerId: owner?.id ?? null };
  }
}

/** A third is free; of the others 林知夏 has a few. */
function ownerOf(chance: Chance, staff: DemoStaff, groupId: string, i: number): Account | null {
  if (chance.hit(0.35)) return null;
  return i % 9 === 0 && staff.main.groupIds.includes(groupId) ? staff.main : chance.pick(staff.agentsOf(groupId));
}

/** Most are at work, some on a break, some gone. */
export function onDuty(chance: Chance, accounts: readonly Account[], now: number): readonly Account[] {
  return accounts.map((a, i): Account => {
    const duty: Duty = a.role !== 'agent' ? 'on' : i % 6 === 3 ? 'break' : i % 6 === 5 ? 'off' : 'on';
    const minutes = duty === 'break' ? chance.int(3, 25) : chance.int(30, 240);
    // 林知夏 has just sat down.
    return a.staffNo === 'A20817' ? { ...a, duty: 'on', dutySince: now - 2 * HOUR } : { ...a, duty, dutySince: now - minutes * 60_000 };
  });
}
