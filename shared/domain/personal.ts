import type { Id } from '../lib/ids.ts';
import type { TicketFilter } from './filter/filter.ts';
import type { ListName, SortColumn } from './ticket-state.ts';

/** 常用搜索: conditions of an account under a name. */
export interface SavedSearch {
  readonly id: Id;
  readonly accountId: Id;
  readonly name: string;
  /** The list in which the conditions hold. */
  readonly list: ListName;
  /** Words of the search box; '' for none. */
  readonly text: string;
  readonly filter: TicketFilter;
  readonly sort: SortColumn;
  readonly descending: boolean;
  /** Ascending in the nav. */
  readonly position: number;
  readonly updatedAt: number;
}

/** The ninth is refused; one has to be replaced. */
export const MAX_SAVED_SEARCHES = 8;

/** 快捷回复 and 快捷备注: a text inserted by a key. */
export interface Phrase {
  readonly id: Id;
  /** null: shared by everyone. */
  readonly ownerId: Id | null;
  readonly title: string;
  readonly text: string;
  readonly position: number;
  readonly updatedAt: number;
}

export const MAX_PHRASES = 200;
