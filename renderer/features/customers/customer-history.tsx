import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { OlderBar } from '../../ui/older-bar.tsx';
import { urgencyOf } from '../tickets/due-cell.tsx';
import { StatusWord } from '../tickets/status-word.tsx';
import type { CustomerCardData } from './card-data.ts';

/** All tickets and callbacks of a customer that this account may see; a click opens the ticket. */
export function CustomerHistory({ card }: { readonly card: CustomerCardData }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const openTicket = useView((s) => s.openTicket);
  return (
    <>
      <section className="part" aria-label={t('customers.card.callbacks')}>
        <h3>
          {t('customers.card.callbacks')} <span className="t3">{card.callbacks.length}</span>
        </h3>
        {card.callbacks.length === 0 && <p className="t3">{t('customers.card.noCallbacks')}</p>}
        <ul className="tix">
          {card.callbacks.map((c) => {
            const urgency = c.outcome === null ? urgencyOf(c.dueAt, now) : null;
            return (
              <li key={c.id}>
                <button
                  type="button"
                  data-testid={`customer-callback-${c.id}`}
                  title={format.exact(c.dueAt)}
                  onClick={() => openTicket({ ticketId: c.ticketId, transferId: null })}
                >
                  <Icon name={urgency === 'over' ? 'over' : 'phone'} small className={urgency === 'over' ? 'danger' : 't3'} />
                  <span className={urgency === 'over' ? 'when danger' : 'when'}>{format.short(c.dueAt, now)}</span>
                  <span className="el grow">
                    {c.subject}
                    {c.note !== '' && <span className="t3"> · {c.note}</span>}
                  </span>
                  {c.pending && <span className="pend">{t('list.unsynced')}</span>}
                  {c.outcome === null ? (
                    <span className="who2 el">{c.assigneeName}</span>
                  ) : (
                    <span className="t3">{t(`callback.outcome.${c.outcome}`)}</span>
                  )}
                </button>
              </li>
            );
          })}
        </ul>
      </section>
      <section className="part" aria-label={t('customers.card.tickets')}>
        <h3>
          {t('customers.card.tickets')} <span className="t3">{card.tickets.length}</span>
        </h3>
        {card.tickets.length === 0 && <p className="t3">{t('customers.card.noTickets')}</p>}
        <ul className="tix">
          {card.tickets.map((row) => (
            <li key={row.transfer?.id ?? row.id}>
              <button
                type="button"
                data-testid={`customer-ticket-${row.id}`}
                title={row.subject}
                onClick={() => openTicket({ ticketId: row.id, transferId: row.transfer?.id ?? null })}
              >
                {row.number === null ? <span className="pend">{t('list.unnumbered')}</span> : <span className="no">{row.number}</span>}
                <span className="el grow">{row.subject}</span>
                <StatusWord status={row.status} />
                <span className="who2 el" title={row.assigneeName}>
                  {row.assigneeName}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <OlderBar select={{ by: 'customer', customerId: card.id }} />
      </section>
    </>
  );
}
