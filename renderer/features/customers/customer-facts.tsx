import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import type { CustomerCardData } from './card-data.ts';
import { Masked } from './masked.tsx';

/** What is known of a customer. */
export function CustomerFactsList({ card }: { readonly card: CustomerCardData }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const limit = useQuery('directory.list', {}).value?.parameters.invalidReleaseLimit;
  const none = <span className="t3">{t('customers.card.none')}</span>;
  const fact = (name: string, value: ReactNode): ReactElement => (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
  return (
    <>
      <dl className="facts">
        {fact(
          t('customers.field.phones'),
          card.phones.length === 0 ? none : card.phones.map((p) => <Masked key={p} kind="phone" value={p} hide={card.maskPhones} />),
        )}
        {fact(
          t('customers.field.emails'),
          card.emails.length === 0 ? none : card.emails.map((e) => <Masked key={e} kind="email" value={e} hide={card.maskPhones} />),
        )}
        {fact(t('customers.field.address'), card.address === '' ? none : card.address)}
      </dl>
      <dl className="facts pair">
        {fact(t('customers.field.owner'), card.ownerName === '' ? <span className="t3">{t('customers.nobody')}</span> : card.ownerName)}
        {fact(t('customers.field.group'), card.groupName === '' ? none : card.groupName)}
        {fact(t('customers.field.source'), t(`source.${card.source}`))}
        {fact(
          t('customers.field.invalid'),
          <span className={card.invalidReleases > 0 ? 'warn' : ''}>
            {card.invalidReleases}
            {limit !== undefined && ` / ${limit}`}
          </span>,
        )}
        {fact(t('customers.field.updated'), <span title={format.exact(card.updatedAt)}>{format.ago(card.updatedAt, now)}</span>)}
      </dl>
    </>
  );
}
