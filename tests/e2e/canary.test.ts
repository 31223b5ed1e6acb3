import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { unlock } from '../../db/unlock.ts';
import { createFileStore, createKeyFileSealer } from '../../electron/main/secret-store.ts';
import { paths } from '../../shared/protocol/wire.ts';
import { findCanaries, formsOf } from '../support/core/canaries.ts';
import { newTicket, numbered } from '../support/core/desk.ts';
import { png } from '../support/core/files.ts';
import { filesUnder } from '../support/core/remains.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { answerFileDialogs, filesCopied } from '../support/e2e/file-dialogs.ts';
import { type CrookedServer, startCrookedServer } from '../integration/core/crooked-server.ts';

const said = {
  subject: '主题金丝雀甲一',
  description: 'Description-canary-61d0',
  customer: '客户金丝雀乙二',
  phone: '13855550917',
  note: '跟进金丝雀丙三',
  offlineNote: '离线金丝雀丁四',
  draft: '草稿金丝雀戊五',
  search: '搜索金丝雀己六',
  fileName: '附件金丝雀庚七.txt',
  fileBytes: 'Bytes-canary-2b7e',
  pictureBytes: 'Picture-canary-90cc',
};
const PASSWORD = 'Pw-canary-e19f';
const WRONG = 'Pw-wrong-canary-3a';
/** Put there by this test. */
const MARK = 'Mark-canary-5d';

let between: CrookedServer;
let ticketId: string;
const tokens = new Set<string>();
const outside = mkdtempSync(path.join(tmpdir(), 'zuoxi-canary-'));
const scene = deskScene(async ({ office }) => {
  await office.server.staff.addAccount({ staffNo: 'C1', name: '沈', role: 'agent', groupIds: [office.groups.one.id], password: PASSWORD });
  between = await startCrookedServer(office.server.url);
  const other = await office.signIn('C1', PASSWORD);
  ticketId = await newTicket(other, said.subject, {
    customer: { name: said.customer, phones: [said.phone] },
    description: said.description,
  });
  await numbered(other, ticketId);
});
afterAll(async () => {
  await between.close();
  rmSync(outside, { recursive: true, force: true });
});

/** A file of the agent's own, which lies elsewhere. */
function put(name: string, bytes: Uint8Array | string): string {
  const file = path.join(outside, name);
  writeFileSync(file, bytes);
  return file;
}

/** A day's work with mouse and keyboard; what is typed, shown and fetched passes through all that Chromium keeps. */
async function work(app: DeskApp): Promise<void> {
  await app.at('signin-staff-no').fill('C1');
  await app.at('signin-password').fill(WRONG);
  await app.press('Enter');
  await app.at('signin-error').waitFor();
  await app.at('confirm').click();
  await app.at('signin-error').waitFor({ state: 'hidden' });
  await app.at('signin-password').fill(PASSWORD);
  await app.press('Enter');
  await app.at('account-menu').waitFor();
  // From here on the live channel passes as well.
  between.behave(null);
  await app.synced();
  await app.openList('pending');
  await app.openRow(ticketId);
  await eventually(() => app.at('ticket-panel').innerText()).toContain(said.description);
  await answerFileDialogs(app, put(said.fileName, said.fileBytes.repeat(5_000)));
  await app.at('attach').click();
  await eventually(() => app.at('file-draft').innerText()).toContain(said.fileName);
  await filesCopied(app, 1);
  await app.write(said.note);
  await app.press('Control+Enter');
  await app.openList('processing');
  await app.openRow(ticketId);
  await answerFileDialogs(app, put('照片.png', Buffer.concat([png(640, 400), Buffer.from(said.pictureBytes.repeat(20_000))])));
  await app.at('attach').click();
  await eventually(() => app.at('file-draft').innerText()).toContain('照片.png');
  await filesCopied(app, 1);
  await app.write('照片');
  await app.press('Control+Enter');
  // Saved, it closes the ticket.
  await eventually(() => app.row(ticketId).getAttribute('aria-selected')).toBe('false');
  await app.openRow(ticketId);
  await app.page.locator('[data-testid=file-thumb] canvas[data-drawn]').waitFor();
  await app.at('file-thumb').click();
  await eventually(() => app.at('preview-image').evaluate((i) => (i as HTMLImageElement).naturalWidth)).toBe(640);
  await app.press('Escape');
  await app.at('file-preview').waitFor({ state: 'detached' });
  for (const words of [said.search, said.phone, said.customer]) {
    await app.press('Control+k');
    await app.at('palette-input').fill(words);
    if (words !== said.search) await app.at(`palette-ticket-${ticketId}`).first().waitFor();
    await app.press('Escape');
    await eventually(() => app.at('palette').count()).toBe(0);
  }
  between.behave((_, res) => void res.destroy());
  await app.at('sync-state').filter({ hasText: '离线' }).waitFor();
  await app.openRow(ticketId);
  await app.write(said.offlineNote);
  await app.press('Control+Enter');
  await eventually(() => app.at('toast').innerText()).toContain('待同步');
  await app.openRow(ticketId);
  await app.write(said.draft);
  await eventually(() => app.at('draft-state').innerText()).toContain('草稿已保存');
}

test('R25 S23 S13 after a day’s work and a kill nothing that was said, typed, searched or attached can be read anywhere in the profile', async () => {
  // What travels: every token that the server gives out.
  between.behave(async (req, res, forward) => {
    const { status, text } = await forward();
    if (req.url === paths.signIn || req.url === paths.refresh)
      for (const m of text.matchAll(/"(?:access|refresh)Token":"([^"]+)"/g)) tokens.add(m[1]!);
    res.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
  const app = await scene.start({ server: between.url });
  await work(app);
  const words = (): Set<string> => new Set([...Object.values(said), PASSWORD, WRONG, ...tokens]);
  const search = (): string[] => findCanaries(scene.desktop.folder, words(), { 'what the app printed': app.running.output() });
  expect(tokens.size).toBeGreaterThanOrEqual(2);

  // While it runs, once Chromium has written what it holds back: a mark of our own shows that it has, and where.
  await app.page.evaluate((mark) => localStorage.setItem('mark', mark), MARK);
  await app.running.app.evaluate(({ session }) => session.defaultSession.flushStorageData());
  await eventually(() => findCanaries(app.dataDir, [MARK]).map((each) => each.split('/')[0])).toContain('Local Storage');
  expect(search()).toEqual([]);
  // After the page and the core have crashed, and after a kill.
  await app.running.app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]!.forcefullyCrashRenderer());
  const core = await app.corePid();
  process.kill(core, 'SIGKILL');
  await app.running.kill();
  const secrets = path.join(app.dataDir, 'secrets');
  const store = createFileStore(secrets, 'file', createKeyFileSealer(secrets), () => {});
  const data = path.join(app.dataDir, 'data');
  const cache = readdirSync(data).find((name) => /^[\da-f]{24}\.db$/.test(name))!;
  const key = (await store.get(`key:${cache.slice(0, -3)}`))!;
  tokens.add(key);
  tokens.add((await store.get(`refresh:${cache.slice(0, -3)}`))!);
  expect(search()).toEqual([]);

  // Not vacuous: Chromium's folders and the logs are among the files, the cache holds it all, and each form is found.
  const names = filesUnder(app.dataDir).map((file) => path.relative(app.dataDir, file));
  const kinds = [/^logs\/main\.log$/, /^logs\/core\.log$/, /^data\/.*\.files\//, /Local Storage|Session Storage/, /Cache/];
  expect(
    kinds.filter((kind) => !names.some((name) => kind.test(name))),
    names.join('\n'),
  ).toEqual([]);
  const plain = new Database(path.join(data, cache));
  unlock(plain, key);
  const planted = path.join(app.dataDir, 'planted');
  mkdirSync(planted);
  writeFileSync(path.join(planted, 'without-key.db'), plain.serialize());
  plain.close();
  const inCache = search().map((each) => each.split(': ')[1]);
  const { fileBytes: _f, pictureBytes: _p, search: _s, ...kept } = said;
  expect(inCache).toEqual(expect.arrayContaining(Object.values(kept)));
  rmSync(planted, { recursive: true });
  mkdirSync(planted);
  for (const word of [said.note, PASSWORD, key])
    for (const [i, form] of formsOf(word).entries()) {
      const file = path.join(planted, `${i}.bin`);
      writeFileSync(file, Buffer.concat([Buffer.from('x'), form, Buffer.from('y')]));
      expect(findCanaries(planted, words())).toEqual([`${i}.bin: ${word}`]);
      rmSync(file);
    }
});
