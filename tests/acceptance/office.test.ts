import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ticket } from '../../server/store/schema.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../shared/protocol/operations.ts';
import { act, detail, list, newTicket, numbered, type Office, openOffice, PASSWORD, record } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { troubledTransport } from '../support/core/troubled-transport.ts';

let office: Office;
let lin: Device;
let bai: Device;
let he: Device;
let admin: Device;
beforeAll(async () => {
  office = await openOffice();
  [lin, bai, he, admin] = await Promise.all([office.device('lin'), office.device('bai'), office.device('he'), office.device('admin')]);
});
afterAll(() => office.close());

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const run = <N extends OperationName>(device: Device, operation: N, input: OperationInput<N>) =>
  device.call('office.run', { operation, input });
async function done<N extends OperationName>(device: Device, operation: N, input: OperationInput<N>): Promise<OperationOutput<N>> {
  const result = await run(device, operation, input);
  if (!result.ok) throw new Error(`${operation}: ${result.reason}`);
  return result.output as OperationOutput<N>;
}
const stored = async (id: string) => (await office.server.store.orm.select().from(ticket).where(eq(ticket.id, id)))[0]!;
const has = (device: Device, ticketId: string, fits: (t: NonNullable<Awaited<ReturnType<typeof detail>>>) => boolean) =>
  device.until('tickets.get', { ticketId, transferId: null }, (t) => t !== null && fits(t));

/** A ticket of 林知夏's that the leader's device has. */
async function atWork(subject: string): Promise<string> {
  const id = await newTicket(lin, subject);
  await has(he, id, (t) => t.number !== null);
  return id;
}

describe('X03 分配', () => {
  test('X03 a leader assigns many at once; each that cannot be is told apart, and the receiver has the rest', async () => {
    const ids = [await atWork('一'), await atWork('二'), await atWork('三')];
    await act(lin, ids[2]!, 'resolve', { report: '已处理' });
    await has(he, ids[2]!, (t) => t.status === 'resolved');
    const result = await he.call('tickets.actMany', {
      ticketIds: ids,
      kind: 'assign',
      args: { toId: office.people.bai.id, note: '请今天处理' },
    });
    expect(result).toMatchObject({ saved: 2, refused: [{ ticketId: ids[2], refusal: { code: 'wrong-state' } }] });
    for (const id of ids.slice(0, 2))
      await has(bai, id, (t) => t.assigneeId === office.people.bai.id && t.events[0]!.note === '请今天处理');
  });

  test('X03 an agent cannot, and a leader only inside the own group', async () => {
    const id = await atWork('谁来分配');
    const to = (toId: string) => ({ ticketId: id, kind: 'assign' as const, args: { toId, note: '' } });
    expect(await lin.call('tickets.act', to(office.people.bai.id))).toMatchObject({ ok: false, refusal: { code: 'not-allowed' } });
    expect(await he.call('tickets.act', to(office.people.ji.id))).toMatchObject({ ok: false, refusal: { code: 'target-not-in-group' } });
    expect(await he.call('tickets.act', to(office.people.gone.id))).toMatchObject({ ok: false, refusal: { code: 'target-disabled' } });
    expect(await lin.read('team.load', { groupId: null })).toEqual([]);
  });

  test('X03 the load of each receiver equals their lists', async () => {
    const load = await he.read('team.load', { groupId: null });
    expect(load.map((l) => l.account.name)).toEqual(expect.arrayContaining(['林知夏', '白露', '贺云开']));
    expect(load.map((l) => l.account.name)).not.toContain('季远航');
    const ofBai = load.find((l) => l.account.id === office.people.bai.id)!;
    await bai.synced();
    const counts = await bai.read('tickets.counts', {});
    expect(ofBai.open).toBe(counts.pending + counts.processing);
    expect((await he.read('team.work', { accountId: office.people.bai.id }))!.open).toHaveLength(ofBai.open);
    expect(await he.read('team.work', { accountId: office.people.ji.id })).toBeNull();
  });

  test('an absent agent’s work is handed over with its callbacks, also those of finished tickets; or taken into the pool', async () => {
    const open = await atWork('移交的');
    const finished = await atWork('完成待回访');
    for (const id of [open, finished]) await act(lin, id, 'scheduleCallback', { callbackId: v7(), dueAt: Date.now() + HOUR, note: '' });
    await act(lin, finished, 'resolve', { report: '好了' });
    await he.until('team.work', { accountId: office.people.lin.id }, (w) => w !== null && w.callbacks.some((c) => c.id === finished));
    const back = await atWork('回池的');
    expect(
      await he.call('tickets.actMany', { ticketIds: [open], kind: 'assign', args: { toId: office.people.bai.id, note: '' } }),
    ).toMatchObject({ saved: 1 });
    expect(
      await he.call('tickets.actMany', { ticketIds: [finished], kind: 'handOver', args: { toId: office.people.bai.id, note: '' } }),
    ).toMatchObject({ saved: 1 });
    expect(await he.call('tickets.actMany', { ticketIds: [back], kind: 'withdraw', args: { reason: '请假' } })).toMatchObject({ saved: 1 });
    await has(bai, open, (t) => t.callbacks.length === 1 && t.callbacks[0]!.outcome === null);
    await has(bai, finished, (t) => t.status === 'resolved' && t.callbacks.length === 1);
    await has(bai, back, (t) => t.status === 'released' && t.allowed.includes('claim'));
    expect((await list(bai, 'pool')).rows.map((r) => r.id)).toContain(back);
    expect((await bai.read('reminders.counts', { scope: 'mine' })).next7.total).toBeGreaterThanOrEqual(2);
  });

  test('review: what is resolved waits in the list, goes back with a reason, or is closed', async () => {
    const [good, bad] = [await atWork('好的'), await atWork('不好的')];
    for (const id of [good, bad]) await act(lin, id, 'resolve', { report: '已处理' });
    for (const id of [good, bad]) await has(he, id, (t) => t.status === 'resolved');
    const review = await list(he, 'review');
    expect(review.rows.map((r) => r.id)).toEqual(expect.arrayContaining([good, bad]));
    expect((await he.read('tickets.counts', {})).review).toBe(review.total);
    expect((await list(lin, 'review')).total).toBe(0);
    await act(he, bad, 'review', { verdict: 'back', note: '没有回访客户' });
    await act(he, good, 'review', { verdict: 'close', note: '' });
    await has(lin, bad, (t) => t.status === 'processing' && t.events[0]!.note === '没有回访客户');
    await has(lin, good, (t) => t.status === 'closed');
  });
});

describe('X24 自定义字段', () => {
  const put = (name: string, type: OperationInput<'fields.put'>['type'], more: Partial<OperationInput<'fields.put'>> = {}) =>
    done(admin, 'fields.put', { id: null, name, type, options: [], required: false, ...more });

  test('X24 a definition reaches every device; values are kept, checked and filtered, and required ones are asked for', async () => {
    const { field: area } = await put('片区', 'single', { options: ['雨润', '南湖'] });
    const { field: size } = await put('面积', 'number');
    await lin.until('directory.list', {}, (d) => d.customFields.length === 2);
    const id = await newTicket(lin, '有自定义字段的', { custom: { [size.id]: 88 } });
    const change = (key: string, from: unknown, to: unknown) => ({
      note: '',
      waiting: false,
      changes: [{ field: 'custom' as const, key, from: from as null, to: to as string }],
    });
    const set = (key: string, to: unknown) => lin.call('tickets.act', { ticketId: id, kind: 'update', args: change(key, null, to) });
    expect(await set(area.id, '没有的')).toMatchObject({ ok: false, refusal: { code: 'field-misfit', detail: area.id } });
    expect(await set(area.id, '南湖')).toMatchObject({ ok: true });
    await numbered(lin, id);
    expect((await stored(id)).custom).toEqual({ [size.id]: 88, [area.id]: '南湖' });
    const filtered = await lin.read('tickets.list', {
      list: 'processing',
      text: '',
      filter: [{ field: 'custom', key: area.id, test: { op: 'any', values: ['南湖'] } }],
      due: 'all',
      sort: 'updated',
      descending: true,
      offset: 0,
      limit: 10,
    });
    expect(filtered.rows.map((r) => [r.id, r.custom[area.id]])).toEqual([[id, '南湖']]);

    const { field: cause } = await put('原因', 'text', { required: true });
    await lin.until('directory.list', {}, (d) => d.customFields.length === 3);
    expect(await lin.call('tickets.act', { ticketId: id, kind: 'resolve', args: { report: '好了' } })).toMatchObject({
      ok: false,
      refusal: { code: 'field-required', detail: cause.id },
    });
    await act(lin, id, 'update', change(cause.id, null, '光猫'));
    await act(lin, id, 'resolve', { report: '好了' });
    await done(admin, 'fields.retire', { id: cause.id, retired: true });
  });

  test('X24 what was typed offline under an older definition is kept as it was typed, also where the choice or the field is gone', async () => {
    const { field } = await put('班次', 'single', { options: ['早', '晚'] });
    const { field: later } = await put('后来必填', 'text');
    const { transport, trouble } = troubledTransport();
    const away = await office.device('lin', { transport });
    await away.until('directory.list', {}, (d) => d.customFields.some((f) => f.id === later.id));
    const id = await newTicket(away, '离线改字段');
    await numbered(away, id);
    trouble.offline = true;
    await act(away, id, 'update', { note: '', waiting: false, changes: [{ field: 'custom', key: field.id, from: null, to: '早' }] });
    await act(away, id, 'resolve', { report: '好了' });
    await done(admin, 'fields.put', { id: field.id, name: '班次', type: 'single', options: ['晚'], required: false });
    await done(admin, 'fields.retire', { id: field.id, retired: true });
    await done(admin, 'fields.put', { id: later.id, name: '后来必填', type: 'text', options: [], required: true });
    trouble.offline = false;
    await away.call('sync.retry', {});
    await away.until('directory.list', {}, (d) => typeof d.customFields.find((f) => f.id === field.id)?.removedAt === 'number');
    await has(away, id, (t) => t.status === 'resolved' && !t.pending);
    expect((await stored(id)).custom).toEqual({ [field.id]: '早' });
    expect(await away.read('attention.list', {})).toEqual([]);
    await done(admin, 'fields.retire', { id: later.id, retired: true });
  });
});

describe('参数', () => {
  test('X26 without agentsMayCreate an agent cannot create, on the device and at the server; a leader can', async () => {
    await done(admin, 'parameters.set', { change: { agentsMayCreate: false }, applyToOpen: false });
    await lin.until('session.state', {}, (s) => !s.mayCreate);
    await expect(newTicket(lin, '不许')).rejects.toThrow('not-allowed');
    await numbered(he, await newTicket(he, '组长可以'));
    await done(admin, 'parameters.set', { change: { agentsMayCreate: true }, applyToOpen: false });
    await lin.until('session.state', {}, (s) => s.mayCreate);
  });

  test('X27 a changed term says what it would do, does that, and what is past it is released by the system', async () => {
    const id = await atWork('期限');
    const before = (await stored(id)).dueAt!;
    const shorter = { ticketTtl: HOUR };
    const preview = await done(admin, 'parameters.preview', { change: shorter });
    expect(preview.open).toBeGreaterThan(0);
    expect(preview.retimed).toBe(preview.open);
    const { retimed } = await done(admin, 'parameters.set', { change: shorter, applyToOpen: true });
    expect(retimed).toBe(preview.retimed);
    expect((await stored(id)).dueAt).toBe(before - 3 * DAY + HOUR);
    await office.server.runDue(before - 3 * DAY + HOUR + 1);
    await has(he, id, (t) => t.status === 'released');
    expect((await detail(he, id))!.events[0]).toMatchObject({ command: 'expire', actorName: '' });
    expect((await list(he, 'expired')).rows.map((r) => [r.id, r.expiredFromName])).toContainEqual([id, '林知夏']);
    await done(admin, 'parameters.set', { change: { ticketTtl: 3 * DAY }, applyToOpen: false });
  });
});

describe('the office', () => {
  test('only an admin may, and without a network nobody can: both are said', async () => {
    expect(await run(he, 'groups.add', { name: '三组' })).toEqual({ ok: false, reason: 'forbidden' });
    expect(await run(lin, 'staff.list', {})).toEqual({ ok: false, reason: 'forbidden' });
    const { transport, trouble } = troubledTransport();
    const far = await office.device('admin', { transport });
    trouble.offline = true;
    expect(await run(far, 'groups.add', { name: '三组' })).toEqual({ ok: false, reason: 'offline' });
  });

  test('an account is added, works, changes its password, gets another role, and loses its work when it is disabled', async () => {
    const { account, password } = await done(admin, 'staff.add', {
      staffNo: 'A77',
      name: '新人',
      role: 'agent',
      groupIds: [office.groups.one.id],
      priorityGroupId: office.groups.one.id,
    });
    expect(
      await run(admin, 'staff.add', {
        staffNo: 'a77',
        name: '同号',
        role: 'agent',
        groupIds: [office.groups.one.id],
        priorityGroupId: office.groups.one.id,
      }),
    ).toEqual({ ok: false, reason: 'staff-no-taken' });
    const desk = await office.signIn('A77', password);
    expect(await run(desk, 'account.changePassword', { old: 'wrong-one', next: 'quite-another-9' })).toEqual({
      ok: false,
      reason: 'wrong-password',
    });
    await done(desk, 'account.changePassword', { old: password, next: 'quite-another-9' });
    const id = await newTicket(desk, '新人的工单');
    await numbered(desk, id);
    await done(admin, 'staff.change', { id: account.id, role: 'leader' });
    await desk.until('session.state', {}, (s) => s.mayAssign);
    const { moved } = await done(admin, 'staff.disable', { id: account.id, tickets: { what: 'to', accountId: office.people.bai.id } });
    expect(moved).toBe(1);
    await desk.until('session.state', {}, (s) => s.phase === 'locked' && s.reason === 'account-disabled');
    await has(bai, id, (t) => t.assigneeId === office.people.bai.id);
    expect(await run(admin, 'staff.disable', { id: office.people.admin.id, tickets: { what: 'keep' } })).toEqual({
      ok: false,
      reason: 'self',
    });
    await done(admin, 'staff.enable', { id: account.id });
    const again = await office.signIn('A77', 'quite-another-9');
    expect((await again.read('session.state', {})).account?.name).toBe('新人');
    const { entries } = await done(admin, 'audit.list', { before: null, limit: 200 });
    expect(entries.some((e) => e.accountId === office.people.admin.id)).toBe(true);
    expect(JSON.stringify(entries)).not.toContain(password);
  });

  test('duty is seen by colleagues; off duty reminders are held, and told when the agent is back', async () => {
    await record(lin, 'setDuty', office.people.lin.id, { duty: 'off' });
    await he.until('team.load', { groupId: null }, (l) => l.find((p) => p.account.id === office.people.lin.id)?.account.duty === 'off');
    const id = await newTicket(bai, '下班后转来');
    await numbered(bai, id);
    await act(bai, id, 'transfer', { toId: office.people.lin.id, reason: '' });
    await has(lin, id, (t) => t.assigneeId === office.people.lin.id);
    const shown = lin.host.shown.filter((n) => n.ticketId === id);
    expect([shown, await lin.read('reminders.popups', {})]).toEqual([[], []]);
    await record(lin, 'setDuty', office.people.lin.id, { duty: 'on' });
    await lin.until('reminders.popups', {}, (p) => p.some((x) => x.ticketId === id));
    expect(lin.host.shown.filter((n) => n.ticketId === id)).toHaveLength(1);
  });

  test('a group is added, renamed and removed, also on the devices; one with people in it stays', async () => {
    const names = (device: Device, wanted: string) =>
      device.until(
        'directory.list',
        {},
        (d) =>
          d.groups
            .map((g) => g.name)
            .toSorted()
            .join() === wanted,
      );
    const { group } = await done(admin, 'groups.add', { name: '三组' });
    await names(lin, ['宽带一组', '家电二组', '三组'].toSorted().join());
    await done(admin, 'groups.rename', { id: group.id, name: '夜班组' });
    await names(lin, ['宽带一组', '家电二组', '夜班组'].toSorted().join());
    await done(admin, 'groups.remove', { id: group.id });
    await names(lin, ['宽带一组', '家电二组'].toSorted().join());
    expect(await run(admin, 'groups.remove', { id: office.groups.one.id })).toEqual({ ok: false, reason: 'group-in-use' });
  });

  test('phrases: own ones and shared ones, found by words and sounds; shared ones are a leader’s to change', async () => {
    const phrase = { shared: false, title: '致歉', text: '非常抱歉给您带来不便。', position: 1 };
    await record(lin, 'putPhrase', null, phrase);
    expect(await lin.call('records.act', { kind: 'putPhrase', subjectId: null, args: { ...phrase, shared: true } })).toMatchObject({
      ok: false,
      refusal: { code: 'not-allowed' },
    });
    const shared = await record(he, 'putPhrase', null, { ...phrase, shared: true, title: '确认上门', text: '师傅周五上门。' });
    await lin.until('phrases.list', { text: '' }, (list) => list.map((p) => p.title).join() === '致歉,确认上门');
    expect((await lin.read('phrases.list', { text: 'qrsm' })).map((p) => p.title)).toEqual(['确认上门']);
    expect((await bai.read('phrases.list', { text: '' })).map((p) => p.title)).not.toContain('致歉');
    expect(await lin.call('records.act', { kind: 'removePhrase', subjectId: shared, args: {} })).toMatchObject({
      ok: false,
      refusal: { code: 'not-allowed' },
    });
  });

  test('a password that was reset ends the sessions that had the old one', async () => {
    const ji = await office.device('ji');
    const { password } = await done(admin, 'staff.resetPassword', { id: office.people.ji.id });
    await ji.until('session.state', {}, (s) => s.phase === 'locked');
    await expect(office.signIn('A3', PASSWORD)).rejects.toThrow('bad-credentials');
    expect((await (await office.signIn('A3', password)).read('session.state', {})).phase).toBe('ready');
  });
});
