import { describe, expect, it } from 'vitest';
import {
  actors,
  type ActorName,
  baseTicket,
  colleague,
  gone,
  holder,
  leader,
  NOW,
  outside,
  qa,
  stranger,
} from './commands/decide-world.ts';
import {
  audienceOf,
  canSeeTicket,
  isLeaderOf,
  isSubordinate,
  mayCreate,
  mayWidenReminders,
  seesEverything,
  ticketAudience,
} from './permissions.ts';

const valid = { invalidAt: null };
const invalid = { invalidAt: NOW };

describe('who sees a ticket', () => {
  // Columns: assigned, in the pool, in the pool but its customer invalid, expired out of holder's hands, deleted.
  const table: Record<ActorName, string> = {
    holder: '+ + - + -',
    colleague: '- + - + -',
    stranger: '- - - - -',
    leader: '+ + + + +',
    outside: '- - - - -',
    qa: '+ + + + +',
    admin: '+ + + + +',
    system: '+ + + + +',
    channel: '+ + + + +',
    disabled: '- - - - -',
  };
  const released = { ...baseTicket, status: 'released' as const, assigneeId: null };
  const cases = [
    [baseTicket, valid],
    [released, valid],
    [released, invalid],
    [{ ...released, expiredFrom: holder.id }, valid],
    [{ ...baseTicket, deletedAt: NOW }, valid],
  ] as const;

  it.each(Object.entries(table))('%s', (name, row) => {
    const got = cases.map(([ticket, customer]) => (canSeeTicket(actors[name as ActorName], ticket, customer) ? '+' : '-')).join(' ');
    expect(got).toBe(row);
  });

  it('an expired ticket of an invalid customer stays with its last holder alone', () => {
    const ticket = { ...released, expiredFrom: holder.id };
    expect(canSeeTicket(holder, ticket, invalid)).toBe(true);
    expect(canSeeTicket(colleague, ticket, invalid)).toBe(false);
  });

  it('tags: the assignee, leaders of the group, and its members only for the pool', () => {
    expect([...ticketAudience(baseTicket, valid)].toSorted()).toEqual([`a:${holder.id}`, 'g:g1']);
    expect([...ticketAudience(released, valid)].toSorted()).toEqual(['g:g1', 'p:g1']);
    expect(ticketAudience({ ...released, deletedAt: NOW }, valid)).toEqual(['g:g1']);
    expect(audienceOf(holder)).toEqual([`a:${holder.id}`, 'p:g1']);
    expect([...audienceOf(leader)].toSorted()).toEqual([`a:${leader.id}`, 'g:g1', 'p:g1']);
  });
});

describe('roles', () => {
  it.each([
    [holder, false, false, false],
    [leader, true, false, true],
    [outside, false, true, true],
    [qa, true, true, true],
  ])('%#: leads group one, leads group two, has the switch to 下属', (account, one, two, widen) => {
    expect([isLeaderOf(account, 'g1'), isLeaderOf(account, 'g2'), mayWidenReminders(account)]).toEqual([one, two, widen]);
  });
  it('a disabled leader leads nothing, and the system is no leader', () => {
    expect(isLeaderOf({ ...leader, disabled: true }, 'g1')).toBe(false);
    expect(isLeaderOf({ ...qa, disabled: true }, 'g1')).toBe(false);
    expect(isLeaderOf({ role: 'system' }, 'g1')).toBe(false);
  });
  it('下属 are the others in the own groups for a leader, everyone else for qa, nobody for an agent', () => {
    expect([holder, stranger, leader].map((o) => isSubordinate(leader, o))).toEqual([true, false, false]);
    expect([holder, stranger, qa].map((o) => isSubordinate(qa, o))).toEqual([true, true, false]);
    expect([colleague, stranger].map((o) => isSubordinate(holder, o))).toEqual([false, false]);
  });
  it('only qa, admin, the system and channels see everything', () => {
    expect(
      Object.values(actors)
        .filter(seesEverything)
        .map((a) => a.role),
    ).toEqual(['qa', 'admin', 'system', 'channel']);
  });
  it('creating: agents by the rules, others always, disabled never', () => {
    expect([true, false].map((agentsMayCreate) => mayCreate(holder, { agentsMayCreate }))).toEqual([true, false]);
    expect(mayCreate(leader, { agentsMayCreate: false })).toBe(true);
    expect(mayCreate(gone, { agentsMayCreate: true })).toBe(false);
    expect(mayCreate({ role: 'channel' }, { agentsMayCreate: false })).toBe(true);
  });
});
