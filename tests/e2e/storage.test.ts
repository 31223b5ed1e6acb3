import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newTicket, numbered } from '../support/core/desk.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';
import { picture } from '../support/e2e/pictures.ts';

let app: DeskApp;
let first: string;
let second: string;
let third: string;
const scene = deskScene(async ({ office, start }) => {
  const lin = await office.device('lin');
  [first, second, third] = [await newTicket(lin, '第一张'), await newTicket(lin, '第二张'), await newTicket(lin, '第三张')];
  for (const id of [first, second, third]) await numbered(lin, id);
  await lin.stop();
  app = await start();
  await app.signIn('A1');
  await app.openList('pending');
  await app.row(first).waitFor();
});
const draftSaved = () => eventually(() => app.at('draft-state').innerText()).toContain('草稿已保存');

/** The cache's file, wherever the app keeps it. */
function cacheOf(dataDir: string): string {
  const found = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.db') && !name.includes('Network'),
  );
  const ours = found.find((name) => /[0-9a-f]{24}\.db$/.test(name));
  if (ours === undefined) throw new Error(`no cache among ${found.join(', ')}`);
  return path.join(dataDir, ours);
}

test('R14 a damaged cache: what was not synced is found again, the rest comes from the server, and the screen says so', async () => {
  await scene.stopServer();
  await eventually(() => app.at('sync-state').innerText()).toContain('离线');
  await app.openRow(first);
  await app.write('断网时记下的话');
  await app.press('Control+Enter');
  await eventually(() => app.at('sync-state').innerText()).toContain('1 条待同步');
  await app.openList('pending');
  await app.openRow(second);
  await app.write('还没写完');
  await draftSaved();
  await app.running.kill();
  const cache = cacheOf(app.dataDir);
  const file = openSync(cache, 'r+');
  writeSync(file, Buffer.alloc(4096), 0, 4096, 0);
  closeSync(file);
  app = await scene.start();
  const notice = app.at('recovery-notice');
  await eventually(() => notice.innerText()).toContain('找回 1 条待同步、1 份草稿。');
  await scene.startServer();
  await app.synced();
  await app.openList('pending');
  await app.openRow(second);
  await eventually(() => app.at('composer').inputValue()).toBe('还没写完');
  await picture(app, 'R14-recovered');
  expect((await scene.db.events(first)).filter((e) => e.note === '断网时记下的话')).toHaveLength(1);
  // All of the agent's own was found, so the damaged one has gone.
  expect(readdirSync(path.dirname(cache)).filter((name) => name.includes('.db.damaged-'))).toEqual([]);
  await app.at('recovery-close').click();
  await eventually(() => notice.count()).toBe(0);
  await app.running.kill();
  app = await scene.start();
  await app.synced();
  expect(await app.at('recovery-notice').count()).toBe(0);
});

const notRoot = process.platform !== 'linux' || process.getuid?.() !== 0;
/** Nothing that this process writes reaches the disk from now on. @returns what ends it */
async function failWrites(pid: number): Promise<() => Promise<void>> {
  const calls = 'fsync,fdatasync';
  const tracer = spawn('strace', ['-f', '-p', String(pid), '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${calls}:error=EIO`]);
  const ended = new Promise<void>((resolve) => tracer.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    tracer.stderr.on('data', (said: Buffer) => said.includes('attached') && resolve());
    void ended.then(() => reject(new Error('strace ended at once')));
  });
  return () => {
    tracer.kill('SIGINT');
    return ended;
  };
}

const noTracer = notRoot || spawnSync('strace', ['-V']).status !== 0;
test.skipIf(noTracer)(
  'R4 a disk that fails is told in words, nothing is called saved, and the same key saves it once it works (needs root, strace)',
  async () => {
    await app.openList('pending');
    await app.openRow(third);
    await app.write('磁盘出错时写的话');
    await draftSaved();
    const heal = await failWrites(await app.corePid());
    await app.press('Control+Enter');
    await eventually(() => app.at('ticket-panel').innerText()).toContain('写入磁盘出错，未保存，内容还在。');
    await app.insert('，接着写');
    await eventually(() => app.at('draft-state').innerText()).toBe('草稿没存上，会再试');
    await picture(app, 'R4-disk-fault');
    expect(await app.at('composer').inputValue()).toBe('磁盘出错时写的话，接着写');
    await heal();
    await draftSaved();
    await app.at('composer').press('Control+Enter');
    await eventually(async () => (await scene.db.events(third)).filter((e) => e.note === '磁盘出错时写的话，接着写').length).toBe(1);
  },
);

test.skipIf(notRoot)(
  'R3 a full disk is told in words, the text stays, and the same key saves it once there is room (needs root)',
  async () => {
    const dataDir = path.join(scene.desktop.folder, 'small');
    mkdirSync(dataDir);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', dataDir]).status).toBe(0);
    app = await scene.start({ name: 'small' });
    onTestFinished(async () => {
      await app.running.stop();
      spawnSync('umount', [dataDir]);
    });
    await app.signIn('A1');
    await app.openList('pending');
    await app.openRow(second);
    await app.write('磁盘满时写的话');
    await draftSaved();
    const filler = path.join(dataDir, 'filler');
    const fill = (): void => {
      const { bavail, bsize } = statfsSync(dataDir);
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    };
    fill();
    await app.press('Control+Enter');
    await eventually(() => app.at('ticket-panel').innerText()).toContain('磁盘已满，未保存，内容还在。');
    expect(await app.at('composer').inputValue()).toBe('磁盘满时写的话');
    // Not offline: the remedy is another.
    await app.at('sync-state').click();
    await app.at('sync-retry').click();
    await eventually(() => app.at('sync-state').innerText()).toContain('磁盘已满');
    expect(await app.at('sync-problem').innerText()).toContain('请清理磁盘，腾出空间后会自动继续。');
    await picture(app, 'R3-disk-full');
    await app.press('Escape');
    rmSync(filler);
    await app.at('composer').press('Control+Enter');
    await eventually(async () => (await scene.db.events(second)).filter((e) => e.note === '磁盘满时写的话').length).toBe(1);
    await app.openList('processing');
    await app.openRow(second);
    expect(await app.at('composer').inputValue()).toBe('');
  },
);
