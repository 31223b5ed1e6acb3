import { type KeyboardEvent, type ReactElement, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matchesSpoken } from '../../../shared/domain/search/match-text.ts';

export interface Choice<V> {
  readonly value: V;
  readonly label: string;
  readonly aside?: ReactNode;
}

export interface ChoiceEditorProps<V> {
  readonly label: string;
  readonly choices: readonly Choice<V>[];
  readonly chosen: readonly V[];
  onChange(chosen: V[]): void;
}

/** From so many on they can be searched. */
const MANY = 8;

/** Several of a set: boxes that arrows walk through and Space ticks. */
export function ChoiceEditor<V extends string | null>({ label, choices, chosen, onChange }: ChoiceEditorProps<V>): ReactElement {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const fitting = choices.filter((c) => search.trim() === '' || matchesSpoken(search, c.label));
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const stops = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input')];
    const at = stops.indexOf(document.activeElement as HTMLInputElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus();
  };
  const toggle = (value: V): void => onChange(chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value]);
  return (
    <div role="group" aria-label={label} onKeyDown={onKeyDown}>
      {choices.length > MANY && (
        <input
          className="fld"
          aria-label={t('filter.find')}
          placeholder={t('filter.find')}
          value={search}
          data-testid="filter-choice-find"
          onChange={(e) => setSearch(e.target.value)}
        />
      )}
      <div className="choices">
        {fitting.map((c) => (
          <label key={c.value ?? ''} className="check">
            <input
              type="checkbox"
              checked={chosen.includes(c.value)}
              data-testid={`filter-choice-${c.value ?? 'nobody'}`}
              onChange={() => toggle(c.value)}
            />
            <span className="el">{c.label}</span>
            {c.aside}
          </label>
        ))}
        {fitting.length === 0 && <p className="t3">{t('filter.nothing')}</p>}
      </div>
    </div>
  );
}
