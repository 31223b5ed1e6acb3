import { type ReactElement, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../hooks/use-query.ts';
import type { Session } from '../../hooks/use-session.ts';
import { freezePanelActions } from '../../stores/panel-actions.ts';
import { useView } from '../../stores/view-store.ts';
import { Blank } from '../../ui/blank.tsx';
import { later } from '../../ui/later.tsx';
import { PopupStack } from '../popups/popup-stack.tsx';

const Kept = later(() => import('../attention/kept.tsx').then((m) => m.Kept));
const NewTicket = later(() => import('../new-ticket/new-ticket.tsx').then((m) => m.NewTicket));
const TicketView = later(() => import('./ticket-view.tsx').then((m) => m.TicketView));

/** The right column: a ticket, the form of a new one, or what to do to see one. It never covers the list. */
export function Panel({ account }: { readonly account: NonNullable<Session['account']> }): ReactElement {
  const { t } = useTranslation();
  const open = useView((s) => s.open);
  const creating = useView((s) => s.creating);
  const { value: detail, fresh } = useQuery('tickets.get', open === null ? null : { ...open });
  // The last ticket stays in sight, untouchable, for the moment until the next one's answer is here.
  const waiting = open !== null && !fresh;
  // After the effects of the panel that has come, which offers its actions in one of them.
  useEffect(() => freezePanelActions(waiting), [waiting]);
  return (
    <aside className="panel" aria-label={creating ? t('create.title') : t('panel.label')} data-testid="ticket-panel">
      {creating ? (
        <NewTicket />
      ) : open === null ? (
        <Blank icon="note" words={[t('panel.none'), t('panel.noneHint')]} />
      ) : detail === undefined ? null : detail === null ? (
        waiting ? null : (
          <div className="gonepane">
            <Blank icon="lock" words={[t('panel.gone'), t('panel.goneHint')]} />
            <div className="keptbelow">
              <Kept form={`ticket:${open.ticketId}`} />
            </div>
          </div>
        )
      ) : (
        <TicketView key={`${detail.id} ${detail.transfer === null}`} ticket={detail} account={account} frozen={waiting} />
      )}
      <PopupStack />
    </aside>
  );
}
