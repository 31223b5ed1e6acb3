import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { attentionItem } from '../../../shared/bridge/attention-entries.ts';
import { core } from '../../bridge.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { copyText } from '../../ui/copy-text.ts';
import { Icon } from '../../ui/icon.tsx';
import { KeptFiles, RefusedFiles } from '../attachments/kept-files.tsx';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';

type Item = z.infer<typeof attentionItem>;

/** Refused commands: what happened, what was kept, what can be done. */
export function AttentionItems(): ReactElement {
  const items = useQuery('attention.list', {}).value ?? [];
  return (
    <>
      {items.map((item) => (
        <AttentionEntry key={item.commandId} item={item} />
      ))}
      <KeptFiles />
    </>
  );
}

function AttentionEntry({ item }: { readonly item: Item }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const show = useToast((s) => s.show);
  const openTicket = useView((s) => s.openTicket);
  const showCustomer = useView((s) => s.showCustomer);
  const setConflict = useView((s) => s.setConflict);
  const refusal = useRefusalSentence();
  const bridge = useBridgeSentence();
  const [sure, setSure] = useState(false);
  const { commandId, ticketId, customerId } = item;
  const failed = (error: unknown): void => show({ tone: 'danger', text: bridge(error) });
  const again = (name: 'attention.retry' | 'attention.toNote', done: string) => (): void => {
    core.call(name, { commandId }).then((answer) => {
      if (answer.ok) show({ tone: 'ok', text: done });
      else show({ tone: 'danger', text: refusal(answer.refusal, item.names) });
    }, failed);
  };
  return (
    <section className="bad" data-testid={`attention-${commandId}`}>
      <div className="row">
        <Icon name="tri" className="danger" />
        <b>{t('attention.title')}</b>
        <span className="grow" />
        <time className="t3 meta">{t('attention.refusedAt', { time: format.stamp(item.refusedAt, Date.now()) })}</time>
      </div>
      <p>
        {ticketId !== null && (
          <>
            {item.here ? (
              <button type="button" className="acc" onClick={() => openTicket({ ticketId, transferId: null })}>
                <b>{item.number ?? t('list.unnumbered')}</b>
              </button>
            ) : (
              <>
                <b>{item.number ?? t('list.unnumbered')}</b> <span className="t3">{t('kept.gone')}</span>
              </>
            )}{' '}
          </>
        )}
        {ticketId === null && customerId !== null && (
          <>
            <button type="button" className="acc" onClick={() => showCustomer(customerId)}>
              <b>{t('panel.customer')}</b>
            </button>{' '}
          </>
        )}
        <b>{[item.subject, t(`event.${item.kind}`)].filter((part) => part !== '').join(' · ')}</b> {t('attention.notApplied')}
        {refusal(item.refusal, item.names)}
      </p>
      {item.text !== '' && <p className="kept">{t('attention.kept', { text: item.text })}</p>}
      {item.kind === 'attach' && <RefusedFiles commandId={commandId} />}
      <div className="ops">
        {item.conflict !== null && (
          <button type="button" className="btn sm primary" data-testid="attention-choose" onClick={() => setConflict(commandId)}>
            {t('conflict.choose')}
          </button>
        )}
        {item.text !== '' && (
          <>
            {ticketId !== null && (
              <button
                type="button"
                className="btn sm"
                data-testid="attention-note"
                onClick={again('attention.toNote', t('attention.movedToNote'))}
              >
                {t('attention.toNote')}
              </button>
            )}
            <button
              type="button"
              className="btn sm"
              data-testid="attention-copy"
              onClick={() => copyText(item.text).then(() => show({ tone: 'ok', text: t('common.copied') }), failed)}
            >
              {t('attention.copyText')}
            </button>
          </>
        )}
        {item.conflict === null && (
          <button type="button" className="btn sm" data-testid="attention-retry" onClick={again('attention.retry', t('attention.retried'))}>
            {t('attention.retry')}
          </button>
        )}
        <span className="grow" />
        <button
          type="button"
          className={sure ? 'btn sm solid-danger' : 'btn sm text'}
          data-testid={sure ? 'confirm' : 'attention-discard'}
          onClick={() => {
            if (!sure) return setSure(true);
            core.call('attention.discard', { commandId }).then(() => show({ tone: 'ok', text: t('attention.discarded') }), failed);
          }}
        >
          {sure ? t('attention.discardSure') : t('attention.discard')}
        </button>
      </div>
    </section>
  );
}
