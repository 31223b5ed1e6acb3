import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { attentionItem } from '../../../shared/bridge/attention-entries.ts';
import { creating } from '../../../shared/domain/commands/index.ts';
import { core } from '../../bridge.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { copyText } from '../../ui/copy-text.ts';
import { Icon } from '../../ui/icon.tsx';
import { RefusedFiles } from '../attachments/refused-files.tsx';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';

type Item = z.infer<typeof attentionItem>;

/** Commands that make what they are about: refused, it is nowhere, and has not left either. */
const making: readonly string[] = [...creating, 'addCustomer'];

/** Refused commands: what happened, what was kept, what can be done. */
export function AttentionItems(): ReactElement {
  const items = useQuery('attention.list', {}).value ?? [];
  return (
    <>
      {items.map((item) => (
        <AttentionEntry key={item.commandId} item={item} />
      ))}
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
  const made = making.includes(item.kind);
  const about = ticketId !== null || customerId !== null;
  const gone = about && !item.here && !made;
  const copy = (): void => void copyText(item.text).then(() => show({ tone: 'ok', text: t('common.copied') }), failed);
  const ways = [
    item.conflict !== null && { name: 'choose', words: t('conflict.choose'), run: () => setConflict(commandId) },
    item.text !== '' &&
      ticketId !== null &&
      !gone &&
      !made && { name: 'note', words: t('attention.toNote'), run: again('attention.toNote', t('attention.movedToNote')) },
    item.conflict === null &&
      !gone && { name: 'retry', words: t('attention.retry'), run: again('attention.retry', t('attention.retried')) },
    item.text !== '' && { name: 'copy', words: t('attention.copyText'), run: copy },
  ].filter((way) => way !== false);
  return (
    <section className="needs" data-testid={`attention-${commandId}`}>
      <div className="row">
        <Icon name="tri" className="danger" />
        <b className="el grow" title={item.subject}>
          {ticketId !== null && !made && (
            <>
              {item.here ? (
                <button type="button" className="acc" onClick={() => openTicket({ ticketId, transferId: null })}>
                  {item.number ?? t('list.unnumbered')}
                </button>
              ) : (
                (item.number ?? t('list.unnumbered'))
              )}{' '}
            </>
          )}
          {ticketId === null && customerId !== null && item.here && (
            <>
              <button type="button" className="acc" onClick={() => showCustomer(customerId)}>
                {t('panel.customer')}
              </button>{' '}
            </>
          )}
          {item.subject === '' && !about ? t(`event.${item.kind}`) : item.subject}
          {gone && <span className="t3 light">{t('kept.gone')}</span>}
        </b>
        <time className="t3 meta">{t('attention.refusedAt', { time: format.stamp(item.refusedAt, Date.now()) })}</time>
      </div>
      <p>
        <b className="what">{t(`event.${item.kind}`)}</b> {t('attention.notApplied')}
        {refusal(item.refusal, item.names)}
      </p>
      {item.text !== '' && (
        <>
          <p className="t3 meta">{t('attention.kept')}</p>
          <p className="kept">{item.text}</p>
        </>
      )}
      {item.kind === 'attach' && <RefusedFiles commandId={commandId} />}
      <div className="ops">
        {ways.map(({ name, words, run }, index) => (
          <button
            key={name}
            type="button"
            className={index === 0 ? 'btn sm primary' : 'btn sm'}
            data-testid={`attention-${name}`}
            onClick={run}
          >
            {words}
          </button>
        ))}
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
