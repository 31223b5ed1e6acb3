import { expect, test } from 'vitest';
import { act, newTicket, numbered } from '../support/core/desk.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
const ids: string[] = [];

const scene = deskScene(async (it) => {
  const { office } = it;
  const lin = await office.device('lin');
  for (const [subject, priority] of [
    ['丙', 'low'],
    ['甲', 'urgent'],
    ['乙', 'normal'],
    ['丁', 'high'],
  ] as const) {
    const id = await newTicket(lin, subject, { priority });
    await numbered(lin, id);
    ids.push(id);
  }
  const done = await newTicket(lin, '完成的');
  await act(lin, done, 'resolve', { report: '好了' });
  await lin.synced();
  app = await it.start();
  await app.signIn('A1');
});

const columns = () =>
  app.page.locator('[role=columnheader][data-column]').evaluateAll((all) => all.map((each) => each.getAttribute('data-column')!));
const widthOf = (column: string): Promise<number> =>
  app.page.locator(`[role=columnheader][data-column="${column}"]`).evaluate((each) => Math.round(each.getBoundingClientRect().width));
const by = async (of: (t: NonNullable<Awaited<ReturnType<typeof scene.db.ticket>>>) => number): Promise<string[]> =>
  (await scene.db.tickets())
    .filter((t) => ids.includes(t.id))
    .sort((a, b) => of(a) - of(b))
    .map(({ id }) => id);

test('X08 a click on a head sorts by it and again the other way; the list keeps it', async () => {
  await app.openList('pending');
  await eventually(async () => (await app.rows()).length).toBe(4);
  await app.at('sort-number').click();
  await eventually(app.rows).toEqual(await by((t) => t.number!));
  await app.at('sort-number').click();
  await eventually(app.rows).toEqual((await by((t) => t.number!)).toReversed());
  expect(await app.page.locator('[data-column="number"]').getAttribute('aria-sort')).toBe('descending');
  await app.openList('processing');
  await app.openList('pending');
  await eventually(app.rows).toEqual((await by((t) => t.number!)).toReversed());
});

test('X08 columns are chosen, put in order and made wider from the keyboard, each list by itself', async () => {
  const usual = await columns();
  await app.focusList();
  await app.press('c');
  await app.at('column-priority').focus();
  await app.press('Space');
  await eventually(columns).toEqual([...usual, 'priority']);
  for (let n = 0; n < usual.length; n += 1) await app.press('Alt+ArrowUp');
  await eventually(columns).toEqual(['priority', ...usual]);
  await app.press('Escape');
  const before = await widthOf('priority');
  await app.at('sort-priority').focus();
  for (let n = 0; n < 3; n += 1) await app.press('Shift+ArrowRight');
  await eventually(() => widthOf('priority')).toBe(before + 24);
  await app.openList('processing');
  await eventually(columns).not.toContain('priority');
  await app.openList('pending');
  await eventually(columns).toEqual(['priority', ...usual]);
});

test('X08 a width is dragged with the mouse, and all of it is there after signing in again', async () => {
  const chosen = await columns();
  const before = await widthOf('customer');
  const grip = (await app.at('resize-customer').boundingBox())!;
  await app.page.mouse.move(grip.x + 4, grip.y + 6);
  await app.page.mouse.down();
  await app.page.mouse.move(grip.x + 44, grip.y + 6, { steps: 4 });
  await app.page.mouse.up();
  await eventually(() => widthOf('customer')).toBe(before + 40);
  await app.signOut();
  await app.signIn('A2');
  await app.openList('pending');
  await eventually(columns).not.toContain('priority');
  await app.signOut();
  await app.signIn('A1');
  await app.openList('pending');
  await eventually(columns).toEqual(chosen);
  await eventually(() => widthOf('customer')).toBe(before + 40);
  await eventually(app.rows).toEqual((await by((t) => t.number!)).toReversed());
  await app.at('columns-open').click();
  await app.at('columns-reset').click();
  await eventually(columns).not.toContain('priority');
  await app.press('Escape');
});

test('D10 the list is walked, opened, handled and left without a mouse', async () => {
  const order = await app.rows();
  await app.press('Control+k');
  await app.type('>dcl');
  await eventually(() => app.page.locator('[data-testid^="palette-cmd-"]').count()).toBeGreaterThan(0);
  await app.press('Enter');
  await eventually(() => app.at('palette').count()).toBe(0);
  await app.press('Home');
  await app.press('ArrowDown');
  await app.press('Enter');
  await eventually(() => app.row(order[1]!).getAttribute('aria-selected')).toBe('true');
  // Its panel is read after the row is chosen.
  await app.at('composer').waitFor();
  await app.press('g');
  await eventually(() => app.at('composer').evaluate((field) => field === document.activeElement)).toBe(true);
  await app.insert('键盘写的');
  await app.press('Control+Enter');
  await eventually(async () => (await scene.db.ticket(order[1]!))?.status).toBe('processing');
  expect((await scene.db.events(order[1]!)).at(-1)?.note).toBe('键盘写的');
  // The next one is open, and the arrows go on from there.
  await eventually(() => app.row(order[2]!).getAttribute('aria-selected')).toBe('true');
});

test('D10 letters written into a field, or while an input method composes, do nothing else', async () => {
  await app.press('g');
  await app.type('wzxshnfcb?');
  expect(await app.at('composer').inputValue()).toBe('wzxshnfcb?');
  for (const gone of ['confirm', 'filter-panel', 'column-chooser', 'search-save-form', 'shortcut-sheet', 'new-ticket-form'])
    expect(await app.at(gone).count(), gone).toBe(0);
  await app.at('composer').fill('');
  const cdp = await app.page.context().newCDPSession(app.page);
  await cdp.send('Input.imeSetComposition', { text: 'w', selectionStart: 1, selectionEnd: 1 });
  await cdp.send('Input.insertText', { text: '我' });
  await eventually(() => app.at('composer').inputValue()).toBe('我');
  expect(await app.at('confirm').count()).toBe(0);
  await app.at('composer').fill('');
});

test('D10 the sheet names every key that acts', async () => {
  await app.focusList();
  await app.press('Shift+Slash');
  await app.at('shortcut-sheet').waitFor();
  const keys = await app.at('shortcut-sheet').locator('dt').allInnerTexts();
  const flat = keys.map((k) => k.replaceAll(/\s+/g, ''));
  for (const key of ['F', 'C', 'B', 'Space', 'G', 'W', 'Z', 'X', 'S', 'H', 'L', 'N', 'CtrlK', '/', '?', 'Esc', 'F6', 'CtrlA'])
    expect(flat, key).toContain(key);
  await app.press('Escape');
});
