import { memo, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { customerRowView } from '../../../shared/bridge/views.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { Icon } from '../../ui/icon.tsx';
import { Marked } from '../../ui/marked.tsx';
import { urgencyOf } from '../tickets/due-cell.tsx';
import type { CustomerColumn } from './customer-columns.ts';

export type CustomerRowData = z.infer<typeof customerRowView>;

export interface CustomerRowProps {
  readonly row: CustomerRowData;
  readonly columns: readonly CustomerColumn[];
  readonly index: number;
  readonly top: number;
  readonly open: boolean;
  readonly cursor: boolean;
  onPick(row: CustomerRowData, index: number): void;
}

function Row({ row, columns, index, top, open, cursor, onPick }: CustomerRowProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const hit = (field: CustomerRowData['hits'][number]['field'], text: string) =>
    row.hits.find((h) => h.field === field && h.text === text)?.ranges;
  const cell = (column: CustomerColumn): ReactNode => {
    switch (column.id) {
      case 'mark':
        return row.pending ? (
          <span className="g" title={t('list.unsynced')}>
            <Icon name="wait" small />
            <span className="sr">{t('list.unsynced')}</span>
          </span>
        ) : (
          <span className="g" />
        );
      case 'name':
        return (
          <span className="su" title={row.name}>
            <Marked text={row.name} ranges={hit('name', row.name)} />
          </span>
        );
      case 'match': {
        const other = row.hits.find((h) => h.field !== 'name' || h.text !== row.name);
        return other === undefined ? null : (
          <span className="match" title={other.text}>
            <em>{t(`customers.hit.${other.field}`)}</em>
            <Marked text={other.text} ranges={other.ranges} />
          </span>
        );
      }
      case 'phone':
        return (
          <span className="t2">
            <Marked text={row.phone} ranges={hit('phone', row.phone)} />
          </span>
        );
      case 'tier':
        return <span className="t2">{row.tier}</span>;
      case 'owner':
        return row.ownerName === '' ? <span className="t3">{t('customers.nobody')}</span> : <span className="t2">{row.ownerName}</span>;
      case 'group':
        return <span className="t2">{row.groupName}</span>;
      case 'address':
        return (
          <span className="t2" title={row.address}>
            {row.address}
          </span>
        );
      case 'open':
        return (
          <span className={row.openTickets > 0 ? '' : 't3'} title={t('customers.openOf', { open: row.openTickets, all: row.tickets })}>
            {row.openTickets} / {row.tickets}
          </span>
        );
      case 'callback': {
        if (row.nextCallbackAt === null) return <span className="t3">—</span>;
        const over = urgencyOf(row.nextCallbackAt, now) === 'over';
        return (
          <span className={over ? 'danger' : 't2'} title={format.exact(row.nextCallbackAt)}>
            {format.short(row.nextCallbackAt, now)}
          </span>
        );
      }
      case 'updated':
        return (
          <span className="up" title={format.exact(row.updatedAt)}>
            {format.ago(row.updatedAt, now)}
          </span>
        );
      case 'invalidAt':
        return <span className="t2">{row.invalidAt === null ? '—' : format.short(row.invalidAt, now)}</span>;
    }
  };
  return (
    <div
      role="row"
      id={`customer-row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={open}
      className={`r${row.invalidAt === null ? '' : ' faded'}${open ? ' sel' : ''}${cursor ? ' cur' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      data-testid={`row-${row.id}`}
      onClick={() => onPick(row, index)}
    >
      {columns.map((c) => (
        <div key={c.id} role="gridcell" className={c.id === 'mark' ? 'g' : undefined}>
          {cell(c)}
        </div>
      ))}
    </div>
  );
}

export const CustomerRow = memo(Row);
