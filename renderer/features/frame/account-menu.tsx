import type { MenuProps } from 'antd';
import { type ReactElement, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Drop } from '../../ui/drop.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';

/** Who is signed in; appearance, language, sign-out. */
export function AccountMenu(): ReactElement | null {
  const { t } = useTranslation();
  const session = useSession();
  const settings = useQuery('settings.get', {}).value;
  const pending = useQuery('sync.state', {}).value?.pending ?? 0;
  const show = useToast((s) => s.show);
  const sentence = useBridgeSentence();
  const onClick = useCallback<NonNullable<MenuProps['onClick']>>(
    ({ key }) => {
      const [what, value] = key.split(':');
      const failed = (error: unknown): void => show({ tone: 'danger', text: sentence(error) });
      if (what === 'theme') core.call('settings.set', { theme: value as 'system' | 'light' | 'dark' }).catch(failed);
      else if (what === 'locale') core.call('settings.set', { locale: value as 'zh-CN' | 'en-US' }).catch(failed);
      else core.call('session.signOut', {}).catch(failed);
    },
    [show, sentence],
  );
  const account = session?.account;
  if (account === null || account === undefined) return null;
  const items: MenuProps['items'] = [
    {
      type: 'group',
      key: 'g-theme',
      label: t('account.theme'),
      children: (['system', 'light', 'dark'] as const).map((v) => ({ key: `theme:${v}`, label: t(`account.${v}`) })),
    },
    {
      type: 'group',
      key: 'g-locale',
      label: t('account.language'),
      children: [
        { key: 'locale:zh-CN', label: '简体中文' },
        { key: 'locale:en-US', label: 'English' },
      ],
    },
    { type: 'divider' },
    { key: 'signOut', label: pending > 0 ? t('account.signOutPending', { n: pending }) : t('account.signOut') },
  ];
  return (
    <Drop
      placement="bottomRight"
      menu={{
        items,
        onClick,
        selectable: true,
        selectedKeys: [`theme:${settings?.theme ?? 'system'}`, `locale:${settings?.locale ?? 'zh-CN'}`],
      }}
    >
      <button
        type="button"
        className="who"
        aria-label={`${t('account.menu')} ${account.name}`}
        aria-haspopup="menu"
        data-testid="account-menu"
      >
        <span className="ava" aria-hidden="true">
          {account.name.slice(0, 1)}
        </span>
        <span className="name">{account.name}</span>
        <span className="t3">{t(`role.${account.role}`)}</span>
        <Icon name="down" small />
      </button>
    </Drop>
  );
}
