import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

const PASSWORD = 'demo-2026';
const accounts = [
  { staffNo: 'A20817', name: '林知夏', role: 'agent' },
  { staffNo: 'L20101', name: '贺云开', role: 'leader' },
] as const;

export interface DemoAccountsProps {
  onPick(account: { readonly staffNo: string; readonly password: string }): void;
}

/** Of the demo server only; a click fills the form. */
export function DemoAccounts({ onPick }: DemoAccountsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="demo" aria-label={t('signIn.demoAccounts')}>
      <p className="t2 meta">
        {t('signIn.demoAccounts')} · {t('signIn.demoPassword', { password: PASSWORD })}
      </p>
      <div className="ways">
        {accounts.map((a) => (
          <button
            key={a.staffNo}
            type="button"
            className="way"
            data-testid={`demo-${a.role}`}
            onClick={() => onPick({ staffNo: a.staffNo, password: PASSWORD })}
          >
            <span className="ava" aria-hidden="true">
              {a.name.slice(0, 1)}
            </span>
            <span>
              <b>{a.name}</b> <span className="t2">{t(`role.${a.role}`)}</span>
              <br />
              <span className="t3 meta">{a.staffNo}</span>
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
