import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type CoreProcess, startCoreProcess } from '../integration/core/core-process.ts';
import { act, newTicket, numbered, type Office, openOffice, PASSWORD } from '../support/core/desk.ts';
import { attachTo, filesUntil } from '../support/core/files.ts';
import { filesUnder, remains } from '../support/core/remains.ts';

let office: Office;
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0)) await clean();
  await office.close();
});

const WORDS = { subject: 'ZXSUBJECT7f', text: 'ZXTEXT2c', note: 'ZXNOTE9a', mine: 'ZXMINE44', file: 'ZXFILE61', content: 'ZXBYTES08' };
const DRAFT = 'ZXDRAFT5e';
const planted = (name: string): string => join(import.meta.dirname, `../support/core/plant-${name}.ts`);

interface Scene {
  readonly core: CoreProcess;
  readonly ticketId: string;
  /** What the core wrote into its log and said. */
  readonly said: readonly string[];
  /** Where words stand, in files, pages and the log. */
  look(words?: readonly string[]): string[];
  files(): string[];
}

/**
 * A leader's computer with one ticket of many: read, searched, noted on, its file fetched, a draft about it begun, and a
 * copy of the cache from before a migration. Then, while the app is not running, the ticket leaves the leader's view.
 */
async function evicted(leave: (ticketId: string) => Promise<void>, before?: string): Promise<Scene> {
  office = await openOffice();
  const lin = await office.device('lin');
  for (let i = 0; i < 20; i += 1) await newTicket(lin, `普通工单 ${i} ${'文'.repeat(150)}`);
  const ticketId = await newTicket(lin, `${WORDS.subject} 主题`, { description: `${WORDS.text} 描述` });
  await act(lin, ticketId, 'note', { note: `${WORDS.note} 留言` });
  await attachTo(lin, `ticket:${ticketId}`, `${WORDS.file}.txt`, new TextEncoder().encode(`${WORDS.content} `.repeat(2000)));
  const given = { ticketId, kind: 'update', args: { note: '见附件', changes: [], waiting: false }, draft: `ticket:${ticketId}` } as const;
  expect((await lin.call('tickets.act', given)).ok).toBe(true);
  await numbered(lin, ticketId);
  await filesUntil(lin, ticketId, (all) => all.length === 1 && all[0]!.state === 'synced');

  const dataDir = mkdtempSync(join(tmpdir(), 'zuoxi-evicted-'));
  const said: string[] = [];
  const options = {
    dataDir,
    onLog: (line: string) => void said.push(line),
    onOutput: (text: string) => void said.push(text),
    ...(before !== undefined && { before }),
  };
  let core = await startCoreProcess(options);
  cleanUps.push(
    () => void core.child.kill('SIGKILL'),
    () => rmSync(dataDir, { recursive: true, force: true }),
  );
  const { host } = core;
  expect(await core.client.call('session.signIn', { url: office.server.url, staffNo: 'L1', password: PASSWORD })).toEqual({ ok: true });
  await core.until('tickets.get', { ticketId, transferId: null }, (t) => t !== null && t.events.length > 2);
  expect((await core.client.read('search.find', { text: WORDS.subject })).tickets).toHaveLength(1);
  await core.client.call('tickets.act', { ticketId, kind: 'note', args: { note: WORDS.mine } });
  const [file] = await core.until('attachments.list', { of: 'ticket', id: ticketId }, (all) => all.length === 1);
  await core.client.call('attachments.load', { id: file!.id });
  await core.until('attachments.list', { of: 'ticket', id: ticketId }, (all) => all[0]!.here);
  await core.client.call('drafts.save', { form: `ticket:${ticketId}`, value: JSON.stringify({ note: DRAFT }) });
  await core.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online');

  const look = (words: readonly string[] = Object.values(WORDS)): string[] => [
    ...remains({ dataDir, host }, words),
    ...words.filter((w) => said.join('\n').includes(w)).map((w) => `log: ${w}`),
  ];
  const files = (): string[] => filesUnder(dataDir).map((path) => path.slice(dataDir.length + 1));
  // Not vacuous: all of it is here, and the look finds it. The file's content is sealed with a key of its own.
  const here = look([...Object.values(WORDS), DRAFT]).join('\n');
  for (const word of [...Object.values(WORDS), DRAFT]) expect([word, here.includes(word)]).toEqual([word, word !== WORDS.content]);
  expect(files().filter((f) => f.includes('.files/'))).toHaveLength(1);
  await core.stop();
  const cache = filesUnder(dataDir).find((f) => f.endsWith('.db'))!;
  const older = readFileSync(cache);
  // Killed in the middle of its work: the log holds the ticket's pages as well.
  core = await startCoreProcess({ ...options, host });
  await core.until('sync.state', {}, (s) => s.connection === 'online');
  await core.client.call('tickets.act', { ticketId, kind: 'note', args: { note: WORDS.mine } });
  await core.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online');
  await core.kill();
  writeFileSync(`${cache}.before-0004`, older);
  expect(files().some((f) => f.endsWith('.spare'))).toBe(true);
  expect(look().some((line) => line.includes('.before-0004'))).toBe(true);

  await leave(ticketId);
  core = await startCoreProcess({ ...options, host });
  await core.until('tickets.get', { ticketId, transferId: null }, (t) => t === null);
  await core.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online' && s.firstSync === null);
  return { core, ticketId, said, look, files };
}

const movedAway = async (): Promise<void> => {
  const two = office.groups.two.id;
  await office.server.staff.changeAccount(office.people.he.id, { role: 'agent', groupIds: [two], priorityGroupId: two });
};
const givenAway = async (ticketId: string): Promise<void> => {
  const qiao = await office.device('qiao');
  await qiao.until('tickets.get', { ticketId, transferId: null }, (t) => t !== null);
  await act(qiao, ticketId, 'assign', { toId: office.people.ji.id, note: '' });
  await qiao.until('sync.state', {}, (s) => s.pending === 0);
};

describe('SY6 F18 no byte of what left an account’s view is left on its device', () => {
  test.each([
    ['its role and groups changed', movedAway],
    ['the ticket went to another group', givenAway],
  ] as const)(
    'SY6 F18 after %s: not in files, pages, logs, spare pages, attachments or backups; what was typed is kept until it is let go',
    {
      timeout: 120_000,
    },
    async (_, leave) => {
      const { core, ticketId, said, look, files } = await evicted(leave);
      await expect.poll(() => files().filter((f) => f.includes('.files/') || f.includes('.before-'))).toEqual([]);
      expect(look()).toEqual([]);
      // The agent's own words, and they alone.
      expect(await core.client.read('attention.kept', {})).toMatchObject([{ form: `ticket:${ticketId}`, text: DRAFT }]);
      expect(look([DRAFT]).every((line) => line.includes('.db'))).toBe(true);
      expect(look([DRAFT])).not.toEqual([]);
      await core.client.call('attention.discardKept', { form: `ticket:${ticketId}` });
      await core.stop();
      expect(look([...Object.values(WORDS), DRAFT])).toEqual([]);
      expect(said).not.toEqual([]);
    },
  );

  test.each([
    ['deleted rows stay in their pages', 'insecure-delete', 'pages'],
    ['the log is not cut', 'uncut-log', 'log'],
  ])('SY6 the look finds a core in which %s', { timeout: 120_000 }, async (_, fault, place) => {
    const { look } = await evicted(movedAway, planted(fault));
    expect(look().filter((line) => line.includes(`.db ${place}: `))).not.toEqual([]);
  });
});
