import { Modal } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useToast } from '../../stores/toast-store.ts';
import { copyText } from '../../ui/copy-text.ts';
import { Icon } from '../../ui/icon.tsx';

export interface OneTimePasswordProps {
  readonly name: string;
  readonly password: string;
  onClose(): void;
}

/** A password that the server made, shown once. Goes only by its own button, so that no stray click loses it. */
export function OneTimePassword({ name, password, onClose }: OneTimePasswordProps): ReactElement {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  return (
    <Modal
      open
      title={t('people.password.title', { name })}
      width={440}
      centered
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
    >
      <div className="dlg" data-testid="one-time-password">
        <p>{t('people.password.lead')}</p>
        <div className="onetime">
          <code data-testid="one-time-value">{password}</code>
          <button
            type="button"
            className="btn"
            autoFocus
            onClick={() => void copyText(password).then(() => show({ tone: 'ok', text: t('people.password.copied') }))}
          >
            <Icon name="copy" small />
            {t('people.password.copy')}
          </button>
        </div>
        <div className="dlgfoot">
          <span className="grow" />
          <button type="button" className="btn act primary" data-testid="one-time-close" onClick={onClose}>
            {t('people.password.close')}
          </button>
        </div>
      </div>
    </Modal>
  );
}
