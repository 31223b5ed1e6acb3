import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desktop, startDesktop } from '../support/desktop/desktop.ts';
import { buildShell } from './shell-stub/build-shell.ts';
import { eventually } from '../support/e2e/app.ts';
import { launchShell, type ShellRun } from './shell-stub/shell-run.ts';

let appDir: string;
let desktop: Desktop;
let shell: ShellRun;
const started: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'zuoxi-links-'));
  started.push(() => rm(folder, { recursive: true, force: true }));
  appDir = path.join(folder, 'app');
  await buildShell(appDir);
  desktop = await startDesktop();
  started.push(() => desktop.stop());
  shell = await launchShell({ desktop, appDir, dataDir: path.join(folder, 'main'), args: [`zuoxi://ticket/${first}`] });
  started.push(() => shell.running.stop());
}, 600_000);

afterAll(async () => {
  for (const stop of started.toReversed()) await stop();
}, 60_000);

const first = '0197f3c2-8a4e-7c11-9d2b-000000000001';
const second = '0197f3c2-8a4e-7c11-9d2b-000000000002';

/** As the desktop does it when somebody clicks a link: a second start with it among the arguments. */
async function startAgain(...args: string[]): Promise<void> {
  const { runtime, display } = desktop;
  const child = spawn(runtime.executable, [...runtime.args, `--user-data-dir=${shell.dataDir}`, appDir, ...args], {
    env: { ...process.env, ...display.env },
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
}
const last = async () => (await shell.seen()).destinations.at(-1);
const close = async (): Promise<void> => {
  await shell.call('shell', 'window.close');
  await eventually(() => shell.visible()).toBe(false);
};

test('R23 a link starts the app at its ticket, once: a page that has been there is not sent there again', async () => {
  await eventually(last).toMatchObject({ serial: 1, ticketId: first });
  await shell.call('shell', 'navigation.taken', { serial: 1 });
  await eventually(last).toMatchObject({ serial: 1, ticketId: null });
});

test('R23 D04 a second start hands its link to the first and ends; the window comes to the front', async () => {
  await close();
  await startAgain(`zuoxi://ticket/${second}`);
  await eventually(last).toMatchObject({ serial: 2, ticketId: second, call: null });
  await eventually(() => shell.visible()).toBe(true);
  await startAgain('zuoxi://call?phone=%2B86%20138-0013-8000');
  await eventually(last).toMatchObject({ serial: 3, ticketId: null, call: { phone: '13800138000' } });
});

test('R23 links that are none of ours do nothing but a line in the log without their text; nothing acts on a ticket', async () => {
  await startAgain(
    'zuoxi://resolve?id=1',
    `zuoxi://ticket/${first}?do=close`,
    'zuoxi://call?phone=<canary-link>',
    '--remote-debugging-port=0',
  );
  await startAgain('zuoxi://ticket/../../settings', `zuoxi://ticket/${second}`);
  await eventually(last).toMatchObject({ serial: 4, ticketId: second });
  expect(await shell.order({ say: 'acts' })).toEqual([]);
  const log = await shell.log();
  expect(log.filter((event) => event === 'link-refused')).toHaveLength(2);
  expect(await shell.logText()).not.toContain('canary-link');
});

test('D04 a second start at sign-in wants no window', async () => {
  await close();
  await startAgain('--hidden');
  expect(await shell.visible()).toBe(false);
  await startAgain();
  await eventually(() => shell.visible()).toBe(true);
});
