import { describe, expect, test } from 'vitest';
import { type Account } from '../people.ts';
import { MAX_PHRASES, MAX_SAVED_SEARCHES, type Phrase, type SavedSearch } from '../personal.ts';
import { defaultParameters } from '../tickets.ts';
import {
  admin,
  baseCustomer,
  both,
  colleague,
  CUSTOMER,
  gone,
  groups,
  holder,
  leader,
  NOW,
  outside,
  qa,
  stranger,
  uuid,
} from './decide-world.ts';
import { decideRecord, type RecordState } from './decide-record.ts';
import type { RecordArgs, RecordKind } from './record-command.ts';

const everyone: readonly Account[] = [holder, colleague, stranger, leader, outside, qa, admin, gone, both];
const state = (part: Partial<RecordState> = {}): RecordState => ({
  customer: baseCustomer,
  holdsTicket: false,
  ticketGroups: [groups.one],
  searches: [],
  phrases: [],
  parameters: defaultParameters,
  account: (id) => everyone.find((a) => a.id === id) ?? null,
  twinOf: () => null,
  ...part,
});
const decide = <K extends RecordKind>(
  kind: K,
  args: RecordArgs<K>,
  actor: Account,
  part: Partial<RecordState> = {},
  subjectId = CUSTOMER,
) => decideRecord(state(part), { id: uuid(900), kind, subjectId, args, occurredAt: NOW - 5 } as never, actor, NOW);
const code = (result: ReturnType<typeof decide>): string => (result.ok ? 'ok' : result.error.code);

describe('customers', () => {
  const facts = { name: '顾南', phones: ['13800000000'], emails: [], address: '', tier: '', source: 'phone' as const };

  test('a new one lies in the actor’s hands or free in the own group', () => {
    const mine = decide('addCustomer', { ...facts, owned: true, unique: false }, holder, { customer: null });
    expect(mine).toMatchObject({
      ok: true,
      value: [{ entity: 'customer', row: { ownerId: holder.id, groupId: groups.one, createdAt: NOW } }],
    });
    const free = decide('addCustomer', { ...facts, owned: false, unique: false }, holder, { customer: null });
    expect(free).toMatchObject({ ok: true, value: [{ row: { ownerId: null } }] });
    expect(code(decide('addCustomer', { ...facts, owned: true, unique: false }, holder))).toBe('id-taken');
  });

  test('one with a known contact is refused where it has to be the only one', () => {
    const twin = { customer: null, twinOf: (keys: readonly string[]) => (keys.includes('13800000000') ? uuid(5) : null) };
    expect(decide('addCustomer', { ...facts, owned: true, unique: true }, holder, twin)).toEqual({
      ok: false,
      error: { code: 'duplicate-contact', detail: uuid(5) },
    });
    expect(code(decide('addCustomer', { ...facts, owned: true, unique: false }, holder, twin))).toBe('ok');
  });

  test.each<[string, Account, Partial<RecordState>, string]>([
    ['the owner', holder, {}, 'ok'],
    ['who has an open ticket of it', colleague, { holdsTicket: true }, 'ok'],
    ['a colleague', colleague, {}, 'not-allowed'],
    ['the leader of its group', leader, {}, 'ok'],
    ['the leader of a ticket’s group', outside, { ticketGroups: [groups.two] }, 'ok'],
    ['another leader', outside, {}, 'not-allowed'],
    ['qa', qa, {}, 'ok'],
    ['an admin', admin, {}, 'ok'],
    ['an admin, of one without any group', admin, { ticketGroups: [], customer: { ...baseCustomer, groupId: null } }, 'ok'],
    ['a disabled owner', { ...holder, disabled: true }, {}, 'not-allowed'],
    ['of one that is not there', holder, { customer: null }, 'not-found'],
  ])('edited by %s', (_, actor, part, expected) => {
    expect(code(decide('editCustomer', { changes: [{ field: 'address', from: '', to: '建邺' }] }, actor, part))).toBe(expected);
  });

  test('a fact that somebody changed meanwhile conflicts; the same change twice does not', () => {
    const edit = (from: string, to: string) => decide('editCustomer', { changes: [{ field: 'tier', from, to }] }, holder);
    expect(edit('', '银卡客户')).toMatchObject({
      ok: false,
      error: { code: 'conflict', fields: [{ field: 'customer.tier', base: '', mine: '银卡客户', theirs: '金卡客户' }] },
    });
    expect(code(edit('', '金卡客户'))).toBe('ok');
  });

  test.each<[string, Account, string | null, string]>([
    ['an owner cannot give it away', holder, colleague.id, 'not-allowed'],
    ['a leader gives it to a member', leader, colleague.id, 'ok'],
    ['a leader frees it', leader, null, 'ok'],
    ['not to another group', leader, stranger.id, 'target-not-in-group'],
    ['not to a disabled account', leader, gone.id, 'target-disabled'],
    ['not to nobody known', leader, uuid(77), 'target-missing'],
    ['an admin gives it to any group', admin, stranger.id, 'ok'],
  ])('owner: %s', (_, actor, to, expected) => {
    expect(code(decide('editCustomer', { changes: [{ field: 'ownerId', from: holder.id, to }] }, actor))).toBe(expected);
  });

  test('out of 无效: by a leader, with a new count', () => {
    const invalid = { customer: { ...baseCustomer, invalidAt: NOW - 9, invalidBy: holder.id, invalidReleases: 2 } };
    expect(code(decide('restoreCustomer', { reason: 'x' }, holder, invalid))).toBe('not-allowed');
    expect(code(decide('restoreCustomer', { reason: 'x' }, leader))).toBe('customer-valid');
    expect(decide('restoreCustomer', { reason: 'x' }, leader, invalid)).toMatchObject({
      value: [{ row: { invalidAt: null, invalidBy: null, invalidReleases: 0 } }],
    });
  });
});

describe('what an account keeps for itself', () => {
  const search = (n: number, more: Partial<SavedSearch> = {}): SavedSearch => ({
    id: uuid(n),
    accountId: holder.id,
    name: `${n}`,
    list: 'pending',
    text: '',
    filter: [],
    sort: 'next',
    descending: false,
    position: n,
    updatedAt: 0,
    ...more,
  });
  const args: RecordArgs<'putSearch'> = {
    name: '新',
    list: 'pending',
    text: '',
    filter: [],
    sort: 'next',
    descending: false,
    position: 1,
    replaces: null,
  };
  const full = { searches: Array.from({ length: MAX_SAVED_SEARCHES }, (_, i) => search(i + 1)) };

  test('the ninth search is refused, unless it takes the place of another or changes one', () => {
    expect(code(decide('putSearch', args, holder, full, uuid(50)))).toBe('too-many');
    expect(decide('putSearch', { ...args, replaces: uuid(3) }, holder, full, uuid(50))).toMatchObject({
      value: [
        { entity: 'search', id: uuid(3), row: null },
        { entity: 'search', id: uuid(50), row: { accountId: holder.id, name: '新' } },
      ],
    });
    expect(code(decide('putSearch', args, holder, full, uuid(3)))).toBe('ok');
    expect(decide('putSearch', { ...args, replaces: uuid(3) }, holder, full, uuid(3))).toMatchObject({
      value: [{ id: uuid(3), row: { name: '新' } }],
    });
  });

  test('another’s search can be neither changed nor removed', () => {
    const other = { searches: [search(1, { accountId: colleague.id })] };
    expect(code(decide('putSearch', args, holder, other, uuid(1)))).toBe('not-allowed');
    expect(code(decide('removeSearch', {}, holder, { searches: [] }, uuid(1)))).toBe('not-found');
  });

  const phrase = (n: number, ownerId: string | null): Phrase => ({
    id: uuid(n),
    ownerId,
    title: 't',
    text: 'x',
    position: n,
    updatedAt: 0,
  });
  const words = { title: 't', text: 'x', position: 1 };
  test.each<[string, Account, boolean, readonly Phrase[], string]>([
    ['an own new one', holder, false, [], 'ok'],
    ['a shared one by an agent', holder, true, [], 'not-allowed'],
    ['a shared one by a leader', leader, true, [], 'ok'],
    ['a shared one made one’s own by an agent', holder, false, [phrase(1, null)], 'not-allowed'],
    ['another’s', holder, false, [phrase(1, colleague.id)], 'not-allowed'],
    ['another’s by a leader', leader, false, [phrase(1, colleague.id)], 'not-allowed'],
    ['an own one', holder, false, [phrase(1, holder.id)], 'ok'],
    ['one too many', holder, false, Array.from({ length: MAX_PHRASES }, (_, i) => phrase(i + 100, holder.id)), 'too-many'],
  ])('phrases: %s', (_, actor, shared, phrases, expected) => {
    expect(code(decide('putPhrase', { ...words, shared }, actor, { phrases }, uuid(1)))).toBe(expected);
  });

  test.each<[string, Account, readonly Phrase[], string]>([
    ['own', holder, [phrase(1, holder.id)], 'ok'],
    ['shared, by an agent', holder, [phrase(1, null)], 'not-allowed'],
    ['shared, by qa', qa, [phrase(1, null)], 'ok'],
    ['another’s', admin, [phrase(1, holder.id)], 'not-allowed'],
    ['none', holder, [], 'not-found'],
  ])('a phrase removed: %s', (_, actor, phrases, expected) => {
    expect(code(decide('removePhrase', {}, actor, { phrases }, uuid(1)))).toBe(expected);
  });

  test('duty is one’s own to set, at the device’s time', () => {
    expect(decide('setDuty', { duty: 'off' }, holder, {}, holder.id)).toMatchObject({
      value: [{ entity: 'account', id: holder.id, row: { duty: 'off', dutySince: NOW - 5, role: 'agent' } }],
    });
    expect(code(decide('setDuty', { duty: 'off' }, admin, {}, holder.id))).toBe('not-allowed');
  });
});
