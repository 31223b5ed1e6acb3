import { memo, type MouseEvent, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ticketRowView } from '../../../shared/bridge/views.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import type { RowAct } from '../../stores/list-cursor.ts';
import { Icon } from '../../ui/icon.tsx';
import { Marked } from '../../ui/marked.tsx';
import type { Column } from './columns.ts';
import { DueCell, urgencyOf } from './due-cell.tsx';
import { StatusWord } from './status-word.tsx';

export type TicketRowData = z.infer<typeof ticketRowView>;
type Hit = TicketRowData['hits'][number];

export interface TicketRowProps {
  readonly row: TicketRowData;
  readonly list: ListName;
  readonly columns: readonly Column[];
  readonly index: number;
  readonly top: number;
  readonly open: boolean;
  readonly cursor: boolean;
  /** null: rows cannot be ticked. */
  readonly ticked: boolean | null;
  /** Custom values for the eye: asked for once by the list, not by each row. */
  words(fieldId: string, value: unknown): string;
  onPick(row: TicketRowData, index: number, event: MouseEvent): void;
  onTick(row: TicketRowData, index: number, event: MouseEvent): void;
  onAct(act: RowAct, row: TicketRowData): void;
}

/** Buttons that stand in a row of these lists. */
const acts: Partial<Record<ListName, readonly RowAct[]>> = {
  pool: ['claim'],
  review: ['reviewClose', 'reviewBack'],
  expired: ['assign'],
};

function Row({ row, list, columns, index, top, open, cursor, ticked, words, onPick, onTick, onAct }: TicketRowProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const has = (id: string): boolean => columns.some((c) => c.id === id);
  const hasDue = has('next') && row.transfer === null;
  const urgency = hasDue ? urgencyOf(row.nextAt, now) : null;
  const hit = (field: Hit['field']): Hit | undefined => row.hits.find((h) => h.field === field);
  // Found in something that no column shows: said after the subject.
  const elsewhere = row.hits.find(
    (h) => h.field === 'description' || h.field === 'history' || ((h.field === 'phone' || h.field === 'customer') && !has(h.field)),
  );
  const time = (at: number | null): ReactNode =>
    at === null ? <span className="t3">—</span> : <span title={format.exact(at)}>{format.short(at, now)}</span>;
  const cell = (column: Column): ReactNode => {
    switch (column.id) {
      case 'mark':
        return <Mark row={row} ticked={ticked} onTick={(e) => onTick(row, index, e)} />;
      case 'act':
        return (
          <span className="rowacts">
            {(acts[list] ?? []).map((act) => (
              <button
                key={act}
                type="button"
                className="rowact"
                tabIndex={-1}
                disabled={row.claiming}
                data-testid={`${act}-${row.id}`}
                onClick={(e) => {
                  e.stopPropagation();
                  onAct(act, row);
                }}
              >
                {t(`bulk.${act}`)}
              </button>
            ))}
          </span>
        );
      case 'next':
        return <DueCell at={row.nextAt} kind={row.nextKind} now={now} format={format} />;
      case 'number':
        return row.number === null ? (
          <span>
            <span className="pend">{t('list.unnumbered')}</span>
          </span>
        ) : (
          <span className="no">
            <Marked text={String(row.number)} ranges={hit('number')?.ranges} />
          </span>
        );
      case 'subject':
        return (
          <span className="su" title={row.subject}>
            {row.priority === 'urgent' && (
              <span className="urg" title={t('priority.urgent')}>
                {t('urgentMark')}
              </span>
            )}
            <Marked text={row.subject} ranges={hit('subject')?.ranges} />
            {elsewhere !== undefined && (
              <span className="also t3">
                {' '}
                {t(`palette.field.${elsewhere.field}`)}
                {t('common.colon')}
                <Marked text={elsewhere.text} ranges={elsewhere.ranges} />
              </span>
            )}
          </span>
        );
      case 'category':
        return <span className="t2">{row.category}</span>;
      case 'priority':
        return <span className="t2">{t(`priority.${row.priority}`)}</span>;
      case 'nature':
        return <span className="t2">{t(`nature.${row.nature}`)}</span>;
      case 'source':
        return <span className="t2">{t(`source.${row.source}`)}</span>;
      case 'customer':
        return (
          <span className="cu" title={row.customerName}>
            <Marked text={row.customerName} ranges={hit('customer')?.ranges} />
          </span>
        );
      case 'phone':
        // A masked number has its own shape: the place of the hit in the whole one says nothing about it.
        return (
          <span className="t2">
            {hit('phone')?.text === row.phone ? <Marked text={row.phone} ranges={hit('phone')?.ranges} /> : row.phone}
          </span>
        );
      case 'tier':
        return <span className="t2">{row.tier}</span>;
      case 'status':
        return row.claiming ? (
          <span className="pend" title={t('list.claimingHint')}>
            {t('list.claiming')}
          </span>
        ) : (
          <StatusWord status={row.status} />
        );
      case 'due':
        return <span className="du">{row.dueAt === null ? '—' : time(row.dueAt)}</span>;
      case 'assignee':
        return <span className="t2">{row.assigneeName === '' ? '—' : row.assigneeName}</span>;
      case 'group':
        return <span className="t2">{row.groupName}</span>;
      case 'created':
        return <span className="du">{time(row.createdAt)}</span>;
      case 'createdBy':
        return <span className="t2">{row.createdByName === '' ? t('panel.system') : row.createdByName}</span>;
      case 'updated':
        return (
          <span className="up" title={format.exact(row.updatedAt)}>
            {format.ago(row.updatedAt, now)}
          </span>
        );
      case 'resolved':
        return <span className="up t2">{time(row.resolvedAt)}</span>;
      case 'expiredFrom':
        return <span className="t2">{row.expiredFromName === '' ? '—' : row.expiredFromName}</span>;
      case 'at':
        return <span className="t2">{row.transfer === null ? '' : time(row.transfer.at)}</span>;
      case 'toName':
        return <span className="t2">{row.transfer?.toName}</span>;
      case 'reason':
        return (
          <span className="t2" title={row.transfer?.reason}>
            {row.transfer?.reason || '—'}
          </span>
        );
      default: {
        const said = words(column.id.slice('custom.'.length), row.custom[column.id.slice('custom.'.length)]);
        return (
          <span className="t2" title={said}>
            {said === '' ? '—' : said}
          </span>
        );
      }
    }
  };
  const tone = urgency === 'over' || urgency === 'soon' ? ` ${urgency}` : '';
  return (
    <div
      role="row"
      id={`row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={open}
      className={`r${tone}${open ? ' sel' : ''}${cursor ? ' cur' : ''}${row.unseen ? ' unread' : ''}${ticked === true ? ' ticked' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      data-testid={`row-${row.id}`}
      onClick={(e) => onPick(row, index, e)}
    >
      {columns.map((c) => (
        <div key={c.id} role="gridcell" className={c.id === 'mark' ? 'g' : undefined} data-cell={c.id}>
          {cell(c)}
        </div>
      ))}
    </div>
  );
}

interface MarkProps {
  readonly row: TicketRowData;
  readonly ticked: boolean | null;
  onTick(event: MouseEvent): void;
}

/** What is special about the row; under the mouse, or while rows are being ticked, its box. */
function Mark({ row, ticked, onTick }: MarkProps): ReactElement {
  const { t } = useTranslation();
  const sign = row.claiming
    ? { icon: 'wait', words: t('list.claiming') }
    : row.pending
      ? { icon: 'wait', words: t('list.unsynced') }
      : row.draft
        ? { icon: 'pencil', words: t('list.draft') }
        : row.unseen
          ? { icon: null, words: t('list.unseen') }
          : null;
  return (
    <>
      {sign !== null && (
        <span className="g sign" title={sign.words}>
          {sign.icon === null ? <i className="dot" /> : <Icon name={sign.icon as 'wait' | 'pencil'} small />}
          <span className="sr">{sign.words}</span>
        </span>
      )}
      {ticked !== null && (
        <input
          type="checkbox"
          className={ticked ? 'tick on' : 'tick'}
          tabIndex={-1}
          checked={ticked}
          aria-label={t('bulk.select', { what: row.number ?? row.subject })}
          data-testid={`tick-${row.id}`}
          onChange={() => undefined}
          onClick={(e) => {
            e.stopPropagation();
            onTick(e);
          }}
        />
      )}
    </>
  );
}

export const TicketRow = memo(Row);
