import { memo, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ticketRowView } from '../../../shared/bridge/views.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Column } from './columns.ts';
import { DueCell, urgencyOf } from './due-cell.tsx';
import { StatusWord } from './status-word.tsx';

export type TicketRowData = z.infer<typeof ticketRowView>;

export interface TicketRowProps {
  readonly row: TicketRowData;
  readonly columns: readonly Column[];
  readonly index: number;
  readonly top: number;
  readonly open: boolean;
  readonly cursor: boolean;
  onPick(row: TicketRowData, index: number): void;
}

function Row({ row, columns, index, top, open, cursor, onPick }: TicketRowProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const hasDue = columns.some((c) => c.id === 'next') && row.transfer === null;
  const urgency = hasDue ? urgencyOf(row.nextAt, now) : null;
  const cell = (column: Column): ReactNode => {
    switch (column.id) {
      case 'mark':
        return row.pending ? (
          <span className="g" title={t('list.unsynced')}>
            <Icon name="wait" small />
            <span className="sr">{t('list.unsynced')}</span>
          </span>
        ) : row.draft ? (
          <span className="g" title={t('list.draft')}>
            <Icon name="pencil" small />
            <span className="sr">{t('list.draft')}</span>
          </span>
        ) : row.unseen ? (
          <span className="g" title={t('list.unseen')}>
            <i className="dot" />
            <span className="sr">{t('list.unseen')}</span>
          </span>
        ) : (
          <span className="g" />
        );
      case 'next':
        return <DueCell at={row.nextAt} kind={row.nextKind} now={now} format={format} />;
      case 'number':
        return row.number === null ? (
          <span>
            <span className="pend">{t('list.unnumbered')}</span>
          </span>
        ) : (
          <span className="no">{row.number}</span>
        );
      case 'subject':
        return (
          <span className="su" title={row.subject}>
            {row.priority === 'urgent' && (
              <span className="urg" title={t('priority.urgent')}>
                {t('urgentMark')}
              </span>
            )}
            {row.subject}
          </span>
        );
      case 'category':
        return <span className="t2">{row.category}</span>;
      case 'priority':
        return <span className="t2">{t(`priority.${row.priority}`)}</span>;
      case 'source':
        return <span className="t2">{t(`source.${row.source}`)}</span>;
      case 'customer':
        return <span className="cu">{row.customerName}</span>;
      case 'status':
        return <StatusWord status={row.status} />;
      case 'due':
        return <span className="du">{row.dueAt === null ? '—' : format.short(row.dueAt, now)}</span>;
      case 'assignee':
        return <span className="t2">{row.assigneeName}</span>;
      case 'updated':
        return (
          <span className="up" title={format.exact(row.updatedAt)}>
            {format.ago(row.updatedAt, now)}
          </span>
        );
      case 'done':
        return (
          <span className="up t2" title={format.exact(row.updatedAt)}>
            {format.short(row.updatedAt, now)}
          </span>
        );
      case 'at':
        return <span className="t2">{row.transfer === null ? '' : format.short(row.transfer.at, now)}</span>;
      case 'toName':
        return <span className="t2">{row.transfer?.toName}</span>;
      case 'reason':
        return (
          <span className="t2" title={row.transfer?.reason}>
            {row.transfer?.reason || '—'}
          </span>
        );
    }
  };
  return (
    <div
      role="row"
      id={`row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={open}
      className={`r${urgency === 'over' || urgency === 'soon' ? ` ${urgency}` : ''}${open ? ' sel' : ''}${cursor ? ' cur' : ''}${row.unseen ? ' unread' : ''}`}
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

export const TicketRow = memo(Row);
