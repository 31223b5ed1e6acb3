import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { expect, test } from 'vitest';
import { customer } from '../../server/store/schema.ts';
import { storable } from '../../shared/lib/plain-text.ts';
import { act, newId, newTicket, numbered, PASSWORD, record } from '../support/core/desk.ts';
import type { Device } from '../support/core/device.ts';
import { attachTo, filesUntil, someBytes } from '../support/core/files.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { answerFileDialogs } from '../support/e2e/file-dialogs.ts';
import { fc } from '../support/fast-check.ts';
import { hostilePieces, hostileTexts } from '../support/hostile-texts.ts';
import { everyRow } from '../support/hostile-rows.ts';
import { type HostileWatch, watchForMischief } from '../support/hostile-watch.ts';

// R21: whatever people write is shown as they wrote it, and does nothing. Each text of the corpus stands in each place.

let app: DeskApp;
let watch: HostileWatch;
let lin: Device;
/** Tickets with one text each in every short place, in the order of the corpus. */
const listed: string[] = [];
/** Tickets that hold the whole corpus in their descriptions, notes and fields. */
const full: string[] = [];
const field = { id: '', name: `<img src=x onerror=zuoxiRan(1)>` };
const staffName = `<b onclick=zuoxiRan(1)>白"'><script>zuoxiRan(1)</script>`;
/** Behind it all letters would run from right to left. */
const turn = '\u202e';
/** What a search is saved as. */
const searchName = '<svg onload=x>"\'';
const attachmentNames = [
  `<img src=x onerror=zuoxiRan(1)>.txt`,
  `" onmouseover="zuoxiRan(1).txt`,
  `javascript:zuoxiRan(1).txt`,
  `{{name}} $t(common.ok) ﬃ.txt`,
];

const short = hostileTexts.filter((text) => text.trim().length > 0 && text.length <= 40);

/** What a place of so many characters takes of a text. */
const fit = (index: number, most: number): string => hostileTexts[index % hostileTexts.length]!.slice(0, most).trim() || 'x';

/** Rows that are made up, each with three texts; more than a test run has time for if somebody says so. */
const GENERATED = Number(process.env['ZUOXI_HOSTILE_ROWS'] ?? 600);

const scene = deskScene(async ({ office, start }) => {
  lin = await office.device('lin');
  const admin = await office.device('admin');
  const operate = async (operation: 'fields.put' | 'staff.change', input: object): Promise<unknown> => {
    const answer = await admin.call('office.run', { operation, input } as never);
    if (!answer.ok) throw new Error(`${operation}: ${answer.reason}`);
    return answer.output;
  };
  const made = await operate('fields.put', { id: null, name: field.name, type: 'longText', options: [], required: false });
  field.id = (made as { field: { id: string } }).field.id;
  await operate('fields.put', { id: null, name: '选项', type: 'single', options: short.slice(0, 40), required: false });
  const { bai } = office.people;
  await operate('staff.change', { id: bai.id, name: staffName + turn });
  await lin.synced();

  for (let i = 0; i < hostileTexts.length; i += 1) {
    const customer = { name: fit(i, 60), phones: [`138${String(i).padStart(8, '0')}`], address: fit(i + 1, 200), tier: fit(i + 2, 40) };
    const rest = { description: fit(i + 3, 200), category: fit(i + 4, 60), custom: { [field.id]: fit(i + 5, 200) } };
    listed.push(await newTicket(lin, fit(i, 200), { customer, ...rest }));
  }
  const parts = 5;
  const share = Math.ceil(hostileTexts.length / parts);
  for (let part = 0; part < parts; part += 1) {
    const texts = hostileTexts.slice(part * share, (part + 1) * share);
    const id = await newTicket(lin, `满的 ${part}`, {
      description: texts.join('\n').slice(0, 4000),
      custom: { [field.id]: texts.join('\n').slice(0, 4000) },
    });
    full.push(id);
    for (const text of texts) if (text.trim() !== '') await act(lin, id, 'note', { note: text });
  }
  const [first] = full;
  const form = `ticket:${first}`;
  for (const name of attachmentNames) await attachTo(lin, form, name, someBytes(64));
  await lin.call('tickets.act', { ticketId: first!, kind: 'update', args: { note: '附件', changes: [], waiting: false }, draft: form });
  for (const [position, text] of short.slice(0, 60).entries())
    await record(lin, 'putPhrase', null, { shared: false, title: text.trim(), text: fit(position, 200), position });
  await record(lin, 'putSearch', null, {
    ...{ name: searchName, list: 'pending', text: '<img', filter: [], sort: 'updated', descending: true, position: 1, replaces: null },
  });
  await filesUntil(lin, first!, (files) => files.length === attachmentNames.length && files.every((f) => f.state === 'synced'), 30_000);
  await numbered(lin, listed.at(-1)!);
  await lin.synced();

  app = await start();
  await app.signIn('A1', PASSWORD);
  watch = await watchForMischief(app);
});

const nothingHappened = async (): Promise<void> => expect(await watch.seen()).toEqual(watch.clean);

test('R21 every text of the corpus stands in the list as it was written', async () => {
  expect(hostileTexts.length).toBeGreaterThanOrEqual(150);
  await app.openList('pending');
  await eventually(() => app.count('pending')).toBe(hostileTexts.length + full.length - 1);
  const stored = new Map((await scene.db.tickets()).map((each) => [each.id, each.subject]));
  // The list is read again in its own time, after the number beside it.
  await eventually(async () => {
    const rows = await everyRow(app.page, '.waits');
    const wrong = listed.filter((id) => !rows.get(id)?.['subject']?.includes(stored.get(id)!));
    return wrong.map((id) => [stored.get(id), rows.get(id)]);
  }).toEqual([]);
  expect(new Set(listed.map((id) => stored.get(id))).size).toBeGreaterThan(190);
  await nothingHappened();
});

/** Opens what the palette finds first. */
async function openFound(words: string): Promise<void> {
  await app.press('Control+k');
  await app.at('palette-input').fill(words);
  await app.page.locator('[data-testid^="palette-ticket-"]', { hasText: words }).first().click();
  await app.page.locator('[data-testid="ticket-panel"]', { hasText: words }).waitFor();
}
const texts = (selector: string): Promise<string[]> =>
  app.page.locator(selector).evaluateAll((all) => all.map((each) => each.textContent ?? ''));

test('R21 description, notes, fields, customer and attachments of a ticket are text, whatever they hold', async () => {
  for (const [part, id] of full.entries()) {
    await openFound(`满的 ${part}`);
    const stored = (await scene.db.ticket(id))!;
    const notes = (await scene.db.events(id)).map((event) => event.note).filter((note) => note !== '');
    expect(notes.length).toBeGreaterThan(35);
    await eventually(async () => (await texts('[data-testid="timeline"] p')).length).toBeGreaterThanOrEqual(notes.length);
    const shown = new Set(await texts('[data-testid="timeline"] p'));
    expect(notes.filter((note) => !shown.has(note))).toEqual([]);
    expect(await texts('section.desc p')).toEqual([stored.description]);
    const custom = await app.at('custom-fields').evaluate((each) => each.textContent ?? '');
    expect(custom).toContain(field.name);
    expect(custom).toContain((stored.custom as Record<string, string>)[field.id]!);
    if (part === 0)
      await eventually(() => texts('[data-testid="file"] .filewords p:first-child')).toEqual(expect.arrayContaining(attachmentNames));
    // Over whatever has a hint, as a hand that looks for something.
    for (const each of (await app.page.locator('aside.panel [title]').all()).slice(0, 6)) await each.hover({ force: true });
    await nothingHappened();
  }
});

test('R21 a search for each of them, as words, as a number, as a command, finds and marks text', async () => {
  await app.openList('pending');
  await app.press('Control+k');
  const input = app.at('palette-input');
  let found = 0;
  for (const text of hostileTexts.filter((_each, i) => i % 4 === 0)) {
    const typed = text.slice(0, 100).replaceAll(/[\r\n]/g, ' ');
    await input.fill(typed);
    await eventually(() =>
      app.page.locator('[data-testid="palette-nothing"], [data-testid^="palette-"][role=option]').count(),
    ).toBeGreaterThan(0);
    found += await app.page.locator('[data-testid^="palette-ticket-"]').count();
  }
  for (const words of ['script', 'onerror', 'javascript', 'zuoxiran', 'img', 'invalid']) {
    await input.fill(words);
    await eventually(async () => (await texts('[data-testid^="palette-ticket-"] mark')).map((each) => each.toLowerCase())).toContain(words);
  }
  expect(found).toBeGreaterThan(20);
  await app.press('Escape');
  await app.press('Escape');
  await nothingHappened();
});

test('R21 a saved search and its words above the list are text, and the found rows are marked', async () => {
  await app.page.locator('nav', { hasText: searchName }).waitFor();
  await app.page.getByText(searchName, { exact: true }).first().click();
  await eventually(() => app.at('chip-text').innerText()).toContain('<img');
  await eventually(async () => new Set(await texts('main .rows [data-cell=subject] mark'))).toEqual(new Set(['img', 'IMG']));
  await nothingHappened();
});

test('R21 customers: their list and each of some cards', async () => {
  await app.at('nav-customers').click();
  await app.at('customer-list').waitFor();
  await eventually(async () => (await everyRow(app.page, '.waits')).size).toBe(hostileTexts.length + full.length);
  const rows = [...(await everyRow(app.page, '.waits')).values()].map(({ all }) => all ?? '');
  const wrong = hostileTexts.map((_each, i) => storable(fit(i, 60))).filter((name) => !rows.some((row) => row.includes(name)));
  expect(wrong).toEqual([]);
  for (const row of (await app.page.locator('main .rows [data-testid^="row-"]').all()).slice(0, 12)) {
    await row.click({ force: true });
    await app.at('customer-panel').waitFor();
  }
  await app.press('Escape');
  await nothingHappened();
});

test('R21 phrases in their list and in the field that they are put into', async () => {
  await openFound('满的 1');
  await app.at('composer').click();
  await app.type('/');
  await eventually(async () => (await texts('[data-testid="phrase-list"] li b')).length).toBe(60);
  expect(new Set(await texts('[data-testid="phrase-list"] li b'))).toEqual(
    new Set(short.slice(0, 60).map((text) => storable(text.trim()))),
  );
  await app.page.locator('[data-testid="phrase-list"] li').first().click();
  await eventually(() => app.at('composer').inputValue()).toContain('zuoxiRan');
  await app.at('composer').fill('');
  await nothingHappened();
});

/** In which order the letters of some words stand on the screen, from left to right. */
const places = (selector: string, words: string): Promise<number[]> =>
  app.page.locator(selector).evaluate((element, text) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const from = (node.textContent ?? '').indexOf(text);
      if (from < 0) continue;
      const lefts = [...text].map((_letter, i) => {
        const range = document.createRange();
        range.setStart(node, from + i);
        range.setEnd(node, from + i + 1);
        return { i, left: range.getBoundingClientRect().left };
      });
      return lefts.toSorted((a, b) => a.left - b.left).map(({ i }) => i);
    }
    return [];
  }, words);

test('R21 a transfer by somebody with a hostile name: popup and native notification say it as text', async () => {
  const bai = await scene.office.device('bai');
  const subject = `<a href="https://hostile.invalid">退款</a><img src="https://hostile.invalid/n.png">&lt;b&gt;`;
  const id = await newTicket(bai, subject, { customer: { name: '<i>x</i>', phones: ['13900000001'] } });
  await numbered(bai, id);
  const reason = '<script>zuoxiRan(1)</script> $t(common.ok) {{name}}';
  await act(bai, id, 'transfer', { toId: scene.office.people.lin.id, reason });
  await eventually(() => app.at('popup').evaluate((each) => each.textContent ?? '')).toContain(staffName);
  const popup = await app.at('popup').evaluate((each) => each.textContent ?? '');
  expect(await places('[data-testid="popup"]', '转派给你')).toEqual([0, 1, 2, 3]);
  expect(popup).toContain(subject);
  expect(popup).toContain(reason);
  const native = await scene.desktop.notifications.waitFor(({ summary }) => summary.includes('转派给你一张工单'), 25_000);
  expect(native.summary).toContain(staffName);
  expect(native.summary).not.toContain(turn);
  // Desktops on Linux read the body as markup.
  expect(native.body).not.toMatch(/[<>]/);
  expect(native.body).toContain('&lt;a href="https://hostile.invalid"&gt;退款');
  await app.clickPopup('popup-open');
  // It lies over the panel, and says the same name.
  await app.at('popup').waitFor({ state: 'detached' });
  await eventually(() => app.at('ticket-panel').evaluate((each) => each.textContent ?? '')).toContain(staffName);
  // A callback's note and its customer's name in the corner as well.
  await act(lin, full[2]!, 'scheduleCallback', { callbackId: newId(), dueAt: Date.now() + 1_500, note: reason });
  await eventually(() => app.at('popup').evaluate((each) => each.textContent ?? '')).toContain(reason);
  await app.press('Escape');
  await nothingHappened();
});

/** Texts of the same pieces, the same ones in each run. */
const generated = (count: number, most: number, seed: number): string[] =>
  fc
    .sample(fc.array(fc.constantFrom(...hostilePieces), { minLength: 2, maxLength: 9 }), { numRuns: count, seed })
    // Half a character at the end would be one that the file has lost.
    .map(
      (pieces) =>
        pieces
          .join('')
          .slice(0, most)
          .replace(/[\ud800-\udbff]$/, '')
          .trim() || 'x',
    );

test('R21 R19 a hostile CSV through the window: formulas, NULs, huge fields and markup are told or shown as text', async () => {
  await app.signOut();
  await app.signIn('L1', PASSWORD);
  const names = generated(GENERATED, 60, 1);
  const subjects = generated(GENERATED, 200, 2);
  const tiers = generated(GENERATED, 40, 3);
  const bad = [
    ['NUL\0里', '13600000001', '', '', '', ''],
    ['<img src=x onerror=zuoxiRan(1)>', '=cmd|calc!A0', '', '', '', ''],
    ['@SUM(1+1)', '<script>zuoxiRan(1)</script>', '', '', '', ''],
    ['', '', '', '', '', '=HYPERLINK("https://hostile.invalid","x")'],
    ['太长的主题', '13600000002', '', '', `<b>${'x'.repeat(300)}`, ''],
    ['一格一百万', '13600000003', '', '', '', 'y'.repeat(1_000_000)],
  ];
  const good = names.map((name, i) => [name, `137${String(i).padStart(8, '0')}`, '', tiers[i]!, subjects[i]!, subjects[i]!]);
  const header = ['姓名', '电话', '<svg onload=zuoxiRan(1)>', '客户分组', '主题', '描述'];
  const file = path.join(scene.desktop.folder, '<img src=x onerror=zuoxiRan(1)>.csv');
  // With its mark: a NUL would otherwise make it no text at all.
  await writeFile(file, stringify([header, ...bad, ...good], { bom: true }));
  await answerFileDialogs(app, file);
  await app.at('nav-customers').click();
  await app.at('import-open').click();
  await app.at('import-pick').click();
  await app.at('import-preview').waitFor();
  const wizard = (): Promise<string> => app.at('import-wizard').evaluate((each) => each.textContent ?? '');
  for (const each of [path.basename(file), header[2]!, '@SUM(1+1)']) expect(await wizard()).toContain(each);
  await app.at('import-check').click();
  await eventually(() => app.at('import-n-bad').innerText()).toBe(String(bad.length));
  const told = await app.at('import-bad-rows').evaluate((each) => each.textContent ?? '');
  for (const each of ['=cmd', '<script>zuoxiRan(1)<', 'NUL\uFFFD里', '=HYPERLINK("https://hostile.invalid","x")'])
    expect(told).toContain(each);
  await nothingHappened();
  await app.at('import-mode-good').check();
  await app.at('import-owner-me').click();
  await app.at('import-commit').click();
  await app.at('import-done').waitFor();
  await app.at('import-see').click();
  await app.at('customer-list').waitFor();
  await app.synced();
  const everyCustomer = await scene.db.orm.select().from(customer);
  await eventually(async () => Number(await app.at('customer-list').getAttribute('aria-rowcount'))).toBe(everyCustomer.length + 1);
  const customers = everyCustomer.filter((each) => each.ownerId === scene.office.people.he.id);
  expect(customers.length).toBe(GENERATED);
  // Pages that were read before the last rows came are read again in their own time.
  await eventually(async () => {
    const cards = [...(await everyRow(app.page, '.waits')).values()].map(({ all }) => all ?? '');
    return customers.filter(({ name, tier }) => !cards.some((card) => card.includes(name) && card.includes(tier))).map(({ name }) => name);
  }).toEqual([]);
  const stored = (await scene.db.tickets()).filter((each) => each.assigneeId === scene.office.people.he.id);
  expect(stored.length).toBe(GENERATED);
  await app.openList('pending');
  await eventually(() => app.count('pending')).toBe(stored.length);
  await eventually(async () => {
    const rows = await everyRow(app.page, '.waits');
    return stored.filter(({ id, subject }) => !rows.get(id)?.['subject']?.includes(subject)).map(({ subject }) => subject);
  }).toEqual([]);
  await nothingHappened();
});

test('R21 the watch sees each of these when it does happen', async () => {
  await app.page.evaluate(async () => {
    const element = document.createElement('b');
    element.setAttribute('action', 'https://hostile.invalid/');
    element.setAttribute('style', '--zuoxi-hostile:1');
    document.body.append(element, document.createElement('iframe'));
    (window as unknown as { zuoxiRan(what: number): void }).zuoxiRan(1);
    await fetch('https://hostile.invalid/x').catch(() => undefined);
    const picture = new Image();
    picture.src = 'https://hostile.invalid/x.png';
    await new Promise((resolve) => (picture.onerror = resolve));
    document.body.style.setProperty('--zuoxi-hostile', '1');
    document.title = 'zuoxi-hostile-title';
    window.open('https://hostile.invalid/');
    setTimeout(() => {
      throw new Error('planted');
    });
    alert('planted');
  });
  await eventually(async () => {
    const now = await watch.seen();
    return Object.entries(now)
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(watch.clean[name as keyof typeof now]))
      .map(([name]) => name)
      .toSorted();
  }).toEqual(['dialogs', 'elements', 'errors', 'navigations', 'ran', 'refused', 'requests', 'styles', 'title', 'violations']);
  const { violations, elements } = await watch.seen();
  expect(violations.join()).toMatch(/connect-src[\s\S]*img-src/);
  expect(elements).toEqual(expect.arrayContaining(['b action=https://hostile.invalid/', '<iframe>']));
});
