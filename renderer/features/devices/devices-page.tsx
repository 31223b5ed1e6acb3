import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountDevice } from '../../../shared/protocol/operations.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { FailureLine } from '../settings/failure-line.tsx';
import { PageHead } from '../settings/page-head.tsx';
import { useLoaded, useOnline, useOperation } from '../settings/use-operation.ts';
import { DeviceList, useDeviceName } from './device-list.tsx';
import { RemoveAccount } from './remove-account.tsx';

/** 登录的设备: the own devices, and taking the account off this one. */
export function DevicesPage(): ReactElement {
  const { t } = useTranslation();
  const run = useOperation();
  const online = useOnline();
  const nameOf = useDeviceName();
  const show = useToast((s) => s.show);
  const { value, why, reload } = useLoaded('account.devices', {});
  const here = useQuery('session.accounts', {}).value?.find((a) => a.current);
  const [failure, setFailure] = useState<string | null>(null);
  const [removing, setRemoving] = useState(false);
  const signOut = async (device: AccountDevice): Promise<void> => {
    const answer = await run('account.signOutDevice', { deviceId: device.id });
    setFailure(answer.ok ? null : answer.why);
    if (answer.ok) show({ tone: 'ok', text: t('devices.signedOut', { device: nameOf(device) }) });
    reload();
  };
  return (
    <>
      <PageHead title={t('settings.page.devices')} lead={t('devices.lead')} />
      <FailureLine why={failure ?? (why === null || !online ? null : t('settings.loadFailed', { why }))} />
      {value === undefined && !online && <p className="t3">{t('devices.offline')}</p>}
      {value !== undefined && <DeviceList devices={value.devices} disabled={!online} onSignOut={(d) => void signOut(d)} />}
      <section className="setpart" aria-label={t('devices.here')}>
        <h3>{t('devices.here')}</h3>
        <div className="setrows">
          <div className="setrow">
            <div>
              <b>{t('devices.remove')}</b>
              <p className="t2">{t('devices.removeNote')}</p>
            </div>
            <button
              type="button"
              className="btn"
              disabled={here === undefined}
              data-testid="remove-account"
              onClick={() => setRemoving(true)}
            >
              {t('devices.removeAction')}
            </button>
          </div>
        </div>
      </section>
      {removing && here !== undefined && <RemoveAccount accounts={[here]} onClose={() => setRemoving(false)} />}
    </>
  );
}
