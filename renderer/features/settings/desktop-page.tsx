import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { shell } from '../../bridge.ts';
import { useToast } from '../../stores/toast-store.ts';
import { UpdateSection } from '../update/update-section.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { PageHead } from './page-head.tsx';
import { ReminderSettings } from './reminder-settings.tsx';

/** 桌面与提醒: how the app lives on this computer, and when it may speak up. */
export function DesktopPage(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('settings.page.desktop')} lead={t('desktop.lead')} />
      <DeviceSettings />
      <ReminderSettings />
      <UpdateSection />
      <Diagnostics />
    </>
  );
}

function Diagnostics(): ReactElement {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const copy = async (): Promise<void> => {
    const { ok } = await shell.call('app.copyDiagnostics', {}).catch(() => ({ ok: false }));
    show(ok ? { tone: 'ok', text: t('desktop.diagnosticsCopied') } : { tone: 'danger', text: t('desktop.diagnosticsFailed') });
  };
  return (
    <section className="setpart" aria-label={t('desktop.help')}>
      <h3>{t('desktop.help')}</h3>
      <div className="setrows">
        <div className="setrow">
          <div>
            <b>{t('desktop.diagnostics')}</b>
            <p className="t2">{t('desktop.diagnosticsNote')}</p>
          </div>
          <button type="button" className="btn" data-testid="copy-diagnostics" onClick={() => void copy()}>
            {t('desktop.diagnosticsCopy')}
          </button>
        </div>
      </div>
    </section>
  );
}
