import type { TicketFilter } from '../../shared/domain/filter/filter.ts';
import type { ListName, SortColumn } from '../../shared/domain/ticket-state.ts';
import type { DueMoments, DuePart } from './due.ts';
import type { TicketRowView } from './ticket-rows.ts';

export interface ListQuery {
  readonly list: ListName;
  /** Words of the search box; '' for none. */
  readonly text: string;
  readonly filter: TicketFilter;
  readonly due: DuePart;
  readonly sort: SortColumn;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface ListPage {
  readonly rows: TicketRowView[];
  /** At most `MOST_FOUND` where words were looked for. */
  readonly total: number;
  /** There are more than `total`. */
  readonly more: boolean;
  /** null: too many were found to count them. */
  readonly due: Record<DuePart, number> | null;
}

/** What words find is counted and listed up to here: nobody reads further, and counting all takes longer than finding some. */
export const MOST_FOUND = 1000;

export interface ListMoments extends DueMoments {
  /** IANA name. */
  readonly zone: string;
}
