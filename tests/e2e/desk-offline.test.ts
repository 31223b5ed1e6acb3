import { expect, test } from 'vitest';
import { newTicket, numbered } from '../support/core/desk.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
let first: string;
let second: string;
let third: string;
const scene = deskScene(async ({ office, start }) => {
  const lin = await office.device('lin');
  [first, second, third] = [await newTicket(lin, '第一张'), await newTicket(lin, '第二张'), await newTicket(lin, '第三张')];
  for (const id of [first, second, third]) await numbered(lin, id);
  await lin.stop();
  app = await start();
  await app.signIn('A1');
  await app.openList('pending');
  await app.row(first).waitFor();
});
const syncWords = () => eventually(() => app.at('sync-state').innerText());
const draftSaved = () => eventually(() => app.at('draft-state').innerText()).toContain('草稿已保存');
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('D02 without a server the screen says so, and a ticket is made with N', async () => {
  await scene.stopServer();
  await syncWords().toContain('离线，可继续工作');
  await app.focusList();
  await app.press('n');
  await app.at('new-customer').click();
  await app.at('new-customer-name').fill('顾南星');
  await app.at('new-customer-phone').fill('13700002222');
  await app.at('new-subject').fill('断网时新建');
  await app.at('new-description').fill('客户来电说没有信号');
  await app.press('Control+Enter');
  await eventually(() => app.at('ticket-panel').innerText()).toMatch(/待编号[\s\S]*断网时新建/);
  await eventually(() => app.page.locator('main .r', { hasText: '断网时新建' }).innerText()).toContain('待编号');
  await syncWords().toContain('1 条待同步');
  expect((await scene.db.tickets()).map(({ subject }) => subject)).not.toContain('断网时新建');
});

test('D02 it and others are handled all the same, and nothing says that it has been sent', async () => {
  await app.write('先记下，晚上回电');
  await eventually(() => app.at('will').innerText()).toContain('先存在本机，联网后提交。');
  await app.press('Control+Enter');
  await eventually(() => app.at('toast').innerText()).toContain('已保存 · 待同步');
  await app.openRow(first);
  await app.press('w');
  await app.type('断网时完成');
  await app.press('Control+Enter');
  await syncWords().toContain('3 条待同步');
  await app.openList('resolved');
  await app.row(first).waitFor();
  expect((await scene.db.ticket(first))?.status).toBe('pending');
  await app.at('sync-state').click();
  await eventually(() => app.page.locator('[data-testid^="queued-"]').count()).toBe(3);
  await app.press('Escape');
});

test('D02 the core is killed while the agent types: what was typed before and during it is kept', async () => {
  await app.openList('pending');
  await app.openRow(second);
  await app.write('这段话写到一半');
  await draftSaved();
  const pid = await app.corePid();
  process.kill(pid, 'SIGKILL');
  await app.insert('，核心没了也接着写');
  await eventually(() => app.corePid()).not.toBe(pid);
  await draftSaved();
  expect(await app.at('composer').inputValue()).toBe('这段话写到一半，核心没了也接着写');
  await syncWords().toMatch(/离线，可继续工作[\s\S]*3 条待同步/);
});

test('D02 D01 the whole app is killed while the agent types: after the next start text, queue and rows are back', async () => {
  await app.write('；再加一句');
  await draftSaved();
  const core = await app.corePid();
  await app.running.kill();
  await eventually(() => isAlive(core)).toBe(false);
  app = await scene.start();
  await app.at('account-menu').waitFor();
  await syncWords().toMatch(/离线，可继续工作[\s\S]*3 条待同步/);
  await app.openList('pending');
  await eventually(() => app.row(second).innerText()).toContain('有草稿');
  await app.openRow(second);
  await eventually(() => app.at('composer').inputValue()).toBe('这段话写到一半，核心没了也接着写；再加一句');
  expect((await app.rows()).sort()).toEqual([second, third].sort());
  await app.openList('resolved');
  await eventually(() => app.rows()).toEqual([first]);
  await app.openList('processing');
  await app.page.locator('main .r', { hasText: '断网时新建' }).waitFor();
});

test('D02 a half-filled new ticket is there again as well', async () => {
  await app.focusList();
  await app.press('n');
  await app.at('new-subject').fill('只写了主题');
  await draftSaved();
  await app.running.kill();
  app = await scene.start();
  await app.at('account-menu').waitFor();
  await app.focusList();
  await app.press('n');
  await eventually(() => app.at('new-subject').inputValue()).toBe('只写了主题');
  await app.at('new-clear').click();
  await app.press('Escape');
});

test('D02 the server comes back: the queue drains by itself, once each and in order', async () => {
  await scene.startServer();
  await app.synced();
  await eventually(() => app.at('sync-state').innerText()).not.toContain('待同步');
  const made = (await scene.db.tickets()).filter(({ subject }) => subject === '断网时新建');
  expect(made).toHaveLength(1);
  expect(made[0]).toMatchObject({ status: 'processing', assigneeId: scene.office.people.lin.id, description: '客户来电说没有信号' });
  expect(made[0]!.number).not.toBeNull();
  expect(await scene.db.customer(made[0]!.customerId)).toMatchObject({ name: '顾南星', phones: ['13700002222'] });
  expect((await scene.db.events(made[0]!.id)).map(({ command, note }) => [command, note])).toEqual([
    ['create', ''],
    ['update', '先记下，晚上回电'],
  ]);
  expect((await scene.db.events(first)).map(({ command, note }) => [command, note])).toEqual([
    ['create', ''],
    ['resolve', '断网时完成'],
  ]);
  expect((await scene.db.ticket(second))?.status).toBe('pending');
  await app.openList('processing');
  await eventually(() => app.row(made[0]!.id).innerText()).toContain(String(made[0]!.number));
});

test('D02 the draft that outlived it all is sent when the agent says so', async () => {
  await app.openList('pending');
  await app.openRow(second);
  await eventually(() => app.at('composer').inputValue()).toContain('再加一句');
  await app.at('composer').press('Control+Enter');
  await eventually(async () => (await scene.db.events(second)).at(-1)).toMatchObject({
    command: 'update',
    note: '这段话写到一半，核心没了也接着写；再加一句',
  });
  await app.openList('processing');
  await app.openRow(second);
  expect(await app.at('composer').inputValue()).toBe('');
});
