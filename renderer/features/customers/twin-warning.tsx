import { type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import { contactKeys } from '../../../shared/domain/contacts.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { filled } from './customer-draft.ts';

export type Twin = OutputOf<CoreContract['queries']['customers.twins']>[number];

/** Typing pauses this long before it is compared. */
const PAUSE = 250;

/** Customers that have one of these contacts, while they are typed. */
export function useTwins(phones: readonly string[], emails: readonly string[], exceptId: string | null): readonly Twin[] {
  const wish = JSON.stringify({ phones: filled(phones).slice(0, 10), emails: filled(emails).slice(0, 10), exceptId });
  const [asked, setAsked] = useState(wish);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wish), PAUSE);
    return () => clearTimeout(timer);
  }, [wish]);
  const input = JSON.parse(asked) as { phones: string[]; emails: string[]; exceptId: string | null };
  const worth = contactKeys(input).some((key) => key.length >= 5);
  const { value, fresh } = useQuery('customers.twins', worth ? input : null);
  return worth && fresh && value !== undefined ? value : [];
}

export function TwinWarning({ twins }: { readonly twins: readonly Twin[] }): ReactElement | null {
  const { t } = useTranslation();
  const showCustomer = useView((s) => s.showCustomer);
  if (twins.length === 0) return null;
  return (
    <div className="notebox" role="status" data-testid="customer-twins">
      <Icon name="tri" />
      <div>
        <b>{t('customers.twin.title')}</b>
        <ul>
          {twins.map((twin) => (
            <li key={`${twin.id} ${twin.contact}`}>
              <span className="el">{t('customers.twin.line', { contact: twin.contact, name: twin.name })}</span>
              <span className="t2">
                {twin.ownerName === '' ? t('customers.twin.free') : t('customers.twin.owned', { name: twin.ownerName })}
              </span>
              <span className="grow" />
              <button type="button" className="btn sm link" data-testid={`twin-${twin.id}`} onClick={() => showCustomer(twin.id)}>
                {t('customers.twin.view')}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
