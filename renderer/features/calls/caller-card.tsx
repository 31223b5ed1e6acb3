import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maskPhone } from '../../../shared/domain/contacts.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useSession } from '../../hooks/use-session.ts';
import { type Call, useCalls } from '../../stores/calls-store.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { startTicketFor } from '../customers/start-ticket-for.ts';
import { useAct } from '../handling/use-act.ts';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { StatusWord } from '../tickets/status-word.tsx';
import type { Caller } from './caller.ts';

interface CallerCardProps {
  readonly caller: Caller;
  readonly call: Call;
  /** Back to the others with this number; null: there are none. */
  readonly onBack: (() => void) | null;
}

/** Who calls, what is open, what was; one click writes the call into a ticket or begins a new one. */
export function CallerCard({ caller: { customer, open, past }, call, onBack }: CallerCardProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const session = useSession();
  const act = useAct();
  const bridge = useBridgeSentence();
  const show = useToast((s) => s.show);
  const close = useCalls((s) => s.close);
  const link = useCalls((s) => s.link);
  const openTicket = useView((s) => s.openTicket);
  const showCustomer = useView((s) => s.showCustomer);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const linkTo = async (ticketId: string): Promise<void> => {
    if (busy || call.linked.includes(ticketId)) return;
    setBusy(true);
    const note = t('calls.note', { time: format.clock(call.at), phone: maskPhone(call.phone) });
    const why = await act(ticketId, 'note', { note }, t('calls.linkedWhat'));
    setBusy(false);
    setFailure(why);
    if (why === null) link(ticketId);
  };
  const begin = async (): Promise<void> => {
    try {
      const kept = await startTicketFor({ id: customer.id, name: customer.name, phone: call.phone });
      if (kept) show({ tone: 'warn', text: t('customers.act.newTicketKept') });
      close();
    } catch (error) {
      setFailure(bridge(error));
    }
  };
  const look = (ticketId: string): void => {
    openTicket({ ticketId, transferId: null });
    close();
  };

  return (
    <div className="callbody" data-testid="caller-card">
      <p className="who3">
        <b data-testid="caller-name">{customer.name}</b>
        {customer.tier !== '' && <span className="tag">{customer.tier}</span>}
        {customer.invalidAt !== null && <span className="tag">{t('calls.invalid')}</span>}
        <span className="grow" />
        <button
          type="button"
          className="btn sm link"
          data-testid="caller-more"
          onClick={() => {
            showCustomer(customer.id);
            close();
          }}
        >
          {t('calls.more')}
        </button>
      </p>
      {customer.address !== '' && <p className="t2 el">{customer.address}</p>}
      {customer.nextCallbackAt !== null && (
        <p className={customer.nextCallbackAt <= now ? 'danger' : 't2'} title={format.exact(customer.nextCallbackAt)}>
          {t('calls.nextCallback', { time: format.short(customer.nextCallbackAt, now) })}
        </p>
      )}
      <h3>
        {t('calls.open')} <span className="t3">{customer.openTickets}</span>
      </h3>
      {open.length === 0 && <p className="t3">{t('calls.noOpen')}</p>}
      <ul className="calltix">
        {open.map((row) => {
          const linked = call.linked.includes(row.id);
          return (
            <li key={row.id}>
              <span className="no">{row.number ?? t('list.unnumbered')}</span>
              <span className="el grow" title={row.subject}>
                {row.subject}
              </span>
              <StatusWord status={row.status} />
              <button
                type="button"
                className="btn sm"
                aria-disabled={busy || linked}
                data-testid={`call-link-${row.id}`}
                onClick={() => void linkTo(row.id)}
              >
                {linked && <Icon name="check" small />}
                {t(linked ? 'calls.linked' : 'calls.link')}
              </button>
              <button type="button" className="btn sm" data-testid={`call-open-${row.id}`} onClick={() => look(row.id)}>
                {t('common.open')}
              </button>
            </li>
          );
        })}
      </ul>
      {past.length > 0 && (
        <>
          <h3>{t('calls.past')}</h3>
          <ul className="tix">
            {past.map((row) => (
              <li key={row.id}>
                <button type="button" title={row.subject} data-testid={`call-past-${row.id}`} onClick={() => look(row.id)}>
                  <span className="no">{row.number ?? t('list.unnumbered')}</span>
                  <span className="el grow">{row.subject}</span>
                  <StatusWord status={row.status} />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {failure !== null && (
        <p className="fail" role="alert" data-testid="call-failure">
          {failure}
        </p>
      )}
      <p className="row">
        {session?.mayCreate === true && (
          <button type="button" className="btn primary" data-testid="call-new-ticket" onClick={() => void begin()}>
            <Icon name="plus" small />
            {t('create.title')}
          </button>
        )}
        {onBack !== null && (
          <button type="button" className="btn" data-testid="call-back" onClick={onBack}>
            {t('calls.others')}
          </button>
        )}
      </p>
    </div>
  );
}
