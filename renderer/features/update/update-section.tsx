import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { shell } from '../../bridge.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useShellQuery } from '../../hooks/use-query.ts';
import { useRestart, useUpdate } from './use-update.ts';

/** 关于这个版本: which one runs here, and whether there is a newer. */
export function UpdateSection(): ReactElement | null {
  const { t } = useTranslation();
  const words = useWords();
  const info = useShellQuery('app.info', {}).value;
  const update = useUpdate();
  const restart = useRestart();
  if (info === undefined || update === undefined) return null;
  const { status } = update;
  const busy = status === 'checking' || status === 'fetching';
  return (
    <section className="setpart" aria-label={t('update.title')}>
      <h3>{t('update.title')}</h3>
      <div className="setrows">
        <div className="setrow">
          <div>
            <b data-testid="app-version">{t('update.version', { version: info.version })}</b>
            <p className="t2" role="status" data-testid="update-words">
              {words}
            </p>
          </div>
          {status === 'ready' ? (
            <button type="button" className="btn primary" onClick={() => void restart()}>
              {t('update.restart')}
            </button>
          ) : (
            status !== 'off' && (
              <button
                type="button"
                className="btn"
                disabled={busy}
                data-testid="update-check"
                onClick={() => void shell.call('update.check', {})}
              >
                {t('update.check')}
              </button>
            )
          )}
        </div>
      </div>
    </section>
  );
}

function useWords(): string {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const update = useUpdate();
  if (update === undefined) return '';
  const { checkedAt, failure, percent, status, version } = update;
  if (status === 'off') return t('update.off');
  if (status === 'checking') return t('update.checking');
  if (status === 'fetching') return t('update.fetching', { version, percent: percent ?? 0 });
  if (status === 'ready') return t('update.ready', { version });
  if (failure !== null) return t(`update.failure.${failure}`);
  return checkedAt === null ? t('update.never') : t('update.newest', { time: format.stamp(checkedAt, now) });
}
