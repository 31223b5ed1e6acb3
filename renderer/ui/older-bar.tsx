import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { type OlderSelect, useOlder } from '../hooks/use-older.ts';
import { useQuery } from '../hooks/use-query.ts';
import { Icon } from './icon.tsx';

/** Says that finished tickets are kept here for a while only, and fetches older ones. */
export function OlderBar({ select }: { readonly select: OlderSelect }): ReactElement {
  const { t } = useTranslation();
  const days = useQuery('directory.list', {}).value?.parameters.cacheDays ?? 0;
  const { state, found, failure, fetch } = useOlder(select);
  const words =
    failure !== null
      ? t(`older.failed.${failure}`)
      : found > 0
        ? t('older.found', { n: found })
        : state === 'done'
          ? t('older.none')
          : t('older.note', { n: days });
  return (
    <div className={failure === null ? 'older' : 'older bad'} role="status" data-testid="older">
      <Icon name="cloud" small />
      <span className="grow">
        {words}
        {found > 0 && state === 'done' && <span className="t3"> · {t('older.none')}</span>}
      </span>
      {state !== 'done' && (
        <button type="button" className="btn sm text" disabled={state === 'fetching'} data-testid="older-fetch" onClick={fetch}>
          {t(state === 'fetching' ? 'older.fetching' : state === 'more' ? 'older.more' : 'older.fetch')}
        </button>
      )}
    </div>
  );
}
