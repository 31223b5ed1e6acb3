import { expect, test } from 'vitest';
import { savedSearch } from '../../server/store/schema.ts';
import { act, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
let lin: Device;
const field = { area: '', speed: '' };

/** Tickets of the agent at this desk: what differs between them is what is asked for. */
const wanted = [
  { subject: '宽带掉线', priority: 'urgent', category: '宽带', custom: ['城南', 90], customer: '周砚秋' },
  { subject: '宽带提速', priority: 'normal', category: '宽带', custom: ['城北', 200], customer: '苏念慈' },
  { subject: '电视花屏', priority: 'urgent', category: '电视', custom: ['城南', 300], customer: '周见微' },
  { subject: '账单疑问', priority: 'low', category: '资费', custom: ['城北', 40], customer: '何帆舟' },
] as const;
const ids: string[] = [];
const idsOf = (...indexes: number[]): string[] => indexes.map((i) => ids[i]!).sort();

const scene = deskScene(async (it) => {
  const { office } = it;
  const admin = await office.device('admin');
  const define = async (name: string, type: 'single' | 'number', options: string[]): Promise<string> => {
    const answer = await admin.call('office.run', { operation: 'fields.put', input: { id: null, name, type, options, required: false } });
    if (!answer.ok) throw new Error(answer.reason);
    return (answer.output as { field: { id: string } }).field.id;
  };
  field.area = await define('片区', 'single', ['城南', '城北']);
  field.speed = await define('速率', 'number', []);
  lin = await office.device('lin');
  for (const [i, w] of wanted.entries()) {
    const id = await newTicket(lin, w.subject, {
      priority: w.priority,
      category: w.category,
      customer: { name: w.customer, phones: [`1381234600${i}`] },
      custom: { [field.area]: w.custom[0], [field.speed]: w.custom[1] },
    });
    await numbered(lin, id);
    await act(lin, id, 'update', { note: `跟进 ${w.subject}`, changes: [], waiting: false });
    ids.push(id);
  }
  await lin.synced();
  app = await it.start();
  await app.signIn('A1');
});

const shown = async (): Promise<string[]> => (await app.rows()).sort();
const colourOf = (selector: string): Promise<string> => app.page.locator(selector).evaluate((each) => getComputedStyle(each).color);
const head = (column: string) => app.page.locator(`[role=columnheader][data-column="${column}"]`);
/** Opens the builder on a field with the keyboard. */
async function openField(words: string): Promise<void> {
  await app.focusList();
  await app.press('f');
  await app.at('filter-find').fill(words);
  await app.press('Enter');
}
const clear = async (): Promise<void> => {
  await app.at('filter-clear').click();
  await eventually(shown).toEqual(idsOf(0, 1, 2, 3));
};

test('X20 each field that takes part turns blue in the head and stands above the list, in words', async () => {
  await app.openList('processing');
  await eventually(shown).toEqual(idsOf(0, 1, 2, 3));
  const plain = await colourOf('[role=columnheader][data-column="customer"] button');
  await app.at('filter-open').click();
  await app.at('filter-field-customer').click();
  await app.at('filter-text').fill('周');
  await eventually(shown).toEqual(idsOf(0, 2));
  await app.at('filter-field-priority').click();
  await app.at('filter-choice-urgent').check();
  await app.at('filter-field-subject').click();
  await app.at('filter-text').fill('宽带');
  await eventually(shown).toEqual(idsOf(0));
  await app.at('filter-done').click();

  expect(await app.at('chip-customer').innerText()).toMatch(/客户姓名\s*包含 “周”/);
  expect(await app.at('chip-priority').innerText()).toMatch(/优先级\s*紧急/);
  expect(await app.at('chip-subject').innerText()).toMatch(/主题\s*包含 “宽带”/);
  const blue = await colourOf('[data-testid="chip-customer"]');
  expect(blue).not.toBe(plain);
  for (const column of ['customer', 'subject']) expect(await colourOf(`[role=columnheader][data-column="${column}"] button`)).toBe(blue);
  expect(await colourOf('[role=columnheader][data-column="number"] button')).toBe(plain);
  expect(await app.at('list-total').innerText()).toBe('1 / 4 条');

  await app.at('chip-remove-subject').click();
  await eventually(shown).toEqual(idsOf(0, 2));
  expect(await colourOf('[role=columnheader][data-column="subject"] button')).toBe(plain);
  await app.at('chip-edit-customer').click();
  await app.at('filter-text').fill('周见');
  await eventually(shown).toEqual(idsOf(2));
  await app.press('Escape');
  await clear();
  expect(await app.page.locator('[data-testid^="chip-"]').count()).toBe(0);
});

test('X20 custom fields, numbers and times narrow the list as well, and each list keeps its own', async () => {
  await openField('pq');
  await app.at('filter-choice-城南').check();
  await eventually(shown).toEqual(idsOf(0, 2));
  expect(await app.at(`chip-custom.${field.area}`).innerText()).toMatch(/片区\s*城南/);
  await app.press('Escape');
  await openField('速率');
  await app.at('filter-from').fill('100');
  await eventually(shown).toEqual(idsOf(2));
  expect(await app.at(`chip-custom.${field.speed}`).innerText()).toMatch(/速率\s*≥ 100/);
  await app.press('Escape');

  await app.openList('resolved');
  expect(await app.page.locator('[data-testid^="chip-"]').count()).toBe(0);
  await app.openList('processing');
  await eventually(shown).toEqual(idsOf(2));
  await clear();

  await openField('创建时间');
  await app.at('filter-time-yesterday').click();
  await eventually(shown).toEqual([]);
  expect(await app.page.locator('main').getByTestId('empty').innerText()).toContain('没有符合条件的工单');
  await app.at('filter-time-today').click();
  await eventually(shown).toEqual(idsOf(0, 1, 2, 3));
  await app.press('Escape');
  await clear();
});

test('X21 F17 a field that is not shown still filters: its chip stays and says that the column is hidden', async () => {
  await openField('客户姓名');
  await app.at('filter-text').fill('周');
  await eventually(shown).toEqual(idsOf(0, 2));
  await app.press('Escape');
  expect(await app.at('chip-customer').getAttribute('data-hidden')).toBe('false');

  await app.focusList();
  await app.press('c');
  await app.at('column-customer').focus();
  await app.press('Space');
  await app.press('Escape');
  await eventually(() => head('customer').count()).toBe(0);
  expect(await shown()).toEqual(idsOf(0, 2));
  expect(await app.at('chip-customer').getAttribute('data-hidden')).toBe('true');
  expect(await app.at('chip-edit-customer').getAttribute('title')).toContain('这一列没有显示，条件照样生效');

  await app.focusList();
  await app.press('c');
  await app.at('column-customer').check();
  await app.press('Escape');
  await head('customer').waitFor();
  expect(await app.at('chip-customer').getAttribute('data-hidden')).toBe('false');
  await clear();
});

const searches = () => scene.db.orm.select().from(savedSearch);
const nav = () =>
  app.page
    .locator('nav [data-testid^="search-"]:not([data-testid^="search-menu"])')
    .evaluateAll((all) => all.map((each) => each.querySelector('.el')!.textContent));

test('X22 the conditions on screen are kept under a name, with words and order, and come back with one click', async () => {
  await openField('yxj');
  await app.at('filter-choice-urgent').check();
  await app.press('Escape');
  await app.at('sort-number').click();
  await eventually(shown).toEqual(idsOf(0, 2));
  await app.focusList();
  await app.press('b');
  await app.at('search-name').fill('我的紧急');
  await app.press('Enter');
  await eventually(nav).toEqual(['我的紧急']);
  await eventually(searches).toMatchObject([
    {
      name: '我的紧急',
      accountId: scene.office.people.lin.id,
      list: 'processing',
      filter: [{ field: 'priority', any: ['urgent'] }],
      sort: 'number',
    },
  ]);
  const [kept] = await searches();
  expect(await app.at(`count-search-${kept!.id}`).innerText()).toBe('2');
  expect(await app.page.locator('main h1').innerText()).toBe('我的紧急');

  await app.openList('processing');
  await eventually(shown).toEqual(idsOf(0, 1, 2, 3));
  await app.at(`search-${kept!.id}`).click();
  await eventually(shown).toEqual(idsOf(0, 2));
  expect(await app.at('chip-priority').innerText()).toMatch(/优先级\s*紧急/);
});

test('X22 changed conditions say so, and are put into the search, kept apart, or dropped', async () => {
  const [kept] = await searches();
  expect(await app.at('search-changed').count()).toBe(0);
  await app.at('chip-edit-priority').click();
  await app.at('filter-choice-low').check();
  await app.press('Escape');
  await eventually(shown).toEqual(idsOf(0, 2, 3));
  expect(await app.at('search-changed').innerText()).toContain('已修改');
  await app.at('search-restore').click();
  await eventually(shown).toEqual(idsOf(0, 2));

  await app.at('chip-edit-priority').click();
  await app.at('filter-choice-low').check();
  await app.press('Escape');
  await app.at('search-update').click();
  await eventually(async () => (await searches())[0]?.filter).toEqual([{ field: 'priority', any: ['urgent', 'low'] }]);
  await eventually(() => app.at(`count-search-${kept!.id}`).innerText()).toBe('3');
  expect(await app.at('search-changed').count()).toBe(0);
});

test('X23 at most eight stand on the left: the ninth takes the place of one that is chosen', async () => {
  for (let n = 2; n <= 8; n += 1) {
    await app.openList('processing');
    await app.focusList();
    await app.press('b');
    await app.at('search-name').fill(`第 ${n} 个`);
    await app.press('Enter');
    await eventually(async () => (await nav()).length).toBe(n);
  }
  const before = await nav();
  await app.openList('processing');
  await app.focusList();
  await app.press('b');
  await app.at('search-name').fill('第九个');
  await app.press('Enter');
  expect(await app.at('search-replace').innerText()).toContain('请选要换掉的一个');
  await eventually(searches).toHaveLength(8);
  const third = (await searches()).find(({ name }) => name === '第 3 个')!;
  await app.at(`search-replace-${third.id}`).check();
  await app.at('search-save-confirm').click();
  await eventually(nav).toEqual(before.map((name) => (name === '第 3 个' ? '第九个' : name)));
  await eventually(async () => (await searches()).map(({ name }) => name).sort()).toEqual(
    before.map((name) => (name === '第 3 个' ? '第九个' : name)).sort(),
  );
});

test('X23 they are renamed, put in order and deleted from the keyboard, and a deleted one comes back by 撤销', async () => {
  const entry = (name: string) => app.page.locator('nav .nvwrap .nv', { hasText: name });
  const order = await nav();
  // A dialog that is going away gives the focus back where it was.
  await eventually(() => app.page.getByRole('dialog').count()).toBe(0);
  await entry(order[1]!).focus();
  await app.press('Alt+ArrowUp');
  await eventually(nav).toEqual([order[1], order[0], ...order.slice(2)]);
  await entry(order[1]!).focus();
  await app.press('F2');
  await app.at('search-rename').fill('改了名');
  await app.press('Enter');
  await eventually(async () => (await searches()).some(({ name }) => name === '改了名')).toBe(true);
  await eventually(async () => (await nav())[0]).toBe('改了名');
  await entry('改了名').focus();
  await app.press('Delete');
  await eventually(async () => (await searches()).some(({ name }) => name === '改了名')).toBe(false);
  await eventually(async () => (await nav()).length).toBe(7);
  await app.at('toast').getByRole('button', { name: '撤销' }).click();
  await eventually(async () => (await nav())[0]).toBe('改了名');
  await eventually(async () => (await searches()).some(({ name }) => name === '改了名')).toBe(true);
});

test('X22 all of it works offline, and is on the server once that is back', async () => {
  await scene.stopServer();
  const [first] = await nav();
  await app.page.locator('nav .nvwrap .nv', { hasText: first! }).focus();
  await app.press('F2');
  await app.at('search-rename').fill('离线改名');
  await app.press('Enter');
  await eventually(async () => (await nav())[0]).toBe('离线改名');
  await app.page.locator('nav .nvwrap .nv', { hasText: '离线改名' }).click();
  await eventually(() => app.page.locator('main h1').innerText()).toBe('离线改名');
  await scene.startServer();
  await eventually(async () => (await searches()).some(({ name }) => name === '离线改名')).toBe(true);
});
