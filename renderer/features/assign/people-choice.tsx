import { type KeyboardEvent, type ReactElement, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { loadRow } from '../../../shared/bridge/views.ts';
import { matchesSpoken } from '../../../shared/domain/search/match-text.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { DutyWord } from '../../ui/duty-word.tsx';

export type LoadRow = z.infer<typeof loadRow>;

export interface PeopleChoiceProps {
  /** Whoever has all of it now: shown, and not to be chosen. */
  readonly holderId: string | null;
  readonly chosen: readonly string[];
  /** More than one may be chosen. */
  readonly several: boolean;
  onChoose(ids: string[]): void;
}

/** People to whom work can be given, with what they have in hand; found by name, 工号 or pinyin. */
export function PeopleChoice({ holderId, chosen, several, onChoose }: PeopleChoiceProps): ReactElement {
  const { t } = useTranslation();
  const load = useQuery('team.load', { groupId: null });
  const groups = useQuery('directory.list', {}).value?.groups;
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const people = useMemo(
    () =>
      (load.value ?? [])
        .filter(({ account }) => !account.disabled)
        .filter(({ account }) => search.trim() === '' || matchesSpoken(search, account.name) || matchesSpoken(search, account.staffNo)),
    [load.value, search],
  );
  const active = Math.min(at, people.length - 1);
  const choose = (row: LoadRow | undefined): void => {
    if (row === undefined || row.account.id === holderId) return;
    const { id } = row.account;
    if (!several) onChoose([id]);
    else onChoose(chosen.includes(id) ? chosen.filter((x) => x !== id) : [...chosen, id]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      const next = Math.max(0, Math.min(people.length - 1, active + step));
      setAt(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.code === 'Enter') choose(people[active]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="pick load">
      <input
        className="pickfind"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
        aria-label={t('giving.find')}
        placeholder={t('giving.find')}
        autoFocus
        value={search}
        data-testid="assign-search"
        onChange={(e) => {
          setSearch(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="loadhead t3 meta" aria-hidden="true">
        <span>{t('giving.name')}</span>
        <span>{t('giving.duty')}</span>
        <span>{t('giving.open')}</span>
        <span>{t('giving.overdue')}</span>
        <span>{t('giving.callbacks')}</span>
      </div>
      <ul id={listId} role="listbox" aria-multiselectable={several} aria-label={t('giving.choose')}>
        {people.map((row, i) => {
          const { account } = row;
          const on = chosen.includes(account.id);
          const holds = account.id === holderId;
          return (
            <li
              key={account.id}
              id={`${listId}-${i}`}
              role="option"
              aria-selected={on}
              aria-disabled={holds}
              className={`${on ? 'on' : ''}${i === active ? ' at' : ''}${holds ? ' off' : ''}`}
              data-testid={`assign-person-${account.staffNo}`}
              onClick={() => choose(row)}
            >
              <span className="who el">
                <b className="el">{account.name}</b> <span className="t3">{account.staffNo}</span>{' '}
                <span className="t3 el">
                  {holds ? t('giving.holds') : (groups?.find((g) => g.id === account.priorityGroupId)?.name ?? '')}
                </span>
              </span>
              <DutyWord duty={account.duty} />
              <span className="num">{row.open}</span>
              <span className={row.overdue > 0 ? 'num danger' : 'num t3'}>{row.overdue}</span>
              <span className="num">{row.callbacksToday}</span>
            </li>
          );
        })}
      </ul>
      {people.length === 0 && load.value !== undefined && (
        <p className="t3 none">
          {t('giving.nobody')} {t('giving.nobodyHint')}
        </p>
      )}
    </div>
  );
}
