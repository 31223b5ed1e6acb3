import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../../shared/domain/commands/index.ts';
import { detail, list, newId, newTicket, numbered, type Office, openOffice } from '../../support/core/desk.ts';
import type { Device } from '../../support/core/device.ts';

let office: Office;
let lin: Device;
let ticketId: string;
let form: string;
beforeAll(async () => {
  office = await openOffice();
  lin = await office.device('lin');
  ticketId = await newTicket(lin);
  form = `ticket:${ticketId}`;
  await numbered(lin, ticketId);
});
afterAll(() => office.close());

const typed = JSON.stringify({ text: '客户说昨晚起打不着火' });
let before: unknown;
beforeEach(async () => {
  await lin.call('drafts.save', { form, value: typed });
  await lin.call('drafts.save', { form: 'new', value: typed });
  before = await detail(lin, ticketId);
});

/** What was typed is there, and nothing else happened. */
async function nothingHappened(): Promise<void> {
  expect((await lin.read('drafts.get', { form }))?.value).toBe(typed);
  expect((await lin.read('drafts.get', { form: 'new' }))?.value).toBe(typed);
  expect(await detail(lin, ticketId)).toEqual(before);
  expect(await lin.read('sync.queue', {})).toEqual([]);
  expect(await lin.read('attention.list', {})).toEqual([]);
  expect((await list(lin, 'pending')).total).toBe(1);
}

const over = (n: number): string => '长'.repeat(n + 1);
const callback = (dueAt: number, note = '') => ({ callbackId: newId(), dueAt, note });

describe('input that does not fit', () => {
  test.each<[string, string, () => unknown]>([
    ['an empty note', 'note', () => ({ note: '' })],
    ['a note of spaces', 'note', () => ({ note: ' \n\t ' })],
    ['a note that is too long', 'note', () => ({ note: over(limits.text) })],
    ['an update of nothing', 'update', () => ({ note: '', changes: [], waiting: false })],
    ['an empty subject', 'update', () => ({ note: '', changes: [{ field: 'subject', from: '晚间频繁掉线', to: '  ' }], waiting: false })],
    [
      'a subject that is too long',
      'update',
      () => ({ note: '', changes: [{ field: 'subject', from: '晚间频繁掉线', to: over(limits.subject) }], waiting: false }),
    ],
    [
      'a field that nobody may set',
      'update',
      () => ({ note: 'x', changes: [{ field: 'assigneeId', from: '', to: newId() }], waiting: false }),
    ],
    ['a report without words', 'resolve', () => ({ report: ' ' })],
    ['无效 without a reason', 'invalidate', () => ({ reason: '' })],
    ['a transfer to nobody', 'transfer', () => ({ toId: '', reason: '' })],
    ['a transfer with a reason that is too long', 'transfer', () => ({ toId: office.people.bai.id, reason: over(limits.text) })],
    ['a callback without a time', 'scheduleCallback', () => ({ callbackId: newId(), note: '' })],
    ['a callback at no time', 'scheduleCallback', () => callback(Number.NaN)],
    ['a callback at half a millisecond', 'scheduleCallback', () => callback(Date.now() + 0.5)],
    ['more than was asked for', 'note', () => ({ note: 'x', actorId: newId() })],
    ['no arguments', 'note', () => undefined],
    ['what only the server may do', 'create', () => ({})],
  ])('%s is bad input before anything is decided', async (_, kind, args) => {
    await expect(lin.call('tickets.act', { ticketId, kind: kind as 'note', args: args() as never, draft: form })).rejects.toMatchObject({
      code: 'BadInput',
    });
    await nothingHappened();
  });

  test.each<[string, object]>([
    ['without a subject', { subject: '' }],
    ['with a subject that is too long', { subject: over(limits.subject) }],
    ['with a description that is too long', { description: over(limits.text) }],
    ['of a customer without a name', { customer: { name: '  ', phones: [] } }],
    ['of a customer with half a phone number', { customer: { name: '周砚秋', phones: ['12'] } }],
    ['of a customer with six phone numbers', { customer: { name: '周砚秋', phones: Array.from({ length: 6 }, () => '13812346021') } }],
    ['of an unknown nature', { nature: 'magic' }],
  ])('a new ticket %s is bad input', async (_, part) => {
    const good = {
      customerId: null,
      customer: { name: '周砚秋', phones: [] },
      subject: 's',
      description: '',
      category: '',
      nature: 'problem',
      priority: 'normal',
      source: 'phone',
      draft: 'new',
    };
    await expect(lin.call('tickets.create', { ...good, ...part } as never)).rejects.toMatchObject({ code: 'BadInput' });
    await nothingHappened();
  });

  test('a form’s draft that is too long is refused and the one before it stays', async () => {
    await expect(lin.call('drafts.save', { form, value: 'x'.repeat(40_001) })).rejects.toMatchObject({ code: 'BadInput' });
    await nothingHappened();
  });
});

describe('what the rules refuse', () => {
  test.each<[string, string, () => unknown, string]>([
    ['a callback in the past', 'scheduleCallback', () => callback(Date.now() - 1000), 'time-past'],
    ['a callback in the year 1970', 'scheduleCallback', () => callback(0), 'time-past'],
    ['a callback in two years', 'scheduleCallback', () => callback(Date.now() + 730 * 86_400_000), 'time-too-far'],
    ['a transfer to oneself', 'transfer', () => ({ toId: office.people.lin.id, reason: 'x' }), 'target-self'],
    ['a transfer to a disabled account', 'transfer', () => ({ toId: office.people.gone.id, reason: 'x' }), 'target-disabled'],
    ['a transfer to an account that does not exist', 'transfer', () => ({ toId: newId(), reason: 'x' }), 'target-missing'],
    ['a claim of one’s own ticket', 'claim', () => ({}), 'wrong-state'],
    ['an assignment by an agent', 'assign', () => ({ toId: office.people.bai.id, note: '' }), 'not-allowed'],
    ['a review by an agent', 'review', () => ({ verdict: 'close', note: '' }), 'not-allowed'],
    ['what only the server does', 'expire', () => ({}), 'not-allowed'],
    [
      'the end of a callback that does not exist',
      'completeCallback',
      () => ({ callbackId: newId(), outcome: 'done', note: '' }),
      'callback-missing',
    ],
    [
      'an update from a value that does not stand',
      'update',
      () => ({ note: '', changes: [{ field: 'subject', from: '别的', to: '新的' }], waiting: false }),
      'conflict',
    ],
  ])('%s has a typed refusal at once, and the draft stays', async (_, kind, args, code) => {
    const result = await lin.call('tickets.act', { ticketId, kind: kind as 'note', args: args() as never, draft: form });
    expect(result).toMatchObject({ ok: false, refusal: { code } });
    await nothingHappened();
  });

  test('a ticket that is not here is not found', async () => {
    const result = await lin.call('tickets.act', { ticketId: newId(), kind: 'note', args: { note: 'x' }, draft: form });
    expect(result).toMatchObject({ ok: false, refusal: { code: 'not-found' } });
    await nothingHappened();
  });

  test('nothing is answered to whoever is not signed in, and nothing is kept', async () => {
    await lin.call('session.signOut', {});
    await expect(lin.call('tickets.act', { ticketId, kind: 'note', args: { note: 'x' } })).rejects.toMatchObject({ code: 'NotSignedIn' });
    await expect(lin.call('drafts.save', { form, value: '1' })).rejects.toMatchObject({ code: 'NotSignedIn' });
    expect(await detail(lin, ticketId)).toBeNull();
    await lin.signIn(office.server.url, 'A1');
    await nothingHappened();
  });
});
