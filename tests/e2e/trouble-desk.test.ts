import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { ticket, ticketEvent } from '../../server/store/schema.ts';
import { turnEpoch } from '../../server/sync/epoch.ts';
import { act, newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { answerFileDialogs } from '../support/e2e/file-dialogs.ts';
import { picture } from '../support/e2e/pictures.ts';
import { type Relay, startRelay, type Way } from '../support/e2e/relay.ts';

const DAY = 86_400_000;
const slow = '晚间七点到十一点频繁掉线，重启光猫后只能维持半小时';
let app: DeskApp;
let relay: Relay;
/** Another computer of the same agent, and the leader's; both stay connected. */
let laptop: Device;
let leader: Device;
let clash: string;
let done: string;
let moved: string;
let leaving: string;
const scene = deskScene(async ({ office, start }) => {
  laptop = await office.device('lin');
  const make = async (subject: string): Promise<string> => {
    const id = await newTicket(laptop, subject);
    await numbered(laptop, id);
    return id;
  };
  const old = await make('去年的退款');
  await act(laptop, old, 'resolve', { report: '已退款' });
  [clash, done, moved, leaving] = [await make(slow), await make('装机改期'), await make('发票抬头有误'), await make('合同到期续费')];
  const { orm } = office.server.store;
  const at = Date.now() - 300 * DAY;
  await orm.update(ticket).set({ updatedAt: at, resolvedAt: at }).where(eq(ticket.id, old));
  await orm.update(ticketEvent).set({ receivedAt: at, occurredAt: at }).where(eq(ticketEvent.ticketId, old));
  leader = await office.device('he');
  relay = await startRelay(office.server.url);
  app = await start({ server: relay.url });
  await app.signIn('A1');
  await app.openList('pending');
  await app.row(clash).waitFor();
});
afterAll(() => relay.close());

const sync = () => eventually(() => app.at('sync-state').innerText());
const popover = () => app.page.locator('.syncpop');
/** The way changes, and the app finds out at once. */
async function through(way: Way): Promise<void> {
  relay.way = way;
  if (!(await popover().isVisible())) await app.at('sync-state').click();
  await app.at('sync-retry').click();
}
async function closePopover(): Promise<void> {
  await app.press('Escape');
  await popover().waitFor({ state: 'hidden' });
}
async function attach(name: string): Promise<void> {
  const file = path.join(scene.desktop.folder, name);
  await writeFile(file, '一页');
  await answerFileDialogs(app, file);
  await app.at('attach').click();
  await app.at('file-draft').filter({ hasText: name }).filter({ hasNotText: '正在存入' }).waitFor();
}
/** What is said about one ticket in 需要处理. */
const entry = (words: string) => popover().locator('section', { hasText: words });
const buttons = (words: string): Promise<string[]> => entry(words).locator('.ops button').allInnerTexts();
const mainButton = (words: string): Promise<string> => entry(words).locator('.ops .primary').innerText();
async function send(): Promise<void> {
  const said = () => app.at('toast').innerText();
  // What was said of the ticket before may still stand there; each has its number in it.
  const before = await said();
  await app.press('Control+Enter');
  await eventually(async () => (await said()).replace(before, '')).toContain('待同步');
  await app.openList('pending');
}

test('R10 F18 W04 what the server refuses is told a ticket at a time, with what was written and one main way out', async () => {
  await through('cut');
  await sync().toContain('离线，可继续工作');
  await closePopover();
  await app.openRow(clash);
  await app.at('field-subject').click();
  await app.at('edit-subject').fill('晚高峰掉线，疑似机房带宽不足');
  await app.press('Enter');
  await app.at('field-priority').click();
  await app.page.locator('.ant-select-item-option', { hasText: '紧急' }).click();
  await app.write('昨晚八点半掉线两次。\n已请客户保留路由器日志。');
  await send();
  await app.openRow(done);
  await app.press('w');
  await app.type('客户同意改到周五上午');
  await send();
  await app.openRow(moved);
  await attach('营业执照（加盖公章）.txt');
  await app.write('抬头和税号见附件');
  await send();
  await app.openRow(leaving);
  await attach('报价单.txt');
  await app.write('两年的套餐，报价已经谈好：\n每月 129 元');
  await eventually(() => app.at('draft-state').innerText()).toContain('草稿已保存');
  await act(laptop, clash, 'update', {
    note: '',
    changes: [
      { field: 'subject', from: slow, to: '夜里断网' },
      { field: 'priority', from: 'high', to: 'low' },
    ],
    waiting: false,
  });
  await act(laptop, done, 'resolve', { report: '电话里说好了' });
  await laptop.until('sync.state', {}, (s) => s.pending === 0);
  for (const id of [moved, leaving]) {
    await leader.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    await act(leader, id, 'assign', { toId: scene.office.people.bai.id, note: '' });
  }
  await leader.until('sync.state', {}, (s) => s.pending === 0);
  await through('open');
  await sync().toContain('已同步');
  await eventually(() => app.at('count-attention').innerText()).toBe('5');
  await eventually(() => popover().innerText()).toContain('需要处理 5');
  // The entries, and the files of each, come in their own time after their number.
  const kept = () => entry('更新工单 没有生效：这段时间里别人也改了').locator('.kept').innerText();
  await eventually(kept).toBe('昨晚八点半掉线两次。\n已请客户保留路由器日志。\n晚高峰掉线，疑似机房带宽不足');
  await eventually(() => mainButton('主题（现在是夜里断网）、优先级（现在是低）')).toBe('比较并选择');
  await eventually(() => entry('装机改期').innerText()).toContain('已完成 没有生效：工单现在的状态是已完成');
  await eventually(() => mainButton('装机改期')).toBe('转为备注');
  // Nothing can be sent to a ticket that is somebody else's now: what is left is to take it along.
  await eventually(() => entry('添加附件').innerText()).toMatch(/贺云开在 .* 做了“分配”。[\s\S]*营业执照（加盖公章）\.txt[\s\S]*没有发送/);
  await eventually(() => buttons('添加附件')).toEqual(['放弃']);
  await eventually(() => buttons('抬头和税号见附件')).toEqual(['复制文字', '放弃']);
  // The list is in words of the agent: no name of a value, no code.
  expect(await popover().innerText()).not.toMatch(/urgent|not-assignee|wrong-state/);
  await picture(app, 'trouble-attention');
  await popover().evaluate((e) => e.scrollTo(0, e.scrollHeight));
  await picture(app, 'trouble-attention-end');
});

test('F18 R10 where the ticket stood that left while it was written to, text and file stay and are taken from there by keyboard', async () => {
  await closePopover();
  const panel = app.at('ticket-panel');
  await eventually(() => panel.innerText()).toMatch(
    /这张工单不在本机[\s\S]*为你留下的内容[\s\S]*每月 129 元[\s\S]*报价单\.txt[\s\S]*没有发送/,
  );
  await picture(app, 'trouble-left');
  await panel.getByTestId('kept-copy').focus();
  await app.press('Enter');
  await eventually(() => app.running.app.evaluate(({ clipboard }) => clipboard.readText())).toBe('两年的套餐，报价已经谈好：\n每月 129 元');
  await panel.getByTestId('kept-discard').focus();
  await app.press('Enter');
  await panel.getByTestId('confirm').focus();
  await app.press('Enter');
  // The file with the text: both were of one form, and are counted as one.
  await eventually(() => panel.getByTestId(`kept-ticket:${leaving}`).count()).toBe(0);
  await eventually(() => app.at('count-attention').innerText()).toBe('4');
});

test('F06 two fields that clash are shown beside each other, and 全用我的 sends both', async () => {
  await app.at('attention').click();
  await app.at('attention-choose').click();
  await eventually(() => app.at('conflict-form').innerText()).toMatch(/晚高峰掉线[\s\S]*夜里断网[\s\S]*紧急[\s\S]*低/);
  await picture(app, 'trouble-conflict');
  await app.at('conflict-all-mine').click();
  await app.at('conflict-submit').click();
  await eventually(() => scene.db.ticket(clash)).toMatchObject({ subject: '晚高峰掉线，疑似机房带宽不足', priority: 'urgent' });
});

test('SPEC 12 whoever answers instead of the server, or a version that does not fit, is named; work goes on, and later it is sent', async () => {
  await app.openList('processing');
  await app.openRow(clash);
  for (const [way, words, why] of [
    ['portal', '网络要先登录，可继续工作', '多半是所在网络要先登录'],
    ['client-old', '版本不符，可继续工作', '请更新客户端'],
    ['server-old', '版本不符，可继续工作', '告诉管理员升级服务器'],
  ] as const) {
    await through(way);
    await sync().toContain(words);
    await eventually(() => app.at('sync-problem').innerText()).toContain(why);
    await picture(app, `trouble-${way}`);
  }
  await closePopover();
  await app.write('版本不符时写的');
  await app.press('Control+Enter');
  await sync().toMatch(/版本不符[\s\S]*1 条待同步/);
  await through('open');
  await sync().toContain('已同步');
  await eventually(async () => (await scene.db.events(clash)).at(-1)?.note).toBe('版本不符时写的');
  expect(await app.at('sync-problem').count()).toBe(0);
  await closePopover();
});

test('SY9 older tickets: what is kept here is said, what went wrong as well, and the same button brings them later', async () => {
  await app.openList('resolved');
  await eventually(() => app.at('older').innerText()).toContain('最近 90 天');
  for (const [way, words] of [
    ['cut', '现在连不上服务器，查不了更早的工单。'],
    ['client-old', '服务器和这个客户端的版本对不上，查不了更早的工单。'],
  ] as const) {
    relay.way = way;
    await app.at('older-fetch').click();
    await eventually(() => app.at('older').innerText()).toContain(words);
    await picture(app, `trouble-older-${way}`);
  }
  relay.way = 'open';
  await app.at('older-fetch').click();
  await eventually(() => app.at('older').innerText()).toContain('查到 1 张');
});

test('SY14 R17 that the server came from a backup is said until the agent has closed it, and not again', async () => {
  await turnEpoch(scene.office.server.store, null, 'command', Date.now());
  await through('open');
  await eventually(() => app.at('restored-notice').innerText()).toContain('服务器恢复过备份');
  await sync().toContain('已同步');
  await closePopover();
  await picture(app, 'trouble-restored');
  await app.at('restored-close').focus();
  await app.press('Enter');
  await app.at('restored-notice').waitFor({ state: 'detached' });
  await through('open');
  await sync().toContain('已同步');
  expect(await app.at('restored-notice').count()).toBe(0);
});
