import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listTickets } from '../../core/api/tickets-api.ts';
import { type BenchDesk, openDesk } from '../desk.ts';
import { makeRaw, settleRaw } from '../limit/file.ts';
import { RawRows } from '../limit/rows.ts';
import { learnAll, rawFirstSync } from '../limit/sync.ts';
import { FILE, RAW_FILE } from '../parts.ts';
import { timed } from '../peers/timing.ts';
import { type Measured, peakMemory, type Stage } from '../stage.ts';

// From an empty folder until all tickets are on the disk, indexed and to be found.

const ASK_EVERY_MS = 5;
const MB = 1024 * 1024;

const anyTickets = ({ ctx, desk }: BenchDesk): boolean =>
  listTickets(ctx, desk, { list: 'all', text: '', filter: [], due: 'all', sort: 'next', descending: false, offset: 0, limit: 50 }).rows
    .length > 0;

/** Syncs into an empty folder. @param while begins with the sync; what it returns ends it */
async function sync(stage: Stage, meanwhile: (desk: BenchDesk) => () => void): Promise<{ readonly bench: BenchDesk; readonly ms: number }> {
  const begin = performance.now();
  const bench = await openDesk(stage);
  const end = meanwhile(bench);
  bench.start();
  await bench.cycle();
  indexAll(bench);
  const ms = performance.now() - begin;
  end();
  const { desk } = bench;
  const count = desk.cache.db.$client.prepare('SELECT count(*) FROM ticket').pluck().get();
  if (count !== stage.size) throw new Error(`${stage.size} tickets were there to sync, ${String(count)} came`);
  return { bench, ms };
}

/** Words that were put off belong to the first sync. */
function indexAll({ desk }: BenchDesk): void {
  // Whether there are any: to count them before each slice would take longer with each ticket.
  const waiting = desk.cache.db.$client.prepare('SELECT EXISTS (SELECT 1 FROM search_dirty)').pluck();
  while (waiting.get() === 1 && desk.cache.upkeep());
}

export async function firstSync(stage: Stage): Promise<readonly Measured[]> {
  const { bench, firstPage, memory, ms } = await stage.ours(async () => {
    let firstPage = 0;
    const begin = performance.now();
    const synced = await sync(stage, (desk) =>
      desk.ctx.hub.subscribe(() => {
        if (firstPage === 0 && anyTickets(desk)) firstPage = performance.now() - begin;
      }),
    );
    return { ...synced, firstPage, memory: peakMemory() };
  });
  stage.keeps(bench);
  while (bench.desk.cache.upkeep());
  await bench.close();
  const disk = bytesOf(stage.dir, FILE);
  let limit: { ms: number; disk: number } | null = null;
  if (stage.profile === null) {
    await learnAll(stage.url);
    const raw = makeRaw(join(stage.dir, RAW_FILE));
    const rows = new RawRows(raw);
    const ms = await timed(() => rawFirstSync(stage.url, raw, rows));
    settleRaw(raw);
    raw.close();
    limit = { ms, disk: bytesOf(stage.dir, RAW_FILE) };
  }
  return [
    { name: 'firstSync.time', value: ms, limit: limit?.ms ?? null },
    { name: 'firstSync.firstPage', value: firstPage, limit: null },
    { name: 'firstSync.memory', value: memory, limit: null },
    { name: 'firstSync.disk', value: disk / MB, limit: limit === null ? null : limit.disk / MB },
  ];
}

/** The file, its log and whatever else belongs to it. */
const bytesOf = (dir: string, name: string): number =>
  readdirSync(dir)
    .filter((file) => file.startsWith(name))
    .reduce((sum, file) => sum + statSync(join(dir, file)).size, 0);

/**
 * A first sync during which the core is asked for a list every 5 ms: the longest time that an answer was late. In a sync of its
 * own, since the questions take time themselves.
 */
export async function asking(stage: Stage): Promise<readonly Measured[]> {
  let latest = 0;
  const { bench } = await stage.ours(() =>
    sync(stage, (desk) => {
      let due = performance.now() + ASK_EVERY_MS;
      let timer: NodeJS.Timeout;
      const ask = (): void => {
        anyTickets(desk);
        const now = performance.now();
        latest = Math.max(latest, now - due);
        due = now + ASK_EVERY_MS;
        timer = setTimeout(ask, ASK_EVERY_MS);
      };
      timer = setTimeout(ask, ASK_EVERY_MS);
      return () => {
        clearTimeout(timer);
        // What would have been asked now was waiting, too.
        latest = Math.max(latest, performance.now() - due);
      };
    }),
  );
  stage.keeps(bench);
  await bench.close();
  return [{ name: 'firstSync.latest', value: latest, limit: null }];
}
