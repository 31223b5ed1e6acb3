import { Modal } from 'antd';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountDevice } from '../../../shared/protocol/operations.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { FailureLine } from '../settings/failure-line.tsx';
import { useLoaded, useOnline, useOperation } from '../settings/use-operation.ts';
import { DeviceList, useDeviceName } from './device-list.tsx';

export interface PersonDevicesProps {
  readonly person: { readonly id: string; readonly name: string };
  onClose(): void;
}

/** The devices of a colleague: signed out with the data kept, or erased. */
export function PersonDevices({ person, onClose }: PersonDevicesProps): ReactElement {
  const { t } = useTranslation();
  const run = useOperation();
  const online = useOnline();
  const nameOf = useDeviceName();
  const show = useToast((s) => s.show);
  const { value, why, reload } = useLoaded('staff.devices', { id: person.id });
  const [erasing, setErasing] = useState<AccountDevice | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const order = async (device: AccountDevice, erase: boolean): Promise<void> => {
    setBusy(true);
    const answer = await run('staff.signOutDevice', { id: person.id, deviceId: device.id, erase });
    setBusy(false);
    setFailure(answer.ok ? null : answer.why);
    if (!answer.ok) return;
    show({ tone: 'ok', text: t(erase ? 'devices.erased' : 'devices.signedOut', { device: nameOf(device) }) });
    setErasing(null);
    reload();
  };
  return (
    <Modal
      open
      title={erasing === null ? t('devices.title', { name: person.name }) : t('devices.eraseTitle', { device: nameOf(erasing) })}
      width={640}
      centered
      footer={null}
      onCancel={() => (erasing === null ? onClose() : setErasing(null))}
    >
      {erasing === null ? (
        <div className="dlg" data-testid="person-devices">
          <p className="t2">{t('devices.leadOf', { name: person.name })}</p>
          <FailureLine why={failure ?? (why === null ? null : t('settings.loadFailed', { why }))} />
          {value !== undefined && (
            <DeviceList
              devices={value.devices}
              disabled={!online || busy}
              onSignOut={(d) => void order(d, false)}
              onErase={(d) => {
                setFailure(null);
                setErasing(d);
              }}
            />
          )}
        </div>
      ) : (
        <Sure
          name={person.name}
          why={failure}
          busy={busy || !online}
          onBack={() => {
            setFailure(null);
            setErasing(null);
          }}
          onSure={() => void order(erasing, true)}
        />
      )}
    </Modal>
  );
}

interface SureProps {
  readonly name: string;
  readonly why: string | null;
  readonly busy: boolean;
  onBack(): void;
  onSure(): void;
}

/** What an erasure does, and what it cannot do, before it is ordered. */
function Sure({ name, why, busy, onBack, onSure }: SureProps): ReactElement {
  const { t } = useTranslation();
  const days = useQuery('directory.list', {}).value?.parameters.offlineLeaseDays ?? 0;
  return (
    <div className="dlg" data-testid="erase-dialog">
      <p>{t('devices.eraseWhat', { name })}</p>
      <p>
        <b>{t('devices.eraseWhen', { n: days })}</b>
      </p>
      <p className="t2">{t('devices.eraseUntil')}</p>
      <FailureLine why={why} />
      <div className="dlgfoot">
        <span className="grow" />
        <button type="button" className="btn act" autoFocus onClick={onBack}>
          {t('devices.back')}
        </button>
        <button type="button" className="btn act solid-danger" disabled={busy} data-testid="erase-confirm" onClick={onSure}>
          {t('devices.eraseConfirm')}
        </button>
      </div>
    </div>
  );
}
