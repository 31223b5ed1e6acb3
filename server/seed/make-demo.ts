import type { Account, StaffGroup } from '../../shared/domain/people.ts';
import type { Phrase, SavedSearch } from '../../shared/domain/personal.ts';
import { onDuty, spreadCustomers } from './customers.ts';
import type { Person } from './history.ts';
import { type DemoStaff, makeCustomer, makeStaff } from './people.ts';
import { demoPhrases, demoSearches } from './personal.ts';
import { type Chance, createChance } from './random.ts';
import { DAY, invalidCustomer, type OpenPlan, openTicket, pooledTicket, resolvedTicket, type Stage } from './scripts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = 60;

export interface DemoSize {
  readonly customers: number;
  readonly tickets: number;
}
export const fullSize: DemoSize = { customers: 2000, tickets: 5000 };

export interface Demo {
  readonly staff: DemoStaff;
  readonly people: readonly Person[];
  readonly phrases: readonly Phrase[];
  readonly searches: readonly SavedSearch[];
}

/** Two months of a small company's work, ending now. The same seed and time give the same. */
export function makeDemo(seed: number, now: number, size: DemoSize = fullSize): Demo {
  const chance = createChance(seed);
  const staff = makeStaff(chance, now - (DAYS + 30) * DAY);
  const people = Array.from({ length: size.customers }, (): Person => {
    const customer = makeCustomer(chance, now - chance.int(DAYS + 1, DAYS + 20) * DAY);
    return { customer, tickets: [], held: new Set() };
  });
  const stage: Stage = { chance, staff, byId: new Map(staff.accounts.map((a) => [a.id, a])), now };
  // The first customers are kept for 无效, so that no other ticket of theirs gets in the way.
  const reserved = Math.min(26, Math.floor(size.customers / 10));
  const anyone = (): Person => people[chance.int(reserved, people.length - 1)]!;
  let made = 0;

  for (let i = 0; i < reserved; i++, made += 2) {
    const agent = i < 3 ? staff.main : chance.pick(staff.accounts.filter((a) => a.role === 'agent'));
    invalidCustomer(stage, people[i]!, groupOf(staff, chance, agent), agent, now - chance.int(2, 50) * DAY);
  }
  made += fillMainDesk(stage, anyone);
  for (const account of staff.accounts) {
    if (account === staff.main || account.role === 'qa' || account.role === 'admin') continue;
    const count = account.role === 'leader' ? 3 : chance.int(12, 56);
    for (let i = 0; i < count; i++, made++) openTicket(stage, anyone(), groupOf(staff, chance, account), account, anyPlan(stage));
  }
  for (const group of staff.groups) made += fillPool(stage, group, anyone);
  for (; made < size.tickets; made++) {
    const group = chance.pick(staff.groups);
    // 林知夏's own list of finished tickets is made above, in a known length.
    const agent = chance.pick(staff.agentsOf(group.id).filter((a) => a !== staff.main));
    resolvedTicket(stage, anyone(), group, agent, now - chance.int(6 * HOUR, DAYS * DAY));
  }
  // With chances of their own, so that what is above stays as it was.
  const more = createChance(seed ^ 0x5eed);
  spreadCustomers(more, staff, people);
  nameOne(people, staff.main);
  const since = now - (DAYS + 30) * DAY;
  return {
    staff: { ...staff, accounts: onDuty(more, staff.accounts, now) },
    people,
    phrases: demoPhrases(more, staff.main, since),
    searches: demoSearches(more, staff, since),
  };
}

/** Somebody on the main desk whom everyone can find by initials (zsf); nobody has been told the old name. */
function nameOne(people: readonly Person[], main: Account): void {
  const known = people.find(
    (p) => p.tickets.some((t) => t.ticket?.assigneeId === main.id) && p.tickets.every((t) => t.transfers.length === 0),
  );
  if (known !== undefined) known.customer = { ...known.customer, name: '张三丰' };
}

const groupOf = (staff: DemoStaff, chance: Chance, account: Account): StaffGroup => {
  const id = chance.hit(0.7) ? account.priorityGroupId : chance.pick(account.groupIds);
  return staff.groups.find((g) => g.id === id)!;
};

function anyPlan({ chance, now }: Stage): OpenPlan {
  const dueAt = now + (chance.hit(0.04) ? chance.int(50 * MINUTE, 5 * HOUR) : chance.int(5 * HOUR, 71 * HOUR));
  const share = chance.next();
  const status = share < 0.2 ? 'pending' : share < 0.8 ? 'processing' : 'waiting';
  // What was overdue before the ticket came into these hands, or before what was noted there, cannot be.
  const handed = dueAt - 3 * DAY;
  const from = Math.round(Math.max(handed + (now - handed) * 0.75, now - 3 * HOUR));
  const callbacks = chance.hit(0.5)
    ? [chance.hit(0.15) ? chance.int(from, Math.max(from, now - MINUTE)) : now + chance.int(10 * MINUTE, 6 * DAY)]
    : [];
  return { status, dueAt, callbacks };
}

/** 林知夏's desk: something in every list and every bucket, whenever the demo starts. */
function fillMainDesk(stage: Stage, anyone: () => Person): number {
  const { chance, staff, now } = stage;
  const { main } = staff;
  let made = 0;
  const group = (): StaffGroup => groupOf(staff, chance, main);
  const desk = (status: OpenPlan['status'], dueIn: number, ...callbacksIn: number[]): void => {
    openTicket(stage, anyone(), group(), main, { status, dueAt: now + dueIn, callbacks: callbacksIn.map((c) => now + c) });
    made++;
  };
  // Overdue, and the next two hours.
  desk('processing', 26 * HOUR, -41 * MINUTE);
  desk('processing', 30 * HOUR, -26 * MINUTE);
  desk('waiting', 33 * HOUR, -12 * MINUTE);
  desk('waiting', 60 * HOUR, -1 * MINUTE);
  desk('processing', 29 * HOUR, 18 * MINUTE);
  desk('processing', 41 * MINUTE + 20_000);
  desk('processing', 45 * HOUR, 89 * MINUTE);
  desk('processing', 112 * MINUTE);
  // Later, by callback or by deadline.
  for (const hours of [2.3, 3, 3.6, 4.5, 5.5]) desk('processing', (hours + 20) * HOUR, hours * HOUR);
  for (const hours of [3.2, 4, 5, 6.4, 8]) desk(chance.pick(['processing', 'waiting']), hours * HOUR);
  for (let i = 0; i < 12; i++) desk('pending', chance.int(10 * HOUR, 70 * HOUR), ...(i % 3 === 0 ? [chance.int(2 * HOUR, 30 * HOUR)] : []));
  for (let i = 0; i < 31; i++) {
    const status = i % 4 === 0 ? 'waiting' : 'processing';
    desk(status, chance.int(14 * HOUR, 71 * HOUR), ...(i % 2 === 0 ? [chance.int(18 * HOUR, 7 * DAY)] : []));
  }
  // What was missed: callbacks after the work was done, and tickets that ran out.
  const missed = [1, 1.1, 1.2, 2, 3, 3.4, 4, 5, 6, 6.5, 8, 9, 10, 12, 13, 15, 16, 18, 20, 21, 23, 25, 26, 28];
  for (const days of missed) {
    resolvedTicket(stage, anyone(), group(), main, now - days * DAY - 2.6 * DAY, now - days * DAY + chance.int(0, 5 * HOUR));
    made++;
  }
  for (const days of [0.8, 1.1, 2, 4, 5, 6, 7.5, 9, 11, 14, 17, 19, 22, 24, 27]) {
    pooledTicket(stage, anyone(), group(), main, 'expired', now - days * DAY - 3 * DAY);
    made++;
  }
  for (let i = 0; i < 102; i++, made++) resolvedTicket(stage, anyone(), group(), main, now - chance.int(8 * HOUR, DAYS * DAY));
  // 已转派: seven that she gave away; some are still on the receiver's desk.
  for (let i = 0; i < 7; i++, made++) {
    const where = group();
    const receiver = chance.pick(staff.agentsOf(where.id).filter((a) => a !== main));
    const at = now - chance.int(3 * HOUR, i < 3 ? 50 * HOUR : 25 * DAY);
    const story = openTicket({ ...stage, now: at }, anyone(), where, main, {
      status: 'processing',
      dueAt: at - 2 * HOUR + 3 * DAY,
      callbacks: [],
    });
    story.run('transfer', { toId: receiver.id, reason: '客户片区不在我这边，转你跟进' }, main, at);
    if (at + 2.9 * DAY < now) story.run('resolve', { report: '已处理完毕，客户确认。' }, receiver, at + 30 * HOUR);
    if (at + 6 * DAY < now) story.run('autoClose', {}, { role: 'system' }, at + 30 * HOUR + 3 * DAY + MINUTE);
  }
  return made;
}

function fillPool(stage: Stage, group: StaffGroup, anyone: () => Person): number {
  const { chance, now, staff } = stage;
  const agents = staff.agentsOf(group.id).filter((a) => a !== staff.main);
  let made = 0;
  for (let i = 0; i < 52; i++, made++) {
    const agent = chance.pick(agents);
    if (i < 24) pooledTicket(stage, anyone(), group, agent, 'new', now - chance.int(10 * MINUTE, 6 * DAY));
    else if (i < 40) pooledTicket(stage, anyone(), group, agent, 'released', now - chance.int(3 * DAY, 20 * DAY));
    else pooledTicket(stage, anyone(), group, agent, 'expired', now - 3 * DAY - chance.int(HOUR, 25 * DAY));
  }
  return made;
}
