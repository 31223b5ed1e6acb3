import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { customer, ticket } from '../../server/store/schema.ts';
import { act, newId, newTicket, numbered, type Office, openOffice, record, saved } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { troubledTransport } from '../support/core/troubled-transport.ts';

/** One agent with two devices: the first one can be cut off, so that both edit the same ticket without knowing of each other. */
let office: Office;
let desk: Device;
let laptop: Device;
const cable = troubledTransport();
let id: string;
beforeAll(async () => {
  office = await openOffice();
  desk = await office.device('lin', { transport: cable.transport });
  laptop = await office.device('lin');
});
afterAll(() => office.close());
beforeEach(async () => {
  cable.trouble.offline = false;
  await desk.call('sync.retry', {});
  for (const { commandId } of await desk.read('attention.list', {})) await desk.call('attention.discard', { commandId });
  for (const { form } of await desk.read('attention.kept', {})) await desk.call('attention.discardKept', { form });
  id = await newTicket(laptop, '晚间掉线');
  await numbered(laptop, id);
  await desk.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
  cable.trouble.offline = true;
});

type Change = { field: 'subject' | 'category'; from: string; to: string } | { field: 'priority'; from: 'high'; to: 'urgent' | 'low' };
const edit = (device: Device, changes: Change[], note = '') => act(device, id, 'update', { note, changes, waiting: false });
const onServer = async () => (await office.server.store.orm.select().from(ticket).where(eq(ticket.id, id)))[0]!;
const reconnect = async (): Promise<void> => {
  cable.trouble.offline = false;
  await desk.call('sync.retry', {});
  await desk.until('sync.state', {}, (s) => s.connection === 'online' && s.pending === 0);
};
const settled = (device: Device) => device.until('sync.state', {}, (s) => s.pending === 0);
const attention = (device: Device) => device.until('attention.list', {}, (items) => items.length > 0);
/** 晚间掉线 became 夜里断网 on the laptop, and 半夜断线 on the desk that was offline. */
async function bothRename(): Promise<string> {
  await edit(laptop, [{ field: 'subject', from: '晚间掉线', to: '夜里断网' }]);
  await settled(laptop);
  await edit(desk, [{ field: 'subject', from: '晚间掉线', to: '半夜断线' }], '客户又打来');
  await reconnect();
  const [item] = await desk.until('attention.list', {}, (items) => items[0]?.conflict?.[0]?.theirsBy !== '' && items.length > 0);
  return item!.commandId;
}
const choose = (commandId: string, value: string, seen = '夜里断网') =>
  desk.call('attention.settle', { commandId, choices: [{ field: 'subject', seen, value }] });

describe('F06 two edits that did not know of each other', () => {
  test('F06 of different fields: both survive, and nobody is asked', async () => {
    await edit(laptop, [{ field: 'subject', from: '晚间掉线', to: '夜里断网' }]);
    await settled(laptop);
    await edit(desk, [{ field: 'priority', from: 'high', to: 'urgent' }]);
    await reconnect();
    expect(await onServer()).toMatchObject({ subject: '夜里断网', priority: 'urgent' });
    expect(await desk.read('attention.list', {})).toEqual([]);
  });

  test('F06 of the same field: both values, who and when, and what was written beside it', async () => {
    const commandId = await bothRename();
    const [item] = await attention(desk);
    expect(item).toMatchObject({ commandId, here: true, refusal: { code: 'conflict' }, text: '客户又打来\n半夜断线' });
    expect(item!.conflict).toMatchObject([
      { field: 'subject', base: '晚间掉线', mine: '半夜断线', theirs: '夜里断网', theirsBy: '林知夏' },
    ]);
    expect(item!.conflict![0]!.theirsAt).toBeGreaterThan(Date.now() - 60_000);
    expect(await onServer()).toMatchObject({ subject: '夜里断网' });
  });

  test.each([
    ['mine', '半夜断线', '半夜断线'],
    ['theirs, and the note goes all the same', '夜里断网', '夜里断网'],
    ['a third one', '夜里到凌晨断网', '夜里到凌晨断网'],
  ])('F06 the choice of %s goes to the server, once', async (_, value, expected) => {
    const commandId = await bothRename();
    expect(await choose(commandId, value)).toMatchObject({ ok: true });
    await settled(desk);
    expect(await onServer()).toMatchObject({ subject: expected, status: 'processing' });
    expect(await desk.read('attention.list', {})).toEqual([]);
    const { events } = (await desk.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.events[0]?.note === '客户又打来'))!;
    expect(events.filter((e) => e.note === '客户又打来')).toHaveLength(1);
  });

  test('F06 theirs everywhere and no note: nothing is sent, and it is done with', async () => {
    await edit(laptop, [{ field: 'subject', from: '晚间掉线', to: '夜里断网' }]);
    await settled(laptop);
    await edit(desk, [{ field: 'subject', from: '晚间掉线', to: '半夜断线' }]);
    await reconnect();
    const [item] = await attention(desk);
    const events = (await desk.read('tickets.get', { ticketId: id, transferId: null }))!.events.length;
    expect(await choose(item!.commandId, '夜里断网')).toEqual({ ok: true, commandId: null });
    expect(await desk.read('attention.list', {})).toEqual([]);
    expect((await desk.read('tickets.get', { ticketId: id, transferId: null }))!.events).toHaveLength(events);
  });

  test('F06 what changed again while the agent was choosing is asked for again, not overwritten', async () => {
    const commandId = await bothRename();
    cable.trouble.offline = true;
    await edit(laptop, [{ field: 'subject', from: '夜里断网', to: '断网两小时' }]);
    await settled(laptop);
    expect(await choose(commandId, '半夜断线')).toMatchObject({ ok: true });
    await reconnect();
    expect(await onServer()).toMatchObject({ subject: '断网两小时' });
    const [again] = await desk.until('attention.list', {}, (items) => items[0]?.conflict?.[0]?.theirs === '断网两小时');
    expect(again!.conflict).toMatchObject([{ base: '夜里断网', mine: '半夜断线' }]);
  });

  test('F06 a value that is not allowed is refused and stays to be chosen', async () => {
    const commandId = await bothRename();
    expect(await choose(commandId, '')).toMatchObject({ ok: false, refusal: { code: 'bad-arguments' } });
    expect(await desk.read('attention.list', {})).toHaveLength(1);
  });

  test('F06 the time of a callback that two devices moved is a choice as well', async () => {
    cable.trouble.offline = false;
    const callbackId = newId();
    const at = Date.now() + 3_600_000;
    await act(laptop, id, 'scheduleCallback', { callbackId, dueAt: at, note: '' });
    await desk.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.callbacks.length === 1);
    cable.trouble.offline = true;
    await act(laptop, id, 'rescheduleCallback', { callbackId, from: at, dueAt: at + 60_000 });
    await settled(laptop);
    await act(desk, id, 'rescheduleCallback', { callbackId, from: at, dueAt: at + 120_000 });
    await reconnect();
    const [item] = await attention(desk);
    expect(item!.conflict).toMatchObject([{ field: 'callback', base: at, mine: at + 120_000, theirs: at + 60_000 }]);
    await desk.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.callbacks[0]?.dueAt === at + 60_000);
    const choices = [{ field: 'callback', seen: at + 60_000, value: at + 120_000 }];
    expect(await desk.call('attention.settle', { commandId: item!.commandId, choices })).toMatchObject({ ok: true });
    await settled(desk);
    const moved = await laptop.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.callbacks[0]?.dueAt === at + 120_000);
    expect(moved).not.toBeNull();
  });

  test('F06 facts of a customer merge and conflict in the same way', async () => {
    const { customer: card } = (await desk.read('tickets.get', { ticketId: id, transferId: null }))!;
    const customerId = card!.id;
    await record(laptop, 'editCustomer', customerId, { changes: [{ field: 'address', from: '', to: '和平路 1 号' }] });
    await settled(laptop);
    await record(desk, 'editCustomer', customerId, {
      changes: [
        { field: 'address', from: '', to: '解放路 9 号' },
        { field: 'tier', from: '', to: '金卡' },
      ],
    });
    await reconnect();
    const [item] = await attention(desk);
    expect(item!.conflict).toMatchObject([{ field: 'customer.address', mine: '解放路 9 号', theirs: '和平路 1 号' }]);
    await desk.until('customers.get', { customerId }, (c) => c?.address === '和平路 1 号');
    const choices = [{ field: 'customer.address', seen: '和平路 1 号', value: '解放路 9 号' }];
    expect(await desk.call('attention.settle', { commandId: item!.commandId, choices })).toMatchObject({ ok: true });
    await settled(desk);
    const [row] = await office.server.store.orm.select().from(customer).where(eq(customer.id, customerId));
    expect(row).toMatchObject({ address: '解放路 9 号', tier: '金卡' });
  });
});

describe('F18 a ticket that left while it was being worked on', () => {
  const draft = JSON.stringify({ note: '约好周四上门', waiting: false, changes: [], callbackNote: '' });
  const taken = async (): Promise<void> => {
    const he = await office.device('he');
    await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    await act(he, id, 'assign', { toId: office.people.bai.id, note: '' });
    await settled(he);
    await he.stop();
  };

  test('F18 R10 what was typed and what was queued are kept apart, with the number; the ticket itself is gone', async () => {
    const { number } = (await desk.read('tickets.get', { ticketId: id, transferId: null }))!;
    await desk.call('drafts.save', { form: `ticket:${id}`, value: draft });
    await edit(desk, [{ field: 'subject', from: '晚间掉线', to: '半夜断线' }], '客户又打来');
    await taken();
    cable.trouble.offline = false;
    await desk.call('sync.retry', {});
    expect(await desk.until('tickets.get', { ticketId: id, transferId: null }, (t) => t === null)).toBeNull();
    const kept = await desk.until('attention.kept', {}, (k) => k.length > 0);
    expect(kept).toMatchObject([{ form: `ticket:${id}`, about: 'ticket', number, text: '约好周四上门' }]);
    const [item] = await attention(desk);
    expect(item).toMatchObject({ number, subject: '', here: false, conflict: null, text: '客户又打来\n半夜断线' });
    expect(item!.refusal.code).toBe('not-assignee');
    expect((await desk.read('sync.state', {})).attention).toBe(2);
    await desk.call('attention.discardKept', { form: `ticket:${id}` });
    await desk.call('attention.discard', { commandId: item!.commandId });
    expect((await desk.read('sync.state', {})).attention).toBe(0);
  });

  test('F18 what is still being written when it leaves is kept too', async () => {
    cable.trouble.offline = false;
    await taken();
    await desk.call('sync.retry', {});
    await desk.until('tickets.get', { ticketId: id, transferId: null }, (t) => t === null);
    await desk.call('drafts.save', { form: `ticket:${id}`, value: draft });
    expect(await desk.read('attention.kept', {})).toMatchObject([{ form: `ticket:${id}`, text: '约好周四上门' }]);
    expect(await desk.read('drafts.get', { form: `ticket:${id}` })).toBeNull();
  });

  test('F18 a ticket that comes back brings its text back', async () => {
    await desk.call('drafts.save', { form: `ticket:${id}`, value: draft });
    await taken();
    await reconnect();
    await desk.until('attention.kept', {}, (k) => k.length === 1);
    const he = await office.device('he');
    await act(he, id, 'assign', { toId: office.people.lin.id, note: '' });
    await settled(he);
    await he.stop();
    await desk.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    expect((await desk.read('drafts.get', { form: `ticket:${id}` }))?.value).toBe(draft);
    expect(await desk.read('attention.kept', {})).toEqual([]);
  });
});

test('R10 what was refused can be sent again, become a note or be given up; nothing else happens to it', async () => {
  await act(laptop, id, 'resolve', { report: '好了' });
  await settled(laptop);
  await edit(desk, [], '客户要求改期');
  await reconnect();
  await desk.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.status === 'resolved');
  const [item] = await attention(desk);
  expect(item).toMatchObject({ kind: 'update', refusal: { code: 'wrong-state' }, text: '客户要求改期', conflict: null });
  // As often as one likes: it is refused again, and still there.
  expect(await desk.call('attention.retry', { commandId: item!.commandId })).toMatchObject({ ok: false });
  saved(await desk.call('attention.toNote', { commandId: item!.commandId }));
  await settled(desk);
  expect(await desk.read('attention.list', {})).toEqual([]);
  const noted = await desk.until('tickets.get', { ticketId: id, transferId: null }, (t) => t?.events[0]?.note === '客户要求改期');
  expect(noted!.events[0]).toMatchObject({ command: 'note' });
});
