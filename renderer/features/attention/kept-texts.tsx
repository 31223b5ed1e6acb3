import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { copyText } from '../../ui/copy-text.ts';
import { Icon } from '../../ui/icon.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';

/** What the agent was writing about a ticket or customer that has left; theirs to copy or to give up (F18). */
export function KeptTexts(): ReactElement | null {
  const { t } = useTranslation();
  const format = useFormat();
  const show = useToast((s) => s.show);
  const bridge = useBridgeSentence();
  const [sure, setSure] = useState<string | null>(null);
  const kept = useQuery('attention.kept', {}).value ?? [];
  if (kept.length === 0) return null;
  const failed = (error: unknown): void => show({ tone: 'danger', text: bridge(error) });
  return (
    <>
      {kept.map(({ form, about, number, text, keptAt }) => (
        <section key={form} className="bad calm" data-testid={`kept-${form}`}>
          <div className="row">
            <Icon name="note" />
            <b>{t('kept.title')}</b>
            <span className="grow" />
            <time className="t3 meta">{format.stamp(keptAt, Date.now())}</time>
          </div>
          <p>{about === 'customer' ? t('kept.customer') : number === null ? t('kept.ticketUnknown') : t('kept.ticket', { number })}</p>
          <p className="kept">{text}</p>
          <div className="ops">
            <button
              type="button"
              className="btn sm"
              data-testid="kept-copy"
              onClick={() => copyText(text).then(() => show({ tone: 'ok', text: t('common.copied') }), failed)}
            >
              {t('attention.copyText')}
            </button>
            <span className="grow" />
            <button
              type="button"
              className={sure === form ? 'btn sm solid-danger' : 'btn sm text'}
              data-testid={sure === form ? 'confirm' : 'kept-discard'}
              onClick={() => {
                if (sure !== form) return setSure(form);
                core.call('attention.discardKept', { form }).then(() => show({ tone: 'ok', text: t('kept.discarded') }), failed);
              }}
            >
              {sure === form ? t('attention.discardSure') : t('kept.discard')}
            </button>
          </div>
        </section>
      ))}
    </>
  );
}
