import { type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RelativeTime, relativeTimes, type TimeRange } from '../../../shared/domain/filter/filter.ts';
import { dayStart } from '../../format/time-format.ts';
import { dayText } from './use-condition-words.ts';

/** Typing pauses this long before a list is asked again. */
const PAUSE = 250;

export interface TextEditorProps {
  readonly label: string;
  readonly value: string;
  readonly digits?: boolean;
  onChange(value: string): void;
  onDone(): void;
}

/** Words; an unfinished composition is none. */
export function TextEditor({ label, value, digits, onChange, onDone }: TextEditorProps): ReactElement {
  const [text, setText] = useState(value);
  const composing = useRef(false);
  const [settled, setSettled] = useState(value);
  const call = useRef(onChange);
  call.current = onChange;
  useEffect(() => {
    if (composing.current || text === settled) return undefined;
    const timer = setTimeout(() => {
      setSettled(text);
      call.current(text.trim());
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text, settled]);
  return (
    <input
      className="fld"
      aria-label={label}
      placeholder={label}
      maxLength={100}
      inputMode={digits === true ? 'tel' : 'text'}
      value={text}
      data-testid="filter-text"
      onCompositionStart={() => {
        composing.current = true;
      }}
      onCompositionEnd={(e) => {
        composing.current = false;
        setText(e.currentTarget.value);
        setSettled('\0');
      }}
      onChange={(e) => setText(e.target.value)}
      onKeyDown={(e) => {
        if (e.nativeEvent.isComposing || e.code !== 'Enter') return;
        e.preventDefault();
        onChange(text.trim());
        onDone();
      }}
    />
  );
}

export interface NumberEditorProps {
  readonly from: number | null;
  readonly to: number | null;
  readonly whole: boolean;
  onChange(from: number | null, to: number | null): void;
}

export function NumberEditor({ from, to, whole, onChange }: NumberEditorProps): ReactElement {
  const { t } = useTranslation();
  const read = (text: string): number | null => {
    const n = text.trim() === '' ? Number.NaN : Number(text);
    return Number.isFinite(n) ? (whole ? Math.trunc(n) : n) : null;
  };
  const [texts, setTexts] = useState({ from: from?.toString() ?? '', to: to?.toString() ?? '' });
  const set = (patch: Partial<typeof texts>): void => {
    const next = { ...texts, ...patch };
    setTexts(next);
    onChange(read(next.from), read(next.to));
  };
  return (
    <div className="fromto">
      <label>
        <span>{t('filter.from')}</span>
        <input className="fld" type="number" value={texts.from} data-testid="filter-from" onChange={(e) => set({ from: e.target.value })} />
      </label>
      <label>
        <span>{t('filter.to')}</span>
        <input className="fld" type="number" value={texts.to} data-testid="filter-to" onChange={(e) => set({ to: e.target.value })} />
      </label>
      {from !== null && to !== null && from > to && <p className="warn meta">{t('filter.backwards')}</p>}
    </div>
  );
}

export interface DayEditorProps {
  /** YYYY-MM-DD; '' for none. */
  readonly from: string;
  readonly to: string;
  onChange(from: string, to: string): void;
}

/** From one day to another, both inclusive. */
export function DayEditor({ from, to, onChange }: DayEditorProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="fromto">
      <label>
        <span>{t('filter.from')}</span>
        <input
          className="fld"
          type="date"
          value={from}
          max="9999-12-31"
          data-testid="filter-from"
          onChange={(e) => onChange(e.target.value, to)}
        />
      </label>
      <label>
        <span>{t('filter.to')}</span>
        <input
          className="fld"
          type="date"
          value={to}
          max="9999-12-31"
          data-testid="filter-to"
          onChange={(e) => onChange(from, e.target.value)}
        />
      </label>
      {from !== '' && to !== '' && from > to && <p className="warn meta">{t('filter.backwards')}</p>}
    </div>
  );
}

const past: readonly RelativeTime[] = ['today', 'yesterday', 'last7', 'last30', 'thisMonth', 'lastMonth'];
const ahead: readonly RelativeTime[] = ['overdue', 'today', 'tomorrow', 'next3', 'next7', 'thisMonth'];
const offered: Readonly<Record<string, readonly RelativeTime[]>> = {
  createdAt: past,
  updatedAt: past,
  resolvedAt: [...past, 'none'],
  dueAt: [...ahead, 'none'],
  nextAt: [...ahead, 'none'],
  callbackAt: [...ahead, 'yesterday', 'last7', 'none'],
};

export interface TimeEditorProps {
  readonly field: string;
  readonly at: TimeRange | null;
  onChange(at: TimeRange | null): void;
}

/** A relative time with a click, or days. */
export function TimeEditor({ field, at, onChange }: TimeEditorProps): ReactElement {
  const { t } = useTranslation();
  const chosen = at !== null && 'relative' in at ? at.relative : null;
  const choices = relativeTimes.filter((r) => offered[field]?.includes(r) === true || r === chosen);
  const days = at !== null && !('relative' in at) ? at : { from: null, to: null };
  const start = (day: string): number | null => {
    const [y, m, d] = day.split('-').map(Number);
    return y === undefined || m === undefined || d === undefined || y < 1970 ? null : new Date(y, m - 1, d).getTime();
  };
  const set = (from: string, to: string): void => {
    const last = to === '' ? null : start(to);
    const next = { from: from === '' ? null : start(from), to: last === null ? null : dayStart(last, 1) };
    onChange(next.from === null && next.to === null ? null : next);
  };
  return (
    <>
      <div className="quick" role="group" aria-label={t('filter.relative')}>
        {choices.map((r) => (
          <button
            key={r}
            type="button"
            className={r === chosen ? 'btn sm on' : 'btn sm'}
            aria-pressed={r === chosen}
            data-testid={`filter-time-${r}`}
            onClick={() => onChange(r === chosen ? null : { relative: r })}
          >
            {t(`filter.time.${r}`)}
          </button>
        ))}
      </div>
      <h4 className="t3 meta">{t('filter.absolute')}</h4>
      <DayEditor from={days.from === null ? '' : dayText(days.from)} to={days.to === null ? '' : dayText(days.to - 1)} onChange={set} />
    </>
  );
}
