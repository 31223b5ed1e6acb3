import { describe, expect, it } from 'vitest';
import type { Actor } from '../people.ts';
import type { CommandArgs, CommandKind } from './command.ts';
import { decide } from './decide.ts';
import {
  admin,
  argsFor,
  baseCallback,
  baseCustomer,
  baseEvent,
  baseTicket,
  both,
  CALLBACK,
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
import type { Change } from './state.ts';

function run<K extends CommandKind>(kind: K, args: CommandArgs<K>, actor: Actor, changes: Changes = {}, occurredAt = NOW, now = NOW) {
  return decide(world(changes), commandOf(kind, args, occurredAt), actor, now);
}
function done<K extends CommandKind>(kind: K, args: CommandArgs<K>, actor: Actor, changes: Changes = {}, occurredAt = NOW): Change {
  const result = run(kind, args, actor, changes, occurredAt);
  if (!result.ok) throw new Error(`refused: ${result.error.code}`);
  return result.value;
}
function refusal<K extends CommandKind>(
  kind: K,
  args: CommandArgs<K>,
  actor: Actor,
  changes: Changes = {},
  occurredAt = NOW,
  now = NOW,
): string {
  const result = run(kind, args, actor, changes, occurredAt, now);
  return result.ok ? 'ok' : result.error.code;
}
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

describe('release, invalidate and expire', () => {
  it('释放 frees ticket, callbacks and customer, and does not count', () => {
    const change = done('release', { reason: '' }, holder);
    expect(change.ticket).toMatchObject({ status: 'released', assigneeId: null, invalid: false, expiredFrom: null });
    expect(change.callbacks).toEqual([{ ...baseCallback, outcome: 'cancelled', closedAt: NOW }]);
    expect(change.customer).toMatchObject({ ownerId: null, releasedBy: [holder.id], invalidReleases: 0, invalidAt: null });
  });
  it('names who released only once', () => {
    expect(done('release', { reason: '' }, holder, { customer: { releasedBy: [holder.id] } }).customer?.releasedBy).toEqual([holder.id]);
  });
  it('the first 无效 marks the ticket and counts; the customer stays in the pool', () => {
    const change = done('invalidate', { reason: '空号' }, holder);
    expect(change.ticket).toMatchObject({ status: 'released', invalid: true });
    expect(change.customer).toMatchObject({ invalidReleases: 1, invalidAt: null, invalidBy: null, ownerId: null });
  });
  it('the one at the limit moves the customer to 无效 of who did it', () => {
    expect(done('invalidate', { reason: '空号' }, holder, { customer: { invalidReleases: 1 } }).customer).toMatchObject({
      invalidReleases: 2,
      invalidAt: NOW,
      invalidBy: holder.id,
    });
  });
  it('obeys another limit, and does not move a customer twice', () => {
    expect(
      done('invalidate', { reason: 'x' }, holder, { customer: { invalidReleases: 1 }, parameters: { invalidReleaseLimit: 3 } }).customer
        ?.invalidAt,
    ).toBeNull();
    expect(
      done('invalidate', { reason: 'x' }, holder, { customer: { invalidReleases: 0 }, parameters: { invalidReleaseLimit: 1 } }).customer
        ?.invalidAt,
    ).toBe(NOW);
    const moved = { invalidReleases: 2, invalidAt: NOW - DAY, invalidBy: colleague.id };
    expect(done('invalidate', { reason: 'x' }, holder, { customer: moved }).customer).toMatchObject({
      invalidReleases: 3,
      invalidAt: NOW - DAY,
      invalidBy: colleague.id,
    });
  });
  it('expiry remembers in whose hands, frees the customer, and forbids nobody to claim again', () => {
    const change = done('expire', {}, system);
    expect(change.ticket).toMatchObject({
      status: 'released',
      assigneeId: null,
      expiredFrom: holder.id,
      invalid: false,
      dueAt: baseTicket.dueAt,
    });
    expect(change.callbacks).toMatchObject([{ outcome: 'cancelled' }]);
    expect(change.customer).toMatchObject({ ownerId: null, releasedBy: [] });
  });
  it('expiry comes at the deadline, not before, and never without one', () => {
    expect(refusal('expire', {}, system, { ticket: { dueAt: NOW } })).toBe('ok');
    expect(refusal('expire', {}, system, { ticket: { dueAt: NOW + 1 } })).toBe('wrong-state');
    expect(refusal('expire', {}, system, { ticket: { dueAt: null } })).toBe('wrong-state');
  });
});

describe('the end of a ticket', () => {
  it('closes after the days that the rules say, not a millisecond before', () => {
    const ticket = { status: 'resolved' as const, resolvedAt: NOW - 3 * DAY };
    expect(done('autoClose', {}, system, { ticket }).ticket.status).toBe('closed');
    expect(refusal('autoClose', {}, system, { ticket: { ...ticket, resolvedAt: NOW - 3 * DAY + 1 } })).toBe('wrong-state');
    expect(refusal('autoClose', {}, system, { ticket: { ...ticket, resolvedAt: NOW }, parameters: { resolvedAutoCloseDays: 0 } })).toBe(
      'ok',
    );
  });
  it('review closes, or sends back without the time of resolution', () => {
    const ticket = { status: 'resolved' as const, resolvedAt: NOW - DAY };
    expect(done('review', { verdict: 'close', note: '' }, leader, { ticket }).ticket).toMatchObject({
      status: 'closed',
      resolvedAt: NOW - DAY,
    });
    expect(done('review', { verdict: 'back', note: '补充' }, leader, { ticket }).ticket).toMatchObject({
      status: 'processing',
      resolvedAt: null,
      assigneeId: holder.id,
    });
  });
  it("reopens to processing in the same hands, also by the customer's answer", () => {
    const ticket = { status: 'resolved' as const, resolvedAt: NOW - DAY };
    for (const change of [done('reopen', { reason: 'x' }, leader, { ticket }), done('customerReply', { text: 'x' }, channel, { ticket })])
      expect(change.ticket).toMatchObject({ status: 'processing', resolvedAt: null, assigneeId: holder.id });
  });
});

describe('callbacks', () => {
  it('are made for who makes them', () => {
    const change = done('scheduleCallback', { callbackId: uuid(4), dueAt: NOW + HOUR, note: '告知到货' }, holder);
    expect(change.callbacks).toEqual([{ ...baseCallback, id: uuid(4), dueAt: NOW + HOUR, note: '告知到货', createdAt: NOW }]);
    expect(change.ticket).toMatchObject({ status: 'pending' });
    expect(change.event.changes).toMatchObject({ callback: { from: null, to: NOW + HOUR } });
  });
  it.each([
    [NOW + 1, NOW, 'ok'],
    [NOW, NOW, 'time-past'],
    [NOW + 365 * DAY, NOW, 'ok'],
    [NOW + 365 * DAY + 1, NOW, 'time-too-far'],
    // Made offline yesterday for an hour ago: in time by the device's own clock.
    [NOW - HOUR, NOW - DAY, 'ok'],
  ])('for %i, said at %i: %s', (dueAt, occurredAt, expected) => {
    expect(refusal('scheduleCallback', { callbackId: uuid(4), dueAt, note: '' }, holder, {}, occurredAt)).toBe(expected);
    expect(refusal('rescheduleCallback', { callbackId: CALLBACK, from: baseCallback.dueAt, dueAt }, holder, {}, occurredAt)).toBe(expected);
  });
  it('keep their id to themselves', () => {
    expect(refusal('scheduleCallback', { callbackId: CALLBACK, dueAt: NOW + 1, note: '' }, holder)).toBe('id-taken');
  });
  it('put off count it; by another time meanwhile it is a conflict', () => {
    const change = done('rescheduleCallback', { callbackId: CALLBACK, from: baseCallback.dueAt, dueAt: NOW + 5 * HOUR }, holder);
    expect(change.callbacks).toEqual([{ ...baseCallback, dueAt: NOW + 5 * HOUR, snoozes: 1 }]);
    expect(run('rescheduleCallback', { callbackId: CALLBACK, from: NOW + 1, dueAt: NOW + 5 * HOUR }, holder)).toMatchObject({
      ok: false,
      error: { code: 'conflict', fields: [{ field: 'callback', base: NOW + 1, mine: NOW + 5 * HOUR, theirs: baseCallback.dueAt }] },
    });
    expect(refusal('rescheduleCallback', { callbackId: CALLBACK, from: NOW + 1, dueAt: baseCallback.dueAt }, holder)).toBe('ok');
  });
  it.each(['done', 'refused', 'noAnswer'] as const)('end with %s, once', (outcome) => {
    const change = done('completeCallback', { callbackId: CALLBACK, outcome, note: '说过了' }, holder);
    expect(change.callbacks).toEqual([{ ...baseCallback, outcome, outcomeNote: '说过了', closedAt: NOW }]);
    expect(refusal('completeCallback', argsFor.completeCallback, holder, { callbacks: [{ ...baseCallback, outcome }] })).toBe(
      'callback-closed',
    );
    expect(refusal('completeCallback', argsFor.completeCallback, holder, { callbacks: [] })).toBe('callback-missing');
  });
  it('can be cancelled with a reason', () => {
    expect(done('cancelCallback', { callbackId: CALLBACK, reason: '客户不用了' }, holder).callbacks).toEqual([
      { ...baseCallback, outcome: 'cancelled', outcomeNote: '客户不用了', closedAt: NOW },
    ]);
  });
});

describe('undo', () => {
  const RELEASE = uuid(60);
  /** The state after a release, or after 无效 at the limit. */
  function after(kind: 'release' | 'invalidate', at = NOW, actor: Actor = holder): Changes {
    const customer = { invalidReleases: 1 };
    const result = decide(world({ customer }), { ...commandOf(kind, argsFor[kind] as never, at), id: RELEASE }, actor, at);
    if (!result.ok) throw new Error(result.error.code);
    const { ticket, customer: freed, callbacks, event } = result.value;
    return { ticket, customer: freed!, callbacks, events: [baseEvent, { ...event, receivedAt: at }] };
  }
  const undo = (changes: Changes, now = NOW, actor: Actor = holder, eventId = RELEASE): string =>
    refusal('undo', { eventId }, actor, changes, now, now);

  it.each(['release', 'invalidate'] as const)('puts back everything that %s took', (kind) => {
    const change = done('undo', { eventId: RELEASE }, holder, after(kind));
    expect(change.ticket).toEqual({ ...baseTicket, version: 6, updatedAt: NOW, nextAt: baseTicket.dueAt });
    expect(change.customer).toEqual({ ...baseCustomer, invalidReleases: 1, updatedAt: NOW });
    expect(change.callbacks).toEqual([baseCallback]);
  });
  it('leaves a callback cancelled that was cancelled before', () => {
    const earlier = { ...baseCallback, id: uuid(5), outcome: 'cancelled' as const, closedAt: NOW - DAY };
    const state = after('release');
    expect(done('undo', { eventId: RELEASE }, holder, { ...state, callbacks: [...state.callbacks!, earlier] }).callbacks).toEqual([
      baseCallback,
    ]);
  });
  it('is possible for ten seconds', () => {
    expect(undo(after('release'), NOW + 10_000)).toBe('ok');
    expect(undo(after('release'), NOW + 10_001)).toBe('undo-too-late');
  });
  it('is overtaken by whatever came after', () => {
    const state = after('release');
    const later = { ...baseEvent, id: uuid(61), command: 'note' };
    expect(undo({ ...state, events: [...state.events!, later] })).toBe('undo-overtaken');
    expect(undo(state, NOW, holder, uuid(62))).toBe('undo-overtaken');
  });
  it("is overtaken by another ticket's command on the same customer", () => {
    const state = after('invalidate');
    const counted = { ...state.customer, invalidReleases: 3 };
    expect(undo({ ...state, customer: counted })).toBe('undo-overtaken');
    expect(undo({ ...state, customer: { ...state.customer, ownerId: colleague.id } })).toBe('undo-overtaken');
    expect(undo({ ...state, customer: { ...state.customer, tier: '银卡客户' } })).toBe('ok');
  });
  it("is not for another's release, nor for other commands", () => {
    expect(undo(after('release'), NOW, colleague)).toBe('not-allowed');
    const resolved = { ...baseEvent, id: RELEASE, actorId: holder.id, command: 'resolve', receivedAt: NOW };
    expect(undo({ ticket: { status: 'resolved' }, events: [baseEvent, resolved] })).toBe('wrong-state');
  });
});
