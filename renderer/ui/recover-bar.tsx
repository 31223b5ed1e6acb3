import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnected } from '../hooks/use-connected.ts';
import { Icon } from './icon.tsx';

/** A core that comes back this fast is not worth a word. */
const GRACE = 400;

/** Said while the core is away; everything that was read stays on screen. */
export function RecoverBar({ floating }: { readonly floating?: boolean }): ReactElement | null {
  const { t } = useTranslation();
  const connected = useConnected();
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (connected) return undefined;
    const timer = setTimeout(() => setLate(true), GRACE);
    return () => clearTimeout(timer);
  }, [connected]);
  if (connected || !late) return null;
  return (
    <div className={floating ? 'recover floating' : 'recover'} role="status" data-testid="recovering">
      <Icon name="wait" />
      {t('app.recovering')}
    </div>
  );
}
