import { closeSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { migrations } from '../../db/migrations/index.ts';
import { migrate } from '../../db/migrate.ts';
import { openEncrypted } from '../../db/open.ts';
import { createFileStore, createKeyFileSealer } from '../../electron/main/secret-store.ts';
import { session } from '../../server/store/schema.ts';
import { newTicket, numbered } from '../support/core/desk.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { picture } from '../support/e2e/pictures.ts';
import { type Relay, startRelay } from '../support/e2e/relay.ts';

const DAY = 86_400_000;
let app: DeskApp;
let relay: Relay;
let first: string;
let second: string;
const scene = deskScene(async ({ office, start }) => {
  const lin = await office.device('lin');
  [first, second] = [await newTicket(lin, '第一张'), await newTicket(lin, '第二张')];
  for (const id of [first, second]) await numbered(lin, id);
  await lin.stop();
  relay = await startRelay(office.server.url);
  app = await start({ server: relay.url });
  await app.signIn('A1');
});
afterAll(() => relay.close());

/** The core dies, and the next one finds its files as they were left meanwhile. */
async function coreFinds(change: () => void): Promise<void> {
  const pid = await app.corePid();
  process.kill(pid, 'SIGSTOP');
  change();
  process.kill(pid, 'SIGKILL');
  await eventually(() => app.corePid()).not.toBe(pid);
}
/** A file of the app's, wherever it keeps it. */
function fileOf(name: RegExp): string {
  const found = readdirSync(app.dataDir, { recursive: true, encoding: 'utf8' }).find((each) => name.test(each));
  if (found === undefined) throw new Error(`no ${name.source} in ${app.dataDir}`);
  return path.join(app.dataDir, found);
}
const cache = (): string => fileOf(/[0-9a-f]{24}\.db$/);
interface Profile {
  readonly last: object;
  readonly waiting: Readonly<Record<string, number>>;
}
const profile = (): Profile => JSON.parse(readFileSync(fileOf(/profile\.json$/), 'utf8')) as Profile;
const notice = () => eventually(() => app.page.locator('.sim [role=alert]').innerText());
const dialog = () => eventually(() => app.page.getByRole('dialog').innerText());
async function submit(): Promise<void> {
  await app.at('signin-password').fill('secret-pass');
  await app.press('Enter');
  await app.at('signin-error').waitFor();
}
async function closeDialog(): Promise<void> {
  await app.at('confirm').click();
  await app.at('signin-error').waitFor({ state: 'hidden' });
}
async function note(id: string, text: string): Promise<void> {
  await app.openList('pending');
  await app.openRow(id);
  await app.write(text);
  await app.press('Control+Enter');
  await eventually(() => app.at('toast').innerText()).toContain('待同步');
}

test('R11 R12 offline for longer than allowed: locked, with the reason and what is kept, and the network that is missing is named', async () => {
  relay.way = 'cut';
  await note(first, '断网时记下的话');
  await note(second, '另一句');
  await eventually(() => Object.values(profile().waiting)).toContain(2);
  await coreFinds(() => {
    const { last, ...more } = profile();
    writeFileSync(fileOf(/profile\.json$/), JSON.stringify({ ...more, last: { ...last, lastContactAt: Date.now() - 15 * DAY } }));
  });
  await notice().toMatch(/^离线超过了允许的天数，需要联网登录一次。没提交的内容都还在本机。\s+有 2 项操作还没提交到服务器。$/);
  expect(await app.page.getByText('第一张').count()).toBe(0);
  await submit();
  await dialog().toContain('连不上服务器。请检查网络和地址，稍后再试。');
  await picture(app, 'trouble-lease');
  await closeDialog();
});

test('R18 the key is gone: nothing is thrown away unasked, what cannot be read is counted, and the agent may start anew', async () => {
  const secrets = path.dirname(fileOf(/secrets.*\.file$/));
  await coreFinds(() => {
    const { last, ...more } = profile();
    writeFileSync(fileOf(/profile\.json$/), JSON.stringify({ ...more, last: { ...last, lastContactAt: Date.now() } }));
    for (const name of readdirSync(secrets)) if (name.endsWith('.file')) rmSync(path.join(secrets, name));
  });
  const bytes = readFileSync(cache());
  relay.way = 'open';
  await notice().toContain('打开它的密钥不在了');
  await submit();
  await dialog().toMatch(/本机保存的数据打不开[\s\S]*2 条未同步的操作[\s\S]*另存旧数据，重新开始[\s\S]*先不动/);
  await picture(app, 'trouble-key');
  await closeDialog();
  expect(readFileSync(cache()).equals(bytes)).toBe(true);
  await submit();
  await app.at('start-anew').focus();
  await app.press('Enter');
  await app.at('account-menu').waitFor();
  await app.synced();
  await app.openList('pending');
  await app.row(first).waitFor();
  expect(readFileSync(fileOf(/\.db\.unreadable-/)).equals(bytes)).toBe(true);
});

test('P01 R11 a disabled account is locked at once and says whom to ask; a server of another time says which side is too old', async () => {
  const { staff } = scene.office.server;
  await staff.changeAccount(scene.office.people.lin.id, { disabled: true });
  await notice().toBe('这个账号已停用。没提交的内容还在本机，请找组长或管理员。');
  await submit();
  await dialog().toContain('这个账号已停用，请找组长或管理员。');
  await picture(app, 'trouble-disabled');
  await closeDialog();
  await staff.changeAccount(scene.office.people.lin.id, { disabled: false });
  for (const [way, words] of [
    ['portal', '如果所在网络要先登录，请先登录网络。'],
    ['client-old', '这个客户端的版本太旧，服务器不接受了。请更新客户端后再登录'],
    ['server-old', '服务器的版本比这个客户端旧，现在登录不了。请告诉管理员升级服务器'],
  ] as const) {
    relay.way = way;
    await submit();
    await dialog().toContain(words);
    await picture(app, `trouble-signin-${way}`);
    await closeDialog();
  }
  relay.way = 'open';
  await app.signIn('A1');
});

test('R12 the session was ended from afar while something was being written: it is there again after signing in', async () => {
  await app.openList('pending');
  await app.openRow(first);
  await app.write('写了一半');
  await eventually(() => app.at('draft-state').innerText()).toContain('草稿已保存');
  for (const { id } of await scene.db.orm.select().from(session)) await scene.office.server.sessions.end(id);
  await app.at('sync-state').click();
  await app.at('sync-retry').click();
  await notice().toBe('登录已失效，请重新登录。没提交的内容都还在本机。');
  await picture(app, 'trouble-ended');
  await app.signIn('A1');
  await app.openList('pending');
  await app.openRow(first);
  await eventually(() => app.at('composer').inputValue()).toBe('写了一半');
});

test('R14 a cache of which nothing but its first page is left: what could not be read is told by number, beside what is there again', async () => {
  relay.way = 'cut';
  await note(second, '会读不出来的话');
  await eventually(() => Object.values(profile().waiting)).toContain(1);
  await coreFinds(() => {
    const file = openSync(cache(), 'r+');
    writeSync(file, Buffer.alloc(fstatSync(file).size - 4096), 0, undefined, 4096);
    closeSync(file);
    for (const suffix of ['-wal', '-shm']) rmSync(`${cache()}${suffix}`, { force: true });
  });
  relay.way = 'open';
  await eventually(() => app.at('recovery-notice').innerText()).toMatch(
    /本机数据损坏.*重新取回；另有 [1-9]\d* 条没能读出，请核对你最近的操作/,
  );
  await app.synced();
  await app.openList('pending');
  await app.row(second).waitFor();
  await picture(app, 'trouble-recovery');
});

test('R16 data of a newer version is left as it is, and the screen asks for the update', async () => {
  await app.stop();
  const secrets = path.dirname(fileOf(/secrets.*\.file$/));
  const store = createFileStore(secrets, 'file', createKeyFileSealer(secrets), () => {});
  const db = openEncrypted(cache(), (await store.get(`key:${path.basename(cache(), '.db')}`))!);
  migrate(db, Date.now(), [...migrations, { name: '9999-from-the-future', sql: 'CREATE TABLE future (id TEXT);' }]);
  db.close();
  const bytes = readFileSync(cache());
  app = await scene.start({ server: relay.url });
  await notice().toBe('本机数据来自更新的版本，这个版本打不开。没有删除任何内容，请更新客户端。');
  await submit();
  await dialog().toContain('这个版本打不开。没有删除任何内容，请更新客户端。');
  await picture(app, 'trouble-newer');
  expect(readFileSync(cache()).equals(bytes)).toBe(true);
});
