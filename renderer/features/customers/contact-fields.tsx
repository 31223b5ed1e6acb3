import { type ReactElement, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Need } from './customer-draft.ts';

export interface ContactFieldsProps {
  readonly kind: 'phone' | 'email';
  readonly label: string;
  readonly values: readonly string[];
  readonly need: Need | null;
  onChange(values: string[]): void;
}

/** Several phones or e-mails, one a line. */
export function ContactFields({ kind, label, values, need, onChange }: ContactFieldsProps): ReactElement {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const bad = need?.what === kind ? need.index : need?.what === 'contact' && kind === 'phone' ? 0 : -1;
  const add = (): void => {
    onChange([...values, '']);
    requestAnimationFrame(() => box.current?.querySelector<HTMLInputElement>('.one:last-of-type input')?.focus());
  };
  return (
    <div className="nf" ref={box}>
      <span>{label}</span>
      <div className="contacts" role="group" aria-label={label}>
        {values.map((value, i) => (
          <div className="one" key={i}>
            <input
              className={i === bad ? 'fld err' : 'fld'}
              value={value}
              maxLength={kind === 'phone' ? limits.phone : limits.email}
              inputMode={kind === 'phone' ? 'tel' : 'email'}
              aria-label={t(`customers.contact.${kind}`, { n: i + 1 })}
              aria-invalid={i === bad}
              data-testid={`customer-${kind}-${i}`}
              onChange={(e) => onChange(values.with(i, e.target.value))}
            />
            {(values.length > 1 || kind === 'email') && (
              <button
                type="button"
                className="btn icon"
                title={t('customers.contact.remove', { what: value })}
                aria-label={t('customers.contact.remove', { what: value })}
                onClick={() => onChange(values.toSpliced(i, 1))}
              >
                <Icon name="x" small />
              </button>
            )}
          </div>
        ))}
        {bad >= 0 && (
          <span className="danger meta" role="alert">
            {t(`customers.need.${need!.what}`)}
          </span>
        )}
        {values.length < limits.phones && (
          <button type="button" className="acc meta start" data-testid={`customer-add-${kind}`} onClick={add}>
            {t(kind === 'phone' ? 'customers.contact.addPhone' : 'customers.contact.addEmail')}
          </button>
        )}
      </div>
    </div>
  );
}
