import { Modal } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { listCursor } from '../../stores/list-cursor.ts';
import { useOffice } from '../../stores/office-store.ts';
import { useView } from '../../stores/view-store.ts';
import { useRefusalSentence } from '../handling/use-sentences.ts';

/** So many refusals are listed; the rest are counted. */
const LISTED = 50;

/** What of several was saved, and what was not and why. */
export function OutcomeDialog(): ReactElement {
  const { t } = useTranslation();
  const outcome = useOffice((s) => s.outcome);
  const tell = useOffice((s) => s.tell);
  const openTicket = useView((s) => s.openTicket);
  const refusal = useRefusalSentence();
  const close = (): void => {
    tell(null);
    listCursor().focus();
  };
  const refused = outcome?.refused ?? [];
  return (
    <Modal
      open={outcome !== null}
      title={
        outcome === null ? '' : `${outcome.saved > 0 ? t('giving.result', { n: outcome.saved }) : t('giving.resultNone')} · ${outcome.what}`
      }
      width={520}
      centered
      footer={null}
      onCancel={close}
      destroyOnHidden
    >
      <div className="giving" role="alert" data-testid="outcome">
        <p className="danger">{t('giving.refused', { m: refused.length })}</p>
        <ul className="refused">
          {refused.slice(0, LISTED).map(({ ticket, refusal: why }) => (
            <li key={ticket.id} data-testid={`refused-${ticket.id}`}>
              <button
                type="button"
                className="acc"
                onClick={() => {
                  close();
                  openTicket({ ticketId: ticket.id, transferId: null });
                }}
              >
                <b>{ticket.number ?? t('list.unnumbered')}</b>
              </button>
              <span className="el">{ticket.subject}</span>
              <span className="t2 why">{refusal(why)}</span>
            </li>
          ))}
        </ul>
        {refused.length > LISTED && <p className="t3">{t('bulk.refusedOther', { n: refused.length - LISTED })}</p>}
        <div className="acts two end">
          <button type="button" className="btn act primary" autoFocus data-testid="outcome-close" onClick={close}>
            {t('common.close')} <kbd>Esc</kbd>
          </button>
        </div>
      </div>
    </Modal>
  );
}
