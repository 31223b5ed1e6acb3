import { Modal } from 'antd';
import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';

const NAME = 20;

interface RenameDialogProps {
  /** The present one; null: none is renamed. */
  readonly name: string | null;
  onName(name: string): void;
  onCancel(): void;
}

/** Another name for a 常用搜索. */
export function RenameDialog({ name, onName, onCancel }: RenameDialogProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal open={name !== null} title={t('searches.renameTitle')} width={400} centered footer={null} destroyOnHidden onCancel={onCancel}>
      {name !== null && <RenameForm name={name} onCancel={onCancel} onName={onName} />}
    </Modal>
  );
}

interface RenameFormProps {
  readonly name: string;
  onName(name: string): void;
  onCancel(): void;
}

function RenameForm({ name, onName, onCancel }: RenameFormProps): ReactElement {
  const { t } = useTranslation();
  const [value, setValue] = useState(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (value.trim() !== '') onName(value.trim());
  };
  return (
    <form className="saveform" onSubmit={submit}>
      <label className="nf">
        <span>{t('searches.name')}</span>
        <input
          className="fld"
          autoFocus
          maxLength={NAME}
          value={value}
          data-testid="search-rename"
          onChange={(e) => setValue(e.target.value)}
        />
      </label>
      <div className="acts two end">
        <button type="button" className="btn act" onClick={onCancel}>
          {t('common.cancel')}
        </button>
        <button type="submit" className="btn act primary" disabled={value.trim() === ''} data-testid="search-rename-confirm">
          {t('common.save')} <kbd>↵</kbd>
        </button>
      </div>
    </form>
  );
}
