import { useCallback, useMemo } from 'react';
import type { CoreContract } from '../../shared/bridge/contract.ts';
import type { OutputOf } from '../../shared/bridge/define.ts';
import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import type { ListName } from '../../shared/domain/ticket-state.ts';
import { type Conditions, listKey, type SortKey, type Sorting, useView, usualSorting } from '../stores/view-store.ts';
import { useLayout } from './use-layout.ts';
import { useQuery } from './use-query.ts';

export type SavedSearch = OutputOf<CoreContract['queries']['searches.list']>[number];

export interface ListView {
  readonly key: string;
  readonly text: string;
  readonly filter: TicketFilter;
  readonly sorting: Sorting;
  /** The 常用搜索 through which the list is seen. */
  readonly search: SavedSearch | null;
  /** It is no longer what the 常用搜索 says. */
  readonly changed: boolean;
  set(patch: Partial<Conditions>): void;
  sortBy(by: SortKey): void;
}

/** Times are read newest first, all else from its beginning. */
const newestFirst: readonly SortKey[] = ['updated', 'created', 'resolved', 'priority'];

const none: Conditions = { text: '', filter: [] };

/** What a list is narrowed to and how it is sorted: by this window's choice, else by the 常用搜索, else by what was kept. */
export function useListView(list: ListName, searchId: string | null): ListView {
  const key = listKey(list, searchId);
  const own = useView((s) => s.conditions[key]);
  const ownSorting = useView((s) => s.sorting[key]);
  const setConditions = useView((s) => s.setConditions);
  const setSorting = useView((s) => s.setSorting);
  const searches = useQuery('searches.list', searchId === null ? null : {}).value;
  const search = searches?.find((s) => s.id === searchId) ?? null;
  const { layout, save } = useLayout(list);
  const basis = search ?? none;
  const conditions = own ?? basis;
  const sorting = useMemo<Sorting>(() => {
    if (ownSorting !== undefined) return ownSorting;
    if (search !== null) return { by: search.sort, descending: search.descending };
    return layout === undefined ? usualSorting[list] : { by: layout.sort, descending: layout.descending };
  }, [ownSorting, search, layout, list]);
  const set = useCallback(
    (patch: Partial<Conditions>) => setConditions(key, { text: conditions.text, filter: conditions.filter, ...patch }),
    [setConditions, key, conditions],
  );
  const sortBy = useCallback(
    (by: SortKey) => {
      const next = { by, descending: sorting.by === by ? !sorting.descending : newestFirst.includes(by) };
      setSorting(key, next);
      if (searchId === null) save({ sort: next.by, descending: next.descending });
    },
    [setSorting, key, sorting, searchId, save],
  );
  const changed =
    search !== null &&
    (conditions.text !== search.text ||
      JSON.stringify(conditions.filter) !== JSON.stringify(search.filter) ||
      sorting.by !== search.sort ||
      sorting.descending !== search.descending);
  return { key, text: conditions.text, filter: conditions.filter, sorting, search, changed, set, sortBy };
}
