import { find } from '../../core/api/records-api.ts';
import { listTickets } from '../../core/api/tickets-api.ts';
import { rawSearch } from '../limit/reads.ts';
import { words } from '../parts.ts';
import { spreadOf } from '../peers/timing.ts';
import { type Measured, type Stage, withBoth } from '../stage.ts';
import { figures, warmTimes } from './both.ts';

const RUNS = 100;

/** A search as list, the newest first, and as palette. What the limit finds has to be what we find. */
export const search = (stage: Stage): Promise<readonly Measured[]> =>
  withBoth(stage, async ({ ctx, desk, raw }) => {
    const query = { list: 'all', filter: [], due: 'all', sort: 'updated', descending: true, offset: 0, limit: 50 } as const;
    const asList = (text: string) => listTickets(ctx, desk, { ...query, filter: [], text });
    const limit = raw && rawSearch(raw);
    const runs = stage.runs(RUNS);
    const measured: Measured[] = [];
    const all = { list: [] as number[], palette: [] as number[], limit: [] as number[] };
    for (const word of words) {
      const found = asList(word).rows.map((row) => row.id);
      const expected = limit?.find(word) ?? found;
      if (found.join() !== expected.join())
        throw new Error(`${word} finds other tickets than the limit does: ${found.length} and ${expected.length} on the first page`);
      const theirs = limit === null ? null : await warmTimes(runs, () => limit.find(word));
      const list = await stage.ours(() => warmTimes(runs, () => asList(word)));
      const palette = await stage.ours(() => warmTimes(runs, () => find(desk, word)));
      const theirSpread = theirs && spreadOf(theirs);
      measured.push(...figures(`search.list.${word}`, spreadOf(list), theirSpread));
      measured.push(...figures(`search.palette.${word}`, spreadOf(palette), theirSpread));
      if (limit !== null) measured.push({ name: `search.hits.${word}`, value: limit.count(word), limit: null });
      all.list.push(...list);
      all.palette.push(...palette);
      all.limit.push(...(theirs ?? []));
    }
    const allLimit = limit === null ? null : spreadOf(all.limit);
    return [
      ...figures('search.list', spreadOf(all.list), allLimit),
      ...figures('search.palette', spreadOf(all.palette), allLimit),
      ...measured,
    ];
  });
