import { Dropdown } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { type Locale, setLocale } from '../../i18n/i18n.ts';
import { Icon } from '../../ui/icon.tsx';

const names: Readonly<Record<Locale, string>> = { 'zh-CN': '简体中文', 'en-US': 'English' };

/** Before anybody has signed in. */
export function LanguageMenu(): ReactElement {
  const { t, i18n } = useTranslation();
  const now: Locale = i18n.language === 'en-US' ? 'en-US' : 'zh-CN';
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: (Object.keys(names) as Locale[]).map((key) => ({ key, label: names[key] })),
        selectable: true,
        selectedKeys: [now],
        onClick: ({ key }) => {
          setLocale(key as Locale);
          // If it cannot be kept, the screen has it at least until it closes.
          core.call('settings.set', { locale: key as Locale }).catch(() => undefined);
        },
      }}
    >
      <button type="button" className="btn text" aria-label={`${t('signIn.language')} ${names[now]}`} data-testid="signin-language">
        {names[now]}
        <Icon name="down" small />
      </button>
    </Dropdown>
  );
}
