import '../../scripts/require-modern-node.ts';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCache } from '../../db/open.ts';
import { chancesFrom, countFrom } from './arguments.ts';
import type { Task } from './note-taker.ts';
import { passingFolder, temporaryFolder } from './own-folder.ts';
import { copyOf, type Template } from './scene.ts';
import { makeTemplate } from './template.ts';
import { runToEnd, whyNoStrace } from './system-tools.ts';
import { readTrace, type Step, tracedCalls, traceOptions } from './trace.ts';

// npm run power -- --points N [--seed N]: records what saving and syncing writes and syncs, lets the power fail at N points of
// it, with what was not yet synced kept, dropped, torn and reordered, and opens each result as the app would. A third of the points
// lies in saving while all rows are read anew.

const NOTES = 40;
const SECTOR = 512;
type Chances = ReturnType<typeof chancesFrom>;
type Change = Extract<Step, { file: string }>;

/** A file as the disk has it, and what has been asked of the disk since it was last synced. */
interface OnDisk {
  durable: Buffer;
  pending: Exclude<Change, { kind: 'sync' }>[];
}

type Pending = OnDisk['pending'][number];

/** A file after some changes; of a write only the sectors that are kept. */
function after(content: Buffer, changes: readonly Pending[], keep: (change: Pending) => boolean = () => true): Buffer {
  const ends = changes.map((c) => (c.kind === 'write' ? c.at + c.bytes.length : c.kind === 'truncate' ? c.size : 0));
  const out = Buffer.alloc(Math.max(content.length, ...ends));
  content.copy(out);
  let size = content.length;
  for (const change of changes) {
    if (change.kind !== 'write') {
      const cut = change.kind === 'truncate' ? change.size : 0;
      out.fill(0, Math.min(cut, size));
      size = cut;
      continue;
    }
    const { at, bytes } = change;
    size = Math.max(size, at + bytes.length);
    for (let from = 0; from < bytes.length;) {
      const to = Math.min(bytes.length, (Math.floor((at + from) / SECTOR) + 1) * SECTOR - at);
      if (keep(change)) bytes.copy(out, at + from, from, to);
      from = to;
    }
  }
  return out.subarray(0, size);
}

const ways = ['nothing', 'all', 'some', 'torn', 'last first', 'sectors'] as const;

/** What the disk may hold when the power goes now: any part of what was not synced. */
function afterPowerLoss({ durable, pending }: OnDisk, way: (typeof ways)[number], chances: Chances): Buffer {
  const some = (): boolean => chances.below(2) === 0;
  switch (way) {
    case 'nothing':
      return durable;
    case 'all':
      return after(durable, pending);
    case 'some':
      return after(durable, pending.filter(some));
    case 'torn': {
      const torn = pending[chances.below(pending.length + 1)];
      const until = torn === undefined ? pending.length : pending.indexOf(torn) + 1;
      return after(durable, pending.slice(0, until), (change) => change !== torn || some());
    }
    case 'last first':
      return after(durable, pending.slice(chances.below(pending.length + 1)));
    case 'sectors':
      return after(durable, pending, some);
  }
}

interface Recorded {
  readonly steps: readonly Step[];
  readonly path: string;
  readonly start: ReadonlyMap<string, Buffer>;
  readonly key: string;
}

/** The production core saves and syncs; what its system calls were. */
async function record(template: Template, folder: string, kind: 'full' | 'normal' | 'renewing'): Promise<Recorded> {
  const run = copyOf(template, join(folder, kind));
  const path = join(
    run.dataDir,
    readdirSync(run.dataDir).find((n) => n.endsWith('.db'))!,
  );
  const start = new Map(
    ['', '-wal'].map((s) => [`${path}${s}`, existsSync(`${path}${s}`) ? readFileSync(`${path}${s}`) : Buffer.alloc(0)]),
  );
  const renewing: Partial<Task> = kind === 'renewing' ? { renews: true, pauseMs: 5, perSync: NOTES } : {};
  const task: Task = { template, run, notes: NOTES, perSync: 7, prefix: 'power', ...renewing };
  const file = join(folder, 'task');
  writeFileSync(file, JSON.stringify(task));
  const trace = join(folder, 'trace');
  const plant = kind === 'normal' ? ['--import', join(import.meta.dirname, 'plant-normal.ts')] : [];
  const node = [process.execPath, ...plant, join(import.meta.dirname, 'note-taker.ts'), file];
  const options = ['-f', '-q', '--seccomp-bpf', ...traceOptions, '-e', `trace=${tracedCalls}`, '-o', trace];
  const ended = await runToEnd('/usr/bin/strace', [...options, ...node], 120_000);
  if (ended.code !== 0) throw new Error(`the recorded run ended with ${ended.code}: ${ended.errors.slice(0, 400)}`);
  const steps = await readTrace(trace, run.acks);
  rmSync(trace);
  const key = template.secrets.find(([name]) => name.startsWith('key:'))![1];
  return { steps, path, start, key };
}

interface Count {
  points: number;
  lost: number;
  corrupt: number;
  acks: number;
}

function replay({ key, path, start, steps }: Recorded, points: number, chances: Chances, folder: string): Count {
  const files = new Map<string, OnDisk>([...start].map(([file, durable]) => [file, { durable, pending: [] }]));
  const count: Count = { points: 0, lost: 0, corrupt: 0, acks: 0 };
  const acked: string[] = [];
  const concerned = (step: Step): boolean => step.kind === 'ack' || files.has(step.file);
  const list = steps.filter(concerned);
  list.forEach((step, i) => {
    if (step.kind === 'ack') acked.push(step.id);
    else {
      const file = files.get(step.file)!;
      if (step.kind === 'sync') {
        file.durable = after(file.durable, file.pending);
        file.pending = [];
      } else file.pending.push(step);
    }
    // The points are spread over all steps.
    const wanted = Math.floor(((i + 1) * points) / list.length) - Math.floor((i * points) / list.length);
    for (let n = 0; n < wanted; n += 1) {
      const way = chances.pick(ways);
      const target = join(folder, 'cache.db');
      for (const suffix of ['', '-wal', '-shm', '.spare']) rmSync(`${target}${suffix}`, { force: true });
      for (const suffix of ['', '-wal']) {
        const content = afterPowerLoss(files.get(`${path}${suffix}`)!, way, chances);
        if (suffix === '' || content.length > 0) writeFileSync(`${target}${suffix}`, content);
      }
      count.points += 1;
      try {
        const cache = openCache({ path: target, key, now: 0 });
        try {
          const raw = cache.db.$client;
          if (raw.pragma('quick_check', { simple: true }) !== 'ok') count.corrupt += 1;
          // While rows are read anew, what the server has stands in the queue until its ticket comes.
          const here = new Set(raw.prepare('SELECT id FROM ticket_event UNION SELECT command_id FROM outbox').pluck().all());
          if (acked.some((id) => !here.has(id))) count.lost += 1;
        } finally {
          cache.db.$client.close();
        }
      } catch {
        count.corrupt += 1;
      }
    }
  });
  count.acks = acked.length;
  return count;
}

async function main(): Promise<number> {
  const points = countFrom('points', 2000);
  const seed = countFrom('seed', 20_261_122);
  const why = whyNoStrace();
  if (why !== null) {
    process.stdout.write(`power: ${points} points skipped (needs root/strace: ${why})\n`);
    return 0;
  }
  const folder = temporaryFolder('power');
  // In memory: what is asked here is what SQLite makes of the bytes.
  const fast = passingFolder('power', existsSync('/dev/shm') ? '/dev/shm' : folder);
  const template = await makeTemplate(folder, 8);
  const still = replay(await record(template, folder, 'full'), points - Math.floor(points / 3), chancesFrom(seed), fast);
  const renewed = replay(await record(template, folder, 'renewing'), Math.floor(points / 3), chancesFrom(seed), fast);
  const normal = replay(await record(template, folder, 'normal'), Math.ceil(points / 4), chancesFrom(seed), fast);
  const full = {
    points: still.points + renewed.points,
    lost: still.lost + renewed.lost,
    corrupt: still.corrupt + renewed.corrupt,
    acks: still.acks + renewed.acks,
  };
  const caught = normal.lost > 0;
  process.stdout.write(
    `power: ${full.points} points, ${full.lost} lost, ${full.corrupt} corrupt of ${full.acks} saved, NORMAL ${caught ? 'caught' : 'NOT caught'} (${normal.lost} of ${normal.points} points lost something)\n`,
  );
  return full.lost === 0 && full.corrupt === 0 && caught && full.acks === 2 * NOTES && normal.acks === NOTES ? 0 : 1;
}

// The database in this process would keep it.
process.exit(await main());
