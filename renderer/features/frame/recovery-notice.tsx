import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';

/** Says that the local data was damaged and what could be read of it, until the agent has closed it. */
export function RecoveryNotice(): ReactElement | null {
  const { t } = useTranslation();
  const recovery = useQuery('session.recovery', {}).value;
  const show = useToast((s) => s.show);
  const sentence = useBridgeSentence();
  if (recovery == null) return null;
  const { commands, drafts, unreadable } = recovery;
  return (
    <div className="noticebar" role="alert" data-testid="recovery-notice">
      <Icon name="tri" />
      <span className="grow">
        {t('recovery.text', { commands, drafts })}
        {unreadable > 0 && <b>{t('recovery.unreadable', { n: unreadable })}</b>}
        {t('recovery.end')}
      </span>
      <button
        type="button"
        className="btn sm"
        data-testid="recovery-close"
        onClick={() => core.call('session.recoverySeen', {}).catch((error: unknown) => show({ tone: 'danger', text: sentence(error) }))}
      >
        {t('common.close')}
      </button>
    </div>
  );
}
