import { listTickets } from '../../core/api/tickets-api.ts';
import { rawList } from '../limit/reads.ts';
import { me } from '../peers/our-rows.ts';
import { type Measured, type Stage, withBoth } from '../stage.ts';
import { compare } from './both.ts';

const RUNS = 1000;

/** The first 50 of one's own tickets by 时限, with the counts of the list's parts. */
export const list = (stage: Stage): Promise<readonly Measured[]> =>
  withBoth(stage, ({ ctx, desk, raw }) => {
    const query = { list: 'processing', text: '', filter: [], due: 'all', sort: 'next', descending: false, offset: 0, limit: 50 } as const;
    const ours = (): unknown => listTickets(ctx, desk, { ...query, filter: [] });
    return compare(stage, 'list', RUNS, ours, raw && rawList(raw, me.id));
  });
