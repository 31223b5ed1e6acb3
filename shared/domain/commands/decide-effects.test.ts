import { describe, expect, it } from 'vitest';
import type { Actor } from '../people.ts';
import type { CommandArgs } from './command.ts';
import { decide } from './decide.ts';
import {
  admin,
  argsFor,
  baseCallback,
  baseEvent,
  baseTicket,
  both,
  type Changes,
  colleague,
  COMMAND,
  commandOf,
  CUSTOMER,
  DAY,
  gone,
  groups,
  holder,
  HOUR,
  leader,
  NOW,
  outside,
  qa,
  stranger,
  TICKET,
  TTL,
  uuid,
  world,
} from './decide-world.ts';
import { done, refusal, run } from './decide-run.ts';
import type { Change } from './state.ts';

const system = { role: 'system' } as const;
const channel = { role: 'channel' } as const;
const pool: Changes = { ticket: { status: 'released', assigneeId: null, dueAt: NOW + HOUR }, customer: { ownerId: null }, callbacks: [] };

describe('every command', () => {
  it('raises the version by one, stamps the time and writes one event with what changed', () => {
    const { ticket, event } = done('resolve', { report: '修好了' }, holder, {}, NOW - 5000);
    expect(ticket).toMatchObject({ version: 5, updatedAt: NOW });
    expect(event).toEqual({
      id: COMMAND,
      ticketId: TICKET,
      actorId: holder.id,
      command: 'resolve',
      note: '修好了',
      changes: { status: { from: 'pending', to: 'resolved' }, resolvedAt: { from: null, to: NOW } },
      occurredAt: NOW - 5000,
      receivedAt: null,
    });
  });

  it.each([system, channel])('of %j has no actor in its event', (actor) => {
    const change =
      actor === system ? done('expire', {}, system) : done('customerReply', { text: '在吗' }, channel, { ticket: { status: 'waiting' } });
    expect(change.event.actorId).toBeNull();
  });

  it('changes nothing of the state that it was given', () => {
    const state = world();
    const before = JSON.stringify({ ...state, account: null });
    for (const kind of ['invalidate', 'transfer', 'resolve', 'release', 'update'] as const)
      decide(state, commandOf(kind, argsFor[kind]), holder, NOW);
    expect(JSON.stringify({ ...state, account: null })).toBe(before);
  });

  it('tells in a refusal what stands now, and who did it last', () => {
    const last = { ...baseEvent, id: uuid(51), command: 'transfer', actorId: holder.id, receivedAt: NOW - 60_000 };
    const result = run('resolve', { report: 'x' }, colleague, {
      ticket: { assigneeId: holder.id },
      events: [baseEvent, { ...last, actorId: colleague.id }],
    });
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'not-assignee',
        current: { status: 'pending', assigneeId: holder.id, lastCommand: 'transfer', lastActorId: colleague.id, lastAt: NOW - 60_000 },
      },
    });
  });

  it('tells nothing of a ticket that the actor may not see', () => {
    expect(run('note', { note: 'x' }, stranger)).toEqual({ ok: false, error: { code: 'not-found' } });
  });
});

describe('deadline', () => {
  const renewed: [string, () => Change][] = [
    ['create', () => done('create', argsFor.create, holder, { ticket: null })],
    ['claim', () => done('claim', {}, colleague, pool)],
    ['assign', () => done('assign', argsFor.assign, leader)],
    ['transfer', () => done('transfer', argsFor.transfer, holder)],
    ['reopen', () => done('reopen', argsFor.reopen, leader, { ticket: { status: 'resolved', resolvedAt: NOW - DAY } })],
    [
      'review back',
      () => done('review', { verdict: 'back', note: '不完整' }, leader, { ticket: { status: 'resolved', resolvedAt: NOW - DAY } }),
    ],
    [
      'an answer to a resolved ticket',
      () => done('customerReply', { text: '没好' }, channel, { ticket: { status: 'resolved', resolvedAt: NOW - DAY } }),
    ],
  ];
  it.each(renewed)('is renewed by %s', (_name, act) => {
    expect(act().ticket.dueAt).toBe(NOW + TTL);
  });
  it.each(['update', 'note', 'scheduleCallback', 'resolve', 'release'] as const)('is kept by %s', (kind) => {
    expect(done(kind, argsFor[kind] as never, holder).ticket.dueAt).toBe(baseTicket.dueAt);
  });
  it('is kept when the customer answers a waiting ticket', () => {
    expect(done('customerReply', { text: '好' }, channel, { ticket: { status: 'waiting' } }).ticket).toMatchObject({
      status: 'processing',
      dueAt: baseTicket.dueAt,
    });
  });
  it('does not exist when the rules set none', () => {
    expect(done('claim', {}, colleague, { ...pool, parameters: { ticketTtl: null } }).ticket.dueAt).toBeNull();
  });
});

describe('nextAt', () => {
  it('is the nearest of open callbacks and the deadline of an open ticket', () => {
    expect(done('update', argsFor.update, holder, { ticket: { dueAt: NOW + 3 * HOUR } }).ticket.nextAt).toBe(baseCallback.dueAt);
    expect(done('update', argsFor.update, holder, { ticket: { dueAt: NOW + HOUR } }).ticket.nextAt).toBe(NOW + HOUR);
  });
  it('forgets the deadline of a resolved ticket, and callbacks that are done', () => {
    expect(done('resolve', argsFor.resolve, holder).ticket.nextAt).toBe(baseCallback.dueAt);
    expect(done('completeCallback', argsFor.completeCallback, holder, { ticket: { dueAt: NOW + 9 * HOUR } }).ticket.nextAt).toBe(
      NOW + 9 * HOUR,
    );
    expect(done('completeCallback', argsFor.completeCallback, holder, { ticket: { status: 'resolved' } }).ticket.nextAt).toBeNull();
  });
});

describe('create', () => {
  const create = (args: Partial<CommandArgs<'create'>>, actor: Actor, changes: Changes = {}): string =>
    refusal('create', { ...argsFor.create, ...args }, actor, { ticket: null, ...changes });

  it.each([
    ['an agent for itself', holder, holder.id, groups.one, 'ok'],
    ['an agent into the pool of its group', holder, null, groups.one, 'ok'],
    ['an agent for a colleague', holder, colleague.id, groups.one, 'not-allowed'],
    ['an agent in a group of others', holder, holder.id, groups.two, 'not-allowed'],
    ['an agent into the pool of others', holder, null, groups.two, 'not-allowed'],
    ['a leader for an agent of the group', leader, colleague.id, groups.one, 'ok'],
    ['a leader for an agent in another group', leader, stranger.id, groups.two, 'not-allowed'],
    ['a leader for an agent from outside', leader, stranger.id, groups.one, 'target-not-in-group'],
    ['a leader for an agent of both groups', leader, both.id, groups.one, 'ok'],
    ['qa for anyone', qa, holder.id, groups.one, 'ok'],
    ['an admin into any pool', admin, null, groups.one, 'ok'],
    ['a leader for a disabled account', leader, gone.id, groups.one, 'target-disabled'],
    ['a leader for nobody that exists', leader, uuid(404), groups.one, 'target-missing'],
    ['a disabled account', gone, gone.id, groups.one, 'not-allowed'],
  ])('by %s', (_name, actor, assigneeId, groupId, expected) => {
    expect(create({ assigneeId, groupId }, actor)).toBe(expected);
  });

  it('is closed to agents, and to them alone, when the rules say so', () => {
    const parameters = { agentsMayCreate: false };
    expect(create({}, holder, { parameters })).toBe('not-allowed');
    expect(create({ assigneeId: leader.id }, leader, { parameters })).toBe('ok');
  });

  it('refuses an id that is taken, a customer that is missing and the pool for an invalid customer', () => {
    expect(refusal('create', argsFor.create, holder)).toBe('id-taken');
    expect(create({}, holder, { customer: null })).toBe('customer-missing');
    expect(create({ assigneeId: null }, holder, { customer: { invalidAt: NOW } })).toBe('customer-invalid');
  });

  it('makes the new customer with its maker as owner, and the ticket without a number', () => {
    const customer = { name: '周砚秋', phones: ['13800006021'] };
    const change = done('create', { ...argsFor.create, customer }, holder, { ticket: null, customer: null });
    expect(change.customer).toMatchObject({ id: CUSTOMER, ...customer, ownerId: holder.id, invalidReleases: 0, createdAt: NOW });
    expect(change.ticket).toMatchObject({
      number: null,
      status: 'pending',
      assigneeId: holder.id,
      createdBy: holder.id,
      version: 1,
      createdAt: NOW,
    });
    // Whose it is from the start, so that a receiver's device can remind of it; nothing else is a change.
    expect(change.event.changes).toEqual({ assigneeId: { from: null, to: holder.id } });
  });

  it('does not touch a customer that exists, whatever the command says of it', () => {
    const change = done('create', { ...argsFor.create, customer: { name: '顶替', phones: [] } }, holder, { ticket: null });
    expect(change.customer).toBeUndefined();
  });

  it('puts a ticket without assignee into the pool', () => {
    expect(done('create', { ...argsFor.create, assigneeId: null }, holder, { ticket: null }).ticket).toMatchObject({
      status: 'released',
      assigneeId: null,
    });
  });
});

describe('claim', () => {
  it('gives ticket and customer to who claims, pending and no longer invalid', () => {
    const change = done('claim', {}, colleague, { ...pool, ticket: { ...pool.ticket, invalid: true, expiredFrom: holder.id } });
    expect(change.ticket).toMatchObject({
      status: 'pending',
      assigneeId: colleague.id,
      invalid: false,
      expiredFrom: null,
      groupId: groups.one,
    });
    expect(change.customer).toMatchObject({ ownerId: colleague.id, updatedAt: NOW });
  });
  it('is closed to who released this customer before, unless the rules allow it', () => {
    const released: Changes = { ...pool, customer: { ownerId: null, releasedBy: [colleague.id] } };
    expect(refusal('claim', {}, colleague, released)).toBe('reclaim-forbidden');
    expect(refusal('claim', {}, holder, released)).toBe('ok');
    expect(refusal('claim', {}, colleague, { ...released, parameters: { allowReclaimAfterRelease: true } })).toBe('ok');
  });
  it('is refused for a customer that was moved to 无效, even to who still sees the ticket', () => {
    expect(refusal('claim', {}, leader, { ...pool, customer: { invalidAt: NOW - 1 } })).toBe('customer-invalid');
  });
});

describe('assign', () => {
  it('hands over the open callbacks, and only those', () => {
    const closed = { ...baseCallback, id: uuid(5), outcome: 'done' as const, closedAt: NOW - 1 };
    const change = done('assign', { toId: colleague.id, note: '优先' }, leader, { callbacks: [baseCallback, closed] });
    expect(change.callbacks).toEqual([{ ...baseCallback, assigneeId: colleague.id }]);
    expect(change.ticket).toMatchObject({ status: 'pending', assigneeId: colleague.id });
    expect(change.customer).toBeUndefined();
    expect(change.transfer).toBeUndefined();
  });
  it('out of the pool makes the receiver the owner', () => {
    expect(done('assign', { toId: colleague.id, note: '' }, leader, pool).customer).toMatchObject({ ownerId: colleague.id });
  });
  it.each([
    [leader, stranger.id, 'target-not-in-group'],
    [leader, both.id, 'ok'],
    [qa, stranger.id, 'ok'],
    [admin, outside.id, 'ok'],
    [leader, holder.id, 'same-assignee'],
    [leader, gone.id, 'target-disabled'],
    [leader, uuid(404), 'target-missing'],
  ])('%#', (actor, toId, expected) => {
    expect(refusal('assign', { toId, note: '' }, actor)).toBe(expected);
  });
  it("moves the ticket to the receiver's priority group only if the receiver is not in its group", () => {
    expect(done('assign', { toId: stranger.id, note: '' }, qa).ticket.groupId).toBe(groups.two);
    expect(done('assign', { toId: both.id, note: '' }, qa).ticket.groupId).toBe(groups.one);
  });
});

describe('transfer', () => {
  it('hands over ticket and callbacks, and keeps for the sender what the sender saw', () => {
    const change = done('transfer', { toId: colleague.id, reason: '片区调整' }, holder);
    expect(change.ticket).toMatchObject({ status: 'pending', assigneeId: colleague.id });
    expect(change.callbacks).toEqual([{ ...baseCallback, assigneeId: colleague.id }]);
    expect(change.transfer).toEqual({
      id: COMMAND,
      ticketId: TICKET,
      fromId: holder.id,
      toId: colleague.id,
      reason: '片区调整',
      at: NOW,
      snapshot: { ticket: baseTicket, customerName: '周砚秋', events: [baseEvent] },
    });
    expect(change.customer).toBeUndefined();
  });
  it.each([
    [holder.id, 'target-self'],
    [gone.id, 'target-disabled'],
    [uuid(404), 'target-missing'],
    [stranger.id, 'ok'],
  ])('to %s: %s', (toId, expected) => {
    expect(refusal('transfer', { toId, reason: '' }, holder)).toBe(expected);
  });
});

describe('update', () => {
  const edit = (changes: CommandArgs<'update'>['changes'], ticket = {}) =>
    run('update', { note: '', changes, waiting: false }, holder, { ticket });
  it('waits for the customer, and comes back', () => {
    expect(done('update', { note: 'x', changes: [], waiting: true }, holder).ticket.status).toBe('waiting');
    expect(done('update', { note: 'x', changes: [], waiting: false }, holder, { ticket: { status: 'waiting' } }).ticket.status).toBe(
      'processing',
    );
  });
  it('merges what others did not touch', () => {
    const result = edit([{ field: 'priority', from: 'normal', to: 'urgent' }], { subject: '别人改的' });
    expect(result).toMatchObject({ ok: true, value: { ticket: { priority: 'urgent', subject: '别人改的' } } });
  });
  it('refuses the whole edit for one conflict and names each field with three values', () => {
    const result = edit(
      [
        { field: 'subject', from: '晚间掉线', to: '甲' },
        { field: 'priority', from: 'normal', to: 'urgent' },
        { field: 'custom', key: '片区', from: null, to: '高新' },
      ],
      { subject: '乙' },
    );
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'conflict',
        fields: [
          { field: 'subject', base: '晚间掉线', mine: '甲', theirs: '乙' },
          { field: 'custom.片区', base: null, mine: '高新', theirs: '雨润' },
        ],
      },
    });
  });
  it('is at peace with who wrote the same', () => {
    expect(edit([{ field: 'subject', from: '晚间掉线', to: '乙' }], { subject: '乙' })).toMatchObject({
      ok: true,
      value: { ticket: { subject: '乙' } },
    });
  });
  it('sets one custom field beside the others', () => {
    expect(edit([{ field: 'custom', key: '上门时段', from: null, to: '周五' }])).toMatchObject({
      ok: true,
      value: { ticket: { custom: { 片区: '雨润', 上门时段: '周五' } } },
    });
  });
});
