import { AutoComplete } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { ContactFields } from './contact-fields.tsx';
import type { CustomerFacts, Need } from './customer-draft.ts';

export interface FactFieldsProps {
  readonly value: CustomerFacts;
  readonly need: Need | null;
  onChange(patch: Partial<CustomerFacts>): void;
}

/** Name, contacts, customer group and address, for a new customer and for an edit. */
export function FactFields({ value, need, onChange }: FactFieldsProps): ReactElement {
  const { t } = useTranslation();
  const tiers = useQuery('directory.words', {}).value?.tiers ?? [];
  const words = value.tier.trim().toLowerCase();
  return (
    <>
      <div className="nfgrid">
        <label className="nf half">
          <span>{t('customers.field.name')}</span>
          <input
            className={need?.what === 'name' ? 'fld err' : 'fld'}
            value={value.name}
            maxLength={limits.name}
            autoFocus
            aria-invalid={need?.what === 'name'}
            data-testid="customer-name"
            onChange={(e) => onChange({ name: e.target.value })}
          />
          {need?.what === 'name' && (
            <span className="danger meta" role="alert">
              {t('customers.need.name')}
            </span>
          )}
        </label>
        <label className="nf half">
          <span>{t('customers.field.tier')}</span>
          <AutoComplete
            value={value.tier}
            options={tiers.filter((x) => x.toLowerCase().includes(words)).map((x) => ({ value: x }))}
            maxLength={limits.tier}
            aria-label={t('customers.field.tier')}
            data-testid="customer-tier"
            onChange={(tier: string) => onChange({ tier: tier.slice(0, limits.tier) })}
          />
        </label>
      </div>
      <ContactFields
        kind="phone"
        label={t('customers.field.phones')}
        values={value.phones.length === 0 ? [''] : value.phones}
        need={need}
        onChange={(phones) => onChange({ phones })}
      />
      <ContactFields
        kind="email"
        label={t('customers.field.emails')}
        values={value.emails}
        need={need}
        onChange={(emails) => onChange({ emails })}
      />
      <label className="nf">
        <span>{t('customers.field.address')}</span>
        <input
          className="fld"
          value={value.address}
          maxLength={limits.address}
          data-testid="customer-address"
          onChange={(e) => onChange({ address: e.target.value })}
        />
      </label>
    </>
  );
}
