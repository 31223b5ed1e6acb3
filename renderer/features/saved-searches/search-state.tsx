import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import type { ListView } from '../../hooks/use-list-view.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import { argsOf, useSearches } from './use-searches.ts';

export interface SearchStateProps {
  readonly view: ListView;
  readonly list: ListName;
}

/** In a list seen through a 常用搜索: whether it still says what was kept, and the ways on from there. */
export function SearchState({ view, list }: SearchStateProps): ReactElement | null {
  const { t } = useTranslation();
  const { put } = useSearches();
  const show = useToast((s) => s.show);
  const dropChanges = useView((s) => s.dropChanges);
  const setSaving = useView((s) => s.setSaving);
  const { search, changed } = view;
  if (search === null || !changed) return null;
  const update = async (): Promise<void> => {
    const { text, filter, sorting } = view;
    const args = { ...argsOf(search), list, text, filter: [...filter], sort: sorting.by, descending: sorting.descending };
    if ((await put(search.id, args)) === null) return;
    dropChanges(view.key);
    show({ tone: 'ok', text: t('searches.updated', { name: search.name }) });
  };
  return (
    <span className="row" data-testid="search-changed">
      <span className="tag">{t('searches.changed')}</span>
      <button type="button" className="btn sm link" data-testid="search-update" onClick={() => void update()}>
        {t('searches.update')}
      </button>
      <button type="button" className="btn sm text" aria-keyshortcuts="B" data-testid="search-save" onClick={() => setSaving(true)}>
        {t('searches.saveAs')}
      </button>
      <button type="button" className="btn sm text" data-testid="search-restore" onClick={() => dropChanges(view.key)}>
        {t('searches.restore')}
      </button>
    </span>
  );
}
