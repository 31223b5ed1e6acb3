import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maskPhone } from '../../../shared/domain/contacts.ts';

export interface MaskedProps {
  readonly value: string;
  readonly kind: 'phone' | 'email';
  /** Whether it is hidden until it is clicked. */
  readonly hide: boolean;
}

/** `l***@example.com`: enough to tell two apart. */
const maskEmail = (email: string): string => {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
};

/** A phone or an e-mail; where the office wants it, only after a click. */
export function Masked({ value, kind, hide }: MaskedProps): ReactElement {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  useEffect(() => setShown(false), [value]);
  if (!hide) return <span>{value}</span>;
  const covered = kind === 'phone' ? maskPhone(value) : maskEmail(value);
  const label = t(shown ? 'customers.card.hide' : 'customers.card.show', { what: covered });
  return (
    <button type="button" className="phone" aria-label={label} title={label} aria-pressed={shown} onClick={() => setShown(!shown)}>
      {shown ? value : covered}
    </button>
  );
}
