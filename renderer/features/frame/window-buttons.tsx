import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { shell } from '../../bridge.ts';
import { useShellQuery } from '../../hooks/use-query.ts';
import { Icon } from '../../ui/icon.tsx';

/** Minimise, maximise, close, where the system draws none of its own. */
export function WindowButtons(): ReactElement | null {
  const { t } = useTranslation();
  const info = useShellQuery('app.info', {}).value;
  const state = useShellQuery('window.state', {}).value;
  if (info?.ownButtons !== true) return null;
  const maximized = state?.maximized === true;
  const run = (name: 'window.minimize' | 'window.toggleMaximize' | 'window.close') => (): void => {
    // The window is the shell's; if it cannot be asked there is nothing to tell the agent.
    shell.call(name, {}).catch(() => undefined);
  };
  return (
    <div className="caption">
      <button type="button" aria-label={t('window.minimize')} data-testid="window-minimize" onClick={run('window.minimize')}>
        <Icon name="minimise" />
      </button>
      <button
        type="button"
        aria-label={maximized ? t('window.restore') : t('window.maximize')}
        data-testid="window-maximize"
        onClick={run('window.toggleMaximize')}
      >
        <Icon name={maximized ? 'restore' : 'maximise'} />
      </button>
      <button type="button" className="shut" aria-label={t('window.close')} data-testid="window-close" onClick={run('window.close')}>
        <Icon name="x" />
      </button>
    </div>
  );
}
