import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnected } from '../hooks/use-connected.ts';
import { Icon } from './icon.tsx';

/** A core that comes back this fast is not worth a word. */
const GRACE = 400;

/** Whether the core has been away for longer than a moment. */
export function useRecovering(): boolean {
  const connected = useConnected();
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (connected) return undefined;
    const timer = setTimeout(() => setLate(true), GRACE);
    return () => clearTimeout(timer);
  }, [connected]);
  return !connected && late;
}

/** Said while the core is away, in the place of the sync state that nobody knows then; all that was read stays on screen. */
export function RecoverBar({ floating }: { readonly floating?: boolean }): ReactElement | null {
  const { t } = useTranslation();
  const recovering = useRecovering();
  if (!recovering && floating) return null;
  return (
    <div className={floating ? 'recover floating' : 'recover'} role="status" data-testid="recovering">
      <Icon name="wait" />
      {t('app.recovering')}
    </div>
  );
}
