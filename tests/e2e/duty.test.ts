import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { account } from '../../server/store/schema.ts';
import { act, newId, newTicket, numbered } from '../support/core/desk.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
const ids: string[] = [];
const scene = deskScene(async (it) => {
  const lin = await it.office.device('lin');
  for (const [i, subject] of ['晚间掉线', '搬家移机', '光猫红灯'].entries()) {
    const id = await newTicket(lin, subject, { customer: { name: `客户${i}`, phones: [`1380000000${i}`] } });
    await numbered(lin, id);
    ids.push(id);
  }
  await act(lin, ids[0]!, 'scheduleCallback', { callbackId: newId(), dueAt: Date.now() + 3_600_000, note: '' });
  await act(lin, ids[1]!, 'scheduleCallback', { callbackId: newId(), dueAt: Date.now() + 5 * 86_400_000, note: '' });
  await lin.synced();
  app = await it.start();
  await app.signIn('A1');
});

const dutyOf = async () => (await scene.db.orm.select().from(account).where(eq(account.id, scene.office.people.lin.id)))[0]?.duty;
const choose = async (what: 'on' | 'break' | 'off'): Promise<void> => {
  await app.at('duty-menu').click();
  await app.page
    .getByRole('menuitem')
    .filter({ has: app.at(`duty-${what}`) })
    .click();
};

test('P02 小休 and back to 在岗, each with one click more', async () => {
  await choose('break');
  await eventually(() => app.at('duty-menu').getAttribute('data-duty')).toBe('break');
  await eventually(dutyOf).toBe('break');
  await app.at('duty-back').click();
  await eventually(dutyOf).toBe('on');
  await eventually(() => app.at('duty-back').count()).toBe(0);
});

test('P02 下班 shows what is open; Esc leaves everything as it was', async () => {
  await choose('off');
  await eventually(() => app.at('duty-tickets').innerText()).toBe('3');
  // Of two callbacks one is due before the day after tomorrow.
  expect(await app.at('duty-callbacks').innerText()).toBe('1');
  await app.press('Escape');
  await eventually(() => app.at('duty-confirm').count()).toBe(0);
  expect(await dutyOf()).toBe('on');
});

test('P02 下班 hands the chosen tickets to a colleague with a reason, and keeps the others', async () => {
  await choose('off');
  await app.at('duty-give').check();
  await app.at('duty-confirm').click();
  await eventually(() => app.at('duty-failure').innerText()).toContain('先选一位同事');
  expect(await dutyOf()).toBe('on');
  await app.at('duty-person').click();
  await app.type('bl');
  await app.press('Enter');
  await app.at(`duty-ticket-${ids[2]!}`).uncheck();
  await app.at('duty-confirm').click();
  await eventually(dutyOf).toBe('off');
  await app.synced();
  const holder = async (id: string) => (await scene.db.ticket(id))?.assigneeId;
  await eventually(() => holder(ids[0]!)).toBe(scene.office.people.bai.id);
  expect(await holder(ids[1]!)).toBe(scene.office.people.bai.id);
  expect(await holder(ids[2]!)).toBe(scene.office.people.lin.id);
  expect((await scene.db.events(ids[0]!)).at(-1)).toMatchObject({ command: 'transfer', note: '下班移交' });
  expect((await scene.db.callbacks(ids[0]!)).map((c) => c.assigneeId)).toEqual([scene.office.people.bai.id]);
  await app.at('duty-back').click();
  await eventually(dutyOf).toBe('on');
});
