import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { BridgeError } from '../../shared/bridge/errors.ts';
import type { Logger } from '../../shared/lib/logger.ts';
import { act, detail, newTicket, numbered, type Office, openOffice, record } from '../support/core/desk.ts';
import { type Device, startDevice } from '../support/core/device.ts';
import type { FakeHost } from '../support/core/fake-host.ts';
import { troubledTransport } from '../support/core/troubled-transport.ts';
import { ticketEvent } from '../../server/store/schema.ts';
import { chancesFrom } from './arguments.ts';
import { damage } from './damage.ts';
import { temporaryFolder } from './own-folder.ts';

// One of the lanes of the corruption harness: a thread with a server, a device and damaged copies of its own.

const TICKETS = 24;

/** What the agent had on this device and nowhere else. */
interface Work {
  readonly queue: readonly string[];
  readonly refused: readonly string[];
  readonly drafts: ReadonlyMap<string, string>;
}

interface Scene {
  readonly office: Office;
  readonly host: FakeHost;
  readonly tickets: readonly string[];
  readonly work: Work;
  /** Folders of files: closed in order, and as a crash leaves them. */
  readonly templates: readonly string[];
  /** Every text that may ever be on screen. */
  readonly texts: ReadonlySet<string>;
}

const longText = (n: number): string => `第 ${n} 条记录。${'客户说的话写在这里，'.repeat(n % 7 === 0 ? 180 : n % 5)}`;

async function makeScene(folder: string): Promise<Scene> {
  const office = await openOffice();
  const first = await office.device('lin');
  const { dataDir, host } = first;
  const texts = new Set<string>(['']);
  const tickets: string[] = [];
  for (let i = 0; i < TICKETS; i += 1) tickets.push(await newTicket(first, `工单 ${i}`, { description: longText(i) }));
  for (const id of tickets) await numbered(first, id);
  for (const [i, id] of tickets.entries()) {
    await act(first, id, 'note', { note: longText(100 + i) });
    if (i % 3 === 0)
      await act(first, id, 'scheduleCallback', { callbackId: crypto.randomUUID(), dueAt: Date.now() + 3_600_000, note: '晚上再打' });
  }
  await first.synced();
  for (const id of tickets) {
    const found = (await detail(first, id))!;
    for (const text of [found.subject, found.description, ...found.events.map((e) => e.note)]) texts.add(text);
  }
  // Taken back meanwhile by a leader, so that two commands of this device will be refused.
  const he = await office.device('he');
  const given = tickets.slice(0, 2);
  await first.stop({ keep: true });
  for (const id of given) await act(he, id, 'withdraw', { reason: '换人' });
  await he.synced();

  const { transport, trouble } = troubledTransport();
  trouble.offline = true;
  const offline = startDevice({ dataDir, host, transport });
  for (const id of given) await act(offline, id, 'resolve', { report: `完成 ${id}` });
  trouble.offline = false;
  await offline.call('sync.retry', {});
  await offline.until('sync.state', {}, (s) => s.attention === 2 && s.connection === 'online');
  const refused = (await offline.read('attention.list', {})).map((a) => a.commandId);
  trouble.offline = true;
  await offline.call('sync.retry', {});
  const drafts = new Map<string, string>();
  for (let i = 0; i < 60; i += 1) {
    const note = longText(200 + i);
    texts.add(note);
    await act(offline, tickets[2 + (i % (TICKETS - 2))]!, 'note', { note });
    if (i % 4 === 0) await record(offline, 'putPhrase', null, { shared: false, title: `常用 ${i}`, text: longText(300 + i), position: i });
  }
  for (const [i, id] of tickets.entries()) {
    const value = JSON.stringify({ note: longText(400 + i) });
    drafts.set(`ticket:${id}`, value);
    await offline.call('drafts.save', { form: `ticket:${id}`, value });
  }
  const queue = (await offline.read('sync.queue', {})).map((q) => q.commandId);
  // The count outside of the cache follows within two seconds.
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  const crashed = join(folder, 'crashed');
  cpSync(dataDir, crashed, { recursive: true });
  await offline.stop({ keep: true });
  return { office, host, tickets, work: { queue, refused, drafts }, templates: [crashed, dataDir], texts };
}

interface Found {
  /** Texts that were never written. */
  readonly wrong: string[];
  readonly refusedReads: number;
}

/** Opens everything that there is to be opened. */
async function sweep(device: Device, scene: Scene): Promise<Found> {
  const wrong: string[] = [];
  let refusedReads = 0;
  const look = async <T>(read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch {
      refusedReads += 1;
      return null;
    }
  };
  const check = (text: string): void => {
    if (!scene.texts.has(text)) wrong.push(text);
  };
  for (const id of scene.tickets) {
    const found = await look(() => detail(device, id));
    if (found == null) continue;
    for (const text of [found.subject, found.description]) check(text);
    for (const event of found.events) if (event.command === 'note' || event.command === 'create') check(event.note);
  }
  for (const [form, value] of scene.work.drafts) {
    const draft = await look(() => device.read('drafts.get', { form }));
    if (draft != null && draft.value !== value) wrong.push(draft.value);
  }
  // Of the queue nothing above reads the texts.
  await look(() => device.read('sync.queue', {}));
  await look(() => device.read('attention.list', {}));
  await look(() => device.read('tickets.list', { list: 'all', due: 'all', sort: 'updated', descending: true, offset: 0, limit: 100 }));
  return { wrong, refusedReads };
}

const inOrder = (found: readonly string[], all: readonly string[]): boolean => {
  let at = -1;
  return found.every((id) => {
    const next = all.indexOf(id);
    const fine = next > at;
    at = next;
    return fine;
  });
};

interface Outcome {
  readonly faults: string[];
  readonly recovered: boolean;
  readonly late: boolean;
  readonly ms: number;
  readonly unreadable: number;
  /** The damaged cache was not kept. */
  readonly gone: boolean;
}

async function runOnce(scene: Scene, folder: string, chances: ReturnType<typeof chancesFrom>): Promise<{ what: string; outcome: Outcome }> {
  const dataDir = join(folder, 'run');
  rmSync(dataDir, { recursive: true, force: true });
  cpSync(chances.pick(scene.templates), dataDir, { recursive: true });
  const path = join(
    dataDir,
    readdirSync(dataDir).find((n) => n.endsWith('.db'))!,
  );
  const what = damage(path, chances);

  const faults: string[] = [];
  const events: string[] = [];
  const logger: Logger = { info: () => {}, warn: () => {}, error: (event) => void events.push(event) };
  const { transport, trouble } = troubledTransport();
  trouble.offline = true;
  const from = performance.now();
  const device = startDevice({ dataDir, host: scene.host, transport, logger });
  const { queue, refused, drafts } = scene.work;
  let late = false;
  let unreadable = 0;
  let gone = false;
  let ms = 0;
  try {
    const state = await device.until('session.state', {}, (s) => s.phase !== 'starting');
    if (state.phase !== 'ready') faults.push(`the desk did not open: ${state.reason}`);
    const before = events.includes('cache.recovered');
    // What a first read takes for a moment's failure of the disk, and finds whole, a second one knows to be damaged.
    let found = await sweep(device, scene);
    for (let again = 0; again < 2 && (found.refusedReads > 0 || again === 0); again += 1) {
      for (const text of found.wrong) faults.push(`shown as data: ${text.slice(0, 40)}`);
      await device.until('session.state', {}, (s) => s.phase === 'ready');
      found = await sweep(device, scene);
    }
    late = !before && events.includes('cache.recovered');
    for (const text of found.wrong) faults.push(`shown as data: ${text.slice(0, 40)}`);
    if (found.refusedReads > 0) faults.push(`${found.refusedReads} reads failed after the recovery`);
    const recovery = await device.read('session.recovery', {});
    unreadable = recovery?.unreadable ?? 0;
    const queued = (await device.read('sync.queue', {})).map((q) => q.commandId);
    const waiting = (await device.read('attention.list', {})).map((a) => a.commandId);
    let kept = 0;
    for (const form of drafts.keys()) if ((await device.read('drafts.get', { form })) !== null) kept += 1;
    if (!inOrder(queued, queue)) faults.push('the queue is out of order, or not the one that was there');
    if (waiting.some((id) => !refused.includes(id))) faults.push('a refused command that nobody gave');
    const lost = queue.length - queued.length + refused.length - waiting.length + drafts.size - kept;
    if (lost > 0 && recovery === null) faults.push(`${lost} lost without a word`);
    if (queue.length - queued.length > unreadable) faults.push(`${queue.length - queued.length} commands lost, ${unreadable} said`);
    const aside = readdirSync(dataDir).filter((n) => /\.damaged-\d{8}T\d{6}Z$/.test(n));
    if (unreadable > 0 && aside.length !== 1 && what !== 'gone') faults.push(`${aside.length} caches set aside, ${unreadable} unreadable`);
    if (recovery !== null && aside.length === 0) gone = true;
    trouble.offline = false;
    await device.call('sync.retry', {});
    const synced = () =>
      device.until('sync.state', {}, (s) => s.connection === 'online' && s.pending === 0 && s.firstSync === null, 60_000);
    // A page that nothing has read before may be met by this; the screen shows it and asks again, too.
    await synced().catch((error: unknown) => (error instanceof BridgeError && error.code === 'Damaged' ? synced() : Promise.reject(error)));
    ms = performance.now() - from;
    const third = await sweep(device, scene);
    for (const text of third.wrong) faults.push(`shown as data in the end: ${text.slice(0, 40)}`);
    for (const id of scene.tickets.slice(2)) if ((await detail(device, id)) === null) faults.push('a ticket did not come back');
    await device.call('session.recoverySeen', {});
    if ((await device.read('session.recovery', {})) !== null) faults.push('the notice does not close');
  } catch (error) {
    faults.push(error instanceof BridgeError ? `${error.message}: ${error.code}` : String(error));
  } finally {
    await device.stop({ keep: true });
  }
  return { what, outcome: { faults, recovered: events.includes('cache.recovered'), late, ms, unreadable, gone } };
}

export interface Lane {
  readonly damages: number;
  readonly seed: number;
}

export interface LaneCount {
  shown: number;
  failed: number;
  doubled: number;
  recovered: number;
  late: number;
  /** With something that could not be read any more. */
  partly: number;
  /** Of which nothing was kept, as nothing of the agent's own stayed behind. */
  gone: number;
  slowestMs: number;
}

async function runLane({ damages, seed }: Lane): Promise<LaneCount> {
  const chances = chancesFrom(seed);
  const folder = temporaryFolder('corruption');
  const scene = await makeScene(folder);
  const count: LaneCount = { shown: 0, failed: 0, doubled: 0, recovered: 0, late: 0, partly: 0, gone: 0, slowestMs: 0 };
  for (let i = 0; i < damages; i += 1) {
    const { outcome, what } = await runOnce(scene, folder, chances);
    if (outcome.faults.some((f) => f.startsWith('shown as data'))) count.shown += 1;
    if (outcome.faults.length > 0) {
      count.failed += 1;
      process.stdout.write(`damage ${i} of seed ${seed} (${what}): ${outcome.faults.slice(0, 3).join('; ')}\n`);
    }
    if (outcome.recovered) count.recovered += 1;
    if (outcome.late) count.late += 1;
    if (outcome.unreadable > 0) count.partly += 1;
    if (outcome.gone) count.gone += 1;
    count.slowestMs = Math.max(count.slowestMs, outcome.ms);
  }
  // Each command once, however often it was found again and sent.
  const events = await scene.office.server.store.orm.select().from(ticketEvent);
  const notes = Map.groupBy(
    events.filter((e) => e.command === 'note'),
    (e) => e.note,
  );
  count.doubled = [...notes.values()].filter((list) => list.length > 1).length;
  await scene.office.close();
  return count;
}

parentPort!.postMessage(await runLane(workerData as Lane));
// The database of the server would keep the thread.
process.exit(0);
