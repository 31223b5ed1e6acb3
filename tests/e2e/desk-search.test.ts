import { expect, test } from 'vitest';
import { account } from '../../server/store/schema.ts';
import { act, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
let lin: Device;
const ids = { refund: '', slow: '', other: '' };
let number = 0;

const scene = deskScene(async (it) => {
  const { office } = it;
  lin = await office.device('lin');
  ids.refund = await newTicket(lin, '申请退款未到账', { customer: { name: '单雄信', phones: ['13912345678'] }, description: '上月多扣' });
  ids.slow = await newTicket(lin, '晚间频繁掉线', { customer: { name: '周砚秋', phones: ['13812346021'] } });
  ids.other = await newTicket(lin, '搬家移机', { customer: { name: '何帆舟', phones: ['13700000000'] }, description: '旧址停用' });
  for (const id of Object.values(ids)) await numbered(lin, id);
  await act(lin, ids.other, 'update', { note: '客户约周五上门', changes: [], waiting: false });
  await lin.synced();
  number = (await scene.db.ticket(ids.slow))!.number!;
  app = await it.start();
  await app.signIn('A1');
});

const found = () =>
  app.page
    .locator('[data-testid^="palette-ticket-"]')
    .evaluateAll((all) => all.map((each) => each.getAttribute('data-testid')!.slice('palette-ticket-'.length)));
const marked = (id: string) => app.at(`palette-ticket-${id}`).locator('mark').allInnerTexts();
async function ask(text: string): Promise<void> {
  await app.press('Control+k');
  await app.at('palette-input').fill(text);
}
const closed = () => eventually(() => app.at('palette').count()).toBe(0);

test('D10 Ctrl K finds tickets by words, pinyin, number and phone, shows where, and Enter opens', async () => {
  for (const [text, id, hit] of [
    ['退款', ids.refund, '退款'],
    ['tk', ids.refund, '退款'],
    ['sxx', ids.refund, '单雄信'],
    [String(number), ids.slow, String(number)],
    ['周五', ids.other, '周五'],
    ['旧址', ids.other, '旧址'],
  ] as const) {
    await ask(text);
    await eventually(found).toEqual([id]);
    expect(await marked(id), text).toContain(hit);
    await app.press('Escape');
    await closed();
  }
  await ask('12346');
  await eventually(found).toEqual([ids.slow]);
  await app.press('Enter');
  await closed();
  await eventually(() => app.at('ticket-panel').innerText()).toContain('晚间频繁掉线');
});

test('D10 a customer is found and its card opens', async () => {
  await ask('@hfz');
  await eventually(() => app.page.locator('[data-testid^="palette-customer-"]').count()).toBe(1);
  await app.press('Enter');
  await closed();
  await eventually(() => app.page.locator('aside.panel').innerText()).toContain('何帆舟');
});

test('D10 the words become words of the list, highlighted in its rows', async () => {
  await app.openList('pending');
  await ask('掉线');
  await eventually(found).toEqual([ids.slow]);
  await app.at('palette-all-tickets').click();
  await eventually(() => app.rows()).toEqual([ids.slow]);
  expect(await app.at('chip-text').innerText()).toMatch(/搜索\s*掉线/);
  expect(await app.row(ids.slow).locator('mark').allInnerTexts()).toEqual(['掉线']);
  await app.at('chip-remove-text').click();
  await eventually(async () => (await app.rows()).length).toBe(2);
});

test('D10 commands are found in Chinese, English, pinyin and by initials, and do what they say', async () => {
  for (const [text, list] of [
    ['公共池', 'pool'],
    ['resolved', 'resolved'],
    ['chulizhong', 'processing'],
    ['dcl', 'pending'],
  ] as const) {
    await ask(`>${text}`);
    await eventually(() => app.page.locator('[data-testid^="palette-cmd-"]').first().getAttribute('data-testid')).toBe(
      `palette-cmd-list-${list}`,
    );
    await app.press('Enter');
    await app.at(`list-${list}`).waitFor();
    await closed();
  }
  await ask('ssdz');
  await app.at('palette-nothing').waitFor();
  await app.press('Escape');
  await closed();
  await ask('>深色');
  await app.press('Enter');
  await eventually(() => app.page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  await ask('>xinjian');
  await app.press('Enter');
  await app.at('new-ticket-form').waitFor();
  await app.press('Escape');
  await app.press('Escape');
});

test('D10 the palette sets the duty state; 下班 shows first what is left', async () => {
  const { lin: me } = scene.office.people;
  const duty = async () => (await scene.db.orm.select().from(account)).find(({ id }) => id === me.id)?.duty;
  await ask('>小休');
  await app.press('Enter');
  await eventually(duty).toBe('break');
  await ask('>xb');
  await app.press('Enter');
  await eventually(() => app.page.getByRole('dialog').innerText()).toContain('下班');
  expect(await duty()).toBe('break');
  await app.press('Escape');
  await eventually(() => app.page.getByRole('dialog').count()).toBe(0);
  await ask('>上班');
  await app.press('Enter');
  await eventually(duty).toBe('on');
});

test('D10 an unfinished composition neither searches nor acts', async () => {
  await app.openList('pending');
  await app.focusList();
  await app.press('/');
  const input = app.at('palette-input');
  await input.waitFor();
  const cdp = await app.page.context().newCDPSession(app.page);
  await cdp.send('Input.imeSetComposition', { text: 'tui', selectionStart: 3, selectionEnd: 3 });
  await eventually(() => input.inputValue()).toBe('tui');
  // The commands are those of no words, and the core has not been asked.
  expect(await app.page.locator('[data-testid^="palette-ticket-"]').count()).toBe(0);
  expect(await app.at('palette-cmd-list-pending').count()).toBe(1);
  await cdp.send('Input.insertText', { text: '退款' });
  await eventually(found).toEqual([ids.refund]);
  // Right after a composition Esc belongs to the input method.
  await eventually(async () => {
    await app.press('Escape');
    return app.at('palette').count();
  }).toBe(0);
});

test('D10 the English screen has no Chinese of ours on it', async () => {
  await ask('>english');
  await app.press('Enter');
  await eventually(() => app.page.evaluate(() => document.documentElement.lang)).toBe('en-US');
  // What was said before the language changed has been said.
  await eventually(() => app.at('toast').innerText()).toBe('');
  await app.at('nav-processing').click();
  await app.row(ids.other).click();
  await app.focusList();
  await app.press('f');
  // Names of people, groups and tickets are data; so is the language's own name.
  const data = /[林知夏何帆舟搬家移机旧址停用宽带一组掉线客户约周五上门周砚秋单雄信申请退款未到账晚间频繁·\s，。、]/gu;
  const words = async (): Promise<string> => (await app.page.locator('body').innerText()).replaceAll(data, '');
  await app.at('filter-panel').waitFor();
  expect(await words()).not.toMatch(/\p{Script=Han}/u);
  await app.press('Escape');
  await app.press('c');
  await app.at('column-chooser').waitFor();
  expect(await words()).not.toMatch(/\p{Script=Han}/u);
  await app.press('Escape');
  await app.press('Shift+Slash');
  await app.at('shortcut-sheet').waitFor();
  expect(await words()).not.toMatch(/\p{Script=Han}/u);
});
