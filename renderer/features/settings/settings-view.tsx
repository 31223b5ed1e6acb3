import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../hooks/use-session.ts';
import { type SettingsPage, useView } from '../../stores/view-store.ts';
import { Blank } from '../../ui/blank.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-sprite.tsx';
import { DevicesPage } from '../devices/devices-page.tsx';
import { PeoplePage } from '../people/people-page.tsx';
import { PopupStack } from '../popups/popup-stack.tsx';
import { AuditPage } from './audit-page.tsx';
import { DesktopPage } from './desktop-page.tsx';
import { FieldsPage } from './fields-page.tsx';
import { GeneralPage } from './general-page.tsx';
import { GroupsPage } from './groups-page.tsx';
import { LedgerPage } from './ledger-page.tsx';
import { ParametersPage } from './parameters-page.tsx';
import { PhrasesPage } from './phrases-page.tsx';
import { useOnline } from './use-operation.ts';

const own: readonly SettingsPage[] = ['general', 'desktop', 'devices', 'ledger', 'phrases'];
const office: readonly SettingsPage[] = ['people', 'groups', 'parameters', 'fields', 'audit'];
const icons: Readonly<Record<SettingsPage, IconName>> = {
  general: 'gear',
  desktop: 'bell',
  devices: 'device',
  ledger: 'rows',
  phrases: 'bolt',
  people: 'user',
  groups: 'users',
  parameters: 'rows',
  fields: 'columns',
  audit: 'lock',
};

/** 设置: an inner menu and a page. What is the office's is for administrators, and needs the server. */
export function SettingsView({ page }: { readonly page: SettingsPage }): ReactElement {
  const { t } = useTranslation();
  const may = useSession()?.mayAdminister === true;
  const online = useOnline();
  const go = useView((s) => s.go);
  const entry = (p: SettingsPage): ReactElement => (
    <button
      key={p}
      type="button"
      className={p === page ? 'nv on' : 'nv'}
      aria-current={p === page ? 'page' : undefined}
      data-testid={`settings-${p}`}
      onClick={() => go({ kind: 'settings', page: p })}
    >
      <Icon name={icons[p]} />
      <span>{t(`settings.page.${p}`)}</span>
    </button>
  );
  const closed = office.includes(page) && !may;
  return (
    <main className="settings" data-testid="settings">
      <nav className="setmenu" aria-label={t('settings.title')}>
        <h1>{t('settings.title')}</h1>
        <h2>{t('settings.mine')}</h2>
        {own.map(entry)}
        {may && <h2>{t('settings.office')}</h2>}
        {may && office.map(entry)}
      </nav>
      <section className="setpage" aria-label={t(`settings.page.${page}`)} data-testid={`settings-page-${page}`}>
        <div className="setin">
          {closed ? (
            <Blank icon="lock" words={[t(`settings.page.${page}`), t('settings.why.forbidden')]} />
          ) : (
            <>
              {office.includes(page) && !online && (
                <div className="notebox plain" role="status" data-testid="settings-offline">
                  <Icon name="off" small />
                  <div>
                    <b>{t('settings.offlineTitle')}</b>
                    <p>{t('settings.offline')}</p>
                  </div>
                </div>
              )}
              <Page page={page} />
            </>
          )}
        </div>
        <PopupStack />
      </section>
    </main>
  );
}

function Page({ page }: { readonly page: SettingsPage }): ReactElement {
  switch (page) {
    case 'general':
      return <GeneralPage />;
    case 'ledger':
      return <LedgerPage />;
    case 'desktop':
      return <DesktopPage />;
    case 'devices':
      return <DevicesPage />;
    case 'phrases':
      return <PhrasesPage />;
    case 'people':
      return <PeoplePage />;
    case 'groups':
      return <GroupsPage />;
    case 'parameters':
      return <ParametersPage />;
    case 'fields':
      return <FieldsPage />;
    case 'audit':
      return <AuditPage />;
  }
}
