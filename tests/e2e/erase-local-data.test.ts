import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { appEnvironment } from '../support/desktop/app-driver.ts';
import { type DeskApp, eventually } from '../support/e2e/app.ts';
import { deskScene } from '../support/e2e/desk-scene.ts';

let app: DeskApp;
const scene = deskScene(async (it) => {
  app = await it.start();
  await app.signIn('A1');
});

/** As an uninstaller runs it: no display, nobody who answers. */
function erase(): Promise<{ code: number | null; printed: string }> {
  const { runtime } = scene.desktop;
  const child = spawn(runtime.executable, [...runtime.args, `--user-data-dir=${app.dataDir}`, path.resolve('.'), '--erase-local-data'], {
    env: appEnvironment({ DISPLAY: undefined, WAYLAND_DISPLAY: undefined, DBUS_SESSION_BUS_ADDRESS: undefined }),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  child.stdout.on('data', (data: Buffer) => (printed += data.toString('utf8')));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, printed })));
}

test('R25 --erase-local-data leaves a running app alone, and then removes the whole profile without a display, and says what', async () => {
  const busy = await erase();
  expect(busy).toEqual({ code: 2, printed: expect.stringContaining('正在运行，请先退出') });
  expect(readdirSync(path.join(app.dataDir, 'data')).some((name) => name.endsWith('.db'))).toBe(true);
  await eventually(() => app.at('account-menu').count()).toBe(1);
  await app.stop();
  const done = await erase();
  expect(done.printed).toMatch(/已删除 1 个账号在本机的数据（其中 0 项操作没有提交过）：secrets, data/);
  expect(done.code).toBe(0);
  expect(existsSync(app.dataDir)).toBe(false);
  expect((await erase()).printed).toContain('没有需要删除的数据');
});
