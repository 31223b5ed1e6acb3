import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import { dayStart } from '../../format/time-format.ts';

const HOUR = 3_600_000;
const quick = {
  h1: (now: number) => now + HOUR,
  h2: (now: number) => now + 2 * HOUR,
  evening: (now: number) => dayStart(now) + 19 * HOUR,
  morning: (now: number) => dayStart(now, 1) + 9 * HOUR,
  afternoon: (now: number) => dayStart(now, 1) + 14 * HOUR,
  days3: (now: number) => dayStart(now, 3) + 9 * HOUR,
} as const;

/** The value of a datetime-local field, in the zone of this computer. */
export function localText(at: number): string {
  const d = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** @returns null for an empty or unfinished text. */
export function fromLocalText(text: string): number | null {
  const at = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** Why a time cannot be taken, as a key of `callback`; null if it can. */
export function timeTrouble(at: number | null, now: number): 'missing' | 'past' | 'tooFar' | null {
  if (at === null) return 'missing';
  if (at <= now) return 'past';
  return at > now + limits.callbackDays * 24 * HOUR ? 'tooFar' : null;
}

export interface CallbackFormProps {
  /** Of the datetime-local field. */
  readonly time: string;
  readonly note: string;
  /** Only a new callback has a note. */
  readonly withNote: boolean;
  onTime(time: string): void;
  onNote(note: string): void;
}

export function CallbackForm({ time, note, withNote, onTime, onNote }: CallbackFormProps): ReactElement {
  const { t } = useTranslation();
  const now = Date.now();
  return (
    <div className="cbform">
      <div className="quick">
        {(Object.keys(quick) as (keyof typeof quick)[])
          .filter((k) => quick[k](now) > now)
          .map((k) => {
            const value = localText(quick[k](now));
            return (
              <button
                key={k}
                type="button"
                className={value === time ? 'btn sm on' : 'btn sm'}
                aria-pressed={value === time}
                data-testid={`callback-quick-${k}`}
                onClick={() => onTime(value)}
              >
                {t(`callback.quick.${k}`)}
              </button>
            );
          })}
      </div>
      <label className="cbtime">
        <span>{t('callback.time')}</span>
        <input
          type="datetime-local"
          value={time}
          min={localText(now)}
          autoFocus
          data-testid="callback-time"
          onChange={(e) => onTime(e.target.value)}
        />
      </label>
      {withNote && (
        <textarea
          className="cbnote"
          rows={2}
          aria-label={t('callback.note')}
          placeholder={`${t('callback.note')} · ${t('callback.notePlaceholder')}`}
          maxLength={limits.text}
          value={note}
          data-testid="callback-note"
          onChange={(e) => onNote(e.target.value)}
        />
      )}
    </div>
  );
}
