import { type KeyboardEvent, type PointerEvent, type ReactElement, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Sorting, SortKey } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Column } from './columns.ts';
import { useColumnName } from './use-column-name.ts';

/** Its height; it stays on top while the rows scroll under it. */
export const TABLE_HEAD = 30;
const LEAST = 40;
const MOST = 900;
const STEP = 8;

export interface TableHeadProps {
  readonly columns: readonly Column[];
  readonly sorting: Sorting;
  /** Ids of columns that take part in the filter. */
  readonly filtered: ReadonlySet<string>;
  /** null: rows cannot be ticked. */
  readonly ticked: 'none' | 'some' | 'all' | null;
  onSort(by: SortKey): void;
  onTickAll(): void;
  /** px; `done`: the pointer was let go. */
  onResize(id: string, width: number, done: boolean): void;
}

export function TableHead({ columns, sorting, filtered, ticked, onSort, onTickAll, onResize }: TableHeadProps): ReactElement {
  const { t } = useTranslation();
  const nameOf = useColumnName();
  const drag = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const widthOf = (target: Element): number => target.closest('[role=columnheader]')!.getBoundingClientRect().width;
  const within = (width: number): number => Math.round(Math.max(LEAST, Math.min(MOST, width)));
  const handle = (c: Column): ReactElement => (
    <span
      className="rz"
      title={t('layout.resize', { column: nameOf(c.id) })}
      data-testid={`resize-${c.id}`}
      onPointerDown={(e: PointerEvent<HTMLSpanElement>) => {
        e.currentTarget.setPointerCapture(e.pointerId);
        drag.current = { x: e.clientX, width: widthOf(e.currentTarget) };
      }}
      onPointerMove={(e) => {
        if (drag.current !== null) onResize(c.id, within(drag.current.width + e.clientX - drag.current.x), false);
      }}
      onPointerUp={(e) => {
        if (drag.current === null) return;
        const { x, width } = drag.current;
        drag.current = null;
        if (e.clientX !== x) onResize(c.id, within(width + e.clientX - x), true);
      }}
    />
  );
  const onKeyDown = (event: KeyboardEvent, c: Column): void => {
    const step = event.code === 'ArrowRight' ? STEP : event.code === 'ArrowLeft' ? -STEP : 0;
    if (step === 0 || !event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    onResize(c.id, within(c.width + step), true);
  };
  return (
    <div className="thwrap" role="rowgroup">
      <div className="th" role="row" aria-rowindex={1}>
        {columns.map((c) => {
          const name = nameOf(c.id);
          const sorted = c.sort !== null && c.sort === sorting.by;
          if (c.id === 'mark') {
            return (
              <div key={c.id} role="columnheader" className="g">
                {ticked === null ? (
                  <span className="sr">{name}</span>
                ) : (
                  <input
                    type="checkbox"
                    className={ticked === 'none' ? 'tick' : 'tick on'}
                    aria-label={t('bulk.selectAll')}
                    title={`${t('bulk.selectAll')} Ctrl A`}
                    tabIndex={-1}
                    checked={ticked === 'all'}
                    ref={(el) => {
                      if (el !== null) el.indeterminate = ticked === 'some';
                    }}
                    data-testid="select-all"
                    onChange={onTickAll}
                  />
                )}
              </div>
            );
          }
          return (
            <div
              key={c.id}
              role="columnheader"
              className={filtered.has(c.id) ? 'f' : undefined}
              data-column={c.id}
              aria-sort={sorted ? (sorting.descending ? 'descending' : 'ascending') : undefined}
            >
              {c.sort === null ? (
                <span className="el" title={name}>
                  {name}
                </span>
              ) : (
                <button
                  type="button"
                  className={sorted ? 'sorted' : ''}
                  title={`${t('list.sortBy', { column: name })} · Shift ← →`}
                  data-testid={`sort-${c.sort}`}
                  onClick={() => onSort(c.sort!)}
                  onKeyDown={(e) => onKeyDown(e, c)}
                >
                  <span className="el">{name}</span>
                  {sorted && <Icon name={sorting.descending ? 'down' : 'up'} small />}
                </button>
              )}
              {c.id !== 'act' && handle(c)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
