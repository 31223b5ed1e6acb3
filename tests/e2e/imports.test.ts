import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { customer } from '../../server/store/schema.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { answerFileDialogs } from '../support/e2e/file-dialogs.ts';

let app: DeskApp;
const scene = deskScene(async (it) => {
  app = await it.start();
  await app.signIn('L1');
});

const reader = new TextDecoder('gb18030');
/** GB18030 of a few characters: the platform only reads it, so each is looked for. */
function gb(text: string): Uint8Array {
  const bytes = [...text].flatMap((c) => {
    if (c.charCodeAt(0) < 128) return [c.charCodeAt(0)];
    for (let a = 0x81; a <= 0xfe; a += 1)
      for (let b = 0x40; b <= 0xfe; b += 1) if (reader.decode(new Uint8Array([a, b])) === c) return [a, b];
    throw new Error(`no GB18030 for ${c}`);
  });
  return new Uint8Array(bytes);
}

async function pick(name: string, bytes: Uint8Array): Promise<void> {
  const file = path.join(scene.desktop.folder, name);
  await writeFile(file, bytes);
  await answerFileDialogs(app, file);
  await app.at('import-pick').click();
}
const openWizard = async (): Promise<void> => {
  await app.at('nav-customers').click();
  await app.at('import-open').click();
  await app.at('import-wizard').waitFor();
};
const named = (...names: string[]) => scene.db.orm.select().from(customer).where(inArray(customer.name, names));
const preview = () => app.at('import-preview').innerText();

const rows = ['姓名,手机,主题', '甲一,13700000001,首次装机', '乙二,电话没有,', '丙三,,', '丁四,13700000004,', '甲一又,13700000001,'].join(
  '\r\n',
);

test('X06 an agent has no import', async () => {
  await app.signOut();
  await app.signIn('A1');
  await app.at('nav-customers').click();
  await app.at('customer-new').waitFor();
  expect(await app.at('import-open').count()).toBe(0);
  await app.signOut();
  await app.signIn('L1');
});

test('X06 the template is saved where the leader chose', async () => {
  await openWizard();
  const file = path.join(scene.desktop.folder, '模板.csv');
  await answerFileDialogs(app, file);
  await app.at('import-template').click();
  await eventually(() => app.at('toast').innerText()).toContain('模板已保存为 模板.csv');
  expect(await readFile(file, 'utf8')).toMatch(/^\uFEFF客户姓名,电话/);
});

test('X06 R19 a GBK file: all or nothing refuses, the good rows come in with their tickets, in one step', async () => {
  await pick('客户.csv', gb(rows));
  await eventually(preview).toContain('首次装机');
  expect(await app.at('import-encoding').innerText()).toContain('GBK');
  await app.at('import-check').click();
  await eventually(() => app.at('import-n-fresh').innerText()).toBe('2');
  expect(await app.at('import-n-bad').innerText()).toBe('3');
  const bad = await app.at('import-bad-rows').innerText();
  expect(bad).toMatch(/行 3[\s\S]*电话没有[\s\S]*电话的写法不对/);
  expect(bad).toMatch(/行 4[\s\S]*没有电话也没有邮箱/);
  expect(bad).toMatch(/行 6[\s\S]*和前面的行是同一位客户/);
  expect(await app.at('import-commit').isDisabled()).toBe(true);
  expect(await app.at('import-why').innerText()).toContain('有 3 行有问题');
  expect(await named('甲一', '丁四')).toEqual([]);

  await app.at('import-mode-good').check();
  await app.at('import-owner-me').click();
  await app.at('import-commit').click();
  await eventually(() => app.at('import-done').innerText()).toMatch(/已导入 2 位客户[\s\S]*新建了 1 张工单[\s\S]*跳过 3 行/);
  const made = await named('甲一', '丁四', '乙二', '丙三', '甲一又');
  expect(new Set(made.map((c) => `${c.name} ${c.phones.join(' ')} ${c.ownerId}`))).toEqual(
    new Set([`丁四 13700000004 ${scene.office.people.he.id}`, `甲一 13700000001 ${scene.office.people.he.id}`]),
  );
  expect(made.length).toBe(2);
  const tickets = await scene.db.tickets();
  expect(tickets.map((t) => [t.subject, t.customerId])).toEqual([['首次装机', made.find((c) => c.name === '甲一')!.id]]);
  await app.at('import-see').click();
  await eventually(async () => (await app.rows()).sort()).toEqual(made.map((c) => c.id).sort());
});

test('R19 the same file once more adds nobody', async () => {
  await openWizard();
  await pick('又一次.csv', gb(rows.split('\r\n').slice(0, 2).join('\r\n')));
  await app.at('import-check').click();
  await eventually(() => app.at('import-n-known').innerText()).toBe('1');
  expect(await app.at('import-n-fresh').innerText()).toBe('0');
  await app.at('import-tickets').uncheck();
  expect(await app.at('import-why').innerText()).toContain('没有新客户可以导入');
  expect(await app.at('import-commit').isDisabled()).toBe(true);
  await app.at('import-tickets').check();
  await app.at('import-commit').click();
  await eventually(() => app.at('import-done').innerText()).toMatch(/已导入 0 位客户[\s\S]*1 位已有，没有重复加入/);
  expect((await named('甲一')).length).toBe(1);
  expect((await scene.db.tickets()).length).toBe(1);
  await app.at('import-again').click();
  await app.at('import-pick').waitFor();
});

test('R19 where bytes make sense in two encodings the preview decides, and the columns are chosen by hand', async () => {
  // C4 A7 is ħ in UTF-8 and 魔 in GBK.
  await pick('ambiguous.csv', new Uint8Array([...Buffer.from('a,b\nx'), 0xc4, 0xa7, ...Buffer.from(',13700000009\n')]));
  await eventually(preview).toContain('xħ');
  expect(await app.at('import-check').isDisabled()).toBe(true);
  await app.at('import-encoding').click();
  await app.page.getByTitle('GBK / GB18030').last().click();
  await eventually(preview).toContain('x魔');
  for (const [field, column] of [
    ['name', 'a'],
    ['phone', 'b'],
  ] as const) {
    await app.at(`import-map-${field}`).click();
    await app.page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle(column, { exact: true }).last().click();
    await eventually(() => app.at(`import-map-${field}`).innerText()).toBe(column);
  }
  await app.at('import-check').click();
  await eventually(() => app.at('import-n-fresh').innerText()).toBe('1');
  await app.at('import-commit').click();
  await eventually(() => app.at('import-done').innerText()).toContain('已导入 1 位客户');
  expect((await named('x魔')).map((c) => c.ownerId)).toEqual([null]);
});

test('R19 broken quotes are told with their line, and nothing comes in', async () => {
  await app.at('import-again').click();
  await pick('quotes.csv', Buffer.from('姓名,电话\n甲,1380000\n"乙,1390000\n丙,1370000\n'));
  await eventually(() => app.at('import-unreadable').innerText()).toContain('第 3 行的引号没有成对');
  await pick('empty.csv', Buffer.from(''));
  await eventually(() => app.at('import-unreadable').innerText()).toContain('文件是空的');
  expect(await named('甲', '丙')).toEqual([]);
});
