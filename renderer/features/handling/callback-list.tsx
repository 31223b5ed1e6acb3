import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { urgencyOf } from '../tickets/due-cell.tsx';
import type { TicketDetail } from './composer-draft.ts';
import { useAct } from './use-act.ts';

/** Open callbacks of the ticket, nearest first, each with what can be done. */
export function CallbackList({ ticket }: { readonly ticket: TicketDetail }): ReactElement | null {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const act = useAct();
  const show = useToast((s) => s.show);
  const setMode = useView((s) => s.setMode);
  const open = ticket.callbacks.filter((c) => c.outcome === null);
  if (open.length === 0) return null;
  const may = (kind: 'completeCallback' | 'rescheduleCallback' | 'cancelCallback'): boolean => ticket.allowed.includes(kind);
  const contacted = async (callbackId: string): Promise<void> => {
    const failed = await act(ticket.id, 'completeCallback', { callbackId, outcome: 'done', note: '' }, t('callback.done'));
    if (failed !== null) show({ tone: 'danger', text: failed });
  };
  return (
    <ul className="cbs" aria-label={t('callback.title')}>
      {open.map((c) => {
        const urgency = urgencyOf(c.dueAt, now)!;
        const span = format.span(Math.abs(c.dueAt - now));
        return (
          <li key={c.id} className={`cb ${urgency}`} data-testid={`callback-${c.id}`}>
            <Icon name="phone" />
            <div className="grow">
              <p className="row">
                <b title={format.exact(c.dueAt)}>
                  {t('dueKind.callback')} {format.short(c.dueAt, now)}
                </b>
                {urgency === 'over' && <span className="danger">{t('time.overdue', { span })}</span>}
                {urgency === 'soon' && <span className="warn">{t('time.in', { span })}</span>}
                {c.snoozes > 0 && <span className="t3">{t('callback.snoozed', { n: c.snoozes })}</span>}
                {c.pending && <span className="pend">{t('list.unsynced')}</span>}
              </p>
              {c.note !== '' && <p className="t2">{c.note}</p>}
            </div>
            {may('completeCallback') && (
              <button type="button" className="btn sm" data-testid="callback-contacted" onClick={() => void contacted(c.id)}>
                {t('callback.contacted')}
              </button>
            )}
            {may('rescheduleCallback') && (
              <button
                type="button"
                className="btn sm"
                data-testid="callback-reschedule"
                onClick={() => setMode({ kind: 'reschedule', callbackId: c.id, dueAt: c.dueAt })}
              >
                {t('callback.reschedule')}
              </button>
            )}
            {may('cancelCallback') && (
              <button
                type="button"
                className="btn sm icon"
                title={t('callback.cancel')}
                aria-label={t('callback.cancel')}
                data-testid="callback-cancel"
                onClick={() => setMode({ kind: 'cancelCallback', callbackId: c.id, dueAt: c.dueAt })}
              >
                <Icon name="x" small />
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
