import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountDevice } from '../../../shared/protocol/operations.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { zhCNDevices } from '../../i18n/zh-CN-devices.ts';
import { Icon } from '../../ui/icon.tsx';
import { SureButton } from '../settings/sure-button.tsx';

type System = keyof typeof zhCNDevices.devices.system;
const isSystem = (system: string): system is System => Object.hasOwn(zhCNDevices.devices.system, system);

/** What a person calls a device. */
export function useDeviceName(): (device: AccountDevice) => string {
  const { t } = useTranslation();
  return ({ name }) => (name === '' ? t('devices.unnamed') : name);
}

export interface DeviceListProps {
  readonly devices: readonly AccountDevice[];
  /** Nothing can be ordered at the moment. */
  readonly disabled: boolean;
  onSignOut(device: AccountDevice): void;
  /** Absent: it is not for this person to order. */
  onErase?(device: AccountDevice): void;
}

/** Where an account is signed in: name and system, since when, last contact, and what has been ordered. */
export function DeviceList({ devices, disabled, onErase, onSignOut }: DeviceListProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const nameOf = useDeviceName();
  const stateOf = ({ state, toldAt }: AccountDevice): string | null => {
    if (state === 'in') return null;
    if (state === 'out') return t('devices.out');
    return toldAt === null ? t('devices.ordered') : t('devices.told');
  };
  if (devices.length === 0) return <p className="t3">{t('devices.empty')}</p>;
  return (
    <ul className="setlist devices" data-testid="devices">
      {devices.map((d) => {
        const state = stateOf(d);
        return (
          <li key={d.id} data-testid={`device-${d.id}`}>
            <Icon name="device" className="t3" />
            <div className="devicewords">
              <p className="row">
                <b className="el">{nameOf(d)}</b>
                {isSystem(d.system) && <span className="t2">{t(`devices.system.${d.system}`)}</span>}
                {d.current && <span className="tag">{t('devices.current')}</span>}
                {state !== null && <span className="tag">{state}</span>}
              </p>
              <p className="t2 meta">
                <span title={format.exact(d.lastAt)}>{t('devices.last', { at: format.ago(d.lastAt, now) })}</span>
                {' · '}
                <span title={format.exact(d.firstAt)}>{t('devices.first', { at: format.short(d.firstAt, now) })}</span>
              </p>
            </div>
            <span className="grow" />
            {!d.current && d.state === 'in' && (
              <SureButton
                label={t('devices.signOut')}
                sure={t('devices.signOutSure')}
                disabled={disabled}
                testId={`device-out-${d.id}`}
                onSure={() => onSignOut(d)}
              />
            )}
            {!d.current && d.state !== 'erase' && onErase !== undefined && (
              <button type="button" className="btn sm" disabled={disabled} data-testid={`device-erase-${d.id}`} onClick={() => onErase(d)}>
                {t('devices.erase')}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
