import { expect, test } from 'vitest';
import { callback, transfer } from '../../server/store/schema.ts';
import { act, newId, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene, type Scene } from '../support/e2e/desk-scene.ts';
import { bucketKeys } from '../support/e2e/expected.ts';

let app: DeskApp;
let lin: Device;
let bai: Device;
/** Of the agent at this desk, by what happened to each; `elsewhere` belong to others. */
const made = { pending: '', processing: '', waiting: '', resolved: '', given: '', pool: '', elsewhere: [] as string[] };

const scene = deskScene(async (it) => {
  const { office } = it;
  lin = await office.device('lin');
  bai = await office.device('bai');
  const ji = await office.device('ji');
  const ticketOf = async (device: Device, subject: string): Promise<string> => {
    const id = await newTicket(device, subject);
    await numbered(device, id);
    return id;
  };
  made.pending = await ticketOf(lin, '待处理的一张');
  made.processing = await ticketOf(lin, '处理中的一张');
  await act(lin, made.processing, 'update', { note: '跟进', changes: [], waiting: false });
  made.waiting = await ticketOf(lin, '等客户的一张');
  await act(lin, made.waiting, 'update', { note: '等客户提供账号', changes: [], waiting: true });
  made.resolved = await ticketOf(lin, '完成的一张');
  await act(lin, made.resolved, 'resolve', { report: '已修复' });
  made.given = await ticketOf(lin, '转出的一张');
  await act(lin, made.given, 'transfer', { toId: office.people.bai.id, reason: '片区不同' });
  made.pool = await ticketOf(lin, '释放的一张');
  await act(lin, made.pool, 'release', { reason: '重复' });
  made.elsewhere = [await ticketOf(bai, '白露的一张'), await ticketOf(ji, '二组的一张')];
  for (const [device, id] of [
    [lin, made.pending],
    [bai, made.elsewhere[0]!],
    [ji, made.elsewhere[1]!],
  ] as const)
    await act(device, id, 'scheduleCallback', { callbackId: newId(), dueAt: Date.now() + 3_600_000, note: '' });
  for (const device of [lin, bai, ji]) await device.synced();
  app = await it.start();
  await app.signIn('A1');
});

const mine = async (it: Scene, ...statuses: string[]): Promise<string[]> =>
  (await it.db.tickets()).filter((t) => t.assigneeId === it.office.people.lin.id && statuses.includes(t.status)).map(({ id }) => id);
const shown = async (): Promise<string[]> => (await app.rows()).sort();
const bucketRows = () => app.page.locator('main [data-key]').evaluateAll((all) => all.map((each) => each.getAttribute('data-key')!));
/** Neither letters nor the send key do anything. */
async function tryKeys(): Promise<void> {
  for (const key of ['g', 'w', 'z', 'x', 's', 'Control+Enter']) await app.press(key);
  expect(await app.at('confirm').count()).toBe(0);
  expect(await app.at('person-search').count()).toBe(0);
  expect(await app.at('composer').count()).toBe(0);
}

test('X08 待处理 holds what is not yet touched, and each can be handled', async () => {
  await app.openList('pending');
  await eventually(shown).toEqual((await mine(scene, 'pending')).sort());
  await eventually(() => app.count('pending')).toBe(1);
  await app.openRow(made.pending);
  for (const button of ['act-update', 'act-resolve', 'act-transfer', 'act-invalidate', 'act-release', 'act-callback'])
    expect(await app.at(button).isEnabled(), button).toBe(true);
});

test('X09 处理中 holds what is being worked on, with those that wait for the customer', async () => {
  await app.openList('processing');
  await eventually(shown).toEqual([made.processing, made.waiting].sort());
  expect(await shown()).toEqual((await mine(scene, 'processing', 'waiting')).sort());
  expect(await app.count('processing')).toBe(2);
  expect(await app.row(made.waiting).innerText()).toContain('暂停');
  await app.openRow(made.processing);
  expect(await app.at('act-update').isEnabled()).toBe(true);
});

test('X10 已完成 is view only: no composer, no action, and keys change nothing', async () => {
  const before = await scene.db.ticket(made.resolved);
  await app.openList('resolved');
  await eventually(shown).toEqual([made.resolved]);
  expect(await app.count('resolved')).toBe(1);
  await app.openRow(made.resolved);
  await eventually(() => app.at('read-only').innerText()).toContain('工单已完成，只能查看');
  for (const button of ['act-update', 'act-resolve', 'act-transfer', 'act-invalidate', 'act-release', 'field-priority', 'field-subject'])
    expect(await app.at(button).count(), button).toBe(0);
  await tryKeys();
  expect(await scene.db.ticket(made.resolved)).toEqual(before);
});

test('X11 已转派 is view only and as it was when it left: what came later is not told', async () => {
  await act(bai, made.given, 'update', {
    note: '白露后来写的',
    changes: [{ field: 'subject', from: '转出的一张', to: '换了主题' }],
    waiting: false,
  });
  await bai.synced();
  // What the server says later arrives later, so once this is here that would be.
  await act(lin, made.processing, 'update', {
    note: '',
    changes: [{ field: 'subject', from: '处理中的一张', to: '到了' }],
    waiting: false,
  });
  await app.openList('processing');
  await eventually(() => app.row(made.processing).innerText()).toContain('到了');
  await app.openList('transferred');
  await eventually(() => app.row(made.given).innerText()).toMatch(/白露[\s\S]*片区不同/);
  expect(await app.count('transferred')).toBe(1);
  expect((await scene.db.orm.select().from(transfer)).map(({ ticketId }) => ticketId)).toEqual([made.given]);
  await app.openRow(made.given);
  await eventually(() => app.at('read-only').innerText()).toMatch(/已转给 白露[\s\S]*转派原因：片区不同/);
  const panel = await app.at('ticket-panel').innerText();
  expect(panel).toContain('转出的一张');
  expect(panel).not.toContain('白露后来写的');
  expect(panel).not.toContain('换了主题');
  await tryKeys();
  expect((await scene.db.events(made.given)).at(-1)?.note).toBe('白露后来写的');
});

test('X07 X33 an agent sees only own tickets, and has neither 全部工单 nor 下属', async () => {
  expect(await app.at('nav-all').count()).toBe(0);
  expect(await app.at('scope-mine').count()).toBe(0);
  expect(await app.at('scope-team').count()).toBe(0);
  const seen: string[] = [];
  for (const list of ['pending', 'processing', 'resolved', 'transferred'] as const) {
    await app.openList(list);
    await eventually(async () => (await app.rows()).length).toBe(await app.count(list));
    seen.push(...(await app.rows()));
  }
  expect(seen.sort()).toEqual([made.pending, made.processing, made.waiting, made.resolved, made.given].sort());
  await app.openBucket('next3');
  const everything = [await scene.db.tickets(), await scene.db.orm.select().from(callback)] as const;
  await eventually(bucketRows).toEqual(bucketKeys('next3', [scene.office.people.lin.id], ...everything));
});

for (const [title, staffNo, groups] of [
  ['X07 X33 a leader sees the own group', 'L1', ['one']],
  ['X07 X33 a 质检员 sees everyone', 'Q1', ['one', 'two']],
  ['X07 X33 an administrator sees everyone', 'G1', ['one', 'two']],
] as const) {
  test(`${title} in 全部工单, and 下属 widens the buckets`, async () => {
    await app.signOut();
    await app.signIn(staffNo);
    const ids = groups.map((each) => scene.office.groups[each].id);
    const all = await scene.db.tickets();
    await app.openList('all');
    const visible = all.filter((t) => ids.includes(t.groupId)).map(({ id }) => id);
    await eventually(shown).toEqual(visible.sort());
    await eventually(() => app.count('all')).toBe(visible.length);
    expect(await app.at('list-total').innerText()).toBe(`${visible.length} 条`);

    await app.openBucket('next3');
    await app.at('scope-mine').click();
    await eventually(() => app.count('bucket-next3')).toBe(0);
    expect(await bucketRows()).toEqual([]);
    await app.at('scope-team').click();
    const { lin: one, bai: two, ji: three } = scene.office.people;
    const team = groups.length === 2 ? [one.id, two.id, three.id] : [one.id, two.id];
    const expected = bucketKeys('next3', team, all, await scene.db.orm.select().from(callback));
    expect(expected.length).toBeGreaterThanOrEqual(team.length);
    await eventually(bucketRows).toEqual(expected);
    await eventually(() => app.count('bucket-next3')).toBe(expected.length);
    await app.at(`person-chip-${two.id}`).click();
    await eventually(bucketRows).toEqual(bucketKeys('next3', [two.id], all, await scene.db.orm.select().from(callback)));
  });
}

test('X07 somebody else’s ticket takes a note and nothing else', async () => {
  await app.openList('all');
  await app.openRow(made.elsewhere[1]!);
  await eventually(() => app.at('read-only').innerText()).toContain('由 季远航 处理');
  expect(await app.at('act-resolve').count()).toBe(0);
  await app.write('请尽快联系客户');
  await app.at('act-note').click();
  await eventually(async () => (await scene.db.events(made.elsewhere[1]!)).at(-1)).toMatchObject({
    command: 'note',
    note: '请尽快联系客户',
    actorId: scene.office.people.admin.id,
  });
  expect((await scene.db.ticket(made.elsewhere[1]!))?.assigneeId).toBe(scene.office.people.ji.id);
});
