import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import { core } from '../../bridge.ts';
import { useSession } from '../../hooks/use-session.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { underPopup } from '../../ui/under-popup.ts';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';
import { startTicketFor } from './start-ticket-for.ts';
import type { CustomerCardData } from './card-data.ts';
import { useRecord } from './use-record.ts';

/** 领取, 新建工单, 恢复; what each will do is said before it is done. */
export function CustomerActions({ card }: { readonly card: CustomerCardData }): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  const openTicket = useView((s) => s.openTicket);
  const show = useToast((s) => s.show);
  const record = useRecord();
  const refusal = useRefusalSentence();
  const bridge = useBridgeSentence();
  const [asking, setAsking] = useState<'none' | 'claim' | 'restore'>('none');
  const [words, setWords] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const ask = (what: 'none' | 'claim' | 'restore'): void => {
    setAsking(what);
    setFailure(null);
    setWords(what === 'claim' ? t('customers.act.claimSubjectDefault', { name: card.name }).slice(0, limits.subject) : '');
  };
  const claim = async (subject: string): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const answer = await core.call('customers.claim', { customerId: card.id, subject });
      if (answer.ok) {
        show({ tone: 'ok', text: t('customers.act.claimed', { name: card.name }) });
        openTicket({ ticketId: answer.ticketId, transferId: null });
        return;
      }
      setFailure(refusal(answer.refusal));
    } catch (error) {
      setFailure(bridge(error));
    }
    setBusy(false);
  };
  const restore = async (reason: string): Promise<void> => {
    setBusy(true);
    const answer = await record('restoreCustomer', card.id, { reason }, t('customers.act.restored', { name: card.name }));
    setBusy(false);
    if (answer.ok) ask('none');
    else setFailure(answer.why);
  };
  const newTicket = async (): Promise<void> => {
    try {
      const typed = await startTicketFor({ id: card.id, name: card.name, phone: card.phones[0] ?? '' });
      if (typed) show({ tone: 'warn', text: t('customers.act.newTicketKept') });
    } catch (error) {
      setFailure(bridge(error));
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const said = words.trim();
    if (busy) return;
    if (said === '') setFailure(t(asking === 'claim' ? 'customers.need.subject' : 'customers.act.restoreNeed'));
    else void (asking === 'claim' ? claim(said) : restore(said));
  };
  const whyNot = (): string | null => {
    if (card.claim.ok) return null;
    const code = card.claim.refusal;
    if (code === 'customer-owned') return t('customers.claimWhy.customer-owned', { owner: card.ownerName });
    if (code === 'reclaim-forbidden' || code === 'customer-has-ticket' || code === 'customer-invalid' || code === 'not-allowed')
      return t(`customers.claimWhy.${code}`);
    return refusal({ code });
  };
  const mine = card.ownerId !== null && card.ownerId === session?.account?.id;
  const reason = whyNot();
  const pooled = card.claim.ok && card.claim.ticketId !== null;

  return (
    <footer ref={underPopup} className="comp">
      {failure !== null && (
        <p className="fail" role="alert" data-testid="action-failure">
          <Icon name="tri" small />
          {failure}
        </p>
      )}
      {asking === 'none' ? (
        <>
          {!mine && (
            <p className="will" title={reason ?? undefined} data-testid="claim-will">
              <b>{t('customers.act.claim')}</b>
              {t('common.colon')}
              {reason ?? t(pooled ? 'customers.act.claimWillTicket' : 'customers.act.claimWill')}
            </p>
          )}
          <div className="acts two">
            {!mine && (
              <button
                type="button"
                className="btn act primary"
                disabled={!card.claim.ok || busy}
                data-testid="customer-claim"
                onClick={() => (pooled ? void claim(t('customers.act.claimSubjectDefault', { name: card.name })) : ask('claim'))}
              >
                <Icon name="hand" small />
                {t('customers.act.claim')}
              </button>
            )}
            {session?.mayCreate === true && card.invalidAt === null && (
              <button
                type="button"
                className={mine ? 'btn act primary' : 'btn act'}
                data-testid="customer-new-ticket"
                onClick={() => void newTicket()}
              >
                <Icon name="plus" small />
                {t('customers.act.newTicket')}
              </button>
            )}
            {card.mayRestore && card.invalidAt !== null && (
              <button type="button" className="btn act" data-testid="customer-restore" onClick={() => ask('restore')}>
                <Icon name="back" small />
                {t('customers.act.restore')}
              </button>
            )}
          </div>
        </>
      ) : (
        <form onSubmit={onSubmit}>
          <label className="nf">
            <span>{t(asking === 'claim' ? 'customers.act.claimSubject' : 'customers.act.restoreReason')}</span>
            <input
              className="fld"
              value={words}
              autoFocus
              maxLength={asking === 'claim' ? limits.subject : limits.text}
              data-testid="customer-words"
              onFocus={(e) => e.target.select()}
              onChange={(e) => {
                setWords(e.target.value);
                setFailure(null);
              }}
              onKeyDown={(e) => {
                if (e.code !== 'Escape' || e.nativeEvent.isComposing) return;
                e.preventDefault();
                e.stopPropagation();
                ask('none');
              }}
            />
          </label>
          <p className="will">{t(asking === 'claim' ? 'customers.act.claimWill' : 'customers.act.restoreWill')}</p>
          <div className="acts two">
            <button type="submit" className="btn act primary" aria-disabled={busy} data-testid="customer-confirm">
              {t(asking === 'claim' ? 'customers.act.claim' : 'customers.act.restore')}
            </button>
            <button type="button" className="btn act" onClick={() => ask('none')}>
              {t('common.cancel')}
            </button>
          </div>
        </form>
      )}
    </footer>
  );
}
