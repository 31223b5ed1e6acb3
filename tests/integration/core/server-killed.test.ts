import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { openStore } from '../../../server/store/open-store.ts';
import { ticket, ticketEvent } from '../../../server/store/schema.ts';
import { act, newTicket } from '../../support/core/desk.ts';
import { startDevice } from '../../support/core/device.ts';

const root = join(import.meta.dirname, '../../..');
const KILLS = 5;

let running: ChildProcess | null = null;
let folder = '';
afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The server's own command line on a PGlite folder, at the same address each time. */
async function startServer(port: number): Promise<number> {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, ['server/main.ts', '--demo', '--quiet-demo', '--port', String(port), '--data', folder], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  running = child;
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    createInterface(child.stdout).on('line', (line) => {
      const url = /"listening":\s*"(http:[^"]+)"/.exec(line)?.[1];
      if (url !== undefined) resolve(Number(new URL(url).port));
    });
  });
}

async function killServer(): Promise<void> {
  const child = running!;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  running = null;
}

test('a server killed again and again in the middle of work loses nothing that was called saved, and does nothing twice', async () => {
  folder = mkdtempSync(join(tmpdir(), 'zuoxi-killed-'));
  const port = await startServer(0);
  const device = startDevice();
  await device.signIn(`http://127.0.0.1:${port}`, 'A20817', 'demo-2026');
  const saved: { ticketId: string; notes: string[] }[] = [];

  for (let round = 0; round < KILLS; round += 1) {
    for (let i = 0; i < 4; i += 1) {
      const ticketId = await newTicket(device, `第 ${round} 轮 ${i}`);
      const notes = [`记录 ${round}-${i}-a`, `记录 ${round}-${i}-b`];
      for (const note of notes) await act(device, ticketId, 'update', { note, changes: [], waiting: false });
      saved.push({ ticketId, notes });
      // Somewhere in the push of these: the core is sending while the server goes.
      if (i === 1 + (round % 3)) await killServer();
    }
    if (running !== null) await killServer();
    await startServer(port);
    await device.call('sync.retry', {});
  }
  await device.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online', 60_000);
  expect(await device.read('attention.list', {})).toEqual([]);
  await device.stop();
  await killServer();

  const store = await openStore({ dataDir: folder }, Date.now());
  try {
    for (const { ticketId, notes } of saved) {
      const rows = await store.orm.select().from(ticket).where(eq(ticket.id, ticketId));
      expect(rows).toHaveLength(1);
      const events = await store.orm.select().from(ticketEvent).where(eq(ticketEvent.ticketId, ticketId));
      expect(events.map((e) => e.note).toSorted()).toEqual(['', ...notes].toSorted());
    }
  } finally {
    await store.close();
  }
}, 180_000);
