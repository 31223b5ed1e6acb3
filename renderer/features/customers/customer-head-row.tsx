import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon.tsx';
import type { CustomerColumn, CustomerSort } from './customer-columns.ts';

export interface CustomerHeadRowProps {
  readonly columns: readonly CustomerColumn[];
  readonly by: CustomerSort;
  readonly descending: boolean;
  onSort(by: CustomerSort): void;
}

export function CustomerHeadRow({ columns, by, descending, onSort }: CustomerHeadRowProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="thwrap" role="rowgroup">
      <div className="th" role="row" aria-rowindex={1}>
        {columns.map((c) => {
          const name = t(`customers.column.${c.id}`);
          const sorted = c.sort === by;
          return (
            <div
              key={c.id}
              role="columnheader"
              className={c.id === 'mark' ? 'g' : undefined}
              aria-sort={sorted ? (descending ? 'descending' : 'ascending') : undefined}
            >
              {c.id === 'mark' ? (
                <span className="sr">{name}</span>
              ) : c.sort === undefined ? (
                name
              ) : (
                <button
                  type="button"
                  className={sorted ? 'sorted' : ''}
                  title={t('customers.sortBy', { column: name })}
                  data-testid={`customer-sort-${c.sort}`}
                  onClick={() => onSort(c.sort!)}
                >
                  {name}
                  {sorted && <Icon name={descending ? 'down' : 'up'} small />}
                </button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
