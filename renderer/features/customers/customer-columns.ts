import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { InputOf } from '../../../shared/bridge/define.ts';
import type { CustomerView } from '../../stores/view-store.ts';
import type { Width } from '../tickets/columns.ts';

export type CustomerSort = InputOf<CoreContract['queries']['customers.list']>['sort'];

export interface CustomerColumn {
  readonly id: 'mark' | 'name' | 'match' | 'phone' | 'tier' | 'owner' | 'group' | 'address' | 'open' | 'callback' | 'updated' | 'invalidAt';
  /** A track of the grid. */
  readonly width: string;
  readonly sort?: CustomerSort;
}

const mark: CustomerColumn = { id: 'mark', width: '24px' };
const name: CustomerColumn = { id: 'name', width: 'minmax(96px, 1fr)', sort: 'name' };
const match: CustomerColumn = { id: 'match', width: 'minmax(120px, 1.4fr)' };
const phone: CustomerColumn = { id: 'phone', width: '124px' };
const tier: CustomerColumn = { id: 'tier', width: '92px', sort: 'tier' };
const owner: CustomerColumn = { id: 'owner', width: '84px' };
const group: CustomerColumn = { id: 'group', width: '92px' };
const address: CustomerColumn = { id: 'address', width: 'minmax(120px, 1.4fr)' };
const open: CustomerColumn = { id: 'open', width: '64px', sort: 'open' };
const callback: CustomerColumn = { id: 'callback', width: '112px', sort: 'callback' };
const updated: CustomerColumn = { id: 'updated', width: '104px', sort: 'updated' };
const invalidAt: CustomerColumn = { id: 'invalidAt', width: '112px' };

/** What each part of 用户资源 shows in so much room; with words, also where they stand. */
export function customerColumns(view: CustomerView, width: Width, searching: boolean): readonly CustomerColumn[] {
  if (width === 'tiny') return [mark, name, searching ? match : phone];
  const whose = view === 'free' ? group : owner;
  const time = view === 'invalid' ? invalidAt : callback;
  if (width === 'rail') return [mark, name, searching ? match : phone, whose, open, time];
  const extra = searching ? [match] : width === 'wide' ? [address] : [];
  if (width === 'plain' && searching) return [mark, name, match, phone, tier, whose, open];
  return [mark, name, ...extra, phone, tier, whose, open, time, updated];
}
