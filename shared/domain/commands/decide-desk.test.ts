import { describe, expect, test } from 'vitest';
import type { Account } from '../people.ts';
import { allowedCommands } from './allowed.ts';
import {
  argsFor,
  baseCallback,
  baseCustomer,
  both,
  CALLBACK,
  type Changes,
  colleague,
  commandOf,
  CUSTOMER,
  DAY,
  gone,
  groups,
  holder,
  HOUR,
  leader,
  NOW,
  stranger,
  TTL,
  uuid,
  world,
} from './decide-world.ts';
import { decide } from './decide.ts';
import type { CommandArgs } from './command.ts';

const code = (result: ReturnType<typeof decide>): string => (result.ok ? 'ok' : result.error.code);

describe('X02 claiming a customer', () => {
  const free = { ticket: null, customer: { ownerId: null }, callbacks: [] } as const;
  const claim = (actor: Account, changes: Changes = free, more: object = {}) =>
    decide({ ...world(changes), ...more }, commandOf('claimCustomer', argsFor.claimCustomer), actor, NOW);

  test('makes a pending ticket in the own hands, owns the customer and sets a new deadline', () => {
    expect(claim(colleague)).toMatchObject({
      ok: true,
      value: {
        ticket: {
          status: 'pending',
          assigneeId: colleague.id,
          subject: '跟进',
          dueAt: NOW + TTL,
          nextAt: NOW + TTL,
          groupId: groups.one,
          version: 1,
        },
        customer: { ownerId: colleague.id },
        event: { command: 'claimCustomer', changes: { 'customer.ownerId': { from: null, to: colleague.id } } },
      },
    });
  });

  test('in the customer’s group if that is one of mine, else in my priority group', () => {
    expect(claim(both)).toMatchObject({ value: { ticket: { groupId: groups.one } } });
    expect(claim(stranger)).toMatchObject({ value: { ticket: { groupId: groups.two }, customer: { groupId: groups.two } } });
  });

  test.each<[string, Changes, object, string]>([
    ['another’s customer', { ...free, customer: { ownerId: holder.id } }, {}, 'customer-owned'],
    ['one with an open ticket', free, { openElsewhere: 1 }, 'customer-has-ticket'],
    ['one in 无效', { ...free, customer: { ownerId: null, invalidAt: NOW } }, {}, 'customer-invalid'],
    ['one that I released', { ...free, customer: { ownerId: null, releasedBy: [colleague.id] } }, {}, 'reclaim-forbidden'],
    ['none', { ...free, customer: null }, {}, 'customer-missing'],
    ['with an id that is taken', { customer: { ownerId: null } }, {}, 'id-taken'],
  ])('%s: %s', (_, changes, more, expected) => {
    expect(code(claim(colleague, changes, more))).toBe(expected);
  });

  test('X25 one that I released, where the parameter allows it', () => {
    const changes = { ...free, customer: { ownerId: null, releasedBy: [colleague.id] }, parameters: { allowReclaimAfterRelease: true } };
    expect(code(claim(colleague, changes))).toBe('ok');
  });
});

describe('X05 creating for a customer', () => {
  const create = (changes: Changes, args: Partial<CommandArgs<'create'>> = {}, more: object = {}) =>
    decide(
      { ...world({ ticket: null, callbacks: [], ...changes }), ...more },
      commandOf('create', { ...argsFor.create, ...args }),
      holder,
      NOW,
    );

  test('without an owner makes whoever has the ticket its owner, unless they released it', () => {
    expect(create({ customer: { ownerId: null } })).toMatchObject({ value: { customer: { ownerId: holder.id } } });
    const released = create({ customer: { ownerId: null, releasedBy: [holder.id] } });
    expect(released.ok && released.value.customer).toBeUndefined();
    const owned = create({ customer: { ownerId: colleague.id } });
    expect(owned.ok && owned.value.customer).toBeUndefined();
  });

  test('a new one keeps all that is known of it, and is refused where it has to be the only one', () => {
    const facts = { name: '顾南', phones: ['13800000000'], emails: ['gu@example.com'], address: '雨花台', tier: '金卡客户', unique: true };
    const none = { customer: null };
    expect(create(none, { customer: facts })).toMatchObject({
      value: { customer: { name: '顾南', emails: ['gu@example.com'], tier: '金卡客户', groupId: groups.one, ownerId: holder.id } },
    });
    expect(create(none, { customer: facts }, { twinOf: () => uuid(5) })).toEqual({
      ok: false,
      error: { code: 'duplicate-contact', detail: uuid(5) },
    });
  });

  test('X24 takes custom values that fit, and no others', () => {
    expect(create({}, { custom: { 片区: '雨润' } })).toMatchObject({ value: { ticket: { custom: { 片区: '雨润' } } } });
    expect(create({}, { custom: { 片区: 5 } })).toMatchObject({ error: { code: 'field-misfit', detail: '片区' } });
    expect(create({}, { custom: { 没有: '字' } })).toMatchObject({ error: { code: 'field-misfit', detail: '没有' } });
  });
});

describe('what a leader takes and hands over', () => {
  test('收回 puts an open ticket into the pool, ends its callbacks and frees the customer without counting or barring', () => {
    expect(decide(world(), commandOf('withdraw', { reason: '请假' }), leader, NOW)).toMatchObject({
      value: {
        ticket: { status: 'released', assigneeId: null, invalid: false, expiredFrom: null },
        callbacks: [{ id: CALLBACK, outcome: 'cancelled', closedAt: NOW }],
        customer: { ownerId: null, releasedBy: [], invalidReleases: baseCustomer.invalidReleases },
        event: { note: '请假' },
      },
    });
  });

  const finished = { ticket: { status: 'resolved', resolvedAt: NOW - DAY } } as const;
  const handOver = (changes: Changes, toId: string, actor: Account = leader) =>
    decide(world(changes), commandOf('handOver', { toId, note: '' }), actor, NOW);

  test('移交 gives the callbacks of a finished ticket to another; it stays finished, with its old deadline', () => {
    expect(handOver(finished, colleague.id)).toMatchObject({
      value: {
        ticket: { status: 'resolved', assigneeId: colleague.id, resolvedAt: NOW - DAY, dueAt: NOW - HOUR, nextAt: baseCallback.dueAt },
        callbacks: [{ id: CALLBACK, assigneeId: colleague.id, outcome: null }],
      },
    });
  });

  test.each<[string, Changes, string, string]>([
    ['without a callback to be made', { ...finished, callbacks: [] }, colleague.id, 'nothing-to-hand-over'],
    ['to whoever has it', finished, holder.id, 'same-assignee'],
    ['to another group', finished, stranger.id, 'target-not-in-group'],
    ['to a disabled account', finished, gone.id, 'target-disabled'],
  ])('%s is refused: %s', (_, changes, toId, expected) => {
    expect(code(handOver(changes, toId))).toBe(expected);
  });

  test('the buttons follow the rule', () => {
    expect(allowedCommands(world(), leader, NOW)).toEqual(expect.arrayContaining(['assign', 'withdraw']));
    expect(allowedCommands(world(finished), leader, NOW)).toEqual(expect.arrayContaining(['review', 'reopen', 'handOver']));
    expect(allowedCommands(world({ ...finished, callbacks: [] }), leader, NOW)).not.toContain('handOver');
    expect(allowedCommands(world(), holder, NOW)).not.toContain('withdraw');
  });
});

test('X24 已完成 asks for what is required, and its button is there all the same', () => {
  const state = world({ customer: { id: CUSTOMER } });
  const asking = { ...state, fields: state.fields.map((f) => ({ ...f, required: true })) };
  const resolve = commandOf('resolve', { report: '好了' });
  expect(decide(asking, resolve, holder, NOW)).toMatchObject({ error: { code: 'field-required', detail: '上门时段' } });
  expect(allowedCommands(asking, holder, NOW)).toContain('resolve');
  expect(code(decide(asking, { ...resolve, occurredAt: NOW - 31 * DAY }, holder, NOW))).toBe('ok');
});
