import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { TABLE_HEAD } from './table-head.tsx';
import { useView } from '../../stores/view-store.ts';

export interface AnchoredScroll {
  /** Empty space that keeps the opened row in place where scrolling alone cannot. */
  readonly pad: { readonly start: number; readonly end: number };
  /** New rows that wait above, out of sight. */
  readonly above: number;
  /** Shows them. */
  toTop(): void;
  onScroll(): void;
}

/**
 * Keeps the opened row where it is when data arrives: what comes in above is scrolled away and counted.
 * @param listKey changes with the list, its filter and its order; then the list starts at its top.
 * @param index where the opened row is now; −1 if it is not among the loaded rows.
 */
export function useAnchoredScroll(
  scroller: RefObject<HTMLElement | null>,
  rowHeight: number,
  listKey: string,
  rowId: string | null,
  index: number,
  total: number,
): AnchoredScroll {
  const [pad, setPad] = useState({ start: 0, end: 0 });
  const [above, setAbove] = useState(0);
  const last = useRef<{ listKey: string; rowId: string; index: number; total: number } | null>(null);
  const shownKey = useRef(listKey);
  const target = useRef<number | null>(null);

  useLayoutEffect(() => {
    const el = scroller.current;
    const before = last.current;
    last.current = rowId === null || index < 0 ? null : { listKey, rowId, index, total };
    if (el === null) return;
    if (shownKey.current !== listKey) {
      shownKey.current = listKey;
      target.current = 0;
      setPad({ start: 0, end: 0 });
      setAbove(0);
      return;
    }
    if (before === null || before.listKey !== listKey || before.rowId !== rowId || index < 0 || index === before.index) return;
    if (Date.now() < useView.getState().settlingUntil) {
      // Moved by the agent's own action: the list follows the row instead of holding it.
      const top = index * rowHeight;
      const lowest = top + rowHeight + TABLE_HEAD - el.clientHeight;
      target.current = Math.max(0, lowest, Math.min(el.scrollTop, top));
      setPad({ start: 0, end: 0 });
      return;
    }
    const y = before.index * rowHeight + pad.start - el.scrollTop;
    if (y <= -rowHeight || y >= el.clientHeight - TABLE_HEAD) return;
    const rows = index - before.index;
    let wanted = el.scrollTop + rows * rowHeight;
    let { start, end } = pad;
    if (wanted < 0) {
      start -= wanted;
      wanted = 0;
    }
    const most = TABLE_HEAD + total * rowHeight + start + end - el.clientHeight;
    if (wanted > most) end += wanted - Math.max(most, 0);
    target.current = wanted;
    setPad({ start, end });
    // A row that only changed places is no news.
    const news = Math.min(rows, total - before.total);
    if (news > 0) setAbove((n) => n + news);
  }, [listKey, rowId, index, total]);

  // After the pad has made room for it.
  useLayoutEffect(() => {
    if (target.current === null || scroller.current === null) return;
    scroller.current.scrollTop = target.current;
    target.current = null;
  }, [pad]);

  const toTop = useCallback(() => {
    target.current = 0;
    setPad({ start: 0, end: 0 });
    setAbove(0);
  }, []);

  const onScroll = useCallback(() => {
    const el = scroller.current;
    if (el === null || target.current !== null) return;
    if (el.scrollTop < rowHeight / 2) setAbove(0);
    if (pad.start > 0 && el.scrollTop >= pad.start) {
      target.current = el.scrollTop - pad.start;
      setPad({ start: 0, end: pad.end });
    }
  }, [pad, rowHeight]);

  // Those that came may have gone again.
  return { pad, above: Math.min(above, total), toTop, onScroll };
}
