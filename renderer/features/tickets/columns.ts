import type { ListName } from '../../../shared/domain/ticket-state.ts';
import type { SortKey } from '../../stores/view-store.ts';

export type ColumnId =
  | 'mark'
  | 'next'
  | 'number'
  | 'subject'
  | 'category'
  | 'priority'
  | 'source'
  | 'customer'
  | 'status'
  | 'due'
  | 'updated'
  | 'toName'
  | 'reason'
  | 'at'
  | 'done'
  | 'assignee';

export interface Column {
  readonly id: ColumnId;
  /** A track of the grid. */
  readonly width: string;
  readonly sort?: SortKey;
  /** From 1600 px on. */
  readonly wide?: boolean;
  /** Gone under 1180 px. */
  readonly spare?: boolean;
}

const mark: Column = { id: 'mark', width: '24px' };
const next: Column = { id: 'next', width: '156px', sort: 'next' };
const number: Column = { id: 'number', width: '68px', sort: 'number', spare: true };
const subject: Column = { id: 'subject', width: 'minmax(120px, 1fr)', sort: 'subject' };
const category: Column = { id: 'category', width: '116px', sort: 'category', wide: true };
const priority: Column = { id: 'priority', width: '64px', sort: 'priority', wide: true };
const source: Column = { id: 'source', width: '84px', wide: true };
const customer: Column = { id: 'customer', width: '72px', sort: 'customer', spare: true };
const status: Column = { id: 'status', width: '76px', sort: 'status' };
const due: Column = { id: 'due', width: '94px', sort: 'due', spare: true };
const updated: Column = { id: 'updated', width: '98px', sort: 'updated', wide: true };

const open: readonly Column[] = [mark, next, number, subject, category, priority, source, customer, status, due, updated];

/** What each list shows, left to right. */
export const columns: Readonly<Record<ListName, readonly Column[]>> = {
  all: [mark, next, number, subject, category, priority, source, customer, { id: 'assignee', width: '72px' }, status, due, updated],
  pending: open,
  processing: open,
  resolved: [
    mark,
    { id: 'done', width: '124px', sort: 'updated' },
    number,
    subject,
    category,
    priority,
    source,
    customer,
    status,
    { ...next, width: '148px', spare: true },
  ],
  transferred: [
    mark,
    { id: 'at', width: '124px', sort: 'updated' },
    number,
    subject,
    category,
    customer,
    { id: 'toName', width: '84px' },
    { id: 'reason', width: 'minmax(120px, .8fr)', spare: true },
  ],
};

export type Width = 'tiny' | 'rail' | 'plain' | 'wide';

export function shownColumns(list: ListName, width: Width): readonly Column[] {
  const narrow = width === 'rail' || width === 'tiny';
  const shown = columns[list].filter((c) => (width === 'wide' || c.wide !== true) && (!narrow || c.spare !== true));
  if (width !== 'tiny') return shown;
  // At 200 % zoom: when and what.
  return shown
    .slice(0, 3)
    .map((c) =>
      c.id === 'mark' ? { ...c, width: '14px' } : c.id === 'subject' ? { ...c, width: 'minmax(60px, 1fr)' } : { ...c, width: '132px' },
    );
}
