import { Modal, Select } from 'antd';
import { type FormEvent, type ReactElement, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CustomField, customFieldLimits, type CustomFieldType, customFieldTypes } from '../../../shared/domain/custom-fields.ts';
import { Icon } from '../../ui/icon.tsx';
import { FailureLine } from './failure-line.tsx';
import { withMoved } from './ordering.ts';
import { MoveButtons } from './phrases-page.tsx';

export interface FieldText {
  readonly name: string;
  readonly type: CustomFieldType;
  readonly options: string[];
  readonly required: boolean;
}

export interface FieldFormProps {
  /** null: a new one. */
  readonly field: CustomField | null;
  /** @returns null when it is saved, else why not */
  onSave(text: FieldText): Promise<string | null>;
  onClose(): void;
}

const hasOptions = (type: CustomFieldType): boolean => type === 'single' || type === 'multiple';

/** One definition. Its type is chosen once. */
export function FieldForm({ field, onSave, onClose }: FieldFormProps): ReactElement {
  const { t } = useTranslation();
  const [name, setName] = useState(field?.name ?? '');
  const [type, setType] = useState<CustomFieldType>(field?.type ?? 'text');
  const [options, setOptions] = useState<readonly string[]>(field !== null && field.options.length > 0 ? field.options : ['']);
  const [required, setRequired] = useState(field?.required ?? false);
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const kept = hasOptions(type) ? options.map((o) => o.trim()).filter((o) => o !== '') : [];
    if (name.trim() === '') return setWhy(t('settings.fields.need.name'));
    if (hasOptions(type) && kept.length === 0) return setWhy(t('settings.fields.need.options'));
    if (new Set(kept).size < kept.length) return setWhy(t('settings.fields.need.same'));
    setBusy(true);
    setWhy(await onSave({ name: name.trim(), type, options: kept, required }));
    setBusy(false);
  };
  const addOption = (): void => {
    setOptions([...options, '']);
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>('li:last-of-type input')?.focus());
  };
  return (
    <Modal
      open
      title={t(field === null ? 'settings.fields.add' : 'settings.fields.edit')}
      width={480}
      centered
      footer={null}
      mask={{ closable: false }}
      onCancel={onClose}
    >
      <form className="dlg" onSubmit={(e) => void submit(e)} data-testid="field-form">
        <label className="nf">
          <span>{t('settings.fields.name')}</span>
          <input
            className="fld"
            value={name}
            maxLength={customFieldLimits.name}
            autoFocus
            data-testid="field-name"
            onChange={(e) => setName(e.target.value)}
          />
        </label>
        <label className="nf">
          <span>{t('settings.fields.type')}</span>
          <Select
            value={type}
            disabled={field !== null}
            options={customFieldTypes.map((value) => ({ value, label: t(`settings.fields.typeName.${value}`) }))}
            aria-label={t('settings.fields.type')}
            data-testid="field-type"
            onChange={setType}
          />
          {field !== null && <span className="hintline">{t('settings.fields.typeFixed')}</span>}
        </label>
        {hasOptions(type) && (
          <div className="nf">
            <span>{t('settings.fields.options')}</span>
            <ul className="contacts" ref={list}>
              {options.map((option, i) => (
                <li key={i} className="one">
                  <input
                    className="fld"
                    value={option}
                    maxLength={customFieldLimits.option}
                    placeholder={t('settings.fields.optionPlaceholder', { n: i + 1 })}
                    aria-label={t('settings.fields.optionPlaceholder', { n: i + 1 })}
                    data-testid={`field-option-${i}`}
                    onChange={(e) => setOptions(options.with(i, e.target.value))}
                    onKeyDown={(e) => {
                      if (e.code !== 'Enter' || e.nativeEvent.isComposing || i !== options.length - 1 || option.trim() === '') return;
                      e.preventDefault();
                      if (options.length < customFieldLimits.options) addOption();
                    }}
                  />
                  <MoveButtons
                    name={option}
                    first={i === 0}
                    last={i === options.length - 1}
                    onMove={(step) => setOptions(withMoved(options, i, i + step))}
                  />
                  <button
                    type="button"
                    className="btn sm icon"
                    disabled={options.length === 1}
                    title={t('settings.fields.removeOption', { name: option })}
                    aria-label={t('settings.fields.removeOption', { name: option })}
                    onClick={() => setOptions(options.toSpliced(i, 1))}
                  >
                    <Icon name="x" small />
                  </button>
                </li>
              ))}
            </ul>
            <div className="row gap">
              {options.length < customFieldLimits.options && (
                <button type="button" className="acc meta" data-testid="field-option-add" onClick={addOption}>
                  {t('settings.fields.addOption')}
                </button>
              )}
              {field !== null && <span className="hintline">{t('settings.fields.optionNote')}</span>}
            </div>
          </div>
        )}
        <label className="cbx">
          <input type="checkbox" checked={required} data-testid="field-required" onChange={(e) => setRequired(e.target.checked)} />
          {t('settings.fields.required')}
          <span className="t3 meta">{t('settings.fields.requiredNote')}</span>
        </label>
        <FailureLine why={why} />
        <div className="dlgfoot">
          <span className="grow" />
          <button type="button" className="btn act" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button type="submit" className="btn act primary" aria-disabled={busy} data-testid="field-save">
            {t('common.save')}
          </button>
        </div>
      </form>
    </Modal>
  );
}
