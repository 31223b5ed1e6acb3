import type { CommandArgs } from '../../shared/domain/commands/index.ts';
import type { Account, StaffGroup } from '../../shared/domain/people.ts';
import { isEmptyValue } from '../../shared/domain/custom-fields.ts';
import { type CustomValue, defaultParameters } from '../../shared/domain/tickets.ts';
import { anyValue, demoField, demoFields } from './custom-fields.ts';
import { type Person, Story } from './history.ts';
import type { DemoStaff } from './people.ts';
import type { Chance } from './random.ts';
import {
  appliances,
  areas,
  assignNotes,
  broadband,
  callbackNotes,
  complaints,
  invalidReasons,
  releaseReasons,
  reopenReasons,
  type Topic,
  transferReasons,
} from './texts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const TTL = defaultParameters.ticketTtl ?? 3 * DAY;

export interface Stage {
  readonly chance: Chance;
  readonly staff: DemoStaff;
  readonly byId: ReadonlyMap<string, Account>;
  readonly now: number;
}

const topics: readonly (readonly Topic[])[] = [broadband, appliances, complaints];
const topicFor = (stage: Stage, group: StaffGroup): Topic => stage.chance.pick(topics[stage.staff.groups.indexOf(group)]!);

// Never 林知夏: her 已转派 list is made on purpose.
const colleague = (stage: Stage, group: StaffGroup, not: Account): Account => {
  const others = stage.staff.agentsOf(group.id).filter((a) => a.id !== not.id && a.id !== stage.staff.main.id);
  return stage.chance.pick(others);
};

function create(stage: Stage, person: Person, group: StaffGroup, topic: Topic, by: Account, assignee: Account | null, at: number): Story {
  const { chance } = stage;
  if (person.tickets.length === 0) person.customer = { ...person.customer, groupId: group.id, ...(assignee && { ownerId: assignee.id }) };
  const story = new Story(person, chance, stage.byId, at);
  const nature: CommandArgs<'create'>['nature'] = chance.pick(['incident', 'incident', 'problem', 'question', 'task']);
  const args: CommandArgs<'create'> = {
    customerId: person.customer.id,
    subject: topic.subject,
    description: topic.description,
    category: topic.category,
    nature: group === stage.staff.groups[2] ? 'problem' : nature,
    priority: chance.pick(['low', 'normal', 'normal', 'normal', 'high', 'high', 'urgent']),
    source: chance.pick(['phone', 'phone', 'phone', 'app', 'wechat', 'chat', 'email', 'form']),
    groupId: group.id,
    assigneeId: assignee?.id ?? null,
  };
  story.run('create', args, by, at);
  return story;
}

/** A ticket that came into `assignee`'s hands at `at`, on one of the ways that there are. */
function handOver(stage: Stage, person: Person, group: StaffGroup, topic: Topic, assignee: Account, at: number): Story {
  const { chance, staff } = stage;
  const way = chance.next();
  if (way < 0.5) return create(stage, person, group, topic, assignee, assignee, at);
  if (way < 0.8) {
    const story = create(stage, person, group, topic, colleague(stage, group, assignee), null, at - chance.int(10 * MINUTE, 20 * HOUR));
    story.run('assign', { toId: assignee.id, note: chance.pick(assignNotes) }, staff.leaderOf(group.id), at);
    return story;
  }
  const from = colleague(stage, group, assignee);
  const began = at - chance.int(HOUR, 40 * HOUR);
  const story = create(stage, person, group, topic, from, from, began);
  if (chance.hit(0.6)) note(stage, story, topic, from, began + (at - began) / 2, false);
  story.run('transfer', { toId: assignee.id, reason: chance.pick(transferReasons) }, from, at);
  return story;
}

function note(stage: Stage, story: Story, topic: Topic, by: Account, at: number, waiting: boolean): void {
  const { chance } = stage;
  const known = story.ticket!.custom;
  const changes: CommandArgs<'update'>['changes'] = [];
  const fields = { 片区: areas, ...topic.custom };
  for (const [name, values] of Object.entries(fields)) {
    const key = demoField(name).id;
    if (known[key] === undefined && chance.hit(0.7)) changes.push({ field: 'custom', key, from: null, to: chance.pick(values) });
  }
  const other = chance.pick(demoFields);
  const value = anyValue(other, chance, at);
  if (known[other.id] === undefined && !isEmptyValue(value))
    changes.push({ field: 'custom', key: other.id, from: null, to: mutable(value) });
  story.run('update', { note: chance.pick(topic.notes), changes, waiting }, by, at);
}

// What travels is a mutable list.
const mutable = (value: CustomValue) =>
  Array.isArray(value) ? [...(value as readonly string[])] : (value as string | number | boolean | null);

export interface OpenPlan {
  readonly status: 'pending' | 'processing' | 'waiting';
  /** When the deadline is. */
  readonly dueAt: number;
  /** When callbacks are due, past or to come. */
  readonly callbacks: readonly number[];
}

/** A ticket on somebody's desk now. */
export function openTicket(stage: Stage, person: Person, group: StaffGroup, assignee: Account, plan: OpenPlan): Story {
  const topic = topicFor(stage, group);
  const handed = plan.dueAt - TTL;
  const story = handOver(stage, person, group, topic, assignee, handed);
  const room = stage.now - handed;
  if (plan.status !== 'pending') {
    const count = stage.chance.int(1, 3);
    for (let i = 1; i <= count; i++)
      note(stage, story, topic, assignee, handed + (room * i) / (count + 3), i === count && plan.status === 'waiting');
  }
  for (const dueAt of plan.callbacks.toSorted((a, b) => a - b)) {
    const made = handed + room * 0.7;
    story.callBack(dueAt, stage.chance.pick(callbackNotes), assignee, Math.min(made, dueAt - 20 * MINUTE));
  }
  return story;
}

/** A ticket that was resolved at some time. @param late when a callback was due that nobody made */
export function resolvedTicket(
  stage: Stage,
  person: Person,
  group: StaffGroup,
  assignee: Account,
  createdAt: number,
  late: number | null = null,
): Story {
  const { chance, now, staff } = stage;
  const topic = topicFor(stage, group);
  const leader = staff.leaderOf(group.id);
  const room = Math.min(now - createdAt, 2.5 * DAY);
  const story = handOver(stage, person, group, topic, assignee, createdAt);
  const count = chance.int(1, 3);
  for (let i = 1; i <= count; i++) note(stage, story, topic, assignee, createdAt + (room * i) / (count + 4), i < count && chance.hit(0.2));
  if (chance.hit(0.25)) {
    const made = createdAt + room * 0.45;
    const due = made + Math.max(room * 0.2, MINUTE);
    story.callBack(due, chance.pick(callbackNotes), assignee, made);
    const open = [...story.callbacks.values()].find((c) => c.outcome === null)!;
    story.run(
      'completeCallback',
      { callbackId: open.id, outcome: chance.pick(['done', 'done', 'done', 'noAnswer', 'refused']), note: chance.pick(topic.notes) },
      assignee,
      due + 5 * MINUTE,
    );
  }
  const resolvedAt = createdAt + room * (0.75 + chance.next() * 0.2);
  story.run('resolve', { report: topic.report }, assignee, resolvedAt);
  if (late !== null) story.callBack(late, '完工后回访', assignee, Math.min(resolvedAt + 10 * MINUTE, late - HOUR));
  let ended = resolvedAt;
  if (chance.hit(0.06) && now - resolvedAt > 20 * HOUR) {
    story.run('reopen', { reason: chance.pick(reopenReasons) }, leader, resolvedAt + 5 * HOUR);
    note(stage, story, topic, assignee, resolvedAt + 8 * HOUR, false);
    ended = resolvedAt + 12 * HOUR;
    story.run('resolve', { report: topic.report }, assignee, ended);
  }
  if (chance.hit(0.35) && now - ended > 26 * HOUR)
    story.run('review', { verdict: 'close', note: '' }, leader, ended + chance.int(HOUR, 24 * HOUR));
  else if (now - ended > 3 * DAY) story.run('autoClose', {}, { role: 'system' }, ended + 3 * DAY + MINUTE);
  return story;
}

/** A ticket in its group's pool. */
export function pooledTicket(
  stage: Stage,
  person: Person,
  group: StaffGroup,
  assignee: Account,
  how: 'new' | 'released' | 'expired',
  at: number,
): Story {
  const { chance, now } = stage;
  const topic = topicFor(stage, group);
  if (how === 'new') return create(stage, person, group, topic, assignee, null, at);
  const story = handOver(stage, person, group, topic, assignee, at);
  note(stage, story, topic, assignee, at + 30 * MINUTE, chance.hit(0.3));
  if (how === 'released')
    story.run('release', { reason: chance.pick(releaseReasons) }, assignee, Math.min(at + chance.int(HOUR, 2 * DAY), now - MINUTE));
  else story.run('expire', {}, { role: 'system' }, at + TTL + 4000);
  return story;
}

/** A customer whom two 无效 moved out of the pool. */
export function invalidCustomer(stage: Stage, person: Person, group: StaffGroup, by: Account, at: number): void {
  for (const start of [at, at + 5 * HOUR]) {
    const story = create(stage, person, group, topicFor(stage, group), by, by, start);
    story.run('invalidate', { reason: stage.chance.pick(invalidReasons) }, by, start + stage.chance.int(20 * MINUTE, 4 * HOUR));
  }
}
