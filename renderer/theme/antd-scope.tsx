import { ConfigProvider } from 'antd';
import enLocale from 'antd/locale/en_US';
import zhLocale from 'antd/locale/zh_CN';
import { type ReactElement, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { nonce } from '../guard.ts';
import { antdTheme } from './antd-theme.ts';
import { useLook } from './use-theme.ts';

/** What antd's parts have to stand in: look, language, and the page's policy. */
export function AntdScope({ children }: { readonly children: ReactNode }): ReactElement {
  const { i18n } = useTranslation();
  const { colours, dark, still } = useLook();
  const theme = useMemo(() => antdTheme(colours, dark, still), [colours, dark, still]);
  return (
    <ConfigProvider
      csp={{ nonce }}
      locale={i18n.language === 'en-US' ? enLocale : zhLocale}
      theme={theme}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      {children}
    </ConfigProvider>
  );
}
