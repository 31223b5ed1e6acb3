import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { conditionKey } from '../../../shared/domain/filter/filter.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import type { ListView } from '../../hooks/use-list-view.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { SearchState } from '../saved-searches/search-state.tsx';
import { type Column, columnOfCondition } from '../tickets/columns.ts';
import { useConditionWords } from './use-condition-words.ts';

export interface ChipsRowProps {
  readonly list: ListName;
  readonly view: ListView;
  /** Columns on screen: a condition on another one is marked, and holds all the same. */
  readonly shown: readonly Column[];
  readonly children: ReactNode;
}

/** What the list is narrowed to, each condition in words: a click edits it, × takes it away. */
export function ChipsRow({ list, view, shown, children }: ChipsRowProps): ReactElement {
  const { t } = useTranslation();
  const wordsOf = useConditionWords();
  const due = useView((s) => s.due);
  const setDue = useView((s) => s.setDue);
  const setFilterOpen = useView((s) => s.setFilterOpen);
  const setSaving = useView((s) => s.setSaving);
  const { text, filter } = view;
  const narrowed = text !== '' || filter.length > 0;
  const clear = (): void => {
    view.set({ text: '', filter: [] });
    setDue('all');
  };
  return (
    <div className="chips" data-testid="chips">
      {!narrowed && due === 'all' && <span className="t3 meta none">{t('list.noFilter')}</span>}
      {text !== '' && (
        <span className="chip" data-testid="chip-text">
          <span className="k">{t('filter.words')}</span> <b className="el">{text}</b>
          <button
            type="button"
            aria-label={t('list.clearFilter', { what: text })}
            data-testid="chip-remove-text"
            onClick={() => view.set({ text: '' })}
          >
            <Icon name="x" />
          </button>
        </span>
      )}
      {due !== 'all' && (
        <span className="chip" data-testid="chip-due">
          <span className="k">{t('list.filterChip')}</span> {t(`list.due.${due}`)}
          <button type="button" aria-label={t('list.clearFilter', { what: t(`list.due.${due}`) })} onClick={() => setDue('all')}>
            <Icon name="x" />
          </button>
        </span>
      )}
      {filter.map((c) => {
        const key = conditionKey(c);
        const { field, value } = wordsOf(c);
        const column = columnOfCondition(key);
        const hidden = column !== null && !shown.some((s) => s.id === column);
        const what = `${field} ${value}`;
        return (
          <span key={key} className="chip" data-testid={`chip-${key}`} data-hidden={hidden}>
            <button
              type="button"
              className="word"
              aria-label={t('filter.edit', { what })}
              title={hidden ? `${what} · ${t('filter.hiddenColumn')}` : what}
              data-testid={`chip-edit-${key}`}
              onClick={() => setFilterOpen(key)}
            >
              {hidden && <Icon name="hidden" />}
              <span className="k">{field}</span> <b className="el">{value}</b>
              {hidden && <span className="sr">{t('filter.hiddenColumn')}</span>}
            </button>
            <button
              type="button"
              aria-label={t('list.clearFilter', { what })}
              data-testid={`chip-remove-${key}`}
              onClick={() => view.set({ filter: filter.filter((x) => conditionKey(x) !== key) })}
            >
              <Icon name="x" />
            </button>
          </span>
        );
      })}
      {(narrowed || due !== 'all') && (
        <button type="button" className="btn sm text" data-testid="filter-clear" onClick={clear}>
          {t('filter.clearAll')}
        </button>
      )}
      <SearchState view={view} list={list} />
      {narrowed && view.search === null && (
        <button type="button" className="btn sm link" aria-keyshortcuts="B" data-testid="search-save" onClick={() => setSaving(true)}>
          <Icon name="mark" small />
          {t('searches.save')} <kbd>B</kbd>
        </button>
      )}
      <span className="grow" />
      {children}
    </div>
  );
}
