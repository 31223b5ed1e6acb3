import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { newTicket, numbered } from '../support/core/desk.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { answerFileDialogs } from '../support/e2e/file-dialogs.ts';

let app: DeskApp;
const ids: string[] = [];
const scene = deskScene(async (it) => {
  const lin = await it.office.device('lin');
  for (const [i, subject] of ['晚间掉线', '=1+1', '含,逗号 "和" 引号'].entries()) {
    const id = await newTicket(lin, subject, { customer: { name: `客户${i}`, phones: [`1380000000${i}`] } });
    await numbered(lin, id);
    ids.push(id);
  }
  await lin.synced();
  app = await it.start();
  await app.signIn('A1');
});

const file = (name: string): string => path.join(scene.desktop.folder, name);
const read = async (name: string): Promise<string[][]> => parse(await readFile(file(name), 'utf8'), { bom: true });

test('X18 an agent has no export: no button, no key', async () => {
  await app.openList('pending');
  await eventually(async () => (await app.rows()).length).toBe(3);
  for (const id of ids) expect(await app.at(`tick-${id}`).count()).toBe(0);
  expect(await app.at('bulk-export').count()).toBe(0);
  await app.focusList();
  await app.press('e');
  // A key that does something, after the one that must not: both have been dealt with once its sheet is there.
  await app.press('?');
  await app.at('shortcut-sheet').waitFor();
  expect(await app.at('export-dialog').count()).toBe(0);
  await app.press('Escape');
  await app.at('shortcut-sheet').waitFor({ state: 'detached' });
});

test('X19 a leader chooses fields, ticks rows and gets a .csv of exactly those', async () => {
  await app.signOut();
  await app.signIn('L1');
  await app.openList('all');
  await eventually(async () => (await app.rows()).length).toBe(3);
  for (const id of [ids[1]!, ids[2]!]) await app.at(`tick-${id}`).click();
  await app.at('bulk-export').click();
  await eventually(() => app.at('export-which').innerText()).toContain('选中的 2 张工单');
  await app.at('export-none').click();
  expect(await app.at('export-start').isDisabled()).toBe(true);
  for (const field of ['number', 'subject', 'customer', 'phones']) await app.at(`export-field-${field}`).check();
  await answerFileDialogs(app, file('两张.csv'));
  await app.at('export-start').click();
  await eventually(() => app.at('export-done').innerText()).toContain('已导出 2 行到 两张.csv');
  const [header, ...lines] = await read('两张.csv');
  expect(header).toEqual(['工单编号', '主题', '客户', '电话']);
  const numbers = await Promise.all(ids.map(async (id) => String((await scene.db.ticket(id))!.number)));
  // A cell that a spreadsheet would run has been made harmless.
  expect(lines.length).toBe(2);
  expect(new Set(lines.map(([number, subject, name]) => [number, subject, name].join('|')))).toEqual(
    new Set([`${numbers[1]}|'=1+1|客户1`, `${numbers[2]}|含,逗号 "和" 引号|客户2`]),
  );
  await app.running.app.evaluate(({ shell }) => {
    shell.showItemInFolder = (shown) => void Object.assign(globalThis, { shown });
  });
  await app.at('export-reveal').click();
  await eventually(() => app.running.app.evaluate(() => (globalThis as { shown?: string }).shown ?? null)).toBe(file('两张.csv'));
  await app.at('export-close').click();
});

test('X19 the choice of fields comes back, and a cancelled dialog leaves no file', async () => {
  await app.at('bulk-export').click();
  await app.at('export-dialog').waitFor();
  // Chosen before anybody chose; what was chosen last is read after the dialog has come.
  await eventually(() => app.at('export-field-status').isChecked()).toBe(false);
  expect(await app.at('export-field-phones').isChecked()).toBe(true);
  expect(await app.at('export-field-tier').isChecked()).toBe(false);
  const before = await readdir(scene.desktop.folder);
  await answerFileDialogs(app, null);
  await app.at('export-start').click();
  await eventually(() => app.at('export-start').isEnabled()).toBe(true);
  expect(await readdir(scene.desktop.folder)).toEqual(before);
  await app.at('export-group-ticket').check();
  await answerFileDialogs(app, file('又一份.csv'));
  await app.at('export-start').click();
  await eventually(() => app.at('export-done').innerText()).toContain('已导出 2 行到 又一份.csv');
  expect((await read('又一份.csv'))[0]!.length).toBeGreaterThan(8);
  await app.press('Escape');
  await eventually(() => app.at('export-done').count()).toBe(0);
});

test('X19 offline it says why it cannot', async () => {
  await scene.stopServer();
  await eventually(() => app.at('sync-state').innerText()).toContain('离线');
  await app.at('bulk-export').click();
  await eventually(() => app.at('export-offline').innerText()).toContain('现在离线');
  expect(await app.at('export-start').isDisabled()).toBe(true);
  expect(existsSync(file('工单.csv'))).toBe(false);
  await app.press('Escape');
});
