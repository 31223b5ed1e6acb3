import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { UpdateHint } from '../update/update-hint.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';

/** A version that waits, and what happened to the data of this computer or of the server, until the agent has closed it. */
export function Notices(): ReactElement {
  const { t } = useTranslation();
  const recovery = useQuery('session.recovery', {}).value ?? null;
  const restored = useQuery('session.restored', {}).value ?? null;
  return (
    <div className="notices">
      <UpdateHint />
      {recovery !== null && (
        <Notice name="recovery" seen="session.recoverySeen">
          {t('recovery.text')}
          {recovery.commands + recovery.drafts > 0 && t('recovery.found', { commands: recovery.commands, drafts: recovery.drafts })}
          {recovery.unreadable > 0 && <b>{t('recovery.unreadable', { n: recovery.unreadable })}</b>}
          {t('recovery.end')}
        </Notice>
      )}
      {restored !== null && (
        <Notice name="restored" seen="session.restoredSeen">
          {t('recovery.restored')}
        </Notice>
      )}
    </div>
  );
}

interface NoticeProps {
  readonly name: string;
  readonly seen: 'session.recoverySeen' | 'session.restoredSeen';
  readonly children: ReactNode;
}

function Notice({ name, seen, children }: NoticeProps): ReactElement {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const sentence = useBridgeSentence();
  return (
    <div className="noticebar" role="alert" data-testid={`${name}-notice`}>
      <Icon name="tri" />
      <span className="grow">{children}</span>
      <button
        type="button"
        className="btn sm"
        data-testid={`${name}-close`}
        onClick={() => core.call(seen, {}).catch((error: unknown) => show({ tone: 'danger', text: sentence(error) }))}
      >
        {t('common.close')}
      </button>
    </div>
  );
}
