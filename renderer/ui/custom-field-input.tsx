import { Select } from 'antd';
import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CustomField, customFieldLimits, fitsField } from '../../shared/domain/custom-fields.ts';
import type { CustomValue } from '../../shared/domain/tickets.ts';
import { Icon } from './icon.tsx';

export interface CustomFieldInputProps {
  readonly field: CustomField;
  readonly value: CustomValue;
  readonly id?: string;
  /** It has to be filled in and is not. */
  readonly missing?: boolean;
  /** It takes the place of its value for a moment: small, with the caret, a choice opened. */
  readonly inPlace?: boolean;
  /** Called with values that fit the field only; null for none. */
  onChange(value: CustomValue): void;
  /** The caret has left it. */
  onLeave?(): void;
}

/** The input that fits a custom field. What does not fit is said below it and goes nowhere. */
export function CustomFieldInput({ field, value, id, missing, inPlace = false, onChange, onLeave }: CustomFieldInputProps): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState(() => textOf(value));
  const [misfit, setMisfit] = useState(false);
  const shown = textOf(value);
  // Changed from elsewhere: what is typed here and does not fit stays.
  useEffect(() => {
    if (!misfit) setText(shown);
  }, [shown]);
  const testId = `custom-${field.id}`;
  const options = field.options.map((o) => ({ value: o, label: o }));
  const type = (next: string): void => {
    setText(next);
    const read = field.type === 'number' ? (next.trim() === '' ? null : Number(next)) : next === '' ? null : next;
    const fits = fitsField(field, read);
    setMisfit(!fits);
    if (fits) onChange(read);
  };
  const common = {
    id,
    className: misfit || missing === true ? 'fld err' : 'fld',
    'aria-label': field.name,
    'aria-invalid': misfit || missing === true,
    'aria-required': field.required,
    autoFocus: inPlace,
    value: text,
    'data-testid': testId,
    onBlur: onLeave,
  };
  const input = (): ReactElement => {
    switch (field.type) {
      case 'text':
        return <input {...common} maxLength={customFieldLimits.text} onChange={(e) => type(e.target.value)} />;
      case 'longText':
        return <textarea {...common} rows={3} maxLength={customFieldLimits.longText} onChange={(e) => type(e.target.value)} />;
      case 'number':
        return <input {...common} type="text" inputMode="decimal" onChange={(e) => type(e.target.value)} />;
      case 'phone':
        return <input {...common} type="tel" maxLength={24} onChange={(e) => type(e.target.value)} />;
      case 'date':
        return <input {...common} type="date" max="9999-12-31" onChange={(e) => type(e.target.value)} />;
      case 'single':
      case 'multiple':
        return (
          <Select<string | string[] | null>
            {...(id !== undefined && { id })}
            className="customselect"
            {...(field.type === 'multiple' && { mode: 'multiple' as const })}
            allowClear
            showSearch={field.options.length > 8}
            placeholder={t('custom.choose')}
            aria-label={field.name}
            aria-required={field.required}
            autoFocus={inPlace}
            defaultOpen={inPlace}
            size={inPlace ? 'small' : 'middle'}
            popupMatchSelectWidth={inPlace ? 200 : true}
            onOpenChange={(open) => {
              if (!open) onLeave?.();
            }}
            status={missing === true ? 'error' : ''}
            value={
              field.type === 'multiple'
                ? Array.isArray(value)
                  ? [...(value as readonly string[])]
                  : []
                : typeof value === 'string'
                  ? value
                  : null
            }
            options={options}
            data-testid={testId}
            onBlur={() => onLeave?.()}
            onChange={(next) => onChange(next === undefined || (Array.isArray(next) && next.length === 0) ? null : next)}
          />
        );
      case 'yesNo':
        return (
          <span className="row" role="radiogroup" aria-label={field.name} aria-required={field.required} data-testid={testId}>
            {([true, false] as const).map((v) => (
              <label key={String(v)} className="check">
                <input type="radio" checked={value === v} data-testid={`${testId}-${v ? 'yes' : 'no'}`} onChange={() => onChange(v)} />
                {t(v ? 'custom.yes' : 'custom.no')}
              </label>
            ))}
            {typeof value === 'boolean' && (
              <button
                type="button"
                className="t3"
                title={t('custom.clear', { field: field.name })}
                aria-label={t('custom.clear', { field: field.name })}
                onClick={() => onChange(null)}
              >
                <Icon name="x" small />
              </button>
            )}
          </span>
        );
    }
  };
  return (
    <span className="customfield">
      {input()}
      {misfit && (
        <span className="danger meta" role="alert">
          {t(`custom.misfit.${field.type}`)}
        </span>
      )}
    </span>
  );
}

const textOf = (value: CustomValue): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
