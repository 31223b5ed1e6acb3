import { Modal } from 'antd';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationOutput } from '../../../shared/protocol/operations.ts';
import { hoursOf } from './ttl.ts';

export interface TtlPreviewProps {
  readonly from: number | null;
  readonly to: number | null;
  readonly preview: OperationOutput<'parameters.preview'>;
  readonly busy: boolean;
  onSave(applyToOpen: boolean): void;
  onClose(): void;
}

/** What a changed 工单期限 does to the open tickets, before it does. */
export function TtlPreview({ from, to, preview, busy, onSave, onClose }: TtlPreviewProps): ReactElement {
  const { t } = useTranslation();
  const [apply, setApply] = useState(false);
  const words = (ttl: number | null): string => {
    if (ttl === null) return t('settings.parameters.none');
    const { days, hours } = hoursOf(ttl);
    return [days > 0 ? `${days} ${t('settings.parameters.days')}` : '', hours > 0 ? `${hours} ${t('settings.parameters.hours')}` : '']
      .filter((x) => x !== '')
      .join(' ');
  };
  const key = 'settings.parameters.preview';
  return (
    <Modal open title={t(`${key}.title`)} width={480} centered footer={null} onCancel={onClose}>
      <div className="dlg" data-testid="ttl-preview">
        <p>
          {t(`${key}.lead`, { from: words(from), to: words(to) })} {t(`${key}.open`, { n: preview.open })}
        </p>
        <fieldset className="picks">
          <legend className="sr">{t(`${key}.title`)}</legend>
          <label className="choice">
            <input type="radio" name="ttl-apply" checked={!apply} autoFocus data-testid="ttl-later" onChange={() => setApply(false)} />
            <span>
              {t(`${key}.later`)}
              <span className="t3">{t(`${key}.laterNote`)}</span>
            </span>
          </label>
          <label className="choice">
            <input type="radio" name="ttl-apply" checked={apply} data-testid="ttl-apply" onChange={() => setApply(true)} />
            <span>
              {t(`${key}.apply`)}
              <span className="t3">{t(`${key}.applyNote`)}</span>
              <span data-testid="ttl-retimed">{t(`${key}.retimed`, { n: preview.retimed })}</span>
              <span className={preview.releasedAtOnce > 0 ? 'danger' : 't2'} data-testid="ttl-released">
                {preview.releasedAtOnce > 0 ? t(`${key}.released`, { n: preview.releasedAtOnce }) : t(`${key}.releasedNone`)}
              </span>
            </span>
          </label>
        </fieldset>
        <div className="dlgfoot">
          <span className="grow" />
          <button type="button" className="btn act" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button type="button" className="btn act primary" disabled={busy} data-testid="ttl-save" onClick={() => onSave(apply)}>
            {t(`${key}.confirm`)}
          </button>
        </div>
      </div>
    </Modal>
  );
}
