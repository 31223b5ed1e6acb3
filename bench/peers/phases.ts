import type { Adapter, AdapterModule, Changed, Job } from './adapter.ts';
import { COMMON, makeDraft, NOWHERE, RARE, ROUNDS } from './data.ts';
import { median, type Spread, spread, timed } from './timing.ts';

// Runs in Node and in a page.

/** What an engine answered once all changes were here, to be compared with what the data say. */
export interface Answers {
  readonly list: readonly string[];
  readonly buckets: Readonly<Record<string, number>>;
  readonly search: Readonly<Record<string, readonly string[]>>;
  readonly palette: Readonly<Record<string, readonly string[]>> | null;
}

interface SearchTimes {
  readonly rare: Spread;
  readonly common: Spread;
  readonly nowhere: Spread;
}

/** Of one run; times in ms, memory in MB. */
export interface MainFigures {
  readonly firstSync: number;
  /** Most memory of the process before anything was read from the server, and after the first sync; null in a page. */
  readonly memory: { readonly start: number | null; readonly synced: number | null };
  readonly delta: number;
  readonly save: Spread;
  readonly push: number;
  /** Of `push`, until the server had everything; null: not told apart. */
  readonly accepted: number | null;
  /** In so many requests. */
  readonly requests: number;
  readonly list: Spread;
  readonly counts: Spread;
  readonly search: SearchTimes;
  readonly palette: SearchTimes | null;
  readonly answers: Answers;
}

const LIST_RUNS = 300;
const SEARCH_RUNS = 100;
const READ_BUDGET_MS = 6000;
const SEARCH_BUDGET_MS = 2000;

/** First sync, deltas, reads, saves and their way to the server, each checked. @param memory most used so far, MB */
export async function measureMain(module: AdapterModule, job: Job, memory: () => number | null): Promise<MainFigures> {
  await module.prepare?.(job);
  const start = memory();
  let engine!: Adapter;
  const firstSync = await timed(async () => {
    engine = await module.open(job);
    await engine.syncAll();
  });
  const synced = memory();
  await holds(engine, job.size, 'after the first sync');
  await engine.settle?.();

  const deltas: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    deltas.push(await oneDelta(engine, job, round));
    await engine.settle?.();
  }

  // Read before anything is made here, while all engines have the same rows.
  const answers = await answersOf(engine);
  const list = await spread(LIST_RUNS, READ_BUDGET_MS, () => engine.list());
  const counts = await spread(LIST_RUNS, READ_BUDGET_MS, () => engine.buckets());
  const search = await searchTimes((text) => engine.search(text));
  const palette = engine.palette === undefined ? null : await searchTimes((text) => engine.palette!(text));

  await engine.goOffline?.();
  const save = await spread(job.actions, Infinity, (i) => engine.createDraft(makeDraft(i)));
  await holds(engine, job.size + job.actions, 'after the saves');
  const before = await stats(job);
  let acceptedAt: number | null = null;
  const online = performance.now();
  const push = await timed(() =>
    engine.drain(() => {
      acceptedAt ??= performance.now();
    }),
  );
  const accepted = acceptedAt === null ? null : acceptedAt - online;
  const after = await stats(job);
  if (after.pushed - before.pushed !== job.actions)
    throw new Error(`of ${job.actions} saved tickets the server has ${after.pushed - before.pushed}`);
  await holds(engine, job.size + job.actions, 'after the push');
  await engine.close();
  const requests = after.requests - before.requests;
  return {
    firstSync,
    memory: { start, synced },
    delta: median(deltas),
    save,
    push,
    accepted,
    requests,
    list,
    counts,
    search,
    palette,
    answers,
  };
}

/** Opens what `measureMain` left and reads the first list. @returns ms, and how many rows came */
export async function measureReopen({ open }: AdapterModule, job: Job): Promise<{ readonly open: number; readonly rows: number }> {
  let rows = 0;
  const ms = await timed(async () => {
    const engine = await open(job);
    rows = (await engine.list()).length;
  });
  return { open: ms, rows };
}

async function holds(engine: Adapter, wanted: number, when: string): Promise<void> {
  const count = await engine.count();
  if (count !== wanted) throw new Error(`${when} there are ${count} tickets and not ${wanted}`);
}

async function oneDelta(engine: Adapter, job: Job, round: number): Promise<number> {
  const changed = (await ask(job, `/change?round=${round}`)) as Changed;
  return timed(async () => {
    await engine.delta(changed);
    const found = await engine.get(changed.sample.id);
    if (found?.updatedAt !== changed.sample.updatedAt) throw new Error(`round ${round} of changes cannot be read after its delta`);
  });
}

async function answersOf(engine: Adapter): Promise<Answers> {
  const list = (await engine.list()).map((row) => row.id);
  const buckets = await engine.buckets();
  const search: Record<string, readonly string[]> = {};
  const palette: Record<string, readonly string[]> = {};
  for (const text of [RARE, COMMON, NOWHERE]) {
    search[text] = (await engine.search(text)).map((row) => row.id);
    if (engine.palette !== undefined) palette[text] = (await engine.palette(text)).map((row) => row.id);
  }
  return { list, buckets, search, palette: engine.palette === undefined ? null : palette };
}

const searchTimes = async (find: (text: string) => unknown): Promise<SearchTimes> => ({
  rare: await spread(SEARCH_RUNS, SEARCH_BUDGET_MS, () => find(RARE)),
  common: await spread(SEARCH_RUNS, SEARCH_BUDGET_MS, () => find(COMMON)),
  nowhere: await spread(SEARCH_RUNS, SEARCH_BUDGET_MS, () => find(NOWHERE)),
});

const stats = (job: Job): Promise<{ pushed: number; requests: number }> =>
  ask(job, '/stats') as Promise<{ pushed: number; requests: number }>;

const ask = async (job: Job, path: string): Promise<unknown> => (await fetch(job.url + path)).json();
