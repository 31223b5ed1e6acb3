import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { attachment } from '../../server/store/schema.ts';
import { newTicket, numbered } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { attachTo, filesUntil, png, sha256, someBytes } from '../support/core/files.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { answerFileDialogs, filesCopied } from '../support/e2e/file-dialogs.ts';

let app: DeskApp;
/** Another computer of the same agent. */
let other: Device;
const scene = deskScene(async ({ office, start }) => {
  other = await office.device('lin');
  app = await start();
  await app.signIn('A1');
});

async function openNew(subject: string): Promise<string> {
  const id = await newTicket(other, subject);
  await numbered(other, id);
  await app.openList('pending');
  await app.openRow(id);
  await eventually(() => app.at('ticket-panel').innerText()).toContain(subject);
  return id;
}
const attached = (id: string) => scene.db.orm.select().from(attachment).where(eq(attachment.ticketId, id));
const place = (name: string): string => path.join(scene.desktop.folder, name);

/** As if a program had copied a picture. */
const copyPicture = (bytes: Uint8Array): Promise<void> =>
  app.running.app.evaluate(async ({ clipboard, ClipboardItem, nativeImage }, base64) => {
    const picture = Buffer.from(base64, 'base64');
    // The test runtime is older than the types.
    const old = clipboard as unknown as { writeImage?(image: Electron.NativeImage): void };
    if (old.writeImage !== undefined) old.writeImage(nativeImage.createFromBuffer(picture));
    else await clipboard.write([new ClipboardItem({ 'image/png': new Blob([picture], { type: 'image/png' }) })]);
  }, Buffer.from(bytes).toString('base64'));

/** As the mouse drops files from another window onto an element. */
async function dropOn(testId: string, files: readonly { readonly name: string; readonly text: string }[]): Promise<void> {
  const data = await app.page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, text } of given) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  await app.at(testId).dispatchEvent('dragover', { dataTransfer: data });
  await app.at(testId).dispatchEvent('drop', { dataTransfer: data });
}

describe('files in the window', () => {
  test('W04 W09 R22 by the button: a file and words go together, a program is refused in plain words', async () => {
    const id = await openNew('光猫红灯');
    await writeFile(place('现场照片.png'), png(640, 400));
    await answerFileDialogs(app, place('现场照片.png'));
    await app.at('attach').click();
    await eventually(() => app.at('file-draft').innerText()).toContain('现场照片.png');
    await filesCopied(app, 1);
    // Its name says picture, its first bytes say program.
    await writeFile(place('账单.png'), Buffer.concat([Buffer.from('MZ'), someBytes(5000)]));
    await answerFileDialogs(app, place('账单.png'));
    await app.at('attach').click();
    await eventually(() => app.at('file-refused').innerText()).toContain('“账单.png”是程序，为安全起见不能添加。');
    await filesCopied(app, 1);
    await app.write('照片见附件');
    await app.press('Control+Enter');
    await eventually(async () => (await attached(id)).map((a) => [a.name, a.type])).toEqual([['现场照片.png', 'image/png']]);
    expect((await scene.db.events(id)).map((e) => e.command)).toEqual(['create', 'attach', 'update']);
  });

  test('W04 the history shows it, by keyboard it opens in our own window, Esc closes it, and it is saved where the agent says', async () => {
    const id = (await scene.db.tickets()).find((t) => t.subject === '光猫红灯')!.id;
    await app.openList('processing');
    await app.openRow(id);
    await app.page.locator('[data-testid=file-thumb] canvas[data-drawn]').waitFor();
    await eventually(() => app.at('file-state').innerText()).toContain('已同步');
    await app.at('file-thumb').focus();
    await app.press('Enter');
    const image = app.at('preview-image');
    await eventually(() => image.evaluate((i) => (i as HTMLImageElement).naturalWidth)).toBe(640);
    await app.running.screenshot('attachment-preview', path.resolve('out', 'e2e'), app.page);
    await app.press('Escape');
    await app.at('file-preview').waitFor({ state: 'detached' });
    const target = place('另存.png');
    await answerFileDialogs(app, target);
    await app.at('file-save').click();
    await eventually(() => app.at('toast').innerText()).toContain('已保存为 另存.png');
    expect(sha256(await readFile(target))).toBe(sha256(png(640, 400)));
  });

  test('W04 a screenshot is pasted and a file dropped, offline; they wait, and go when the network is back', async () => {
    const id = await openNew('测速不达标');
    await scene.stopServer();
    await app.at('sync-state').filter({ hasText: '离线' }).waitFor();
    await app.at('composer').click();
    await copyPicture(png(320, 200));
    await app.press('Control+V');
    await eventually(() => app.at('file-draft').innerText()).toMatch(/^截图 \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.png/);
    await dropOn('composer', [{ name: '测速结果.txt', text: '下行 92 Mbps' }]);
    await filesCopied(app, 2);
    await app.running.screenshot('attachment-drafts', path.resolve('out', 'e2e'), app.page);
    await app.press('Control+Enter');
    await eventually(() => app.at('toast').innerText()).toContain('已保存 · 待同步');
    await app.openList('pending');
    await app.openRow(id);
    await eventually(() => app.at('file-state').allInnerTexts()).toEqual([
      expect.stringContaining('待上传'),
      expect.stringContaining('待上传'),
    ]);
    await app.running.screenshot('attachment-waiting', path.resolve('out', 'e2e'), app.page);
    await scene.startServer();
    await eventually(async () => (await attached(id)).map((a) => a.type).toSorted()).toEqual(['image/png', 'text/plain']);
    await eventually(() => app.at('file-state').allInnerTexts()).toEqual([
      expect.stringContaining('已同步'),
      expect.stringContaining('已同步'),
    ]);
  });

  test('F07 the app is killed with a file in the composer: it is there again, and goes', async () => {
    const id = await openNew('合同补充');
    await dropOn('drop-zone', [{ name: '补充协议.txt', text: '第一条' }]);
    // Half a copy does not outlive a kill; this one is whole.
    await eventually(async () => {
      const chip = await app.at('file-draft').innerText();
      return chip.includes('补充协议.txt') && !chip.includes('正在存入');
    }).toBe(true);
    await app.running.kill();
    app = await scene.start();
    await app.at('account-menu').waitFor();
    await app.openList('pending');
    await app.openRow(id);
    await eventually(() => app.at('file-draft').innerText()).toContain('补充协议.txt');
    await app.at('composer').click();
    await app.press('Control+Enter');
    await eventually(async () => (await attached(id)).map((a) => a.name)).toEqual(['补充协议.txt']);
  });

  test('W04 what a colleague attached is fetched by a click, and the author can take it away', async () => {
    const id = await openNew('录音核对');
    const bytes = someBytes(1_500_000);
    await attachTo(other, `ticket:${id}`, '通话录音.wav', bytes);
    await other.call('attachments.send', { ticketId: id, form: `ticket:${id}` });
    await filesUntil(other, id, (f) => f[0]?.state === 'synced');
    await app.at('file-load').click();
    await app.at('file-save').waitFor();
    const target = place('录音.wav');
    await answerFileDialogs(app, target);
    await app.at('file-save').click();
    await eventually(() => app.at('toast').innerText()).toContain('已保存为');
    expect(sha256(await readFile(target))).toBe(sha256(bytes));
    await app.at('file-delete').click();
    await app.at('file-delete-sure').click();
    await app.at('file').waitFor({ state: 'detached' });
    await eventually(async () => (await attached(id)).map((a) => a.removedAt !== null)).toEqual([true]);
    await eventually(() => app.at('timeline').innerText()).toContain('删除附件');
  });

  test('W04 the form of a new ticket keeps its files until it is cleared', async () => {
    await app.at('new-ticket').click();
    await app.at('new-subject').fill('带附件的新工单');
    await writeFile(place('合同.txt'), '甲方乙方');
    await answerFileDialogs(app, place('合同.txt'));
    await app.at('attach').click();
    await eventually(() => app.at('file-draft').innerText()).toContain('合同.txt');
    await app.running.screenshot('attachment-new-ticket', path.resolve('out', 'e2e'), app.page);
    await app.at('new-clear').click();
    await app.at('file-draft').waitFor({ state: 'detached' });
  });
});
