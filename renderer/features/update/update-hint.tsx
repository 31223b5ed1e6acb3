import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { shell } from '../../bridge.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { Icon } from '../../ui/icon.tsx';
import { useRestart, useTellUnsaved, useUpdate } from './use-update.ts';

/** A version is ready. It waits for the agent, unless the company has set a time. */
export function UpdateHint(): ReactElement | null {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const update = useUpdate();
  const ready = update?.status === 'ready';
  useTellUnsaved(ready);
  const restart = useRestart();
  if (update === undefined || !ready) return null;
  const { forcedAt, quietUntil, version } = update;
  if (forcedAt === null && quietUntil !== null && now < quietUntil) return null;
  return (
    <div className={forcedAt === null ? 'noticebar quiet' : 'noticebar'} role="status" data-testid="update-hint">
      <Icon name={forcedAt === null ? 'bolt' : 'tri'} />
      <span className="grow">
        {forcedAt === null ? t('update.ready', { version }) : t('update.forced', { version, time: format.stamp(forcedAt, now) })}
      </span>
      {forcedAt === null && (
        <button type="button" className="btn sm" data-testid="update-later" onClick={() => void shell.call('update.later', {})}>
          {t('update.later')}
        </button>
      )}
      <button
        type="button"
        className={forcedAt === null ? 'btn sm' : 'btn sm primary'}
        data-testid="update-restart"
        onClick={() => void restart()}
      >
        {t('update.restart')}
      </button>
    </div>
  );
}
