import { describe, expect, it } from 'vitest';
import type { Actor } from '../people.ts';
import { decide } from './decide.ts';
import {
  argsFor,
  baseCallback,
  baseCustomer,
  baseEvent,
  baseTicket,
  CALLBACK,
  type Changes,
  colleague,
  commandOf,
  DAY,
  holder,
  HOUR,
  leader,
  NOW,
  uuid,
  world,
} from './decide-world.ts';
import { done, refusal, run } from './decide-run.ts';

const system = { role: 'system' } as const;
const channel = { role: 'channel' } as const;

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
