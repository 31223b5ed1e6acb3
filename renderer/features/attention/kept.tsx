import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { copyText } from '../../ui/copy-text.ts';
import { Icon } from '../../ui/icon.tsx';
import { type FileView, FileRows } from '../attachments/file-row.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';

interface KeptThing {
  readonly form: string;
  readonly about: 'ticket' | 'customer';
  readonly number: number | null;
  /** '' if only files were kept. */
  readonly text: string;
  readonly keptAt: number | null;
  readonly files: readonly FileView[];
}

/** What was being written or attached when its ticket or customer left, one entry a form. */
function useKept(): readonly KeptThing[] {
  const texts = useQuery('attention.kept', {}).value ?? [];
  const files = useQuery('attachments.list', { of: 'kept', id: '' }).value ?? [];
  const of = (form: string): FileView[] => files.filter((file) => file.form === form);
  const written = new Set(texts.map((kept) => kept.form));
  const bare = [...new Set(files.map((file) => file.form ?? ''))].filter((form) => !written.has(form));
  return [
    ...texts.map((kept) => ({ ...kept, files: of(kept.form) })),
    ...bare.map((form) => ({ form, about: 'ticket' as const, number: null, text: '', keptAt: null, files: of(form) })),
  ];
}

/** Text and files of what has left; the agent's to copy, to save or to give up (F18). `form`: of this one alone. */
export function Kept({ form }: { readonly form?: string }): ReactElement {
  const all = useKept();
  return (
    <>
      {all
        .filter((kept) => form === undefined || kept.form === form)
        .map((kept) => (
          <KeptEntry key={kept.form} kept={kept} />
        ))}
    </>
  );
}

function KeptEntry({ kept }: { readonly kept: KeptThing }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const show = useToast((s) => s.show);
  const bridge = useBridgeSentence();
  const [sure, setSure] = useState(false);
  const { form, about, number, text, keptAt, files } = kept;
  const failed = (error: unknown): void => show({ tone: 'danger', text: bridge(error) });
  const discard = async (): Promise<void> => {
    if (text !== '') await core.call('attention.discardKept', { form });
    for (const { id } of files) await core.call('attachments.discard', { id });
    show({ tone: 'ok', text: t('kept.discarded') });
  };
  return (
    <section className="needs calm" data-testid={`kept-${form}`}>
      <div className="row">
        <Icon name="note" className="warn" />
        <b className="grow">{t('kept.title')}</b>
        {keptAt !== null && <time className="t3 meta">{format.stamp(keptAt, Date.now())}</time>}
      </div>
      <p>{about === 'customer' ? t('kept.customer') : number === null ? t('kept.ticketUnknown') : t('kept.ticket', { number })}</p>
      {text !== '' && <p className="kept">{text}</p>}
      <FileRows files={files} ticketId={null} kept />
      <div className="ops">
        {text !== '' && (
          <button
            type="button"
            className="btn sm primary"
            data-testid="kept-copy"
            onClick={() => copyText(text).then(() => show({ tone: 'ok', text: t('common.copied') }), failed)}
          >
            {t('attention.copyText')}
          </button>
        )}
        <span className="grow" />
        <button
          type="button"
          className={sure ? 'btn sm solid-danger' : 'btn sm text'}
          data-testid={sure ? 'confirm' : 'kept-discard'}
          onClick={() => {
            if (!sure) return setSure(true);
            discard().catch(failed);
          }}
        >
          {sure ? t('attention.discardSure') : t('kept.discard')}
        </button>
      </div>
    </section>
  );
}
