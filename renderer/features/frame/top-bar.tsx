import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useShellQuery } from '../../hooks/use-query.ts';
import { RecoverBar, useRecovering } from '../../ui/recover-bar.tsx';
import { Icon } from '../../ui/icon.tsx';
import { DutyMenu } from '../duty/duty-menu.tsx';
import { SearchBox } from '../search/search-box.tsx';
import { AccountMenu } from './account-menu.tsx';
import { SyncState } from './sync-state.tsx';
import { WindowButtons } from './window-buttons.tsx';

export function TopBar(): ReactElement {
  const { t } = useTranslation();
  const recovering = useRecovering();
  const mac = useShellQuery('app.info', {}).value?.platform === 'darwin';
  return (
    <header className={mac ? 'top mac' : 'top'}>
      <div className="brand">
        <Icon name="logo" />
        <span>{t('app.name')}</span>
      </div>
      <SearchBox />
      <span className="grow" />
      {recovering ? <RecoverBar /> : <SyncState />}
      <span className="sep" />
      <DutyMenu />
      <AccountMenu />
      <WindowButtons />
    </header>
  );
}
