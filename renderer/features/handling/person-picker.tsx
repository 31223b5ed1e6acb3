import { type KeyboardEvent, type ReactElement, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../hooks/use-query.ts';

export interface PersonPickerProps {
  readonly selfId: string;
  readonly chosenId: string | null;
  onChoose(id: string): void;
}

/** Colleagues who can take a ticket: found by name or 工号, chosen by arrows and Enter or by a click. */
export function PersonPicker({ selfId, chosenId, onChoose }: PersonPickerProps): ReactElement {
  const { t } = useTranslation();
  const directory = useQuery('directory.list', {}).value;
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const people = useMemo(() => {
    const words = search.trim().toLowerCase();
    const groups = new Map((directory?.groups ?? []).map((g) => [g.id, g.name]));
    return (directory?.accounts ?? [])
      .filter((a) => a.id !== selfId && !a.disabled)
      .map((a) => ({ ...a, group: groups.get(a.priorityGroupId) ?? '' }))
      .filter((a) => words === '' || a.name.toLowerCase().includes(words) || a.staffNo.toLowerCase().includes(words));
  }, [directory, search, selfId]);
  const active = Math.min(at, people.length - 1);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = Math.max(0, Math.min(people.length - 1, active + step));
      setAt(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.code === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const person = people[active];
      if (person !== undefined) onChoose(person.id);
    }
  };

  return (
    <div className="pick">
      <input
        className="pickfind"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
        aria-label={t('composer.person')}
        placeholder={t('composer.personSearch')}
        autoFocus
        value={search}
        data-testid="person-search"
        onChange={(e) => {
          setSearch(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} role="listbox" aria-label={t('composer.person')}>
        {people.map((p, i) => (
          <li
            key={p.id}
            id={`${listId}-${i}`}
            role="option"
            aria-selected={p.id === chosenId}
            className={`${p.id === chosenId ? 'on' : ''}${i === active ? ' at' : ''}`}
            data-testid={`person-${p.staffNo}`}
            onClick={() => onChoose(p.id)}
          >
            <span className="ava" aria-hidden="true">
              {p.name.slice(0, 1)}
            </span>
            <b>{p.name}</b>
            <span className="t3">{p.staffNo}</span>
            <span className="grow" />
            <span className="t2">{p.group}</span>
            <span className="t3">{t(`role.${p.role}`)}</span>
          </li>
        ))}
      </ul>
      {people.length === 0 && <p className="t3 none">{t('composer.personNone')}</p>}
    </div>
  );
}
