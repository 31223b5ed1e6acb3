import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactElement, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import type { BucketCode } from '../../../shared/domain/reminders/buckets.ts';
import { core } from '../../bridge.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { isOnItsWay, usePages } from '../../hooks/use-pages.ts';
import { useWidth } from '../../hooks/use-width.ts';
import { offerListCursor } from '../../stores/list-cursor.ts';
import { TABLE_HEAD } from '../tickets/table-head.tsx';
import { useView } from '../../stores/view-store.ts';
import { Blank } from '../../ui/blank.tsx';
import { Icon } from '../../ui/icon.tsx';
import { type BucketItem, bucketItems, itemHeight, type ReminderRowData } from './bucket-items.ts';
import { BucketHead } from './bucket-head.tsx';
import { BucketRow } from './bucket-row.tsx';

type Page = OutputOf<CoreContract['queries']['reminders.bucket']>;
const PAGE = 200;

/** One of the six buckets: callbacks and deadlines by day. */
export function BucketList({ bucket }: { readonly bucket: BucketCode }): ReactElement {
  const { t } = useTranslation();
  const now = useNow();
  const width = useWidth();
  const scope = useView((s) => s.scope);
  const personId = useView((s) => s.personId);
  const kind = useView((s) => s.reminderFilter);
  const open = useView((s) => s.open);
  const openTicket = useView((s) => s.openTicket);
  const scroller = useRef<HTMLDivElement>(null);
  const [loaded, setLoaded] = useState(1);
  const [cursorKey, setCursorKey] = useState<string | null>(null);
  const team = scope === 'team';
  const rail = width === 'rail' || width === 'tiny';

  const key = `${bucket} ${scope} ${personId} ${kind}`;
  const wanted = useMemo(() => Array.from({ length: loaded }, (_, i) => i), [loaded]);
  const held = usePages<Page>(key, wanted, (page, onValue) =>
    core.watch('reminders.bucket', { bucket, scope, accountId: personId, kind, offset: page * PAGE, limit: PAGE }, onValue),
  );
  const first = held.pages.get(0);
  const rows = useMemo(() => [...held.pages.entries()].sort(([a], [b]) => a - b).flatMap(([, page]) => page.rows), [held]);
  const total = first?.total ?? 0;
  const items = useMemo(() => bucketItems(rows, rows.length >= total, now), [rows, total, now]);

  useEffect(() => {
    setLoaded(1);
    setCursorKey(null);
    scroller.current?.scrollTo({ top: 0 });
  }, [key]);

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => itemHeight(items[i]!),
    getItemKey: (i) => items[i]!.key,
    overscan: 12,
    scrollMargin: TABLE_HEAD,
    scrollPaddingStart: TABLE_HEAD,
    onChange: (v) => {
      if (v.range !== null && v.range.endIndex > items.length - 60 && rows.length < total && rows.length >= loaded * PAGE)
        setLoaded(loaded + 1);
    },
  });
  useEffect(() => virtualizer.measure(), [items]);

  const rowIndexes = useMemo(() => items.flatMap((item, i) => (item.kind === 'row' ? [i] : [])), [items]);
  const indexOf = (test: (row: ReminderRowData) => boolean): number => items.findIndex((item) => item.kind === 'row' && test(item.row));
  const openIndex = open === null ? -1 : indexOf((row) => row.key === cursorKey && row.ticketId === open.ticketId);
  const shownOpen = openIndex >= 0 ? openIndex : open === null ? -1 : indexOf((row) => row.ticketId === open.ticketId);
  const cursorAt = cursorKey === null ? -1 : indexOf((row) => row.key === cursorKey);
  const cursorIndex = cursorAt >= 0 ? cursorAt : shownOpen >= 0 ? shownOpen : (rowIndexes[0] ?? -1);

  useEffect(
    () =>
      offerListCursor({
        nextAfter: (ticketId) => {
          const at = rows.findIndex((row) => row.ticketId === ticketId);
          const next =
            at < 0
              ? undefined
              : (rows.slice(at + 1).find((row) => row.ticketId !== ticketId) ??
                rows.slice(0, at).findLast((row) => row.ticketId !== ticketId));
          return next === undefined ? null : { ticketId: next.ticketId, transferId: null };
        },
        focus: () => scroller.current?.focus(),
      }),
    [rows],
  );

  const pick = useCallback(
    (row: ReminderRowData) => {
      setCursorKey(row.key);
      openTicket({ ticketId: row.ticketId, transferId: null });
      scroller.current?.focus({ preventScroll: true });
    },
    [openTicket],
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey || rowIndexes.length === 0) return;
    const at = rowIndexes.indexOf(cursorIndex);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / 32) - 1);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -items.length, End: items.length }[event.code];
    const item = items[cursorIndex];
    if (step !== undefined) {
      event.preventDefault();
      const to = rowIndexes[Math.max(0, Math.min(rowIndexes.length - 1, at + step))]!;
      const target = items[to];
      if (target?.kind === 'row') setCursorKey(target.row.key);
      virtualizer.scrollToIndex(to);
    } else if ((event.code === 'Enter' || event.code === 'NumpadEnter') && item?.kind === 'row') {
      event.preventDefault();
      pick(item.row);
    }
  };

  const cols = [
    '24px',
    '158px',
    '74px',
    ...(rail ? [] : ['68px']),
    'minmax(120px, 1fr)',
    ...(rail ? [] : ['74px']),
    ...(team ? ['74px'] : []),
    '82px',
  ].join(' ');
  return (
    <main className="list" data-testid={`bucket-${bucket}`}>
      <BucketHead bucket={bucket} page={first} />
      <div
        ref={scroller}
        className="rows"
        role="grid"
        tabIndex={0}
        aria-label={t(`nav.bucket.${bucket}`)}
        aria-busy={isOnItsWay(held, key)}
        aria-rowcount={items.length + 1}
        aria-activedescendant={cursorIndex >= 0 ? `row-${cursorIndex}` : undefined}
        style={{ '--cols': cols } as CSSProperties}
        data-testid="bucket-rows"
        onKeyDown={onKeyDown}
      >
        <div className="thwrap" role="rowgroup">
          <div className="th" role="row" aria-rowindex={1}>
            <div role="columnheader" className="g">
              <span className="sr">{t('list.column.mark')}</span>
            </div>
            <div role="columnheader" aria-sort="ascending" className="sorted">
              {t('bucket.column.time')}
            </div>
            <div role="columnheader">{t('bucket.column.kind')}</div>
            {!rail && <div role="columnheader">{t('bucket.column.number')}</div>}
            <div role="columnheader">{t('bucket.column.ticket')}</div>
            {!rail && <div role="columnheader">{t('bucket.column.customer')}</div>}
            {team && (
              <div role="columnheader" className={personId === null ? undefined : 'f acc'}>
                {t('bucket.column.assignee')}
              </div>
            )}
            <div role="columnheader">{t('bucket.column.status')}</div>
          </div>
        </div>
        <div className="spread" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((v) => {
            const item = items[v.index]!;
            return item.kind === 'row' ? (
              <BucketRow
                key={item.key}
                row={item.row}
                index={v.index}
                top={v.start - TABLE_HEAD}
                open={v.index === shownOpen}
                cursor={v.index === cursorIndex}
                team={team}
                rail={rail}
                onPick={pick}
              />
            ) : (
              <Mark key={item.key} item={item} top={v.start - TABLE_HEAD} now={now} />
            );
          })}
        </div>
      </div>
      {first !== undefined && total === 0 && (
        <Blank icon="clock" words={t('bucket.empty', { returnObjects: true }) as unknown as [string, string]} />
      )}
    </main>
  );
}

function Mark({
  item,
  top,
  now,
}: {
  readonly item: Exclude<BucketItem, { kind: 'row' }>;
  readonly top: number;
  readonly now: number;
}): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const style = { transform: `translateY(${top}px)` };
  if (item.kind === 'now') {
    return (
      <div className="nowline" role="row" style={style} data-testid="now-line">
        <span role="gridcell">
          {t('time.now')} {format.clock(now)}
        </span>
      </div>
    );
  }
  return (
    <div className="day" role="row" style={style}>
      <span role="gridcell" className="row">
        <b>{format.day(item.at, now)}</b>
        {item.count !== null && <span className="t3">{t('bucket.items', { n: item.count })}</span>}
        {item.overdue > 0 && (
          <span className="danger">
            <Icon name="over" small />
            {t('bucket.overdueItems', { n: item.overdue })}
          </span>
        )}
      </span>
    </div>
  );
}
