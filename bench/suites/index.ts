import type { Suite } from '../stage.ts';
import { action } from './action.ts';
import { buckets } from './buckets.ts';
import { delta } from './delta.ts';
import { drain } from './drain.ts';
import { asking, firstSync } from './first-sync.ts';
import { list } from './list.ts';
import { openLimit, openOurs } from './open.ts';
import { others } from './others.ts';
import { search } from './search.ts';

/** What one process measures. */
export const suites: Readonly<Record<string, Suite>> = {
  'first-sync': firstSync,
  asking,
  list,
  buckets,
  search,
  others,
  delta,
  action,
  drain,
  'open-ours': openOurs,
  'open-limit': openLimit,
};
