import { sql } from 'drizzle-orm';
import type { Account, Role, StaffGroup } from '../../shared/domain/people.ts';
import { ticketAudience } from '../../shared/domain/permissions.ts';
import type { CommandArgs } from '../../shared/domain/commands/index.ts';
import { type Person, Story } from '../../server/seed/history.ts';
import { makeCustomer } from '../../server/seed/people.ts';
import { type Chance, createChance } from '../../server/seed/random.ts';
import { loadHistory } from '../../server/seed/seed-demo.ts';
import { loadRows } from '../../server/store/load-rows.ts';
import { rowsOf, type Store } from '../../server/store/store.ts';
import { customerAudience } from '../../server/sync/customer-audience.ts';
import { type FeedEntry, takeNumbers, writeFeed } from '../../server/sync/feed.ts';

const MINUTE = 60_000;
const FIRST_NUMBER = 100_001;
const GROUP_SIZE = 20;
/** In a group's pool before anybody goes away. */
const POOLED = 20;
const CHUNK = 1000;

export interface Plan {
  /** Two at least, so that each has a colleague. */
  readonly agents: number;
  /** On each agent's desk. */
  readonly tickets: number;
}

/** What a client is told of the account that it signs in with. */
export interface Seat {
  readonly accountId: string;
  readonly staffNo: string;
  readonly role: Role;
  readonly groupId: string;
  readonly leaderId: string;
  /** The other agents of the group; the next one first. */
  readonly colleagues: readonly string[];
  /** On this desk. */
  readonly tickets: readonly string[];
}

interface Told {
  readonly person: Person;
  readonly story: Story;
}

export interface World {
  readonly chance: Chance;
  readonly groups: readonly StaffGroup[];
  readonly accounts: readonly Account[];
  readonly byId: ReadonlyMap<string, Account>;
  readonly seats: readonly Seat[];
  /** What lies on each agent's desk, by account. */
  readonly desks: ReadonlyMap<string, readonly Told[]>;
  readonly people: Person[];
}

/** Groups of about twenty agents with a leader each, tickets on every desk and in every pool. Everything is made by the rules. */
export function makeWorld({ agents, tickets }: Plan, now: number): World {
  const chance = createChance(agents);
  const began = now - 180 * MINUTE;
  const count = Math.ceil(agents / GROUP_SIZE);
  const groups = Array.from({ length: count }, (_, i): StaffGroup => ({ id: chance.id(began), name: `${i + 1} 组` }));
  const account = (staffNo: string, role: Role, { id: groupId }: StaffGroup): Account => ({
    id: chance.id(began),
    staffNo,
    name: staffNo,
    role,
    groupIds: [groupId],
    priorityGroupId: groupId,
    disabled: false,
    duty: 'on',
    dutySince: null,
  });
  const staff = Array.from({ length: agents }, (_, i) => account(`A${10_001 + i}`, 'agent', groups[i % count]!));
  const leaders = groups.map((group, i) => account(`L${10_001 + i}`, 'leader', group));
  const accounts = [...leaders, ...staff];
  const world = { chance, groups, accounts, byId: new Map(accounts.map((a) => [a.id, a])), people: [] as Person[] };
  const desks = new Map<string, Told[]>();
  for (const agent of staff) {
    const own = Array.from({ length: tickets }, () => newTicket(world, agent, agent, began));
    for (const { story } of own)
      for (const minutes of [20, 50])
        story.run('update', { note: '已联系客户，等待上门时间', changes: [], waiting: false }, agent, began + minutes * MINUTE);
    desks.set(agent.id, own);
  }
  for (const leader of leaders) for (let i = 0; i < POOLED; i++) newTicket(world, leader, null, began + 30 * MINUTE);
  const seats = accounts.map((a): Seat => {
    const members = staff.filter((s) => s.priorityGroupId === a.priorityGroupId);
    const place = members.indexOf(a);
    return {
      accountId: a.id,
      staffNo: a.staffNo,
      role: a.role,
      groupId: a.priorityGroupId,
      leaderId: leaders.find((l) => l.priorityGroupId === a.priorityGroupId)!.id,
      colleagues: [...members.slice(place + 1), ...members.slice(0, Math.max(0, place))].map((m) => m.id),
      tickets: (desks.get(a.id) ?? []).map(({ story }) => story.id),
    };
  });
  return { ...world, seats, desks };
}

/** What a ticket says when it is new. */
export const newTicketWords: Omit<CommandArgs<'create'>, 'customerId' | 'groupId' | 'assigneeId'> = {
  subject: '晚间频繁掉线，重启无效',
  description: '客户反映每天八点以后网速很慢，光猫指示灯正常，已指导重启两次，问题依旧，希望尽快派人上门检查线路。',
  category: '宽带',
  nature: 'incident',
  priority: 'normal',
  source: 'phone',
};

function newTicket(world: Pick<World, 'chance' | 'byId' | 'people'>, by: Account, assignee: Account | null, at: number): Told {
  const { chance, byId, people } = world;
  const groupId = by.priorityGroupId;
  const customer = { ...makeCustomer(chance, at), groupId, ownerId: assignee?.id ?? null };
  const person: Person = { customer, tickets: [], held: new Set() };
  people.push(person);
  const story = new Story(person, chance, byId, at);
  story.run('create', { ...newTicketWords, customerId: customer.id, groupId, assigneeId: assignee?.id ?? null }, by, at);
  return { person, story };
}

/** Into an empty database. */
export async function loadWorld(store: Store, { groups, accounts, people }: World, passwordHash: string): Promise<void> {
  await store.transaction(async (tx) => {
    await loadRows(tx, 'staff_group', groups);
    await loadRows(
      tx,
      'account',
      accounts.map((a) => ({ ...a, passwordHash })),
    );
    await loadHistory(tx, people, FIRST_NUMBER);
  });
  // As the database of a company that is at work.
  await store.script('ANALYZE');
}

interface Happened {
  readonly at: number;
  readonly eventId: string;
  readonly entries: readonly FeedEntry[];
}

/**
 * What happens while the agents are away: `events` changes that concern each of them. A fifth are notes of their leader
 * on their own tickets; the others come with new tickets of new customers in the pool of their group.
 */
export async function missWork(store: Store, world: World, events: number, now: number): Promise<void> {
  const { chance, accounts, byId, desks, people } = world;
  const known = people.length;
  const times = (n: number): number[] =>
    Array.from({ length: n }, () => chance.int(now - 60 * MINUTE, now - MINUTE)).toSorted((a, b) => a - b);
  const notes = Math.floor(events / 5);
  const happened: Happened[] = [];
  for (const leader of accounts.filter((a) => a.role === 'leader')) {
    for (const at of times(Math.floor((events - notes) / 2))) happened.push(arrival(newTicket(world, leader, null, at)));
    for (const [agentId, own] of desks) {
      if (byId.get(agentId)!.priorityGroupId !== leader.priorityGroupId) continue;
      for (const [i, at] of times(notes).entries()) happened.push(note(own[i % own.length]!, leader, at));
    }
  }
  happened.sort((a, b) => a.at - b.at);

  await store.transaction(async (tx) => {
    const entries = happened.flatMap((h) => h.entries);
    const first = await takeNumbers(tx, entries.length);
    const seqs = new Map<string, number>();
    let seq = first;
    for (const { eventId, entries: own } of happened) {
      seqs.set(eventId, seq);
      seq += own.length;
    }
    const seqOf = (eventId: string): number => seqs.get(eventId)!;
    await loadHistory(tx, people.slice(known), FIRST_NUMBER + known, seqOf);
    const touched = [...desks.values()].flat().map(({ story }) => story);
    await loadRows(
      tx,
      'ticket_event',
      touched.flatMap((s) => s.events.filter((e) => seqs.has(e.id)).map((e) => ({ ...e, seq: seqOf(e.id) }))),
    );
    for (let i = 0; i < touched.length; i += CHUNK) {
      const part = touched.slice(i, i + CHUNK).map(({ ticket }) => ({ id: ticket!.id, version: ticket!.version, at: ticket!.updatedAt }));
      await rowsOf(
        tx,
        sql`UPDATE ticket t SET version = r.version, updated_at = r.at
            FROM jsonb_to_recordset(${JSON.stringify(part)}::jsonb) AS r (id text, version integer, at bigint) WHERE t.id = r.id`,
      );
    }
    await writeFeed(tx, first, entries);
  });
  await store.script('ANALYZE');
}

function arrival({ person, story }: Told): Happened {
  const ticket = story.ticket!;
  const { customer } = person;
  const entries: FeedEntry[] = [
    { kind: 'ticket', id: ticket.id, before: [], after: ticketAudience(ticket, customer) },
    { kind: 'customer', id: customer.id, before: [], after: customerAudience(customer, [ticket], [...person.held]) },
  ];
  return { at: ticket.updatedAt, eventId: story.events[0]!.id, entries };
}

function note({ person, story }: Told, leader: Account, at: number): Happened {
  story.run('note', { note: '请今天内回复客户，并把结果写在这里。' }, leader, at);
  const audience = ticketAudience(story.ticket!, person.customer);
  const { id, receivedAt } = story.events.at(-1)!;
  return { at: receivedAt!, eventId: id, entries: [{ kind: 'ticket', id: story.id, before: audience, after: audience }] };
}
