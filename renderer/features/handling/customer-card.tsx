import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { maskPhone } from '../../../shared/domain/contacts.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useView } from '../../stores/view-store.ts';
import type { TicketDetail } from './composer-draft.ts';

export function CustomerCard({ ticket }: { readonly ticket: TicketDetail }): ReactElement | null {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const mask = useQuery('directory.list', {}).value?.parameters.maskPhones !== false;
  const showCustomer = useView((s) => s.showCustomer);
  const { customer } = ticket;
  useEffect(() => setShown(false), [customer?.id]);
  if (customer === null) return null;
  return (
    <section className="card" aria-label={t('panel.customer')} data-testid="customer-card">
      <div className="c1">
        <button type="button" className="edit el" data-testid="customer-open" onClick={() => showCustomer(customer.id)}>
          <b className="el">{customer.name}</b>
        </button>
        {customer.tier !== '' && <span className="tag">{customer.tier}</span>}
        {customer.invalidAt !== null && <span className="tag danger">{t('panel.customerInvalid')}</span>}
        <span className="grow" />
        {customer.phones.length === 0 ? (
          <span className="t3">{t('panel.noPhone')}</span>
        ) : mask ? (
          <button
            type="button"
            className="phone"
            aria-label={shown ? t('panel.hidePhone') : t('panel.phone')}
            title={shown ? t('panel.hidePhone') : t('panel.phone')}
            aria-pressed={shown}
            data-testid="customer-phone"
            onClick={() => setShown(!shown)}
          >
            {(shown ? customer.phones : customer.phones.slice(0, 1).map((p) => maskPhone(p))).join('、')}
          </button>
        ) : (
          <span data-testid="customer-phone">{customer.phones.join('、')}</span>
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
