import { type KeyboardEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Condition, conditionKey } from '../../../shared/domain/filter/filter.ts';
import { matchesSpoken } from '../../../shared/domain/search/match-text.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import type { ListView } from '../../hooks/use-list-view.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { useOutside } from '../../ui/use-outside.ts';
import { ConditionEditor } from './condition-editor.tsx';
import { type FieldGroup, type FilterField, useFilterFields } from './filter-fields.ts';

export interface FilterPanelProps {
  readonly list: ListName;
  readonly view: ListView;
  /** As `conditionKey`; '' for none yet. */
  readonly field: string;
}

const groups: readonly FieldGroup[] = ['ticket', 'people', 'customer', 'time', 'custom'];

/** The condition builder: fields on the left, the fitting editor on the right. What is chosen holds at once. */
export function FilterPanel({ view, field }: FilterPanelProps): ReactElement {
  const { t } = useTranslation();
  const fields = useFilterFields();
  const setOpen = useView((s) => s.setFilterOpen);
  const [search, setSearch] = useState('');
  const [at, setAt] = useState<string | null>(null);
  const box = useOutside<HTMLDivElement>(() => setOpen(null), '[data-testid=filter-open], .chips');
  const find = useRef<HTMLInputElement>(null);
  const pane = useRef<HTMLDivElement>(null);

  const active = (key: string): Condition | undefined => view.filter.find((c) => conditionKey(c) === key);
  const fitting = useMemo(
    () =>
      fields.filter(
        (f) =>
          (search.trim() === '' || matchesSpoken(search, f.name)) &&
          (f.custom === null || f.custom.removedAt === null || f.key === field || view.filter.some((c) => conditionKey(c) === f.key)),
      ),
    [fields, search, field, view.filter],
  );
  const chosen = fields.find((f) => f.key === field) ?? null;
  const marked = fitting.some((f) => f.key === at) ? at : (fitting[0]?.key ?? null);

  const focusEditor = (): void => {
    requestAnimationFrame(() => pane.current?.querySelector<HTMLElement>('input, select, button')?.focus());
  };
  // A chip opens its own editor; the button opens the list of fields.
  useEffect(() => {
    if (field === '') find.current?.focus();
    else focusEditor();
  }, [field]);

  const change = (condition: Condition | null): void => {
    const key = condition === null ? field : conditionKey(condition);
    const others = view.filter.filter((c) => conditionKey(c) !== key);
    const index = view.filter.findIndex((c) => conditionKey(c) === key);
    if (condition === null) view.set({ filter: others });
    else if (index >= 0) view.set({ filter: view.filter.map((c, i) => (i === index ? condition : c)) });
    else view.set({ filter: [...others, condition] });
  };
  const close = (): void => {
    setOpen(null);
    listCursor().focus();
  };
  const onFindKey = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      const index = fitting.findIndex((f) => f.key === marked);
      const next = fitting[Math.max(0, Math.min(fitting.length - 1, index + step))];
      if (next === undefined) return;
      setAt(next.key);
      document.getElementById(`filter-field-${next.key}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.code === 'Enter' && marked !== null) {
      if (marked === field) focusEditor();
      else setOpen(marked);
    } else return;
    event.preventDefault();
  };
  const entry = (f: FilterField): ReactElement => (
    <li
      key={f.key}
      id={`filter-field-${f.key}`}
      role="option"
      aria-selected={f.key === field}
      className={`${f.key === field ? 'on' : ''}${f.key === marked ? ' at' : ''}`}
      data-testid={`filter-field-${f.key}`}
      onClick={() => setOpen(f.key)}
    >
      <span className="el grow">{f.name}</span>
      {active(f.key) !== undefined && <i className="dot" />}
    </li>
  );
  return (
    <div ref={box} className="sheetpop filter" role="dialog" aria-label={t('filter.title')} data-testid="filter-panel">
      <div className="fieldlist">
        <input
          ref={find}
          className="pickfind"
          role="combobox"
          aria-expanded
          aria-controls="filter-fields"
          aria-activedescendant={marked === null ? undefined : `filter-field-${marked}`}
          aria-label={t('filter.findField')}
          placeholder={t('filter.findField')}
          value={search}
          data-testid="filter-find"
          onChange={(e) => {
            setSearch(e.target.value);
            setAt(null);
          }}
          onKeyDown={onFindKey}
        />
        <ul id="filter-fields" role="listbox" aria-label={t('filter.fields')}>
          {groups.map((group) => {
            const those = fitting.filter((f) => f.group === group);
            return those.length === 0 ? null : (
              <li key={group} role="presentation">
                <p className="t3 meta">{t(`filter.group.${group}`)}</p>
                <ul role="group" aria-label={t(`filter.group.${group}`)}>
                  {those.map((f) => entry(f))}
                </ul>
              </li>
            );
          })}
          {fitting.length === 0 && <li className="t3">{t('filter.noField')}</li>}
        </ul>
      </div>
      <div className="pane">
        <header>
          <b className="el">{chosen?.name ?? t('filter.title')}</b>
          {chosen?.custom?.removedAt != null && <span className="tag">{t('custom.retired')}</span>}
          <span className="grow" />
          {chosen !== null && active(chosen.key) !== undefined && (
            <button type="button" className="btn sm text" data-testid="filter-remove" onClick={() => change(null)}>
              {t('filter.clearOne')}
            </button>
          )}
          <button type="button" className="btn sm icon" aria-label={t('common.close')} title={`${t('common.close')} Esc`} onClick={close}>
            <Icon name="x" small />
          </button>
        </header>
        <div ref={pane} className="editor">
          {chosen === null ? (
            <p className="t3">{t('filter.choose')}</p>
          ) : (
            <ConditionEditor key={chosen.key} field={chosen} condition={active(chosen.key) ?? null} onChange={change} onDone={close} />
          )}
        </div>
        <footer>
          <button type="button" className="btn sm" data-testid="filter-done" onClick={close}>
            {t('filter.done')} <kbd>Esc</kbd>
          </button>
        </footer>
      </div>
    </div>
  );
}
