import '../../scripts/require-modern-node.ts';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ticketEvent } from '../../server/store/schema.ts';
import { type CoreProcess, prepareCoreProcess as prepare } from '../integration/core/core-process.ts';
import { newTicket, numbered, type Office, openOffice, PASSWORD } from '../support/core/desk.ts';
import { createFakeHost } from '../support/core/fake-host.ts';
import { chancesFrom, countFrom } from './arguments.ts';
import { bundled } from './bundled.ts';
import { atEnd, temporaryFolder } from './own-folder.ts';
import { acksIn, copyOf, countLost, type Template } from './scene.ts';
import { makeTemplate } from './template.ts';
import { runToEnd, whyNoStrace } from './system-tools.ts';
import type { Task } from './note-taker.ts';

// npm run crash -- --kills N [--seed N]: kills the core at random moments of saving and syncing, and once at each write of a
// save and the sync after it; then everything that was said to be saved is there, once.

interface Count {
  kills: number;
  lost: number;
  doubled: number;
  saved: number;
}

/** What is started again and again. */
type Programs = Readonly<Record<'core' | 'note-taker', string>>;

/** Bursts of saves by the core's own process against the real server, each cut short by SIGKILL. */
async function atRandom(
  { office, programs, folder }: { office: Office; programs: Programs; folder: string },
  staffNo: string,
  kills: number,
  seed: number,
): Promise<Count> {
  const chances = chancesFrom(seed);
  const dataDir = join(folder, staffNo);
  mkdirSync(dataDir);
  const host = createFakeHost();
  const author = await office.signIn(staffNo, PASSWORD);
  const tickets: string[] = [];
  // As many as a desk has: thousands of notes on a few tickets would be a test of something else.
  for (let i = 0; i < 30; i += 1) tickets.push(await newTicket(author, `${staffNo} 的工单 ${i}`));
  for (const id of tickets) await numbered(author, id);
  await author.stop();
  const prepareCore = (): ReturnType<typeof prepare> =>
    prepare({
      dataDir,
      host,
      entry: programs.core,
      onSpawn: (child) =>
        child.once(
          'exit',
          atEnd(() => child.kill('SIGKILL')),
        ),
    });
  let core = (await prepareCore())();
  await core.client.call('session.signIn', { url: office.server.url, staffNo, password: PASSWORD });
  await core.until('sync.state', {}, (s) => s.connection === 'online' && s.firstSync === null);
  const saved = new Map<string, string>();
  const count: Count = { kills: 0, lost: 0, doubled: 0, saved: 0 };
  for (let round = 0; round < kills; round += 1) {
    // The next one reads its program meanwhile.
    const next = prepareCore();
    await burst(core, tickets, `${staffNo}-${round}`, chances, saved);
    await core.kill();
    count.kills += 1;
    core = (await next)();
    await core.until('session.state', {}, (s) => s.phase === 'ready');
    // Looking at all of it after each kill would be most of the work: now and then, and in the end.
    if (round % 10 === 9) count.lost += await missing(core, tickets, saved);
  }
  await core.until('sync.state', {}, (s) => s.pending === 0 && s.connection === 'online', 60_000);
  count.lost += await missing(core, tickets, saved);
  await core.stop();
  const events = (await office.server.store.orm.select().from(ticketEvent)).filter((e) => e.note.startsWith(`${staffNo}-`));
  const onServer = Map.groupBy(events, (e) => e.note);
  count.lost += [...saved.values()].filter((text) => !onServer.has(text)).length;
  count.doubled = [...onServer.values()].filter((list) => list.length > 1).length;
  count.saved = saved.size;
  return count;
}

async function burst(
  core: CoreProcess,
  tickets: readonly string[],
  prefix: string,
  chances: ReturnType<typeof chancesFrom>,
  saved: Map<string, string>,
): Promise<void> {
  const killAfter = 1 + chances.below(12);
  let answered = 0;
  let reached = (): void => {};
  const enough = new Promise<void>((resolve) => (reached = resolve));
  const save = async (note: string): Promise<void> => {
    try {
      const answer = await core.client.call('tickets.act', { ticketId: chances.pick(tickets), kind: 'note', args: { note } });
      if (answer.ok) saved.set(answer.commandId, note);
      answered += 1;
      if (answered >= killAfter) reached();
    } catch {
      reached();
    }
  };
  for (let i = 0; i < 20; i += 1) void save(`${prefix}-${i}`);
  await enough;
  // And then somewhere between two steps of the sync.
  await new Promise((resolve) => setTimeout(resolve, chances.below(40)));
}

async function missing(core: CoreProcess, tickets: readonly string[], saved: ReadonlyMap<string, string>): Promise<number> {
  const here = new Set<string>();
  for (const ticketId of tickets)
    for (const event of (await core.client.read('tickets.get', { ticketId, transferId: null }))?.events ?? []) here.add(event.id);
  return [...saved.keys()].filter((id) => !here.has(id)).length;
}

const calls = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate'] as const;

/** Which calls, by number, a save and the sync after it make: from the line that announces it to the one after the sync. */
async function windowOf(template: Template, folder: string, child: Child): Promise<ReadonlyMap<string, readonly number[]>> {
  const run = copyOf(template, join(folder, 'dry'));
  const task: Task = { template, run, notes: 1, perSync: 1, prefix: 'dry' };
  writeFileSync(join(folder, 'task'), JSON.stringify(task));
  const trace = join(folder, 'trace');
  await runToEnd('/usr/bin/strace', [...strace(trace), '-e', `trace=write,${calls.join(',')}`, ...child(join(folder, 'task'))]);
  const seen = new Map<string, number>();
  const window = new Map<string, number[]>();
  let open = false;
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    const call = /^\d+\s+(\w+)\(/.exec(line)?.[1];
    if (call === undefined) continue;
    if (call === 'write' && line.includes('"begin ')) open = true;
    if (call === 'write' && line.includes('"synced ')) open = false;
    if (call === 'write') continue;
    const n = (seen.get(call) ?? 0) + 1;
    seen.set(call, n);
    if (open) window.set(call, [...(window.get(call) ?? []), n]);
  }
  return window;
}

const strace = (output: string): string[] => ['-f', '-q', '-s', '32', '-o', output];
type Child = (task: string) => string[];

/** One kill at every write of one save and one sync batch. */
async function atEachWrite(folder: string, programs: Programs): Promise<Count & { skipped: string | null }> {
  const count = { kills: 0, lost: 0, doubled: 0, saved: 0, skipped: whyNoStrace() };
  if (count.skipped !== null) return count;
  const template = await makeTemplate(folder, 6);
  const child: Child = (task) => [process.execPath, programs['note-taker'], task];
  const window = await windowOf(template, folder, child);
  const points = [...window].flatMap(([call, numbers]) => numbers.map((n) => ({ call, n })));
  const lane = async (mine: typeof points, name: string): Promise<void> => {
    for (const { call, n } of mine) {
      const run = copyOf(template, join(folder, name));
      const task: Task = { template, run, notes: 1, perSync: 1, prefix: `${call}${n}` };
      writeFileSync(join(folder, `${name}.task`), JSON.stringify(task));
      const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${n}`];
      const ended = await runToEnd('/usr/bin/strace', [...strace('/dev/null'), ...inject, ...child(join(folder, `${name}.task`))]);
      if (ended.signal === 'SIGKILL' || ended.code === 137) count.kills += 1;
      count.saved += acksIn(run.acks).length;
      const { doubled, lost } = await countLost(template, run);
      count.lost += lost;
      count.doubled += doubled;
    }
  };
  const half = Math.ceil(points.length / 2);
  await Promise.all([lane(points.slice(0, half), 'one'), lane(points.slice(half), 'other')]);
  // Calls move a little from run to run; if most points are missed, the window is not what it was taken for.
  if (count.kills * 2 < points.length) count.lost += points.length;
  return count;
}

async function main(): Promise<number> {
  const kills = countFrom('kills', 200);
  const seed = countFrom('seed', 20_261_118);
  const folder = temporaryFolder('crash');
  const programs = await bundled('crash', { core: 'core/entry.node.ts', 'note-taker': 'tests/durability/note-taker.ts' });
  const each = await atEachWrite(folder, programs);
  const office = await openOffice();
  const half = Math.ceil(kills / 2);
  const where = { office, programs, folder };
  const counts = [each, ...(await Promise.all([atRandom(where, 'A1', half, seed), atRandom(where, 'A2', kills - half, seed + 1)]))];
  await office.close();
  const sum = (of: keyof Count): number => counts.reduce((n, c) => n + c[of], 0);
  const skipped = each.skipped === null ? '' : `; kills at each write skipped (${each.skipped})`;
  process.stdout.write(
    `crash: ${sum('kills')} kills (${each.kills} at a write of one save and one sync), ${sum('lost')} lost, ${sum('doubled')} doubled of ${sum('saved')} saved${skipped}\n`,
  );
  // Kills that hit nothing prove nothing.
  return sum('lost') === 0 && sum('doubled') === 0 && sum('saved') > kills ? 0 : 1;
}

// The database in this process would keep it.
process.exit(await main());
