import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { readParameters } from '../../server/store/parameters.ts';
import { account, customField, phrase } from '../../server/store/schema.ts';
import { newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
let lin: Device;
let open = '';
const scene = deskScene(async (it) => {
  lin = await it.office.device('lin');
  open = await newTicket(lin, '晚间掉线');
  await numbered(lin, open);
  app = await it.start();
  await app.signIn('G1');
});

type Page = 'general' | 'phrases' | 'people' | 'groups' | 'parameters' | 'fields' | 'audit';
const openPage = async (page: Page): Promise<void> => {
  await app.at('nav-settings').click();
  await app.at(`settings-${page}`).click();
  await app.at(`settings-page-${page}`).waitFor();
};
const toast = () => app.at('toast').innerText();
const parameters = () => readParameters(scene.db.orm);
const fields = () => scene.db.orm.select().from(customField);

test('X26 工单创建: switched off, an agent’s desk has no 新建 from the next sync on', async () => {
  expect((await lin.read('session.state', {})).mayCreate).toBe(true);
  await openPage('parameters');
  expect(await app.at('parameters-save').isDisabled()).toBe(true);
  await app.at('parameter-agentsMayCreate-no').click();
  await app.at('parameters-save').click();
  await eventually(toast).toContain('参数已保存');
  expect((await parameters()).agentsMayCreate).toBe(false);
  await lin.until('session.state', {}, (s) => !s.mayCreate);
});

test('X25 工单释放后领取: both values reach the server and come back on the page', async () => {
  for (const [choice, value] of [
    ['yes', true],
    ['no', false],
  ] as const) {
    const shown = app.at(`parameter-allowReclaimAfterRelease-${choice}`);
    await shown.click();
    await eventually(() => shown.getAttribute('aria-checked')).toBe('true');
    const fellBack = await shown.evaluateHandle((each) => {
      const seen: string[] = [];
      new MutationObserver(() => seen.push(each.getAttribute('aria-checked')!)).observe(each, { attributeFilter: ['aria-checked'] });
      return seen;
    });
    await app.at('parameters-save').click();
    await eventually(async () => (await parameters()).allowReclaimAfterRelease).toBe(value);
    // The page shows what stands, once it is no longer busy with the change.
    await eventually(async () => [
      await app.at('parameters-save').isDisabled(),
      await shown.isEnabled(),
      await shown.getAttribute('aria-checked'),
    ]).toEqual([true, true, 'true']);
    await app.synced();
    expect(await fellBack.jsonValue()).toEqual([]);
  }
});

test('X27 工单期限: what it does to open tickets is shown before, and only the chosen thing is done', async () => {
  const before = (await scene.db.ticket(open))!.dueAt!;
  await app.at('parameter-ticketTtl-days').fill('5');
  await app.at('parameter-ticketTtl-hours').fill('12');
  await app.at('parameters-save').click();
  await eventually(() => app.at('ttl-preview').innerText()).toMatch(/从 3 天 改为 5 天 12 小时[\s\S]*现在有 1 张未完成/);
  await app.press('Escape');
  await eventually(() => app.at('ttl-preview').count()).toBe(0);
  const day = 86_400_000;
  expect((await parameters()).ticketTtl).toBe(3 * day);

  await app.at('parameters-save').click();
  await app.at('ttl-save').click();
  await eventually(async () => (await parameters()).ticketTtl).toBe(5.5 * day);
  expect((await scene.db.ticket(open))!.dueAt).toBe(before);

  await app.at('parameter-ticketTtl-days').fill('7');
  await app.at('parameter-ticketTtl-hours').fill('0');
  await app.at('parameters-save').click();
  await app.at('ttl-apply').check();
  expect(await app.at('ttl-retimed').innerText()).toBe('1 张的期限会变');
  expect(await app.at('ttl-released').innerText()).toBe('没有工单会马上过期');
  await app.at('ttl-save').click();
  await eventually(toast).toContain('1 张工单的期限已改');
  expect((await scene.db.ticket(open))!.dueAt).toBe(before + 1.5 * day);
});

test('X24 a definition is made, ordered, changed and retired on its page; its type stays', async () => {
  await openPage('fields');
  const add = async (name: string): Promise<void> => {
    await app.at('field-add').click();
    await app.at('field-name').fill(name);
  };
  await add('型号');
  await app.press('Enter');
  await eventually(async () => (await fields()).map((f) => f.name)).toEqual(['型号']);
  await add('故障类别');
  await app.at('field-type').click();
  await app.page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle('单选').click();
  await app.at('field-save').click();
  await eventually(() => app.at('settings-failure').innerText()).toContain('至少填一个选项');
  await app.at('field-option-0').fill('光衰');
  await app.press('Enter');
  await app.at('field-option-1').fill('端口');
  await app.at('field-required').check();
  await app.at('field-save').click();
  await eventually(async () => (await fields()).find((f) => f.name === '故障类别')).toMatchObject({
    type: 'single',
    options: ['光衰', '端口'],
    required: true,
  });
  const shown = () => app.at('fields-used').locator('li .fieldname').allInnerTexts();
  await eventually(shown).toEqual(['型号', '故障类别']);
  await app.page.getByRole('button', { name: '上移 故障类别' }).click();
  await eventually(shown).toEqual(['故障类别', '型号']);
  // Not while the page waits for the answer to the last change.
  await app.page
    .locator('[data-testid^="field-def-"][draggable=true]')
    .filter({ hasText: '型号' })
    .dragTo(app.page.locator('[data-testid^="field-def-"]').filter({ hasText: '故障类别' }));
  await eventually(shown).toEqual(['型号', '故障类别']);
  await eventually(async () => (await fields()).toSorted((a, b) => a.position - b.position).map((f) => f.name)).toEqual([
    '型号',
    '故障类别',
  ]);

  const { id } = (await fields()).find((f) => f.name === '故障类别')!;
  await app.at(`field-edit-${id}`).click();
  expect(await app.at('field-type').getAttribute('class')).toContain('disabled');
  await app.at('field-name').fill('故障');
  await app.at('field-save').click();
  await eventually(async () => (await fields()).find((f) => f.id === id)?.name).toBe('故障');
  await app.at(`field-retire-${id}`).click();
  await eventually(async () => (await fields()).find((f) => f.id === id)?.removedAt ?? null).not.toBeNull();
  await eventually(shown).toEqual(['型号']);
  await app.at(`field-revive-${id}`).click();
  await eventually(async () => (await fields()).find((f) => f.id === id)?.removedAt).toBeNull();
});

test('Z07 a person is added with a password told once, and can sign in with it; disabled, they cannot', async () => {
  await openPage('people');
  await app.at('person-add').click();
  await app.at('person-staff-no').fill('A 7');
  await app.at('person-save').click();
  await eventually(() => app.at('settings-failure').innerText()).toContain('请填工号');
  await app.at('person-staff-no').fill('A1');
  await app.at('person-name').fill('新来的');
  await app.at('person-groups').click();
  await app.page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle('宽带一组').click();
  await app.at('person-save').click();
  await eventually(() => app.at('settings-failure').innerText()).toContain('这个工号已经有人用了');
  await app.at('person-staff-no').fill('A7');
  await app.at('person-save').click();
  const password = await app.at('one-time-value').innerText();
  await app.at('one-time-close').click();
  await eventually(() => app.at('staff-A7').innerText()).toContain('新来的');
  expect(await app.page.locator('body').innerText()).not.toContain(password);

  await app.signOut();
  await app.signIn('A7', password);
  expect(await app.at('account-menu').innerText()).toContain('新来的');
  await app.signOut();
  await app.signIn('G1');
  await openPage('people');
  await app.at('person-more-A7').click();
  await app.page.getByRole('menuitem', { name: '停用' }).click();
  await app.at('disable-confirm').click();
  // What it says, should it stay.
  await eventually(() => app.at('disable-dialog').allInnerTexts()).toEqual([]);
  await eventually(async () => (await scene.db.orm.select().from(account).where(eq(account.staffNo, 'A7')))[0]?.disabled).toBe(true);
  await eventually(() => app.at('staff-A7').count()).toBe(0);
});

test('Y33 an own phrase is made and removed', async () => {
  await openPage('phrases');
  await app.at('phrase-add-own').click();
  await app.at('phrase-title').fill('问候');
  await app.at('phrase-text').fill('您好，这里是宽带一组。');
  await app.press('Control+Enter');
  const own = async () => (await scene.db.orm.select().from(phrase)).filter((p) => p.ownerId === scene.office.people.admin.id);
  await eventually(async () => (await own()).map((p) => [p.title, p.text])).toEqual([['问候', '您好，这里是宽带一组。']]);
  const id = (await own())[0]!.id;
  await app.at(`phrase-remove-${id}`).click();
  await app.at(`phrase-remove-${id}`).click();
  await eventually(own).toEqual([]);
});

test('D10 the language of every settings page changes without a restart', async () => {
  await openPage('general');
  await app.at('locale-en-US').click();
  await eventually(() => app.at('settings-page-general').innerText()).toContain('Language');
  for (const page of ['general', 'phrases', 'people', 'groups', 'parameters', 'fields', 'audit'] as const) {
    await app.at(`settings-${page}`).click();
    await app.at(`settings-page-${page}`).waitFor();
    // Names, and the languages’ own words, stay as they are.
    const words = (await app.at(`settings-page-${page}`).locator('h2, h3, p, button, label, th').allInnerTexts()).join(' ');
    expect(words.replaceAll(/简体中文|型号|故障|光衰|端口/g, ''), page).not.toMatch(/\p{Script=Han}/u);
  }
  await app.at('settings-general').click();
  await app.at('locale-zh-CN').click();
  await eventually(() => app.at('settings-page-general').innerText()).toContain('语言');
});

test('X24 X27 offline the office’s pages can be looked at, and say why they cannot be changed', async () => {
  await scene.stopServer();
  await eventually(() => app.at('sync-state').innerText()).toContain('离线');
  await openPage('fields');
  await eventually(() => app.at('settings-offline').innerText()).toContain('现在离线');
  await eventually(() => app.at('fields-used').innerText()).toContain('型号');
  expect(await app.at('field-add').isDisabled()).toBe(true);
  await openPage('parameters');
  expect(await app.at('parameter-agentsMayCreate-yes').isDisabled()).toBe(true);
});

test('an agent’s settings are the own ones', async () => {
  await scene.startServer();
  await app.synced();
  await app.signOut();
  await app.signIn('A1');
  await app.at('nav-settings').click();
  await app.at('settings-general').waitFor();
  for (const page of ['people', 'groups', 'parameters', 'fields', 'audit']) expect(await app.at(`settings-${page}`).count(), page).toBe(0);
});
