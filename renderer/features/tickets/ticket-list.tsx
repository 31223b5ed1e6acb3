import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactElement, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import { core } from '../../bridge.ts';
import { usePages } from '../../hooks/use-pages.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useWidth } from '../../hooks/use-width.ts';
import { offerListCursor } from '../../stores/list-cursor.ts';
import { type OpenTicket, useView } from '../../stores/view-store.ts';
import { Blank } from '../../ui/blank.tsx';
import { shownColumns } from './columns.ts';
import { ListHead } from './list-head.tsx';
import { TABLE_HEAD, TableHead } from './table-head.tsx';
import { TicketRow, type TicketRowData } from './ticket-row.tsx';
import { useAnchoredScroll } from './use-anchored-scroll.ts';

type Page = OutputOf<CoreContract['queries']['tickets.list']>;

const PAGE = 100;
const ROW = 32;
/** Rows loaded ahead of what is in sight. */
const AHEAD = 40;

const openOf = (row: TicketRowData): OpenTicket => ({ ticketId: row.id, transferId: row.transfer?.id ?? null });
const isOpen = (row: TicketRowData, open: OpenTicket | null): boolean =>
  open !== null && row.id === open.ticketId && (row.transfer?.id ?? null) === open.transferId;

/** One of the four lists of 我的工单. */
export function TicketListView({ list }: { readonly list: ListName }): ReactElement {
  const { t } = useTranslation();
  const due = useView((s) => s.due);
  const sorting = useView((s) => s.sorting[list]);
  const open = useView((s) => s.open);
  const openTicket = useView((s) => s.openTicket);
  const firstSync = useQuery('sync.state', {}).value?.firstSync ?? null;
  const width = useWidth();
  const columns = useMemo(() => shownColumns(list, width), [list, width]);
  const scroller = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<readonly number[]>([0]);
  const [cursor, setCursor] = useState<{ readonly id: string; readonly index: number } | null>(null);

  const key = `${list} ${due} ${sorting.by} ${sorting.descending}`;
  const held = usePages<Page>(key, wanted, (page, onValue) =>
    core.watch('tickets.list', { list, due, sort: sorting.by, descending: sorting.descending, offset: page * PAGE, limit: PAGE }, onValue),
  );
  const head = held.pages.get(wanted[0] ?? 0) ?? held.pages.values().next().value;
  const total = head?.total ?? 0;
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
      const first = Math.floor(Math.max(0, v.range.startIndex - AHEAD) / PAGE);
      const last = Math.floor(Math.min(Math.max(0, total - 1), v.range.endIndex + AHEAD) / PAGE);
      setWanted((before) =>
        before[0] === first && before.at(-1) === last ? before : Array.from({ length: last - first + 1 }, (_, i) => first + i),
      );
    },
  });
  useEffect(() => setWanted([0]), [key]);
  useEffect(() => virtualizer.measure(), [anchor.pad.start, anchor.pad.end]);

  // What an action or a popup opened is where the arrows go on from.
  useEffect(() => setCursor(null), [openId]);

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
      }),
    [find, rowAt],
  );

  const pick = useCallback(
    (row: TicketRowData, index: number) => {
      setCursor({ id: row.id, index });
      openTicket(openOf(row));
      scroller.current?.focus({ preventScroll: true });
    },
    [openTicket],
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey || total === 0) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 1);
    const to = {
      ArrowDown: cursorIndex + 1,
      ArrowUp: cursorIndex - 1,
      PageDown: cursorIndex + page,
      PageUp: cursorIndex - page,
      Home: 0,
      End: total - 1,
    }[event.code];
    if (to !== undefined) {
      event.preventDefault();
      moveTo(to);
    } else if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      const row = rowAt(cursorIndex);
      if (row === undefined) return;
      event.preventDefault();
      pick(row, cursorIndex);
    }
  };

  const empty = head !== undefined && total === 0;
  return (
    <main className="list" data-testid={`list-${list}`}>
      <ListHead list={list} page={head} above={anchor.above} onShowAbove={anchor.toTop} />
      <div
        ref={scroller}
        className="rows"
        role="grid"
        tabIndex={0}
        aria-label={t(`nav.list.${list}`)}
        aria-rowcount={total + 1}
        aria-activedescendant={total > 0 ? `row-${cursorIndex}` : undefined}
        style={{ '--cols': columns.map((c) => c.width).join(' ') } as CSSProperties}
        data-testid="ticket-list"
        onKeyDown={onKeyDown}
        onScroll={anchor.onScroll}
      >
        <TableHead list={list} columns={columns} filtered={due !== 'all'} />
        <div className="spread" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rowAt(item.index);
            return row === undefined ? null : (
              <TicketRow
                key={row.transfer?.id ?? row.id}
                row={row}
                columns={columns}
                index={item.index}
                top={item.start - TABLE_HEAD}
                open={isOpen(row, open)}
                cursor={item.index === cursorIndex}
                onPick={pick}
              />
            );
          })}
        </div>
      </div>
      {empty && firstSync !== null && (
        <Blank icon="cloud-up" words={t('list.firstSync', { returnObjects: true }) as unknown as [string, string]} />
      )}
      {empty && firstSync === null && (
        <Blank
          icon={list === 'transferred' ? 'swap' : list === 'all' ? 'note' : list}
          words={t(`list.empty.${due === 'all' ? list : 'filtered'}`, { returnObjects: true }) as unknown as [string, string]}
        />
      )}
    </main>
  );
}
