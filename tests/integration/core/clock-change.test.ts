import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { newId, newTicket, type Office, openOffice, PASSWORD } from '../../support/core/desk.ts';
import { createFakeHost } from '../../support/core/fake-host.ts';
import { type CoreProcess, startCoreProcess } from './core-process.ts';

// The core's own process under a clock and a zone that libfaketime gives it; the server's clock runs beside it.

const library = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((t) => `/usr/lib/${t}/faketime/libfaketime.so.1`).find(existsSync);
const why = library === undefined ? ' (not run: needs libfaketime)' : '';
const SECOND = 1000;

let office: Office;
let core: CoreProcess | null = null;
let folder = '';
afterEach(async () => {
  await core?.kill();
  core = null;
  await office.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @param start epoch ms that its clock shows when it begins */
async function startAt(start: number, zone: string): Promise<{ core: CoreProcess; now: () => number }> {
  const ahead = start - Date.now();
  const now = (): number => Date.now() + ahead;
  office = await openOffice({ clock: { now } });
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-clock-'));
  core = await startCoreProcess({
    dataDir: folder,
    host: createFakeHost(),
    env: {
      LD_PRELOAD: library!,
      FAKETIME: `${ahead < 0 ? '-' : '+'}${Math.abs(ahead / SECOND).toFixed(3)}`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      TZ: zone,
    },
  });
  await core.client.call('session.signIn', { url: office.server.url, staffNo: 'A1', password: PASSWORD });
  await core.until('sync.state', {}, (s) => s.connection === 'online' && s.firstSync === null);
  return { core, now };
}

/** Waits for the native notification, and says when it came by the core's clock. */
async function told({ core: { host } }: { core: CoreProcess }, now: () => number, count: number): Promise<number> {
  for (;;) {
    if (host.shown.filter((s) => s.kind === 'callback').length >= count) return now();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function schedule({ core: { client } }: { core: CoreProcess }, ticketId: string, dueAt: number): Promise<void> {
  const args = { callbackId: newId(), dueAt, note: '' };
  expect(await client.call('tickets.act', { ticketId, kind: 'scheduleCallback', args })).toMatchObject({ ok: true });
}

describe.skipIf(library === undefined)(`R6 D08 clocks that change under the running core${why}`, () => {
  test('R6 when the hour is struck twice, a callback is told at its moment and once', async () => {
    // 01:59:50 of the first 01:xx hour in New York; ten seconds later the clock shows 01:00 again.
    const it = await startAt(Date.UTC(2026, 10, 1, 5, 59, 50), 'America/New_York');
    const lin = await office.device('lin', { clock: { now: it.now } });
    const ids = [await newTicket(lin, '第一个一点钟'), await newTicket(lin, '第二个一点钟')];
    for (const id of ids) await it.core.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    const due = Math.ceil(it.now() / SECOND) * SECOND + 3 * SECOND;
    await schedule(it, ids[0]!, due);
    const changes = Date.UTC(2026, 10, 1, 6);
    const second = Math.max(changes, due) + 4 * SECOND;
    await schedule(it, ids[1]!, second);
    expect((await told(it, it.now, 1)) - due).toBeGreaterThanOrEqual(0);
    expect((await told(it, it.now, 2)) - second).toBeGreaterThanOrEqual(0);
    expect(it.now()).toBeGreaterThan(changes);
    await new Promise((resolve) => setTimeout(resolve, 2 * SECOND));
    const rows = (await it.core.client.read('reminders.ledger', { kind: 'callback', outcome: 'all', offset: 0, limit: 10 })).rows;
    expect(rows.map((r) => [r.subject, r.steps.map((s) => s.step).join(' ')])).toEqual([
      ['第二个一点钟', 'armed shown'],
      ['第一个一点钟', 'armed shown'],
    ]);
    expect(it.core.host.shown.filter((s) => s.kind === 'callback')).toHaveLength(2);
    expect(it.core.host.shown.at(-1)!.title).toContain('01:00');
    // The day has 25 hours: what is due at 23:30 is still today's.
    const evening = Date.UTC(2026, 10, 2, 4, 30);
    await schedule(it, ids[0]!, evening);
    const today = await it.core.client.read('reminders.bucket', {
      bucket: 'today',
      scope: 'mine',
      accountId: null,
      kind: 'callback',
      offset: 0,
      limit: 10,
    });
    expect(today.to - today.from).toBe(25 * 3600 * SECOND);
    expect(today.rows.map((r) => r.at)).toContain(evening);
  });

  test('R6 F03 at midnight the buckets move on by themselves, and a callback of the new day is told', async () => {
    const midnight = Date.UTC(2026, 11, 31, 16);
    const it = await startAt(midnight - 14 * SECOND, 'Asia/Shanghai');
    const lin = await office.device('lin', { clock: { now: it.now } });
    const id = await newTicket(lin, '跨年');
    await it.core.until('tickets.get', { ticketId: id, transferId: null }, (t) => t !== null);
    const due = midnight + 3 * SECOND;
    await schedule(it, id, due);
    const before = await it.core.client.read('reminders.counts', { scope: 'mine' });
    expect(before.today.total).toBe(0);
    expect((await told(it, it.now, 1)) - due).toBeGreaterThanOrEqual(0);
    await it.core.until('reminders.counts', { scope: 'mine' }, (c) => c.today.total === 1, 20 * SECOND);
    expect(it.core.host.shown.find((s) => s.kind === 'callback')!.title).toContain('00:00');
  });
});
