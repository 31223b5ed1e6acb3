import { type ReactElement, useLayoutEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Frame } from './features/frame/frame.tsx';
import { useQuery } from './hooks/use-query.ts';
import { useSession } from './hooks/use-session.ts';
import { setLocale } from './i18n/i18n.ts';
import { useLookOfPage } from './theme/use-theme.ts';
import { Icon } from './ui/icon.tsx';
import { IconSprite } from './ui/icon-sprite.tsx';
import { later } from './ui/later.tsx';
import { RecoverBar } from './ui/recover-bar.tsx';

const SignIn = later(() => import('./features/sign-in/sign-in.tsx').then((m) => m.SignIn), Opening);

export function App(): ReactElement {
  const locale = useQuery('settings.get', {}).value?.locale;
  useLookOfPage();
  useLayoutEffect(() => {
    if (locale !== undefined) setLocale(locale);
  }, [locale]);
  return (
    <>
      <IconSprite />
      <Screen />
    </>
  );
}

function Opening(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="opening" role="status">
      <Icon name="logo" />
      <span>{t('app.opening')}</span>
    </div>
  );
}

function Screen(): ReactElement {
  const session = useSession();
  if (session === undefined || session.phase === 'starting') return <Opening />;
  // Another account is another screen: nothing that the last one had open stays.
  if (session.phase === 'ready' && session.account !== null) return <Frame key={session.account.id} account={session.account} />;
  return (
    <>
      <RecoverBar floating />
      <SignIn key={session.phase} session={session} />
    </>
  );
}
