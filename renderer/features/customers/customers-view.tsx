import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactElement, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import { core } from '../../bridge.ts';
import { isOnItsWay, usePages } from '../../hooks/use-pages.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useWidth } from '../../hooks/use-width.ts';
import { offerListCursor } from '../../stores/list-cursor.ts';
import { type CustomerView, useView } from '../../stores/view-store.ts';
import { Blank } from '../../ui/blank.tsx';
import { TABLE_HEAD } from '../tickets/table-head.tsx';
import { customerColumns, type CustomerSort } from './customer-columns.ts';
import { CustomerHeadRow } from './customer-head-row.tsx';
import { NEW_CUSTOMER } from './customer-panel.tsx';
import { CustomerRow, type CustomerRowData } from './customer-row.tsx';
import { CustomersHead } from './customers-head.tsx';

type Page = OutputOf<CoreContract['queries']['customers.list']>;

const PAGE = 100;
const ROW = 32;
/** Rows loaded ahead of what is in sight. */
const AHEAD = 40;
const usual: Readonly<Record<CustomerView, { readonly by: CustomerSort; readonly descending: boolean }>> = {
  mine: { by: 'updated', descending: true },
  free: { by: 'updated', descending: true },
  invalid: { by: 'updated', descending: true },
  all: { by: 'updated', descending: true },
};

/** 用户资源: the customers, in four parts. */
export function CustomersView({ view }: { readonly view: CustomerView }): ReactElement {
  const { t } = useTranslation();
  const openId = useView((s) => s.openCustomer);
  const showCustomer = useView((s) => s.showCustomer);
  const firstSync = useQuery('sync.state', {}).value?.firstSync ?? null;
  const width = useWidth();
  const [text, setText] = useState('');
  const [sortings, setSortings] = useState(usual);
  const sorting = sortings[view];
  const scroller = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<readonly number[]>([0]);
  const [cursor, setCursor] = useState<{ readonly id: string; readonly index: number } | null>(null);

  const key = `${view} ${sorting.by} ${sorting.descending} ${text}`;
  const held = usePages<Page>(key, wanted, (page, onValue) =>
    core.watch(
      'customers.list',
      { view, text, sort: sorting.by, descending: sorting.descending, offset: page * PAGE, limit: PAGE },
      onValue,
    ),
  );
  const head = held.pages.get(wanted[0] ?? 0) ?? held.pages.values().next().value;
  const total = head?.total ?? 0;
  const rowAt = useCallback((index: number) => held.pages.get(Math.floor(index / PAGE))?.rows[index % PAGE], [held]);
  const indexOf = useCallback(
    (id: string): number => {
      for (const [page, { rows }] of held.pages) {
        const at = rows.findIndex((row) => row.id === id);
        if (at >= 0) return page * PAGE + at;
      }
      return -1;
    },
    [held],
  );

  // A place for what was found elsewhere than in the name, if anything was.
  const elsewhere = useMemo(
    () => text !== '' && [...held.pages.values()].some(({ rows }) => rows.some((row) => row.hits.some((h) => h.field !== 'name'))),
    [held, text],
  );
  const columns = useMemo(() => customerColumns(view, width, elsewhere), [view, width, elsewhere]);

  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: TABLE_HEAD,
    scrollPaddingStart: TABLE_HEAD,
    onChange: (v) => {
      if (v.range === null) return;
      const first = Math.floor(Math.max(0, v.range.startIndex - AHEAD) / PAGE);
      const last = Math.floor(Math.min(Math.max(0, total - 1), v.range.endIndex + AHEAD) / PAGE);
      setWanted((before) =>
        before[0] === first && before.at(-1) === last ? before : Array.from({ length: last - first + 1 }, (_, i) => first + i),
      );
    },
  });
  useEffect(() => {
    setWanted([0]);
    setCursor(null);
    scroller.current?.scrollTo({ top: 0 });
  }, [key]);

  const openIndex = useMemo(() => (openId === null ? -1 : indexOf(openId)), [indexOf, openId]);
  const cursorIndex = useMemo(() => {
    if (cursor === null) return Math.max(0, openIndex);
    const at = indexOf(cursor.id);
    return at >= 0 ? at : Math.min(cursor.index, Math.max(0, total - 1));
  }, [cursor, indexOf, openIndex, total]);

  useEffect(() => offerListCursor({ nextAfter: () => null, focus: () => scroller.current?.focus() }), []);

  const pick = useCallback(
    (row: CustomerRowData, index: number) => {
      setCursor({ id: row.id, index });
      showCustomer(row.id);
      scroller.current?.focus({ preventScroll: true });
    },
    [showCustomer],
  );
  const moveTo = (index: number): void => {
    const to = Math.max(0, Math.min(total - 1, index));
    setCursor({ id: rowAt(to)?.id ?? '', index: to });
    virtualizer.scrollToIndex(to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code === 'KeyN' && !event.shiftKey) {
      event.preventDefault();
      return showCustomer(NEW_CUSTOMER);
    }
    if (event.code === 'Escape' && openId !== null) {
      event.preventDefault();
      return showCustomer(null);
    }
    if (total === 0) return;
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

  const busy = isOnItsWay(held, key);
  const empty = !busy && total === 0;
  const words = t(`customers.empty.${text === '' ? view : 'found'}`, { returnObjects: true }) as unknown as [string, string];
  return (
    <main className="list" data-testid={`customers-${view}`}>
      <CustomersHead view={view} page={head} text={text} onText={setText} onLeave={() => scroller.current?.focus()} />
      <div
        ref={scroller}
        className="rows"
        role="grid"
        tabIndex={0}
        aria-label={`${t('customers.title')} ${t(`customers.view.${view}`)}`}
        aria-busy={busy}
        aria-rowcount={total + 1}
        aria-activedescendant={total > 0 ? `customer-row-${cursorIndex}` : undefined}
        style={{ '--cols': columns.map((c) => c.width).join(' ') } as CSSProperties}
        data-testid="customer-list"
        onKeyDown={onKeyDown}
      >
        <CustomerHeadRow
          columns={columns}
          by={sorting.by}
          descending={sorting.descending}
          onSort={(by) =>
            setSortings((s) => ({
              ...s,
              [view]: { by, descending: s[view].by === by ? !s[view].descending : by === 'updated' || by === 'open' },
            }))
          }
        />
        <div className="spread" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rowAt(item.index);
            return row === undefined ? null : (
              <CustomerRow
                key={row.id}
                row={row}
                columns={columns}
                index={item.index}
                top={item.start - TABLE_HEAD}
                open={row.id === openId}
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
      {empty && firstSync === null && <Blank icon="user" words={words} />}
    </main>
  );
}
