import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Column } from './columns.ts';

/** Its height; it stays on top while the rows scroll under it. */
export const TABLE_HEAD = 30;

export interface TableHeadProps {
  readonly list: ListName;
  readonly columns: readonly Column[];
  /** 时限 takes part in the filter. */
  readonly filtered: boolean;
}

export function TableHead({ list, columns, filtered }: TableHeadProps): ReactElement {
  const { t } = useTranslation();
  const sorting = useView((s) => s.sorting[list]);
  const sortBy = useView((s) => s.sortBy);
  return (
    <div className="thwrap" role="rowgroup">
      <div className="th" role="row" aria-rowindex={1}>
        {columns.map((c) => {
          const name = t(`list.column.${c.id}`);
          const sorted = c.sort !== undefined && c.sort === sorting.by;
          return (
            <div
              key={c.id}
              role="columnheader"
              className={c.id === 'mark' ? 'g' : c.id === 'next' && filtered ? 'f' : undefined}
              aria-sort={sorted ? (sorting.descending ? 'descending' : 'ascending') : undefined}
            >
              {c.id === 'mark' ? (
                <span className="sr">{name}</span>
              ) : c.sort === undefined ? (
                name
              ) : (
                <button
                  type="button"
                  className={sorted ? 'sorted' : ''}
                  title={t('list.sortBy', { column: name })}
                  data-testid={`sort-${c.sort}`}
                  onClick={() => sortBy(list, c.sort!)}
                >
                  {name}
                  {sorted && <Icon name={sorting.descending ? 'down' : 'up'} small />}
                </button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
