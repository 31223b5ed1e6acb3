import type { Condition } from '../../../shared/domain/filter/filter.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import type { SortKey } from '../../stores/view-store.ts';

/** Columns of the product; those of custom fields are `custom.ID`. */
export const columnIds = [
  'next',
  'number',
  'subject',
  'category',
  'priority',
  'nature',
  'source',
  'customer',
  'phone',
  'tier',
  'assignee',
  'group',
  'status',
  'due',
  'created',
  'createdBy',
  'updated',
  'resolved',
  'expiredFrom',
  'at',
  'toName',
  'reason',
] as const;
export type PlainColumn = (typeof columnIds)[number];
export type ColumnId = 'mark' | 'act' | PlainColumn | `custom.${string}`;

export interface Column {
  readonly id: ColumnId;
  /** px; of the one that takes what is left, its least width. */
  readonly width: number;
  readonly stretch: boolean;
  readonly sort: SortKey | null;
}

interface Shape {
  readonly width: number;
  readonly sort?: SortKey;
  /** The condition about the same thing; turns the head blue. */
  readonly filter?: Condition['field'];
  /** Only in these lists. */
  readonly lists?: readonly ListName[];
}

const shapes: Readonly<Record<PlainColumn, Shape>> = {
  next: { width: 156, sort: 'next', filter: 'nextAt' },
  number: { width: 72, sort: 'number', filter: 'number' },
  subject: { width: 120, sort: 'subject', filter: 'subject' },
  category: { width: 116, sort: 'category', filter: 'category' },
  priority: { width: 64, sort: 'priority', filter: 'priority' },
  nature: { width: 84, sort: 'nature', filter: 'nature' },
  source: { width: 84, sort: 'source', filter: 'source' },
  customer: { width: 76, sort: 'customer', filter: 'customer' },
  phone: { width: 112, filter: 'phone' },
  tier: { width: 84, sort: 'tier', filter: 'tier' },
  assignee: { width: 76, sort: 'assignee', filter: 'assigneeId' },
  group: { width: 92, sort: 'group', filter: 'groupId' },
  status: { width: 80, sort: 'status', filter: 'status' },
  due: { width: 96, sort: 'due', filter: 'dueAt' },
  created: { width: 104, sort: 'created', filter: 'createdAt' },
  createdBy: { width: 76, filter: 'createdBy' },
  updated: { width: 104, sort: 'updated', filter: 'updatedAt' },
  resolved: { width: 112, sort: 'resolved', filter: 'resolvedAt' },
  expiredFrom: { width: 84, lists: ['expired', 'pool'] },
  at: { width: 124, sort: 'updated', lists: ['transferred'] },
  toName: { width: 84, lists: ['transferred'] },
  reason: { width: 140, lists: ['transferred'] },
};

const isPlain = (id: string): id is PlainColumn => Object.hasOwn(shapes, id);

export type Width = 'tiny' | 'rail' | 'plain' | 'wide';

/** What a list shows before anybody chose: at 1366 px, and what a wide window adds. Those after `|` go first when it is narrow. */
const usual: Readonly<Record<ListName, { readonly plain: readonly PlainColumn[]; readonly wide: readonly PlainColumn[] }>> = {
  pending: of(['next', 'number', 'subject', 'customer', 'status', 'due'], ['category', 'priority', 'source', 'updated']),
  processing: of(['next', 'number', 'subject', 'customer', 'status', 'due'], ['category', 'priority', 'source', 'updated']),
  resolved: of(['resolved', 'number', 'subject', 'customer', 'status', 'next'], ['category', 'priority', 'source']),
  transferred: of(['at', 'number', 'subject', 'customer', 'toName', 'reason'], ['category']),
  pool: of(['number', 'subject', 'category', 'customer', 'updated'], ['priority', 'source', 'group', 'due', 'created']),
  all: of(['next', 'number', 'subject', 'customer', 'assignee', 'status'], ['category', 'priority', 'source', 'due', 'updated']),
  review: of(['resolved', 'number', 'subject', 'customer', 'assignee'], ['category', 'priority', 'group', 'source']),
  expired: of(['updated', 'number', 'subject', 'customer', 'expiredFrom'], ['category', 'priority', 'group', 'created']),
};
function of(plain: PlainColumn[], extra: PlainColumn[]): { plain: PlainColumn[]; wide: PlainColumn[] } {
  const at = plain.indexOf('subject') + 1;
  return {
    plain,
    wide: [...plain.slice(0, at), ...extra.filter((c) => c !== 'updated'), ...plain.slice(at), ...extra.filter((c) => c === 'updated')],
  };
}
const kept: readonly PlainColumn[] = ['next', 'resolved', 'at', 'subject', 'status', 'assignee', 'toName', 'updated'];

/** What can be done in a row of this list without opening it, as the width of its place; null: nothing. */
const actWidth: Partial<Record<ListName, number>> = { pool: 76, review: 156, expired: 76 };

/** Every column that a list can show, in the order of the chooser. */
export const possibleColumns = (list: ListName, customIds: readonly string[]): string[] => [
  ...columnIds.filter((id) => shapes[id].lists?.includes(list) ?? true),
  ...customIds.map((id) => `custom.${id}`),
];

export interface ChosenColumn {
  readonly key: string;
  readonly width: number;
}

/** The usual choice of a list, as it would be kept. */
export const usualColumns = (list: ListName, width: Width): ChosenColumn[] =>
  usual[list][width === 'wide' ? 'wide' : 'plain'].map((key) => ({ key, width: shapes[key].width }));

export const widthOf = (key: string): number => (isPlain(key) ? shapes[key].width : 112);

export interface ColumnWish {
  readonly list: ListName;
  readonly width: Width;
  /** What the account chose; empty: the usual. */
  readonly chosen: readonly ChosenColumn[];
  /** Ids of custom fields in use. */
  readonly customIds: readonly string[];
  /** Whether rows have their own buttons. */
  readonly acting: boolean;
}

/** What stands in the table, left to right. */
export function shownColumns({ list, width, chosen, customIds, acting }: ColumnWish): readonly Column[] {
  const possible = possibleColumns(list, customIds);
  const own = chosen.filter((c) => possible.includes(c.key));
  const narrow = width === 'rail' || width === 'tiny';
  let wanted = own.length > 0 ? own : usualColumns(list, width).filter((c) => !narrow || kept.includes(c.key as PlainColumn));
  // At 200 % zoom: when and what.
  if (width === 'tiny') wanted = wanted.filter((c) => kept.includes(c.key as PlainColumn)).slice(0, 2);
  const columns = wanted.map(({ key, width: px }): Column => ({
    id: key as ColumnId,
    width: width === 'tiny' ? (key === 'subject' ? 60 : 132) : px,
    stretch: key === 'subject' || (list === 'transferred' && key === 'reason'),
    sort: isPlain(key) ? (shapes[key].sort ?? null) : null,
  }));
  const act = acting ? actWidth[list] : undefined;
  return [
    { id: 'mark', width: 28, stretch: false, sort: null },
    ...columns,
    ...(act === undefined ? [] : [{ id: 'act', width: act, stretch: false, sort: null } as const]),
  ];
}

/** The column that shows what a condition is about; null: none does. */
export const columnOfCondition = (conditionKey: string): string | null =>
  conditionKey.startsWith('custom.') ? conditionKey : (columnIds.find((id) => shapes[id].filter === conditionKey) ?? null);
