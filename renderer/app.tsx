import { ConfigProvider } from 'antd';
import enLocale from 'antd/locale/en_US';
import zhLocale from 'antd/locale/zh_CN';
import { type ReactElement, useLayoutEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Frame } from './features/frame/frame.tsx';
import { SignIn } from './features/sign-in/sign-in.tsx';
import { nonce } from './guard.ts';
import { useQuery } from './hooks/use-query.ts';
import { useSession } from './hooks/use-session.ts';
import { setLocale } from './i18n/i18n.ts';
import { antdTheme } from './theme/antd-theme.ts';
import { useTheme } from './theme/use-theme.ts';
import { Icon } from './ui/icon.tsx';
import { IconSprite } from './ui/icon-sprite.tsx';
import { RecoverBar } from './ui/recover-bar.tsx';

export function App(): ReactElement {
  const { i18n } = useTranslation();
  const settings = useQuery('settings.get', {}).value;
  const look = useTheme(settings?.theme ?? 'system');
  useLayoutEffect(() => {
    if (settings !== undefined) setLocale(settings.locale);
  }, [settings?.locale]);
  const theme = useMemo(() => antdTheme(look.colours, look.dark, look.still), [look.colours, look.dark, look.still]);
  return (
    <ConfigProvider
      csp={{ nonce }}
      locale={i18n.language === 'en-US' ? enLocale : zhLocale}
      theme={theme}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      <IconSprite />
      <Screen />
    </ConfigProvider>
  );
}

function Screen(): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  if (session === undefined || session.phase === 'starting') {
    return (
      <div className="opening" role="status">
        <Icon name="logo" />
        <span>{t('app.opening')}</span>
      </div>
    );
  }
  // Another account is another screen: nothing that the last one had open stays.
  if (session.phase === 'ready' && session.account !== null) return <Frame key={session.account.id} account={session.account} />;
  return (
    <>
      <RecoverBar floating />
      <SignIn key={session.phase} session={session} />
    </>
  );
}
