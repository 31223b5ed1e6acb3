import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../hooks/use-query.ts';
import { type Call } from '../../stores/calls-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { CallerCard } from './caller-card.tsx';
import { NewCaller } from './new-caller.tsx';

/** Who it is: one whom we know, several with the same number, or nobody yet. */
export function CallBody({ call }: { readonly call: Call }): ReactElement | null {
  const { t } = useTranslation();
  const { value, fresh } = useQuery('calls.find', { phone: call.phone });
  const [chosenId, setChosenId] = useState<string | null>(null);
  if (!fresh || value === undefined) return null;
  const chosen = value.length === 1 ? value[0] : value.find((c) => c.customer.id === chosenId);
  if (chosen !== undefined) return <CallerCard caller={chosen} call={call} onBack={value.length === 1 ? null : () => setChosenId(null)} />;
  if (value.length === 0) return <NewCaller phone={call.phone} />;
  return (
    <div className="callbody" data-testid="call-choose">
      <p className="t2">{t('calls.several', { n: value.length })}</p>
      <ul className="tix">
        {value.map(({ customer }) => (
          <li key={customer.id}>
            <button type="button" data-testid={`call-customer-${customer.id}`} onClick={() => setChosenId(customer.id)}>
              <Icon name="user" small className="t3" />
              <span className="el grow">
                <b>{customer.name}</b> <span className="t3">{customer.address}</span>
              </span>
              {customer.tier !== '' && <span className="tag">{customer.tier}</span>}
              <span className="t3">{t('palette.openTickets', { n: customer.openTickets })}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
