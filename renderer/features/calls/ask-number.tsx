import { type FormEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { normalPhone } from '../../../shared/domain/contacts.ts';
import { useCaretSoon } from '../../hooks/use-caret-soon.ts';
import { useCalls } from '../../stores/calls-store.ts';

const LONGEST = 30;

/** The agent says who calls, where no telephone switch does. */
export function AskNumber(): ReactElement {
  const { t } = useTranslation();
  const ring = useCalls((s) => s.ring);
  const field = useCaretSoon<HTMLInputElement>();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const phone = normalPhone(typed);
    if (/^\+?\d{3,20}$/.test(phone)) ring(phone, Date.now());
    else setWrong(true);
  };
  return (
    <form className="callask" onSubmit={submit}>
      <label className="nf">
        <span>{t('calls.number')}</span>
        <input
          className={wrong ? 'fld err' : 'fld'}
          inputMode="tel"
          ref={field}
          maxLength={LONGEST}
          value={typed}
          data-testid="call-typed"
          onChange={(e) => {
            setTyped(e.target.value);
            setWrong(false);
          }}
        />
      </label>
      {wrong && (
        <p className="danger" role="alert">
          {t('calls.wrong')}
        </p>
      )}
      <button type="submit" className="btn primary" data-testid="call-find">
        {t('calls.find')} <kbd>↵</kbd>
      </button>
    </form>
  );
}
