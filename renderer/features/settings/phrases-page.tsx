import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import { Icon } from '../../ui/icon.tsx';
import { isSendKey } from '../../ui/is-send-key.ts';
import { useRecord } from '../customers/use-record.ts';
import { FailureLine } from './failure-line.tsx';
import { PageHead } from './page-head.tsx';
import { between, moved } from './ordering.ts';
import { SureButton } from './sure-button.tsx';

type Phrase = OutputOf<CoreContract['queries']['phrases.list']>[number];

/** 快捷回复: the own ones and those of everybody. Works offline. */
export function PhrasesPage(): ReactElement {
  const { t } = useTranslation();
  const [find, setFind] = useState('');
  const phrases = useQuery('phrases.list', { text: find.trim() }).value ?? [];
  const mayShare = useSession()?.account?.role !== 'agent';
  const record = useRecord();
  const [editing, setEditing] = useState<Phrase | 'mine' | 'shared' | null>(null);
  const [why, setWhy] = useState<string | null>(null);

  const put = async (phrase: Phrase | null, change: { title: string; text: string; shared: boolean; position: number }): Promise<void> => {
    const answer = await record('putPhrase', phrase?.id ?? null, change, change.title);
    setWhy(answer.ok ? null : answer.why);
    if (answer.ok) setEditing(null);
  };
  const remove = async (phrase: Phrase): Promise<void> => {
    const answer = await record('removePhrase', phrase.id, {}, t('settings.phrases.removed', { title: phrase.title }));
    setWhy(answer.ok ? null : answer.why);
  };
  const move = async (list: readonly Phrase[], index: number, step: 1 | -1): Promise<void> => {
    const phrase = list[index]!;
    const position = moved(
      list.map((p) => p.position),
      index,
      step,
    );
    if (position === null) return;
    const { title, text, ownerId } = phrase;
    const answer = await record('putPhrase', phrase.id, { title, text, shared: ownerId === null, position }, null);
    setWhy(answer.ok ? null : answer.why);
  };
  const part = (name: 'own' | 'shared', list: readonly Phrase[]): ReactElement => {
    const may = name === 'own' || mayShare;
    const fresh = name === 'own' ? 'mine' : 'shared';
    return (
      <section aria-label={t(`settings.phrases.${name}`)} className="setpart">
        <div className="row gap">
          <h3>{t(`settings.phrases.${name}`)}</h3>
          {name === 'shared' && <span className="t3 meta">{t('settings.phrases.sharedNote')}</span>}
          <span className="grow" />
          {may && (
            <button type="button" className="btn sm" data-testid={`phrase-add-${name}`} onClick={() => setEditing(fresh)}>
              <Icon name="plus" small />
              {t('settings.phrases.add')}
            </button>
          )}
        </div>
        {list.length === 0 && editing !== fresh && (
          <p className="t3">{t(name === 'own' ? 'settings.phrases.emptyOwn' : 'settings.phrases.emptyShared')}</p>
        )}
        <ul className="setlist">
          {editing === fresh && (
            <li>
              <PhraseForm
                phrase={null}
                onCancel={() => setEditing(null)}
                onSave={(title, text) =>
                  put(null, { title, text, shared: name === 'shared', position: between(list.at(-1)?.position, undefined) })
                }
              />
            </li>
          )}
          {list.map((phrase, i) => (
            <li key={phrase.id} data-testid={`phrase-${phrase.id}`}>
              {typeof editing === 'object' && editing?.id === phrase.id ? (
                <PhraseForm
                  phrase={phrase}
                  onCancel={() => setEditing(null)}
                  onSave={(title, text) => put(phrase, { title, text, shared: phrase.ownerId === null, position: phrase.position })}
                />
              ) : (
                <>
                  <b className="el phrasetitle">{phrase.title}</b>
                  <span className="t2 el grow" title={phrase.text}>
                    {phrase.text}
                  </span>
                  {phrase.pending && <span className="pend">{t('list.unsynced')}</span>}
                  {phrase.mayEdit && (
                    <>
                      <MoveButtons
                        name={phrase.title}
                        first={i === 0 || find !== ''}
                        last={i === list.length - 1 || find !== ''}
                        onMove={(step) => void move(list, i, step)}
                      />
                      <button type="button" className="btn sm" data-testid={`phrase-edit-${phrase.id}`} onClick={() => setEditing(phrase)}>
                        {t('settings.phrases.edit')}
                      </button>
                      <SureButton
                        label={t('settings.phrases.remove')}
                        sure={t('settings.phrases.removeSure')}
                        testId={`phrase-remove-${phrase.id}`}
                        onSure={() => void remove(phrase)}
                      />
                    </>
                  )}
                </>
              )}
            </li>
          ))}
        </ul>
      </section>
    );
  };
  return (
    <>
      <PageHead title={t('settings.page.phrases')} lead={t('settings.phrases.lead')}>
        <input
          className="fld find"
          value={find}
          maxLength={60}
          role="searchbox"
          placeholder={t('settings.phrases.find')}
          aria-label={t('settings.phrases.find')}
          onChange={(e) => setFind(e.target.value)}
        />
      </PageHead>
      <FailureLine why={why} />
      {part(
        'own',
        phrases.filter((p) => p.mine),
      )}
      {part(
        'shared',
        phrases.filter((p) => !p.mine),
      )}
    </>
  );
}

export interface MoveButtonsProps {
  readonly name: string;
  readonly first: boolean;
  readonly last: boolean;
  onMove(step: 1 | -1): void;
}

/** Up and down in an order. */
export function MoveButtons({ name, first, last, onMove }: MoveButtonsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <button
        type="button"
        className="btn sm icon"
        disabled={first}
        title={t('settings.phrases.up')}
        aria-label={`${t('settings.phrases.up')} ${name}`}
        onClick={() => onMove(-1)}
      >
        <Icon name="up" small />
      </button>
      <button
        type="button"
        className="btn sm icon"
        disabled={last}
        title={t('settings.phrases.down')}
        aria-label={`${t('settings.phrases.down')} ${name}`}
        onClick={() => onMove(1)}
      >
        <Icon name="down" small />
      </button>
    </>
  );
}

interface PhraseFormProps {
  readonly phrase: Phrase | null;
  onSave(title: string, text: string): Promise<void>;
  onCancel(): void;
}

function PhraseForm({ phrase, onSave, onCancel }: PhraseFormProps): ReactElement {
  const { t } = useTranslation();
  const [title, setTitle] = useState(phrase?.title ?? '');
  const [text, setText] = useState(phrase?.text ?? '');
  const [why, setWhy] = useState<string | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (title.trim() === '' || text.trim() === '') setWhy(t('settings.phrases.need'));
    else void onSave(title.trim(), text.trim());
  };
  return (
    <form className="setform inline" onSubmit={submit}>
      <input
        className="fld"
        value={title}
        maxLength={40}
        autoFocus
        placeholder={t('settings.phrases.title')}
        aria-label={t('settings.phrases.title')}
        data-testid="phrase-title"
        onChange={(e) => setTitle(e.target.value)}
      />
      <textarea
        className="fld short"
        rows={3}
        value={text}
        maxLength={2000}
        placeholder={t('settings.phrases.text')}
        aria-label={t('settings.phrases.text')}
        data-testid="phrase-text"
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => {
          if (isSendKey(e)) submit(e);
        }}
      />
      <FailureLine why={why} />
      <div className="row gap">
        <button type="submit" className="btn primary" data-testid="phrase-save">
          {t('common.save')} <kbd>Ctrl ↵</kbd>
        </button>
        <button type="button" className="btn" onClick={onCancel}>
          {t('common.cancel')}
        </button>
      </div>
    </form>
  );
}
