import type { FormEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { fromLocalText, localText, timeTrouble } from '../handling/callback-form.tsx';

export interface SnoozeTimeProps {
  /** Of the datetime-local field. */
  readonly time: string;
  onTime(time: string | null): void;
  onTake(until: number): void;
}

/** 稍后 until a time that the agent chooses; Esc goes back to the buttons and leaves the popup. */
export function SnoozeTime({ time, onTime, onTake }: SnoozeTimeProps): ReactElement {
  const { t } = useTranslation();
  const at = fromLocalText(time);
  const trouble = timeTrouble(at, Date.now());
  const take = (event: FormEvent): void => {
    event.preventDefault();
    if (at !== null && trouble === null) onTake(at);
  };
  return (
    <form className="snoozetime" noValidate onSubmit={take} onKeyDown={(e) => e.key === 'Escape' && (e.stopPropagation(), onTime(null))}>
      <input
        type="datetime-local"
        className="fld"
        aria-label={t('callback.time')}
        value={time}
        min={localText(Date.now())}
        autoFocus
        data-testid="popup-snooze-time"
        onChange={(e) => onTime(e.target.value)}
      />
      <button type="submit" className="btn sm primary" aria-disabled={trouble !== null} data-testid="popup-snooze-take">
        {t('popup.snoozeTake')}
      </button>
      {trouble !== null && (
        <p className="danger" role="status">
          {t(`callback.${trouble}`)}
        </p>
      )}
    </form>
  );
}
