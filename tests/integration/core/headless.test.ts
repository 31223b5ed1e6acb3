import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createNotifier } from '../../../core/headless/notifier.ts';
import { act, newId, newTicket, type Office, openOffice, PASSWORD } from '../../support/core/desk.ts';
import { type Display, startDisplay } from '../../support/desktop/display.ts';
import { type NotificationService, startNotificationService } from '../../support/desktop/notification-service.ts';

// The program without a window, as somebody starts it, on a session bus with a notification service.

const program = join(import.meta.dirname, '../../../core/headless/main.ts');
const notifySend = '/usr/bin/notify-send';
const why = existsSync(notifySend) ? '' : ' (not run: needs notify-send)';

let office: Office;
let display: Display;
let notifications: NotificationService;
let folder: string;
let running: Headless | null = null;
beforeEach(async () => {
  office = await openOffice();
  display = await startDisplay();
  notifications = await startNotificationService(display);
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-headless-'));
});
afterEach(async () => {
  await running?.end();
  await notifications.stop();
  await display.stop();
  await office.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Headless {
  readonly said: () => string;
  /** Waits for a line with these words. */
  says(words: string): Promise<void>;
  /** SIGTERM. @returns its exit code */
  end(): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

function start(args: readonly string[], more: NodeJS.ProcessEnv, input = ''): Headless {
  const { ZUOXI_PASSWORD: _, ...own } = process.env;
  const child: ChildProcess = spawn(process.execPath, [program, ...args], { env: { ...own, ...display.env, ...more }, stdio: 'pipe' });
  let said = '';
  child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdin!.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  running = {
    said: () => said,
    async says(words) {
      while (!said.includes(words)) {
        if (child.exitCode !== null) throw new Error(`ended without saying ${words}: ${said}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
    ended,
  };
  return running;
}

const here = (): string[] => ['--server', office.server.url, '--staff-no', 'A1', '--data', folder];

describe.skipIf(why !== '')(`D03 the core without a window${why}`, () => {
  test('D03 reminds by the system’s notification, of hostile words too, and after a start without server and password', async () => {
    const trap = join(folder, 'trap');
    const subject = `-"; touch ${trap}; $(touch ${trap}) \`touch ${trap}\` <b>粗</b> 回访`;
    const lin = await office.device('lin');
    const ticketId = await newTicket(lin, subject);
    const first = start(here(), { ZUOXI_PASSWORD: PASSWORD });
    await first.says('online');
    const soon = Date.now() + 2_000;
    await act(lin, ticketId, 'scheduleCallback', { callbackId: newId(), dueAt: soon, note: '' });
    const shown = await notifications.waitFor((n) => n.body.includes('回访'), 20_000);
    expect(shown.time).toBeGreaterThanOrEqual(soon);
    expect(shown.summary).toContain('回访时间到');
    expect(shown.body).toContain(`$(touch ${trap}) \`touch ${trap}\` &lt;b&gt;粗&lt;/b&gt;`);
    expect(existsSync(trap)).toBe(false);
    await first.says('提醒 callback');
    // Long enough away for the first to be ended and the second to be ready.
    const later = Date.now() + 8_000;
    const second = await newTicket(lin, '第二张');
    await act(lin, second, 'scheduleCallback', { callbackId: newId(), dueAt: later, note: '' });
    await lin.until('sync.state', {}, (s) => s.pending === 0);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await first.end()).toBe(0);
    await office.server.close();

    start(here(), {});
    const again = await notifications.waitFor((n) => n.body.includes('第二张'), 30_000);
    expect(again.time).toBeGreaterThanOrEqual(later);
    expect(notifications.shown.filter((n) => n.body.includes('粗'))).toHaveLength(1);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o077).toBe(0);
  });

  test('a text that begins like an option is shown as it is; a desktop that nobody serves is noticed', async () => {
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', display.busAddress);
    const show = createNotifier('linux');
    expect(await show('--help', '-u critical\n第二行')).toBe(true);
    expect(notifications.shown).toMatchObject([{ summary: ' --help', body: ' -u critical\n第二行', appName: '坐席工单台' }]);
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nowhere/at/all');
    expect(await show('标题', '内容')).toBe(false);
    vi.unstubAllEnvs();
  });

  test('a wrong password and wrong flags are said, and it ends; the password may come from the standard input', async () => {
    const wrong = start(here(), { ZUOXI_PASSWORD: 'something-else' });
    expect(await wrong.ended).toBe(1);
    expect(wrong.said()).toContain('bad-credentials');
    const flags = start(['--serve', 'x'], {});
    expect(await flags.ended).toBe(1);
    expect(flags.said()).toContain('npm run headless');
    const nobody = start(here(), {});
    expect(await nobody.ended).toBe(1);
    const typed = start(here(), {}, `${PASSWORD}\n`);
    await typed.says('online');
    expect(await typed.end()).toBe(0);
  });
});
