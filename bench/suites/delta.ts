import { sql } from 'drizzle-orm';
import { settleRaw } from '../limit/file.ts';
import { RawRows } from '../limit/rows.ts';
import { rawDelta } from '../limit/sync.ts';
import type { Changed } from '../peers/adapter.ts';
import { median, timed } from '../peers/timing.ts';
import { type Measured, type Stage, withBoth } from '../stage.ts';

const ROUNDS = 11;

/** A thousand changed tickets, until they are on the disk and to be read. */
export const delta = (stage: Stage): Promise<readonly Measured[]> =>
  withBoth(stage, async ({ cycle, desk, raw, start }) => {
    const rows = raw && new RawRows(raw);
    start();
    await cycle();
    const { db } = desk.cache;
    const ours: number[] = [];
    const limit: number[] = [];
    for (let round = 1; round <= stage.runs(ROUNDS); round += 1) {
      const { sample } = await stage.ask<Changed>(`/change?round=${round}`);
      await stage.ours(async () => ours.push(await timed(cycle)));
      const [found] = db.values<[number]>(sql`SELECT updated_at FROM ticket WHERE id = ${sample.id}`);
      if (found?.[0] !== sample.updatedAt) throw new Error(`round ${round} of changes cannot be read after its delta`);
      while (desk.cache.upkeep());
      if (raw === null) continue;
      limit.push(await timed(() => rawDelta(stage.url, raw, rows!)));
      settleRaw(raw);
    }
    return [
      { name: 'delta.median', value: median(ours), limit: raw === null ? null : median(limit) },
      { name: 'delta.worst', value: Math.max(...ours), limit: raw === null ? null : Math.max(...limit) },
    ];
  });
