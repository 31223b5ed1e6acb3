import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import { conditionKey } from '../../../shared/domain/filter/filter.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import { LIST_PAGE as PAGE, listPage } from '../../hooks/ask-ahead.ts';
import { useCustomWords } from '../../hooks/use-custom-words.ts';
import { useListView } from '../../hooks/use-list-view.ts';
import { isOnItsWay, usePages } from '../../hooks/use-pages.ts';
import { answerTo, useQuery, watchQuery } from '../../hooks/use-query.ts';
import { offerListCursor } from '../../stores/list-cursor.ts';
import { type OpenTicket, useView } from '../../stores/view-store.ts';
import { Blank } from '../../ui/blank.tsx';
import { Icon } from '../../ui/icon.tsx';
import { later, settle } from '../../ui/later.tsx';
import { OlderBar } from '../../ui/older-bar.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { ColumnChooser } from './column-chooser.tsx';
import { columnOfCondition } from './columns.ts';
import { listIcons } from './list-icons.ts';
import { ListHead } from './list-head.tsx';
import { TABLE_HEAD, TableHead } from './table-head.tsx';
import { TicketRow, type TicketRowData } from './ticket-row.tsx';
import { WaitingRow } from './waiting-row.tsx';
import { useAnchoredScroll } from './use-anchored-scroll.ts';
import { useColumns } from './use-columns.ts';
import { useRowActs } from './use-row-acts.ts';
import { tickedOf, useTicking } from './use-ticking.ts';

const FilterPanel = later(() => import('../filters/filter-panel.tsx').then((m) => m.FilterPanel));

type Page = OutputOf<CoreContract['queries']['tickets.list']>;

const ROW = 32;
/** ms after the rows, where the page finds no pause before. */
const SETTLED_AFTER = 200;
/** Rows loaded around what is in sight. */
const AROUND = 40;
/** Rows loaded ahead of a list that moves: a third of a second of dragging through thousands. */
const AHEAD = 300;

const openOf = (row: TicketRowData): OpenTicket => ({ ticketId: row.id, transferId: row.transfer?.id ?? null });
const isOpen = (row: TicketRowData, open: OpenTicket | null): boolean =>
  open !== null && row.id === open.ticketId && (row.transfer?.id ?? null) === open.transferId;

/** Lists in which finished tickets stand. */
const mayBeOlder = (list: ListName): list is 'resolved' | 'all' => list === 'resolved' || list === 'all';

export interface TicketListViewProps {
  readonly list: ListName;
  /** Seen through this 常用搜索. */
  readonly searchId: string | null;
}

/** A list of tickets: those of 我的工单, the pool, and those of whoever looks after others. */
export function TicketListView({ list, searchId }: TicketListViewProps): ReactElement {
  const { t } = useTranslation();
  const due = useView((s) => s.due);
  const view = useListView(list, searchId);
  const { sorting, text, filter } = view;
  const open = useView((s) => s.open);
  const openTicket = useView((s) => s.openTicket);
  const selected = useView((s) => s.selected);
  const filterOpen = useView((s) => s.filterOpen);
  const columnsOpen = useView((s) => s.columnsOpen);
  const firstSync = useQuery('sync.state', {}).value?.firstSync ?? null;
  const { columns, chosen, resize, choose } = useColumns(list);
  const words = useCustomWords();
  const scroller = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<readonly number[]>([0]);
  const [cursor, setCursor] = useState<{ readonly id: string; readonly index: number } | null>(null);

  const query = { list, text, filter, due, sort: sorting.by, descending: sorting.descending };
  const key = `${view.key} ${JSON.stringify(query)}`;
  const inputOf = (page: number) => listPage({ ...query, filter: [...filter] }, page);
  const held = usePages<Page>(
    key,
    wanted,
    (page, onValue) => watchQuery('tickets.list', inputOf(page), onValue),
    () => answerTo('tickets.list', inputOf(0)),
  );
  const head = held.pages.get(wanted[0] ?? 0) ?? held.pages.values().next().value;
  const total = head?.total ?? 0;
  const stands = head !== undefined;
  useEffect(() => {
    if (stands) requestIdleCallback(() => void settle(), { timeout: SETTLED_AFTER });
  }, [stands]);
  const rowAt = useCallback((index: number) => held.pages.get(Math.floor(index / PAGE))?.rows[index % PAGE], [held]);
  const find = useCallback(
    (test: (row: TicketRowData) => boolean): number => {
      for (const [page, { rows }] of held.pages) {
        const at = rows.findIndex(test);
        if (at >= 0) return page * PAGE + at;
      }
      return -1;
    },
    [held],
  );
  const acts = useRowActs(list, { text, filter });
  const ticking = useTicking({ ...query, filter: [...filter] });
  const mayTick = acts.bulk.length > 0;
  const filtered = useMemo(() => {
    const ids = filter.map((c) => columnOfCondition(conditionKey(c)));
    return new Set([...ids.filter((id) => id !== null), ...(due === 'all' ? [] : ['next'])]);
  }, [filter, due]);

  const openIndex = useMemo(() => find((row) => isOpen(row, open)), [find, open]);
  const openId = open === null ? null : `${open.ticketId} ${open.transferId}`;
  const anchor = useAnchoredScroll(scroller, ROW, held.key, openId, openIndex, total);

  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: TABLE_HEAD,
    scrollPaddingStart: TABLE_HEAD,
    paddingStart: anchor.pad.start,
    paddingEnd: anchor.pad.end,
    onChange: (v) => {
      if (v.range === null) return;
      const before = v.scrollDirection === 'backward' ? AHEAD : AROUND;
      const after = v.scrollDirection === 'forward' ? AHEAD : AROUND;
      const first = Math.floor(Math.max(0, v.range.startIndex - before) / PAGE);
      const last = Math.floor(Math.min(Math.max(0, total - 1), v.range.endIndex + after) / PAGE);
      setWanted((wished) =>
        wished[0] === first && wished.at(-1) === last ? wished : Array.from({ length: last - first + 1 }, (_, i) => first + i),
      );
    },
  });
  useEffect(() => setWanted([0]), [key]);
  useEffect(() => virtualizer.measure(), [anchor.pad.start, anchor.pad.end]);

  // What an action or a popup opened is where the arrows go on from.
  useEffect(() => setCursor(null), [openId, view.key]);

  const cursorIndex = useMemo(() => {
    if (cursor === null) return openIndex >= 0 ? openIndex : 0;
    const at = find((row) => row.id === cursor.id);
    return at >= 0 ? at : Math.min(cursor.index, Math.max(0, total - 1));
  }, [cursor, find, openIndex, total]);

  const moveTo = (index: number): void => {
    const to = Math.max(0, Math.min(total - 1, index));
    setCursor({ id: rowAt(to)?.id ?? '', index: to });
    virtualizer.scrollToIndex(to);
  };

  useEffect(
    () =>
      offerListCursor({
        nextAfter: (ticketId) => {
          const at = find((row) => row.id === ticketId);
          if (at < 0) return null;
          const next = rowAt(at + 1) ?? (at > 0 ? rowAt(at - 1) : undefined);
          return next === undefined ? null : openOf(next);
        },
        focus: () => scroller.current?.focus(),
        act: (act) => {
          if (!acts.bulk.includes(act)) return false;
          const row = rowAt(cursorIndex);
          const those = selected.size > 0 ? [...selected.values()] : row === undefined ? [] : [tickedOf(row)];
          if (those.length > 0) acts.run(act, those);
          return those.length > 0;
        },
        narrows: true,
      }),
    [find, rowAt, acts, selected, cursorIndex],
  );

  const pick = useCallback(
    (row: TicketRowData, index: number, event: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'> | null = null) => {
      setCursor({ id: row.id, index });
      scroller.current?.focus({ preventScroll: true });
      if (mayTick && event?.shiftKey === true) return void ticking.range(row, index);
      if (mayTick && (event?.ctrlKey === true || event?.metaKey === true)) return ticking.toggle(row, index);
      openTicket(openOf(row));
    },
    [openTicket, mayTick, ticking.range, ticking.toggle],
  );
  const tick = useCallback(
    (row: TicketRowData, index: number, event: MouseEvent) => {
      setCursor({ id: row.id, index });
      scroller.current?.focus({ preventScroll: true });
      if (event.shiftKey) void ticking.range(row, index);
      else ticking.toggle(row, index);
    },
    [ticking.range, ticking.toggle],
  );
  const actOn = useRef(acts);
  actOn.current = acts;
  const onAct = useCallback<(act: Parameters<typeof acts.run>[0], row: TicketRowData) => void>((act, row) => {
    actOn.current.run(act, [tickedOf(row)]);
    scroller.current?.focus({ preventScroll: true });
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.altKey || total === 0 || event.target !== event.currentTarget) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.code !== 'KeyA' || !mayTick) return;
      event.preventDefault();
      return void ticking.all(total);
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 1);
    const to = {
      ArrowDown: cursorIndex + 1,
      ArrowUp: cursorIndex - 1,
      PageDown: cursorIndex + page,
      PageUp: cursorIndex - page,
      Home: 0,
      End: total - 1,
    }[event.code];
    const row = rowAt(cursorIndex);
    if (to !== undefined) {
      event.preventDefault();
      moveTo(to);
      const target = rowAt(Math.max(0, Math.min(total - 1, to)));
      if (!event.shiftKey || !mayTick || row === undefined || target === undefined) return;
      if (!selected.has(row.id)) ticking.toggle(row, cursorIndex);
      void ticking.range(target, Math.max(0, Math.min(total - 1, to)));
    } else if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      if (row === undefined) return;
      event.preventDefault();
      pick(row, cursorIndex);
    } else if (event.code === 'Space' && mayTick && row !== undefined) {
      event.preventDefault();
      if (event.shiftKey) void ticking.range(row, cursorIndex);
      else ticking.toggle(row, cursorIndex);
    }
  };

  const empty = head !== undefined && total === 0;
  const narrowed = due !== 'all' || text !== '' || filter.length > 0;
  const name = view.search?.name ?? t(`nav.list.${list}`);
  const tracks = columns.map((c) => (c.stretch ? `minmax(${c.width}px, 1fr)` : `${c.width}px`));
  return (
    <main className="list" data-testid={`list-${list}`}>
      {selected.size > 0 && mayTick ? <BulkBar acts={acts.bulk} onAct={(act) => acts.run(act, [...selected.values()])} /> : null}
      <ListHead
        list={list}
        view={view}
        page={head}
        above={anchor.above}
        hidden={selected.size > 0 && mayTick}
        shown={columns}
        onShowAbove={anchor.toTop}
      />
      {filterOpen !== null && <FilterPanel list={list} view={view} field={filterOpen} />}
      {columnsOpen && <ColumnChooser list={list} chosen={chosen} onChoose={choose} />}
      <div
        ref={scroller}
        className={`rows${selected.size > 0 ? ' ticking' : ''}`}
        role="grid"
        tabIndex={0}
        aria-label={name}
        aria-busy={isOnItsWay(held, key)}
        aria-rowcount={total + 1}
        aria-multiselectable={mayTick}
        aria-activedescendant={total > 0 ? `row-${cursorIndex}` : undefined}
        style={{ '--cols': tracks.join(' '), '--w-cols': `${columns.reduce((sum, c) => sum + c.width, 0)}px` } as CSSProperties}
        data-testid="ticket-list"
        onKeyDown={onKeyDown}
        onScroll={anchor.onScroll}
      >
        <TableHead
          columns={columns}
          sorting={sorting}
          filtered={filtered}
          ticked={mayTick ? (selected.size === 0 ? 'none' : selected.size >= total ? 'all' : 'some') : null}
          onSort={view.sortBy}
          onTickAll={() => void ticking.all(total)}
          onResize={resize}
        />
        <div className="spread" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rowAt(item.index);
            return row === undefined ? (
              <WaitingRow key={`waits ${item.index}`} columns={columns} index={item.index} top={item.start - TABLE_HEAD} />
            ) : (
              <TicketRow
                key={row.transfer?.id ?? row.id}
                row={row}
                list={list}
                columns={columns}
                index={item.index}
                top={item.start - TABLE_HEAD}
                open={isOpen(row, open)}
                cursor={item.index === cursorIndex}
                ticked={mayTick ? selected.has(row.id) : null}
                words={words}
                onPick={pick}
                onTick={tick}
                onAct={onAct}
              />
            );
          })}
        </div>
      </div>
      {head?.more === true && (
        <div className="older" role="status" data-testid="list-more">
          <Icon name="funnel" small />
          <span className="grow">{t('list.more', { n: total.toLocaleString() })}</span>
        </div>
      )}
      {mayBeOlder(list) && firstSync === null && <OlderBar select={{ by: 'list', list, text, filter: [...filter] }} />}
      {empty && firstSync !== null && (
        <Blank icon="cloud-up" words={t('list.firstSync', { returnObjects: true }) as unknown as [string, string]} />
      )}
      {empty && firstSync === null && (
        <Blank
          icon={narrowed ? 'funnel' : listIcons[list]}
          words={t(`list.empty.${narrowed ? 'filtered' : list}`, { returnObjects: true }) as unknown as [string, string]}
        />
      )}
    </main>
  );
}
