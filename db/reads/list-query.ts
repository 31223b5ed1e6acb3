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
  readonly total: number;
  readonly due: Record<DuePart, number>;
}

export interface ListMoments extends DueMoments {
  /** IANA name. */
  readonly zone: string;
}
