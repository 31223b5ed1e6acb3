import { Modal } from 'antd';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon.tsx';
import { usePicture } from './picture.ts';
import { useSaveFile } from './use-save-file.ts';

export interface PreviewProps {
  readonly id: string;
  readonly name: string;
  onClose(): void;
}

/** A picture in our own window. */
export function Preview({ id, name, onClose }: PreviewProps): ReactElement {
  const { t } = useTranslation();
  const { url, failed } = usePicture(id);
  const [broken, setBroken] = useState(false);
  const save = useSaveFile();
  return (
    <Modal open title={name} width="min(1100px, 92vw)" centered footer={null} onCancel={onClose} destroyOnHidden>
      <div className="preview" data-testid="file-preview">
        {failed || broken ? (
          <p className="notebox plain" role="alert">
            <Icon name="tri" small />
            {t('files.previewFailed')}
          </p>
        ) : url === null ? (
          <p className="t2" role="status">
            {t('files.previewWait')}
          </p>
        ) : (
          <img src={url} alt={name} data-testid="preview-image" onError={() => setBroken(true)} />
        )}
        <div className="dlgfoot">
          <span className="grow" />
          <button type="button" className="btn act" onClick={onClose}>
            {t('common.close')}
          </button>
          <button type="button" className="btn act primary" data-testid="preview-save" onClick={() => save(id, name)}>
            {t('files.saveAs')}
          </button>
        </div>
      </div>
    </Modal>
  );
}
