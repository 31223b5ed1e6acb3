import { useCallback, useMemo, useState } from 'react';
import { fieldsInUse } from '../../../shared/domain/custom-fields.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import { useLayout } from '../../hooks/use-layout.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useWidth } from '../../hooks/use-width.ts';
import { type ChosenColumn, type Column, shownColumns, usualColumns } from './columns.ts';

export interface Columns {
  readonly columns: readonly Column[];
  /** What is shown, as it is or would be kept. */
  readonly chosen: readonly ChosenColumn[];
  /** px; kept once `done`. */
  resize(id: string, width: number, done: boolean): void;
  /** Empty: back to the usual ones. */
  choose(columns: readonly ChosenColumn[]): void;
}

/** The columns of a list: the account's choice, or what is usual at this width of the window. */
export function useColumns(list: ListName): Columns {
  const width = useWidth();
  const { layout, save } = useLayout(list);
  const fields = useQuery('directory.list', {}).value?.customFields;
  const [drag, setDrag] = useState<ChosenColumn | null>(null);
  const customIds = useMemo(() => fieldsInUse(fields ?? []).map((f) => f.id), [fields]);
  const chosen = useMemo(() => {
    const kept = layout?.columns ?? [];
    return kept.length > 0 ? kept : usualColumns(list, width);
  }, [layout, list, width]);
  const columns = useMemo(() => {
    const base = drag === null ? (layout?.columns ?? []) : chosen.map((c) => (c.key === drag.key ? drag : c));
    return shownColumns({ list, width, chosen: base, customIds, acting: true });
  }, [list, width, layout, chosen, drag, customIds]);
  const choose = useCallback((next: readonly ChosenColumn[]) => save({ columns: [...next] }), [save]);
  const resize = useCallback(
    (id: string, px: number, done: boolean) => {
      setDrag(done ? null : { key: id, width: px });
      if (done) save({ columns: chosen.map((c) => (c.key === id ? { key: id, width: px } : c)) });
    },
    [save, chosen],
  );
  return { columns, chosen, resize, choose };
}
