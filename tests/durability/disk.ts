import '../../scripts/require-modern-node.ts';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BridgeError } from '../../shared/bridge/errors.ts';
import { countFrom } from './arguments.ts';
import type { Task } from './note-taker.ts';
import { bundled } from './bundled.ts';
import { atEnd, temporaryFolder } from './own-folder.ts';
import { acksIn, copyOf, countLost, type Run, startOn, type Template } from './scene.ts';
import { makeTemplate } from './template.ts';
import { isRoot, runToEnd, whyNoStrace } from './system-tools.ts';

// npm run disk -- --points N: fills a small disk, and lets single reads, writes and syncs fail, once and for a while, at N
// points from the start of the core to its end. Never a false 已保存, nothing lost, nothing twice, and it goes on by itself.

interface Count {
  points: number;
  hit: number;
  falseSaved: number;
  lost: number;
  faults: string[];
}

const troubles = [
  { call: 'pwrite64', error: 'ENOSPC', span: 0 },
  { call: 'pwrite64', error: 'ENOSPC', span: 12 },
  { call: 'pwrite64', error: 'EIO', span: 0 },
  { call: 'fsync', error: 'EIO', span: 0 },
  { call: 'fsync', error: 'EIO', span: 3 },
  { call: 'fdatasync', error: 'EIO', span: 0 },
  { call: 'pread64', error: 'EIO', span: 0 },
  { call: 'pread64', error: 'EIO', span: 4 },
  { call: 'ftruncate', error: 'EIO', span: 0 },
] as const;

const NOTES = 6;

/** Only what is done to the cache and its log counts, and not the program's own reading of its sources. */
function onCache({ dataDir }: Run): string[] {
  const path = join(
    dataDir,
    readdirSync(dataDir).find((n) => n.endsWith('.db'))!,
  );
  return ['-f', '-q', '--seccomp-bpf', '-s', '0', '-P', path, '-P', `${path}-wal`];
}

type Program = (task: string) => string[];

/** How often a run without trouble makes each call. */
async function callsOf(template: Template, folder: string, program: Program): Promise<ReadonlyMap<string, number>> {
  const run = copyOf(template, join(folder, 'dry'));
  writeFileSync(join(folder, 'dry.task'), JSON.stringify({ template, run, notes: NOTES, perSync: 2, prefix: 'dry' } satisfies Task));
  const trace = join(folder, 'trace');
  const names = [...new Set(troubles.map((t) => t.call))];
  await runToEnd('/usr/bin/strace', [...onCache(run), '-o', trace, '-e', `trace=${names.join(',')}`, ...program(join(folder, 'dry.task'))]);
  const text = readFileSync(trace, 'utf8');
  return new Map(names.map((name) => [name, text.match(new RegExp(`^\\d+\\s+${name}\\(`, 'gm'))?.length ?? 0]));
}

async function failingCalls(template: Template, folder: string, points: number, count: Count): Promise<void> {
  const noteTaker = (await bundled('disk', { 'note-taker': 'tests/durability/note-taker.ts' }))['note-taker'];
  const program: Program = (task) => [process.execPath, noteTaker, task];
  const calls = await callsOf(template, folder, program);
  // Each kind of trouble gets its share of the points, spread over all its calls.
  const share = Math.ceil(points / troubles.length);
  const chosen = troubles.flatMap((trouble) => {
    const made = calls.get(trouble.call) ?? 0;
    const taken = Math.min(share, made);
    return Array.from({ length: taken }, (_, i) => ({ ...trouble, n: 1 + Math.floor((i * made) / taken) }));
  });
  const lane = async (mine: typeof chosen, name: string): Promise<void> => {
    for (const { call, error, n, span } of mine) {
      const run = copyOf(template, join(folder, name));
      const what = `${call} ${error} at ${n}${span > 0 ? `..${n + span}` : ''}`;
      const task: Task = { template, run, notes: NOTES, perSync: 2, prefix: `${call}-${error}-${n}-${span}` };
      const file = join(folder, `${name}.task`);
      writeFileSync(file, JSON.stringify(task));
      const inject = `inject=${call}:error=${error}:when=${n}${span > 0 ? `..${n + span}` : ''}`;
      const ended = await runToEnd('/usr/bin/strace', [
        ...onCache(run),
        '-o',
        '/dev/null',
        '-e',
        `trace=${call}`,
        '-e',
        inject,
        ...program(file),
      ]);
      const told = readFileSync(run.acks, 'utf8');
      count.points += 1;
      if (/^failed|^opened signedOut/m.test(told)) count.hit += 1;
      const closedOut = ended.code === 3 && told.includes('opened signedOut disk');
      if (ended.code !== 0 && !closedOut)
        count.faults.push(`${what}: ended with ${ended.signal ?? ended.code} ${ended.errors.slice(0, 300)}`);
      for (const [, why] of told.matchAll(/^failed \S+ (.*)$/gm))
        if (why !== 'DiskFull' && why !== 'DiskFault' && !(call === 'pread64' && why === 'Damaged'))
          count.faults.push(`${what}: the agent was told ${why} ${/^log bridge.*$/m.exec(told)?.[0]}`);
      if (ended.code === 0 && acksIn(run.acks).length !== NOTES)
        count.faults.push(`${what}: ${acksIn(run.acks).length} of ${NOTES} saved in the end`);
      const { doubled, lost } = await countLost(template, run);
      count.falseSaved += lost;
      if (doubled > 0) count.faults.push(`${what}: ${doubled} twice`);
    }
  };
  const half = Math.ceil(chosen.length / 2);
  await Promise.all([lane(chosen.slice(0, half), 'one'), lane(chosen.slice(half), 'other')]);
}

/** A disk of its own that really has no room left. */
async function smallDisk(template: Template, folder: string, count: Count): Promise<void> {
  const mounted = join(folder, 'small');
  mkdirSync(mounted);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', mounted]).status !== 0) throw new Error('no tmpfs here');
  const gone = atEnd(() => spawnSync('umount', ['-l', mounted]));
  try {
    const run = copyOf(template, join(folder, 'outside'));
    const dataDir = join(mounted, 'data');
    cpSync(run.dataDir, dataDir, { recursive: true });
    const device = startOn(template, { ...run, dataDir });
    await device.until('sync.state', {}, (s) => s.connection === 'online');
    const [ticketId] = template.tickets as [string];
    const save = async (note: string): Promise<string> => {
      try {
        const answer = await device.call('tickets.act', { ticketId, kind: 'note', args: { note } });
        return answer.ok ? 'saved' : answer.refusal.code;
      } catch (error) {
        return error instanceof BridgeError ? error.code : String(error);
      }
    };
    const shown = async (): Promise<string[]> =>
      ((await device.read('tickets.get', { ticketId, transferId: null }))?.events ?? []).map((e) => e.note);
    for (let round = 0; round < 5; round += 1) {
      count.points += 1;
      const filler = join(mounted, 'filler');
      const { bavail, bsize } = statfsSync(mounted);
      writeFileSync(filler, Buffer.alloc(bavail * bsize - round * bsize));
      const saved: string[] = [];
      let full = '';
      for (let i = 0; i < 400 && full === ''; i += 1) {
        const note = `small-${round}-${i}`;
        const answer = await save(note);
        if (answer === 'saved') saved.push(note);
        else full = answer;
      }
      if (full !== 'DiskFull') count.faults.push(`small disk: told ${full === '' ? 'nothing' : full}`);
      else count.hit += 1;
      const notes = await shown();
      if (saved.some((note) => !notes.includes(note))) count.lost += 1;
      rmSync(filler);
      if ((await save(`small-${round}-after`)) !== 'saved') count.faults.push('small disk: does not go on when there is room again');
      await device.call('sync.retry', {});
      await device.until('sync.state', {}, (s) => s.connection === 'online' && s.pending === 0);
    }
    await device.stop({ keep: true });
  } finally {
    gone();
    spawnSync('umount', ['-l', mounted]);
  }
}

async function main(): Promise<number> {
  const points = countFrom('points', 40);
  const folder = temporaryFolder('disk');
  const count: Count = { points: 0, hit: 0, falseSaved: 0, lost: 0, faults: [] };
  const template = await makeTemplate(folder, 6);
  const why = whyNoStrace();
  let skipped = 0;
  if (why === null) await failingCalls(template, folder, points, count);
  else skipped += points;
  if (isRoot() && process.platform === 'linux') await smallDisk(template, folder, count);
  else skipped += 5;
  for (const fault of count.faults) process.stdout.write(`${fault}\n`);
  const note = skipped > 0 ? `; ${skipped} skipped (needs root/strace)` : '';
  process.stdout.write(
    `disk: ${count.points} points, ${count.falseSaved} false saved, ${count.lost} lost, ${count.faults.length} failed; ${count.hit} were noticed by the agent${note}\n`,
  );
  // Trouble that nobody met proves nothing.
  const met = count.points === 0 || count.hit > 0;
  return count.falseSaved + count.lost + count.faults.length === 0 && met ? 0 : 1;
}

// The database in this process would keep it.
process.exit(await main());
