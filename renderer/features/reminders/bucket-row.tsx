import { memo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { Icon } from '../../ui/icon.tsx';
import { urgencyOf } from '../tickets/due-cell.tsx';
import { StatusWord } from '../tickets/status-word.tsx';
import type { ReminderRowData } from './bucket-items.ts';

export interface BucketRowProps {
  readonly row: ReminderRowData;
  readonly index: number;
  readonly top: number;
  readonly open: boolean;
  readonly cursor: boolean;
  readonly team: boolean;
  readonly rail: boolean;
  onPick(row: ReminderRowData, index: number): void;
}

function Row({ row, index, top, open, cursor, team, rail, onPick }: BucketRowProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const past = urgencyOf(row.at, now)!;
  // The core says what is still to be handled; a deadline that ran out is over, not overdue.
  const urgency = row.overdue ? 'over' : past === 'over' ? 'gone' : past;
  const span = format.span(Math.abs(row.at - now));
  const tone = urgency === 'over' || urgency === 'soon' || urgency === 'gone' ? ` ${urgency}` : '';
  return (
    <div
      role="row"
      id={`row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={open}
      className={`r${tone}${open ? ' sel' : ''}${cursor ? ' cur' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      data-testid={`row-${row.ticketId}`}
      data-key={row.key}
      onClick={() => onPick(row, index)}
    >
      <div role="gridcell" className="g">
        {row.pending && (
          <span title={t('list.unsynced')}>
            <Icon name="wait" small />
            <span className="sr">{t('list.unsynced')}</span>
          </span>
        )}
      </div>
      <div role="gridcell">
        <span className="at" title={format.exact(row.at)}>
          {urgency !== 'gone' && <Icon small name={urgency === 'over' ? 'over' : urgency === 'soon' ? 'soon' : 'clock'} />}
          {format.clock(row.at)}
          {urgency === 'over' && <small>{t(row.kind === 'expiry' ? 'time.expired' : 'time.overdue', { span })}</small>}
          {urgency === 'soon' && <small>{t('time.in', { span })}</small>}
        </span>
      </div>
      <div role="gridcell">
        <span className="kd">
          <Icon name={row.kind === 'callback' ? 'phone' : 'flag'} small />
          {t(`dueKind.${row.kind}`)}
        </span>
      </div>
      {!rail && (
        <div role="gridcell">
          {row.number === null ? <span className="pend">{t('list.unnumbered')}</span> : <span className="no">{row.number}</span>}
        </div>
      )}
      <div role="gridcell">
        <span className="su" title={row.subject}>
          {row.subject}
        </span>
      </div>
      {!rail && (
        <div role="gridcell">
          <span className="cu">{row.customerName}</span>
        </div>
      )}
      {team && (
        <div role="gridcell">
          <span className="t2">{row.assigneeName}</span>
        </div>
      )}
      <div role="gridcell">
        <StatusWord status={row.status} />
      </div>
    </div>
  );
}

export const BucketRow = memo(Row);
