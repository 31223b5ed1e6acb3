import { bucketCounts } from '../../core/api/reminders-api.ts';
import { rawBuckets } from '../limit/reads.ts';
import { directory, me } from '../peers/our-rows.ts';
import { type Measured, type Stage, withBoth } from '../stage.ts';
import { compare } from './both.ts';

const RUNS = 1000;

/** The six counts over callbacks and deadlines, of one account and of all whom it leads. */
export const buckets = (stage: Stage): Promise<readonly Measured[]> =>
  withBoth(stage, async ({ ctx, desk, raw }) => {
    const team = directory.accounts.filter((a) => a.id !== me.id).map((a) => a.id);
    const measured = async (scope: 'mine' | 'team', holders: readonly string[]): Promise<Measured[]> =>
      compare(stage, `buckets.${scope}`, RUNS, () => bucketCounts(ctx, desk, scope), raw && rawBuckets(raw, holders));
    return [...(await measured('mine', [me.id])), ...(await measured('team', team))];
  });
