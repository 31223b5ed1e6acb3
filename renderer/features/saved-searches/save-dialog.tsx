import { Modal } from 'antd';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MAX_SAVED_SEARCHES } from '../../../shared/domain/personal.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import { useListView } from '../../hooks/use-list-view.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { useConditionWords } from '../filters/use-condition-words.ts';
import { useSearches } from './use-searches.ts';

const NAME = 20;

/** Keeps what the list on screen is narrowed to under a name. */
export function SaveDialog(): ReactElement | null {
  const open = useView((s) => s.saving);
  const place = useView((s) => s.place);
  const setSaving = useView((s) => s.setSaving);
  const { t } = useTranslation();
  const close = (): void => {
    setSaving(false);
    listCursor().focus();
  };
  return (
    <Modal
      open={open && place.kind === 'list'}
      title={t('searches.save')}
      width={440}
      centered
      footer={null}
      onCancel={close}
      destroyOnHidden
    >
      {place.kind === 'list' && <SaveForm list={place.list} searchId={place.searchId} onClose={close} />}
    </Modal>
  );
}

interface SaveFormProps {
  readonly list: ListName;
  readonly searchId: string | null;
  onClose(): void;
}

function SaveForm({ list, searchId, onClose }: SaveFormProps): ReactElement {
  const { t } = useTranslation();
  const view = useListView(list, searchId);
  const { all, put } = useSearches();
  const wordsOf = useConditionWords();
  const show = useToast((s) => s.show);
  const [name, setName] = useState('');
  const [replaces, setReplaces] = useState<string | null>(null);
  const [need, setNeed] = useState<'name' | 'replaced' | null>(null);
  const [busy, setBusy] = useState(false);
  const full = all.length >= MAX_SAVED_SEARCHES;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wanted = name.trim();
    if (busy) return;
    if (wanted === '') return setNeed('name');
    if (full && replaces === null) return setNeed('replaced');
    setBusy(true);
    const replaced = all.find((s) => s.id === replaces);
    const id = await put(null, {
      name: wanted,
      list,
      text: view.text,
      filter: [...view.filter],
      sort: view.sorting.by,
      descending: view.sorting.descending,
      position: replaced?.position ?? (all.at(-1)?.position ?? 0) + 1,
      replaces,
    });
    setBusy(false);
    if (id === null) return;
    show({ tone: 'ok', text: t('searches.saved', { name: wanted }) });
    const state = useView.getState();
    state.dropChanges(view.key);
    // The plain list is whole again; what was narrowed is the saved search now.
    state.setConditions(list, { text: '', filter: [] });
    onClose();
    state.go({ kind: 'list', list, searchId: id });
  };
  return (
    <form className="saveform" data-testid="search-save-form" onSubmit={(e) => void submit(e)}>
      <label className="nf">
        <span>{t('searches.name')}</span>
        <input
          className={need === 'name' ? 'fld err' : 'fld'}
          autoFocus
          maxLength={NAME}
          placeholder={t('searches.namePlaceholder')}
          value={name}
          data-testid="search-name"
          onChange={(e) => {
            setName(e.target.value);
            setNeed(null);
          }}
        />
        {need === 'name' && <span className="danger meta">{t('searches.needName')}</span>}
      </label>
      <p className="chips">
        <span className="tag">{t(`nav.list.${list}`)}</span>
        {view.text !== '' && (
          <span className="tag">
            {t('filter.words')} {view.text}
          </span>
        )}
        {view.filter.map((c) => {
          const { field, value } = wordsOf(c);
          return (
            <span key={field} className="tag el">
              {field} {value}
            </span>
          );
        })}
      </p>
      {full && (
        <fieldset className="replace" data-testid="search-replace">
          <legend>{t('searches.full')}</legend>
          {all.map((s) => (
            <label key={s.id} className="check">
              <input
                type="radio"
                name="replaces"
                checked={replaces === s.id}
                data-testid={`search-replace-${s.id}`}
                onChange={() => {
                  setReplaces(s.id);
                  setNeed(null);
                }}
              />
              <Icon name="mark" small />
              {s.name}
            </label>
          ))}
          {need === 'replaced' && <span className="danger meta">{t('searches.needReplaced')}</span>}
        </fieldset>
      )}
      <p className="t3 meta">{t('searches.saveHint')}</p>
      <div className="acts two end">
        <button type="button" className="btn act" onClick={onClose}>
          {t('common.cancel')}
        </button>
        <button type="submit" className="btn act primary" aria-disabled={busy} data-testid="search-save-confirm">
          {t('common.save')} <kbd>↵</kbd>
        </button>
      </div>
    </form>
  );
}
