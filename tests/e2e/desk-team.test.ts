import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { ticket } from '../../server/store/schema.ts';
import { act, newId, newTicket, numbered } from '../support/core/desk.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
const open: string[] = [];
let finished = '';
let expired = '';

const scene = deskScene(async (it) => {
  const { office } = it;
  const lin = await office.device('lin');
  for (let n = 0; n < 4; n += 1) {
    const id = await newTicket(lin, `在办 ${n}`);
    await numbered(lin, id);
    open.push(id);
  }
  await act(lin, open[0]!, 'update', { note: '跟进', changes: [], waiting: false });
  finished = await newTicket(lin, '完成后还要回访');
  await numbered(lin, finished);
  await act(lin, finished, 'scheduleCallback', { callbackId: newId(), dueAt: Date.now() + 60_000, note: '满意度' });
  await act(lin, finished, 'resolve', { report: '已修复' });
  await lin.synced();
  app = await it.start();
  await app.signIn('L1');
});

const cell = (staffNo: string, name: string) => app.at(`team-${staffNo}`).locator(`[data-cell="${name}"]`).innerText();

test('X07 组员 shows what each has in hand, as the server counts it', async () => {
  await app.at('nav-team').click();
  await app.at('team-A1').waitFor();
  const mine = (await scene.db.tickets()).filter((t) => t.assigneeId === scene.office.people.lin.id);
  await eventually(() => cell('A1', 'open')).toBe(
    String(mine.filter((t) => ['pending', 'processing', 'waiting'].includes(t.status)).length),
  );
  expect(await cell('A1', 'pending')).toBe(String(mine.filter((t) => t.status === 'pending').length));
  expect(await cell('A1', 'resolvedToday')).toBe('1');
  expect(await cell('A1', 'onFinished')).toBe('1');
  expect(await cell('A2', 'open')).toBe('0');
  expect(await app.at('team-A3').count()).toBe(0);
});

test('X03 ticked work of one person is handed over: tickets are assigned, callbacks of finished ones go along', async () => {
  const { bai } = scene.office.people;
  await app.page.locator('[data-testid=team-table]').focus();
  await app.at('team-A1').click();
  await app.at('work-open').waitFor();
  await app.at(`work-tick-${open[0]!}`).check();
  await app.at(`work-tick-${finished}`).check();
  await app.at('hand-over').click();
  await app.at('assign-person-A2').click();
  await app.at('assign-confirm').click();
  await eventually(async () => (await scene.db.ticket(open[0]!))?.assigneeId).toBe(bai.id);
  await eventually(async () => (await scene.db.callbacks(finished)).map((c) => c.assigneeId)).toEqual([bai.id]);
  expect((await scene.db.ticket(finished))?.status).toBe('resolved');
  expect((await scene.db.events(finished)).at(-1)?.command).toBe('handOver');
  await eventually(() => cell('A2', 'open')).toBe('1');
  await eventually(() => cell('A1', 'open')).toBe('3');
  // What lies below the table is read by itself, and what goes next is what stands there.
  for (const id of [open[0]!, finished]) await app.at(`work-${id}`).waitFor({ state: 'detached' });
});

test('X03 the rest goes to the pool', async () => {
  await app.at('hand-to-pool').click();
  await app.at('reason-text').fill('休假');
  await app.press('Control+Enter');
  await eventually(async () =>
    (await Promise.all(open.slice(1).map((id) => scene.db.ticket(id)))).map((t) => [t?.status, t?.assigneeId]),
  ).toEqual([
    ['released', null],
    ['released', null],
    ['released', null],
  ]);
  await eventually(() => cell('A1', 'open')).toBe('0');
  await eventually(() => app.at('person-work').innerText()).toContain('手里没有未完成的工单和回访');
});

test('X27 自动释放 tells a leader whose ticket ran out, and assigns it from the row', async () => {
  const { lin } = scene.office.people;
  expired = open[1]!;
  // Taken again, and its time is over: the server's own job releases it.
  const bai = await scene.office.device('bai');
  await bai.until('tickets.get', { ticketId: expired, transferId: null }, (x) => x !== null);
  await act(bai, expired, 'claim', {});
  await eventually(async () => (await scene.db.ticket(expired))?.status).toBe('pending');
  await scene.db.orm
    .update(ticket)
    .set({ dueAt: Date.now() - 1000 })
    .where(eq(ticket.id, expired));
  await scene.office.server.runDue();
  await app.openList('expired');
  await eventually(() => app.rows()).toEqual([expired]);
  expect(await app.row(expired).innerText()).toContain('白露');
  await app.at(`assign-${expired}`).click();
  await app.at('assign-person-A1').click();
  await app.at('assign-confirm').click();
  await eventually(() => scene.db.ticket(expired)).toMatchObject({ status: 'pending', assigneeId: lin.id, expiredFrom: null });
  await eventually(() => app.count('expired')).toBe(0);
});
