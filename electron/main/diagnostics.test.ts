import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogFile } from './log-file.ts';
import { readDiagnostics, type DiagnosticSources } from './read-diagnostics.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zuoxi-diagnostics-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sync = {
  connection: 'offline',
  offlineSince: 0,
  lastSyncedAt: null,
  pending: 7,
  attention: 1,
  firstSync: { done: 5, total: 9 },
  nextRetryAt: null,
  problem: 'unreachable',
} as const;
const sources = (over: Partial<DiagnosticSources> = {}): DiagnosticSources => ({
  version: '0.1.0',
  packaged: true,
  dataDir: path.join(folder, 'data'),
  logs: folder,
  device: () => ({
    openAtLogin: true,
    startHidden: true,
    closeToTray: false,
    shortcut: 'Ctrl+Alt+Z',
    shortcutWorks: true,
    supports: { openAtLogin: true, shortcut: true, badge: false },
  }),
  sync: () => Promise.resolve(sync),
  signedIn: () => true,
  now: () => 0,
  ...over,
});

test('support sees versions, the state of core and sync, sizes, and the end of the logs', async () => {
  mkdirSync(path.join(folder, 'data'));
  writeFileSync(path.join(folder, 'data', 'zhouyan.db'), 'x'.repeat(1000));
  writeFileSync(path.join(folder, 'data', '张三.bin'), 'x'.repeat(10));
  const log = createLogFile(folder, 'main', () => 1_000);
  for (let n = 0; n < 500; n++) log.info('core-ready', { pid: n, ms: 12 });
  log.error('uncaught', { kind: 'TypeError', code: '', place: 'at serve (main.cjs:1:200)' });
  createLogFile(folder, 'core', () => 1_000).warn('slow', { name: 'tickets.list', ms: 41, id: '0197f3c2-8a4e-7c11-9d2b-5f60a1b2c3d4' });
  const text = await readDiagnostics(sources());
  for (const part of [
    'at: 1970-01-01T00:00:00.000Z',
    'version: 0.1.0',
    `platform: ${process.platform}`,
    'closeToTray: false',
    'connection: offline',
    'problem: unreachable',
    'pending: 7',
    'firstSync: 5/9',
    '.db: 1000',
    'other: 10',
    'at=1970-01-01T00:00:01.000Z level=error event=uncaught kind=TypeError code= place=at serve (main.cjs:1:200)',
    'event=slow name=tickets.list ms=41 id=0197f3c2-8a4e-7c11-9d2b-5f60a1b2c3d4',
  ]) {
    expect(text).toContain(part);
  }
  expect(text.match(/core-ready/g)).toHaveLength(199);
  expect(text).not.toContain('张三');
  expect(text).not.toContain('zhouyan');
});

test('S23 what should never have been in a log does not leave with it', async () => {
  const log = createLogFile(folder, 'main', () => 0);
  const canaries = {
    name: '张三丰',
    phone: '13800138000',
    spaced: '138 0013 8000',
    token: 'b3f1Zk9QwLm27TtYx0aPq8',
    sentence: 'the customer is angry',
    path: '/home/zhangsan/.config/zuoxi',
    address: 'https://desk.example.com',
    mail: 'li.si@example.com was told',
  };
  log.info('said', canaries);
  log.info('电话是 13900139000', { ok: true });
  writeFileSync(path.join(folder, 'core.log'), 'plain text of 王五\n{"level":"info","event":"x","深圳":"1"}\n[1,2]\n"李四"\n');
  const text = await readDiagnostics(sources());
  for (const canary of [...Object.values(canaries), '13900139000', '王五', '李四', '深圳']) expect(text).not.toContain(canary);
  expect(text).toContain('event=said');
  expect(text).toContain('ok=true');
});

test('a core that does not answer, and a folder that is not there, are said', async () => {
  const text = await readDiagnostics(sources({ sync: () => Promise.reject(new Error('gone')), logs: path.join(folder, 'no') }));
  expect(text).toContain('# core\nanswers: false');
});
