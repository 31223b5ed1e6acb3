import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import type { Draft } from '../../hooks/use-draft.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { copyText } from '../../ui/copy-text.ts';
import { Icon } from '../../ui/icon.tsx';
import { urgencyOf } from '../tickets/due-cell.tsx';
import { StatusWord } from '../tickets/status-word.tsx';
import { changedTo, type ComposerText, type TicketDetail, withChange } from './composer-draft.ts';

export interface PanelHeadProps {
  readonly ticket: TicketDetail;
  /** Where edits go; null: the subject cannot be edited. */
  readonly draft: Draft<ComposerText> | null;
}

export function PanelHead({ ticket, draft }: PanelHeadProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const openTicket = useView((s) => s.openTicket);
  const show = useToast((s) => s.show);
  const [editing, setEditing] = useState(false);
  const subject = draft === null ? ticket.subject : (changedTo(draft.value.changes, 'subject') ?? ticket.subject);
  const changed = subject !== ticket.subject;
  const urgency = urgencyOf(ticket.nextAt, now);
  const near = urgency === 'over' || urgency === 'soon';
  const span = ticket.nextAt === null ? '' : format.span(Math.abs(ticket.nextAt - now));
  const save = (text: string): void => {
    setEditing(false);
    if (text.trim() !== '' && draft !== null) draft.change({ changes: withChange(draft.value.changes, ticket, 'subject', text.trim()) });
  };
  return (
    <header className="ph">
      <div className="l1">
        {ticket.number === null ? (
          <span className="pend">{t('list.unnumbered')}</span>
        ) : (
          <button
            type="button"
            className="tno"
            title={t('panel.copyNumber')}
            onClick={() =>
              void copyText(String(ticket.number)).then(() => show({ tone: 'ok', text: `${t('common.copied')} ${ticket.number}` }))
            }
          >
            {ticket.number}
            <Icon name="copy" small className="t3" />
          </button>
        )}
        <StatusWord status={ticket.status} />
        {ticket.pending && <span className="pend">{t('list.unsynced')}</span>}
        {ticket.nextAt !== null && ticket.nextKind !== null && near && (
          <span className={urgency === 'over' ? 'left over' : 'left'} title={format.exact(ticket.nextAt)}>
            <Icon name={urgency === 'over' ? 'over' : 'soon'} small />
            {t(`dueKind.${ticket.nextKind}`)}{' '}
            {urgency === 'over' ? t(ticket.nextKind === 'expiry' ? 'time.expired' : 'time.overdue', { span }) : t('time.in', { span })} ·{' '}
            {format.stamp(ticket.nextAt, now)}
          </span>
        )}
        {ticket.nextAt !== null && ticket.nextKind !== null && !near && (
          <span className="t2 el">
            {t(`dueKind.${ticket.nextKind}`)} {format.short(ticket.nextAt, now)}
          </span>
        )}
        <span className="grow" />
        <button
          type="button"
          className="btn icon"
          title={`${t('panel.close')} Esc`}
          aria-label={t('panel.close')}
          data-testid="panel-close"
          onClick={() => openTicket(null)}
        >
          <Icon name="x" />
        </button>
      </div>
      {editing ? (
        <input
          className="subjectedit"
          aria-label={t('panel.field.subject')}
          defaultValue={subject}
          maxLength={limits.subject}
          autoFocus
          data-testid="edit-subject"
          onBlur={(e) => save(e.target.value)}
          onKeyDown={(e) => {
            if (e.nativeEvent.isComposing) return;
            if (e.code === 'Enter') save(e.currentTarget.value);
            if (e.code === 'Escape') {
              e.stopPropagation();
              setEditing(false);
            }
          }}
        />
      ) : (
        <h2 className={changed ? 'el changed' : 'el'} title={subject}>
          {draft === null ? (
            subject
          ) : (
            <button
              type="button"
              className="edit el"
              title={t('panel.edit', { field: t('panel.field.subject') })}
              data-testid="field-subject"
              onClick={() => setEditing(true)}
            >
              {subject}
            </button>
          )}
        </h2>
      )}
    </header>
  );
}
