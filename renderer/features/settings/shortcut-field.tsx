import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShellQuery } from '../../hooks/use-query.ts';
import { keyNames, keysOf } from './shortcut-keys.ts';

export interface ShortcutFieldProps {
  readonly value: string | null;
  onChange(keys: string | null): void;
}

/** A combination of keys, chosen by pressing it. */
export function ShortcutField({ value, onChange }: ShortcutFieldProps): ReactElement {
  const { t } = useTranslation();
  const platform = useShellQuery('app.info', {}).value?.platform ?? 'linux';
  const [listening, setListening] = useState(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!listening) return;
    if (event.code === 'Tab' && !event.ctrlKey && !event.altKey && !event.metaKey) return setListening(false);
    event.preventDefault();
    event.stopPropagation();
    if (event.code === 'Escape') return setListening(false);
    const keys = keysOf(event, platform);
    if (keys === null) return;
    setListening(false);
    onChange(keys);
  };
  return (
    <span className="row gap">
      {value !== null && (
        <button type="button" className="btn" data-testid="shortcut-clear" onClick={() => onChange(null)}>
          {t('desktop.shortcutClear')}
        </button>
      )}
      <button
        type="button"
        className={listening ? 'btn listening' : 'btn'}
        aria-describedby={listening ? 'shortcut-rule' : undefined}
        data-testid="shortcut"
        onClick={() => setListening(true)}
        onBlur={() => setListening(false)}
        onKeyDown={onKeyDown}
      >
        {listening ? (
          t('desktop.shortcutPress')
        ) : value === null ? (
          t('desktop.shortcutSet')
        ) : (
          <>
            {keyNames(value, platform).map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
            {t('desktop.shortcutChange')}
          </>
        )}
      </button>
    </span>
  );
}
