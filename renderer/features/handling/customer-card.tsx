import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TicketDetail } from './composer-draft.ts';

/** 138****6021. Short numbers keep two at the end. */
export const maskPhone = (phone: string): string =>
  phone.length >= 8 ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : `****${phone.slice(-2)}`;

export function CustomerCard({ ticket }: { readonly ticket: TicketDetail }): ReactElement | null {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const { customer } = ticket;
  useEffect(() => setShown(false), [customer?.id]);
  if (customer === null) return null;
  return (
    <section className="card" aria-label={t('panel.customer')} data-testid="customer-card">
      <div className="c1">
        <b className="el">{customer.name}</b>
        {customer.tier !== '' && <span className="tag">{customer.tier}</span>}
        {customer.invalidAt !== null && <span className="tag danger">{t('panel.customerInvalid')}</span>}
        <span className="grow" />
        {customer.phones.length === 0 ? (
          <span className="t3">{t('panel.noPhone')}</span>
        ) : (
          <button
            type="button"
            className="phone"
            aria-label={shown ? t('panel.hidePhone') : t('panel.phone')}
            title={shown ? t('panel.hidePhone') : t('panel.phone')}
            aria-pressed={shown}
            data-testid="customer-phone"
            onClick={() => setShown(!shown)}
          >
            {(shown ? customer.phones : customer.phones.slice(0, 1).map(maskPhone)).join('、')}
          </button>
        )}
      </div>
      <div className="c2">
        <span className="el grow">{customer.address}</span>
        <span>
          {t('panel.invalidCount')} <b>{customer.invalidReleases}</b> / {ticket.invalidReleaseLimit}
        </span>
      </div>
    </section>
  );
}
