import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { createLogFile } from '../../electron/main/log-file.ts';
import { openEncrypted } from '../../db/open.ts';
import type { chancesFrom } from '../durability/arguments.ts';
import { PASSWORD } from '../support/core/desk.ts';
import { type Device, startDevice } from '../support/core/device.ts';
import { createFakeHost } from '../support/core/fake-host.ts';
import { VirtualTime } from '../support/core/virtual-time.ts';
import { Agent } from './agent.ts';
import { measure, type Midnight } from './gauges.ts';
import { openNetwork } from './network.ts';
import type { Wish } from './office.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** As many as the ledger keeps, from as long a time as it keeps them, and some more that it has to forget. */
const LEDGER = { rows: 10_400, days: 95 };

export interface WeekOptions {
  readonly days: number;
  /** Epoch ms, just after a midnight. */
  readonly start: number;
  readonly dataDir: string;
  /** Folder of the log file. */
  readonly logs: string;
  readonly url: string;
  /** An account to transfer to. */
  readonly colleague: string;
  readonly ask: (wish: Wish) => Promise<void>;
  readonly chances: ReturnType<typeof chancesFrom>;
  readonly onMidnight: (midnight: Midnight) => Promise<void>;
}

export interface WeekEnd {
  readonly actions: number;
  readonly refused: number;
  readonly told: number;
  /** Errors that the core wrote into its log. */
  readonly faults: readonly string[];
}

/** Lets an agent use the real core against the real server for some days. */
export async function playDays({ ask, chances, colleague, dataDir, days, logs, onMidnight, start, url }: WeekOptions): Promise<WeekEnd> {
  const network = openNetwork();
  /** How far the clock of this computer is off. */
  let skew = 0;
  const time = new VirtualTime(start, () => network.quiet());
  let zone = 'Asia/Shanghai';
  const host = createFakeHost();
  const faults: string[] = [];
  const file = createLogFile(logs, 'core', () => time.now());
  const logger = { ...file, error: (...said: Parameters<typeof file.error>) => (faults.push(said[0]), file.error(...said)) };
  const desk: Device = startDevice({ clock: time, timers: time, transport: network.transport, zone: () => zone, dataDir, host, logger });
  await desk.signIn(url, 'A1', PASSWORD);
  const path = join(
    dataDir,
    readdirSync(dataDir).find((name) => name.endsWith('.db'))!,
  );
  const key = [...host.secrets].find(([name]) => name.startsWith('key:'))![1];
  fillLedger(path, key, start);
  desk.closeWindow();
  const agent = new Agent(desk.core, host, colleague, chances, () => time.now());
  let told = 0;

  const toServer = (): Promise<void> => ask({ do: 'time', now: time.now() - skew });
  /** Awake: each timer fires in its turn. */
  const pass = async (minutes: number): Promise<void> => {
    await time.advance(minutes * MINUTE);
    await toServer();
  };
  /** Asleep, and awake again: timers fire once, late. */
  const sleepUntil = async (at: number): Promise<void> => {
    await time.sleep(at - time.now());
    await toServer();
    const window = agent.openWindow();
    await window.client.call('reminders.woke', {});
    await network.quiet();
  };
  const stint = async (until: number): Promise<void> => {
    while (time.now() < until) {
      await agent.work();
      await network.quiet();
      await time.advance(MINUTE / 2);
      // The rest of five minutes goes by at a stroke.
      await time.sleep(4.5 * MINUTE);
      await toServer();
    }
  };

  for (let day = 0; day < days; day += 1) {
    const midnight = start - 5 * MINUTE + day * DAY;
    const at = (hour: number): number => midnight + hour * HOUR;
    agent.begin(day);
    await sleepUntil(at(9) - 3 * MINUTE);
    await pass(3);
    const { client } = agent.window!;
    await client.call('session.signOut', {});
    const signedIn = await client.call('session.signIn', { url, staffNo: 'A1', password: PASSWORD });
    if (!signedIn.ok) throw new Error(`sign-in: ${signedIn.reason}`);
    await network.quiet();
    await client.call('reminders.enterMyTickets', {});
    await agent.clearAttention();
    await ask({ do: 'assign' });
    await stint(at(10));
    await agent.attach();
    await ask({ do: 'transfer' });
    await stint(at(11));
    network.cut();
    await agent.glance();
    await stint(at(12));
    // Locked over lunch, without a window.
    agent.closeWindow();
    await sleepUntil(at(13));
    await ask({ do: 'assign' });
    await agent.window!.client.call('reminders.pause', { minutes: 30 });
    await stint(at(14));
    network.away = true;
    network.cut();
    await stint(at(day % 2 === 0 ? 15.5 : 17));
    network.away = false;
    await stint(at(17));
    const ticketId = await agent.someTicket();
    if (ticketId !== null) await ask({ do: 'reply', ticketId }).catch(() => {});
    // The clock of the computer is wrong for half an hour, and on a journey the zone is another.
    skew = day % 2 === 0 ? 20 * MINUTE : -20 * MINUTE;
    time.setBy(skew);
    if (day % 3 === 0) zone = 'Europe/Berlin';
    await stint(time.now() + 30 * MINUTE);
    time.setBy(-skew);
    skew = 0;
    zone = 'Asia/Shanghai';
    await agent.glance();
    await stint(at(18));
    agent.closeWindow();
    await sleepUntil(at(24) - MINUTE);
    agent.closeWindow();
    await pass(6);
    told += host.shown.length;
    host.shown.length = host.withdrawn.length = 0;
    const gauges = await measure({ dataDir, logs, key, timers: time.pending, now: time.now() });
    await onMidnight({ gauges, commands: agent.done, daily: agent.commands });
  }
  await desk.stop({ keep: true });
  return { actions: agent.done, refused: agent.refused, told, faults };
}

/** As after three months: reminders that have ended, the oldest of them older than they are kept. */
function fillLedger(path: string, key: string, now: number): void {
  const db = openEncrypted(path, key);
  const reminder = db.prepare(`INSERT INTO reminder VALUES (?, 'callback', ?, NULL, ?, 'closed', NULL, 0, ?)`);
  const step = db.prepare(`INSERT INTO reminder_step (reminder_id, step, at, why) VALUES (?, ?, ?, '')`);
  db.transaction(() => {
    for (let i = 0; i < LEDGER.rows; i += 1) {
      const at = now - Math.floor(((i + 1) * LEDGER.days * DAY) / LEDGER.rows);
      reminder.run(`old-${i}`, `old-callback-${i}`, at, at);
      for (const name of ['armed', 'shown', 'acted']) step.run(`old-${i}`, name, at);
    }
  }).immediate();
  db.close();
}
