import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { callback, ticket } from '../../server/store/schema.ts';
import { act, newId, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { bucketKeys, bucketNames, dayAt } from '../support/e2e/expected.ts';

let app: DeskApp;
let he: Device;
let bai: Device;
/** The day that each ticket expires on and is to be called back on, counted from today: its noon, of today its start. */
const days = [
  { due: -20, callback: -12 },
  { due: -6, callback: -3 },
  { due: -1, callback: -1 },
  { due: 0, callback: 0 },
  { due: 3, callback: -5 },
  { due: 1, callback: 2 },
  { due: 5, callback: 6 },
  { due: 9, callback: 40 },
] as const;

const scene = deskScene(async (it) => {
  const { office } = it;
  const lin = await office.device('lin');
  [he, bai] = await Promise.all([office.device('he'), office.device('bai')]);
  const { orm } = office.server.store;
  for (const [index, day] of days.entries()) {
    const id = await newTicket(lin, `第 ${index + 1} 张`);
    const callbackId = newId();
    await act(lin, id, 'scheduleCallback', { callbackId, dueAt: Date.now() + 86_400_000, note: '' });
    await numbered(lin, id);
    const [dueAt, calledAt] = [day.due, day.callback].map((offset) => dayAt(offset, offset === 0 ? 0 : 12)) as [number, number];
    await orm
      .update(ticket)
      .set({ dueAt, nextAt: Math.min(dueAt, calledAt) })
      .where(eq(ticket.id, id));
    await orm.update(callback).set({ dueAt: calledAt }).where(eq(callback.id, callbackId));
  }
  await lin.stop();
  app = await it.start();
  await app.signIn('A1');
});
const expected = async (code: (typeof bucketNames)[number]) =>
  bucketKeys(code, [scene.office.people.lin.id], await scene.db.tickets(), await scene.db.orm.select().from(callback));
const keys = () => app.page.locator('main [data-key]').evaluateAll((all) => all.map((each) => each.getAttribute('data-key')!));

test('D05 the six buckets and the handling panel are on screen first, without a click, at 1366×768', async () => {
  const order = await app.page
    .locator('[data-testid^="nav-bucket-"]')
    .evaluateAll((all) => all.map((each) => each.getAttribute('data-testid')!.slice(11)));
  expect(order).toEqual(bucketNames);
  const texts = await app.page.locator('[data-testid^="nav-bucket-"]').allInnerTexts();
  expect(texts.map((text) => text.split('\n')[0])).toEqual(['过去 30 天', '过去 7 天', '昨天', '今日提醒', '3 天内提醒', '7 天内提醒']);
  const size = await app.page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  expect(size).toEqual({ width: 1366, height: 768 });
  for (const part of [...bucketNames.map((code) => `nav-bucket-${code}`), 'ticket-panel']) {
    const box = (await app.at(part).boundingBox())!;
    expect(box.x, part).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width, part).toBeLessThanOrEqual(size.width);
    expect(box.y + box.height, part).toBeLessThanOrEqual(size.height);
  }
});

test('X31 the first entry of the day raises one popup of all that expires today or has expired', async () => {
  const tomorrow = dayAt(1);
  const expiring = (await scene.db.tickets()).filter((t) => t.dueAt !== null && t.dueAt < tomorrow).sort((a, b) => a.dueAt! - b.dueAt!);
  expect(expiring).toHaveLength(4);
  const card = app.page.locator('.popup.expiry');
  await eventually(() => card.innerText()).toContain('4 张工单今天到期或已到期');
  expect((await card.locator('.digest li').allInnerTexts()).map((text) => text.split('\n').slice(-2).join(' '))).toEqual(
    expiring.map((t) => `${t.number} ${t.subject}`),
  );
  await app.clickPopup('popup-dismiss');
  await card.waitFor({ state: 'detached' });
});

test('X31 X30 the callbacks that were missed come as one digest, and a line of it opens its ticket', async () => {
  await eventually(() => app.at('popup').innerText()).toContain('5 个提醒');
  expect(await app.page.locator('.digest li').count()).toBe(5);
  expect((await scene.db.orm.select().from(callback)).filter(({ dueAt }) => dueAt <= Date.now())).toHaveLength(5);
  const line = app.page.locator('.digest li button').last();
  const subject = (await line.innerText()).split('\n').at(-1)!;
  await app.popupTakesClicks();
  await line.click();
  await app.at('popup').waitFor({ state: 'detached' });
  await eventually(() => app.at('ticket-panel').innerText()).toContain(subject);
});

test('X32 F05 each of the six buckets lists what its days hold, as many as its number says, split by kind', async () => {
  for (const code of bucketNames) {
    await app.openBucket(code);
    const wanted = await expected(code);
    expect(wanted.length, code).toBeGreaterThan(0);
    await eventually(keys).toEqual(wanted);
    await eventually(() => app.count(`bucket-${code}`)).toBe(wanted.length);
    for (const kind of ['callback', 'expiry'] as const) {
      await app.at(`kind-${kind}`).click();
      const part = wanted.filter((key) => key.startsWith(`${kind}:`));
      await eventually(keys).toEqual(part);
      expect(await app.at(`kind-${kind}`).innerText()).toContain(` ${part.length}`);
    }
    await app.at('kind-all').click();
  }
});

test('X32 a row of a bucket opens its ticket by keyboard, and a callback that is done leaves all buckets', async () => {
  await app.openBucket('yesterday');
  const done = (await expected('yesterday')).find((key) => key.startsWith('callback:'))!;
  await app.focusList();
  await app.press('Home');
  await app.press('Enter');
  await eventually(() => app.at('ticket-panel').innerText()).toContain('第 3 张');
  await app.at('callback-contacted').click();
  await eventually(
    async () =>
      (
        await scene.db.orm
          .select()
          .from(callback)
          .where(eq(callback.id, done.slice(9)))
      )[0]?.outcome,
  ).toBe('done');
  for (const code of ['yesterday', 'past7', 'past30'] as const) {
    const left = await expected(code);
    await eventually(() => app.count(`bucket-${code}`)).toBe(left.length);
    await app.openBucket(code);
    await eventually(keys).toEqual(left);
  }
});

test('X31 F03 the popup comes once a day: neither another entry nor another start raises it again', async () => {
  await app.openBucket('today');
  await app.openList('pending');
  await app.stop();
  app = await scene.start();
  await app.synced();
  await app.openBucket('today');
  await app.openList('pending');
  // Something new comes after all that, and is alone.
  const id = await newTicket(bai, '另一件事');
  await he.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
  await act(he, id, 'assign', { toId: scene.office.people.lin.id, note: '' });
  await eventually(() => app.at('popup').innerText()).toContain('贺云开 分配给你');
  expect(await app.at('popup-count').count()).toBe(0);
});
