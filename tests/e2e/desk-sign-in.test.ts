import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { loginAttempt, session } from '../../server/store/schema.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
/** Answers, but is not ours. */
let stranger: Server;
const scene = deskScene(async ({ start }) => {
  stranger = createServer((_request, response) => response.end('<h1>It works!</h1>'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  app = await start({ server: null });
  await app.at('signin-server').waitFor();
});
afterAll(() => new Promise((resolve) => stranger.close(resolve)));

const hint = () => eventually(() => app.page.locator('#si-server-hint').innerText());
const dialog = () => eventually(() => app.at('signin-error').innerText());
const fields = async () => ({
  server: await app.at('signin-server').inputValue(),
  staffNo: await app.at('signin-staff-no').inputValue(),
  password: await app.at('signin-password').inputValue(),
});
async function enter(server: string, staffNo: string, password: string): Promise<void> {
  await app.at('signin-server').fill(server);
  await app.at('signin-staff-no').fill(staffNo);
  await app.at('signin-password').fill(password);
  await app.press('Enter');
}
const focused = () => eventually(() => app.page.evaluate(() => document.activeElement?.getAttribute('data-testid')));
/** It closes with Enter once its button has the focus. */
async function closeDialog(): Promise<void> {
  await focused().toBe('confirm');
  await app.press('Enter');
  await app.at('signin-error').waitFor({ state: 'hidden' });
}
const sessions = async () => (await scene.db.orm.select().from(session)).length;

test('D09 at the first start the address is typed by hand, and asked for', async () => {
  expect(await fields()).toEqual({ server: '', staffNo: '', password: '' });
  await focused().toBe('signin-server');
  await app.at('signin-submit').click();
  await hint().toBe('请输入服务器地址。');
});

for (const [what, address, sentence] of [
  ['that is none', 'http://', '这个地址不像服务器地址，请对照公司给的地址检查一遍。'],
  ['without encryption', 'http://desk.example.com', '这个地址不是加密连接（https），为了保护客户资料不能使用。'],
  ['where nothing listens', 'http://127.0.0.1:1', '连不上服务器。请检查网络和地址，稍后再试。'],
  ['of something else', 'stranger', '回答的不是坐席工单台的服务器。请检查地址；如果所在网络要先登录，请先登录网络。'],
] as const) {
  test(`D09 an address ${what} is said to be so while it is typed and when it is sent, and is kept`, async () => {
    const url = address === 'stranger' ? `http://127.0.0.1:${(stranger.address() as AddressInfo).port}` : address;
    await app.at('signin-server').fill(url);
    await hint().toBe(sentence);
    await enter(url, 'A1', 'secret-pass');
    await dialog().toBe(sentence);
    await closeDialog();
    expect(await fields()).toEqual({ server: url, staffNo: 'A1', password: 'secret-pass' });
    expect(await sessions()).toBe(0);
  });
}

test('P01 D09 a wrong password raises a dialog whose 确定 leads back to the entry, with the 工号 kept', async () => {
  const { url } = scene.office.server;
  await app.at('signin-server').fill(url);
  await hint().toContain('只需填这一次');
  await enter(url, 'A1', 'wrong');
  await dialog().toBe('工号或密码不对。点“确定”后重新输入密码，工号已保留。');
  await closeDialog();
  await focused().toBe('signin-password');
  expect(await fields()).toEqual({ server: url, staffNo: 'A1', password: '' });
  await eventually(() => app.page.locator('#si-password-hint').innerText()).toContain('工号已保留');
  expect(await sessions()).toBe(0);
});

test('P01 an unknown 工号 is answered as a wrong password is, a disabled account with its own sentence', async () => {
  const { url } = scene.office.server;
  await enter(url, 'ZZZ', 'secret-pass');
  await dialog().toBe('工号或密码不对。点“确定”后重新输入密码，工号已保留。');
  // As an Enter does that is pressed before the dialog has taken the focus.
  await app.page.evaluate(() => document.querySelector('form')!.requestSubmit());
  await closeDialog();
  await enter(url, 'A9', 'secret-pass');
  await dialog().toContain('这个账号已停用');
  await closeDialog();
  const attempts = (await scene.db.orm.select().from(loginAttempt)).filter(({ key }) => key.startsWith('zzz|'));
  expect(attempts).toMatchObject([{ failures: 1 }]);
});

test('D09 D05 with the right entry the desk opens, and at the next start without asking', async () => {
  const { url } = scene.office.server;
  await enter(url, 'A1', 'secret-pass');
  await app.at('account-menu').waitFor();
  await app.synced();
  expect(await app.at('account-menu').innerText()).toMatch(/林知夏[\s\S]*客服/);
  expect(await app.page.locator('[data-testid^="nav-bucket-"]').count()).toBe(6);
  expect(await app.at('ticket-panel').isVisible()).toBe(true);
  expect(await scene.db.orm.select().from(session)).toMatchObject([{ accountId: scene.office.people.lin.id, revokedAt: null }]);
  await app.stop();
  app = await scene.start({ server: null });
  await app.at('account-menu').waitFor();
  await app.synced();
});

test('D09 after signing out the address and the 工号 are still there, and the session has ended on the server', async () => {
  await app.signOut();
  expect(await fields()).toEqual({ server: scene.office.server.url, staffNo: 'A1', password: '' });
  await eventually(async () => (await scene.db.orm.select().from(session)).every(({ revokedAt }) => revokedAt !== null)).toBe(true);
  await app.signIn('L1');
  expect(await app.at('account-menu').innerText()).toMatch(/贺云开[\s\S]*组长/);
});
