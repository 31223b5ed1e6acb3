import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { ticket, ticketEvent } from '../../server/store/schema.ts';
import { startTestServer } from '../../server/testing.ts';
import { act, newTicket, numbered } from '../support/core/desk.ts';
import { type Device, startDevice } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { picture } from '../support/e2e/pictures.ts';

const DAY = 86_400_000;
let app: DeskApp;
let clash: string;
let second: string;
let leaving: string;
let old: string;
const scene = deskScene(async ({ office, start }) => {
  const lin = await office.device('lin');
  [clash, second, leaving, old] = [
    await newTicket(lin, '晚间掉线'),
    await newTicket(lin, '装机改期'),
    await newTicket(lin, '要被转走的'),
    await newTicket(lin, '去年的退款'),
  ];
  await act(lin, old, 'resolve', { report: '已退款' });
  for (const id of [clash, second, leaving, old]) await numbered(lin, id);
  await lin.stop();
  const { orm } = office.server.store;
  const at = Date.now() - 300 * DAY;
  await orm.update(ticket).set({ updatedAt: at, resolvedAt: at }).where(eq(ticket.id, old));
  await orm.update(ticketEvent).set({ receivedAt: at, occurredAt: at }).where(eq(ticketEvent.ticketId, old));
  app = await start();
  await app.signIn('A1');
  await app.openList('pending');
  await app.row(clash).waitFor();
});

/** Somebody works at another server of the same company, while this app has none. */
async function elsewhere(staffNo: string, work: (device: Device) => Promise<unknown>): Promise<void> {
  const server = await startTestServer({ database: { store: scene.office.server.store }, empty: false });
  const device = startDevice();
  await device.signIn(server.url, staffNo);
  await work(device);
  await device.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online');
  await device.stop();
  await server.close();
}
const offline = async (): Promise<void> => {
  await scene.stopServer();
  await eventually(() => app.at('sync-state').innerText()).toContain('离线');
};
const online = async (): Promise<void> => {
  await scene.startServer();
  await app.at('sync-state').click();
  await app.at('sync-retry').click();
  await eventually(() => app.at('sync-state').innerText()).toContain('已同步');
};
const rename = async (id: string, to: string, note: string): Promise<void> => {
  await app.openRow(id);
  await app.at('field-subject').click();
  await app.at('edit-subject').fill(to);
  await app.press('Enter');
  await app.write(note);
  await app.press('Control+Enter');
  await eventually(() => app.at('toast').innerText()).toContain('待同步');
};

test('F06 the same field changed on both sides: nothing goes before the agent has chosen, and mine is taken with the keyboard', async () => {
  await offline();
  await rename(clash, '半夜断线', '客户又打来');
  await elsewhere('A1', (lin) =>
    act(lin, clash, 'update', { note: '', changes: [{ field: 'subject', from: '晚间掉线', to: '夜里断网' }], waiting: false }),
  );
  await online();
  await app.at('attention-choose').waitFor();
  await picture(app, 'conflict-attention');
  await app.at('attention-choose').click();
  const form = app.at('conflict-form');
  await eventually(() => form.innerText()).toMatch(/半夜断线[\s\S]*林知夏[\s\S]*夜里断网/);
  expect(await app.at('conflict-submit').isDisabled()).toBe(true);
  await picture(app, 'conflict');
  expect((await scene.db.ticket(clash))?.subject).toBe('夜里断网');
  // The first choice has the caret: Space takes it, the arrow the next one.
  await eventually(() => app.page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('radio');
  await app.press('Space');
  expect(await app.at('conflict-subject-mine').locator('input').isChecked()).toBe(true);
  await app.press('Control+Enter');
  await eventually(async () => (await scene.db.ticket(clash))?.subject).toBe('半夜断线');
  expect((await scene.db.events(clash)).at(-1)).toMatchObject({ note: '客户又打来', command: 'update' });
  await eventually(() => app.at('conflict-form').count()).toBe(0);
});

test('F06 a third value is written with the mouse', async () => {
  await app.openList('pending');
  await offline();
  await rename(second, '改到周四', '');
  await elsewhere('A1', (lin) =>
    act(lin, second, 'update', { note: '', changes: [{ field: 'subject', from: '装机改期', to: '改到周五' }], waiting: false }),
  );
  await online();
  // The words above it come by another way, and push it down.
  await app.at('attention').waitFor();
  await app.at('attention-choose').click();
  await app.at('conflict-subject-own').click();
  await app.at('conflict-subject-input').fill('改到周四或周五');
  await picture(app, 'conflict-own');
  await app.at('conflict-submit').click();
  await eventually(async () => (await scene.db.ticket(second))?.subject).toBe('改到周四或周五');
});

test('F18 R10 a ticket leaves while a note is being written: the ticket is gone, the note is kept and can be copied', async () => {
  await app.openList('pending');
  await app.openRow(leaving);
  await app.write('约好周四上门，带光猫');
  await eventually(() => app.at('draft-state').innerText()).toContain('草稿已保存');
  await elsewhere('L1', async (he) => {
    await he.until('tickets.get', { ticketId: leaving, transferId: null }, (t) => t !== null);
    await act(he, leaving, 'assign', { toId: scene.office.people.bai.id, note: '' });
  });
  await app.at('sync-state').click();
  await app.at('sync-retry').click();
  // It stands in the ticket's place as well.
  const kept = app.page.locator('.syncpop').getByTestId(`kept-ticket:${leaving}`);
  await kept.waitFor();
  expect(await kept.innerText()).toContain('约好周四上门，带光猫');
  await picture(app, 'kept-text');
  await kept.getByTestId('kept-copy').click();
  await eventually(() => app.running.app.evaluate(({ clipboard }) => clipboard.readText())).toBe('约好周四上门，带光猫');
  await kept.getByTestId('kept-discard').click();
  await kept.getByTestId('confirm').click();
  await eventually(() => kept.count()).toBe(0);
  await app.press('Escape');
});

test('SY9 a ticket of last year comes from the server when asked for, from the search box by keyboard', async () => {
  await app.openList('resolved');
  expect(await app.at('older').innerText()).toContain('最近 90 天');
  await picture(app, 'older');
  expect(await app.row(old).count()).toBe(0);
  await app.press('Control+k');
  await app.type('#去年');
  // The answer to the whole word, and not to its first letters.
  await app.at('palette-nothing').waitFor();
  await app.at('palette-older').waitFor();
  await app.press('Enter');
  await app.at(`palette-ticket-${old}`).waitFor();
  await picture(app, 'older-palette');
  await app.press('Escape');
  await eventually(() => app.at('palette').count()).toBe(0);
  await app.row(old).waitFor();
  await app.at('older-fetch').click();
  await eventually(() => app.at('older').innerText()).toContain('查到 1 张');
  await app.openRow(old);
  await eventually(() => app.at('ticket-panel').innerText()).toContain('已退款');
});
