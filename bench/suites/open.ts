import Database from 'better-sqlite3';
import { join } from 'node:path';
import { listTickets } from '../../core/api/tickets-api.ts';
import { openDesk } from '../desk.ts';
import { openRaw } from '../limit/file.ts';
import { RAW_FILE } from '../parts.ts';
import { rawList } from '../limit/reads.ts';
import { me } from '../peers/our-rows.ts';
import { timed } from '../peers/timing.ts';
import type { Measured, Stage } from '../stage.ts';

/** Loading code and data of the runtime is no part of what is measured, and this is the last of it: the core does so before it has its host. */
function loadRuntime(): void {
  new Database(':memory:').close();
  Intl.DateTimeFormat().resolvedOptions();
}

/** Opens the production cache in this new process, and reads the first list. */
export async function openOurs(stage: Stage): Promise<readonly Measured[]> {
  loadRuntime();
  const query = { list: 'processing', text: '', filter: [], due: 'all', sort: 'next', descending: false, offset: 0, limit: 50 } as const;
  const begin = performance.now();
  const bench = await stage.ours(async () => {
    const opened = await openDesk(stage);
    opened.start();
    const { rows } = listTickets(opened.ctx, opened.desk, { ...query, filter: [] });
    if (rows.length === 0) throw new Error('opened again it lists no tickets');
    return opened;
  });
  const ms = performance.now() - begin;
  stage.keeps(bench);
  await bench.close();
  return [{ name: 'open', value: ms, limit: null }];
}

/** The same of the limit's file. */
export async function openLimit(stage: Stage): Promise<readonly Measured[]> {
  loadRuntime();
  const ms = await timed(() => {
    const raw = openRaw(join(stage.dir, RAW_FILE), null);
    rawList(raw, me.id)();
    raw.close();
  });
  return [{ name: 'open', value: ms, limit: null }];
}
