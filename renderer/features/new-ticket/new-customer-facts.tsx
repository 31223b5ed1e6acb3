import { AutoComplete } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Icon } from '../../ui/icon.tsx';
import { useTwins } from '../customers/twin-warning.tsx';
import type { NewTicketText } from './new-ticket-draft.ts';

/** What keeps the form from being sent. */
export type Need = 'customer' | 'name' | 'phone' | 'email' | 'subject' | 'custom';

export interface NewCustomerFactsProps {
  readonly value: NewTicketText;
  readonly need: Need | null;
  onChange(patch: Partial<NewTicketText>): void;
}

/** Facts of a customer that comes with the ticket; says if there is one with the same phone or e-mail. */
export function NewCustomerFacts({ value, need, onChange }: NewCustomerFactsProps): ReactElement {
  const { t } = useTranslation();
  const tiers = useQuery('directory.words', {}).value?.tiers ?? [];
  const twins = useTwins([value.phone], [value.email], null);
  const field = (name: 'name' | 'phone' | 'email' | 'address', max: number, mode: 'text' | 'tel' | 'email'): ReactElement => (
    <label className="nf half">
      <span>{t(`create.${name}`)}</span>
      <input
        className={need === name ? 'fld err' : 'fld'}
        value={value[name]}
        maxLength={max}
        inputMode={mode}
        autoFocus={name === 'name'}
        aria-invalid={need === name}
        data-testid={`new-customer-${name}`}
        onChange={(e) => onChange({ [name]: e.target.value })}
      />
      {need === name && (
        <span className="danger meta" role="alert">
          {t(`create.need.${need}`)}
        </span>
      )}
    </label>
  );
  return (
    <>
      <div className="nfgrid">
        {field('name', limits.name, 'text')}
        {field('phone', limits.phone, 'tel')}
        {field('email', limits.email, 'email')}
        <label className="nf half">
          <span>{t('create.tier')}</span>
          <AutoComplete
            value={value.tier}
            options={tiers.filter((x) => x.toLowerCase().includes(value.tier.trim().toLowerCase())).map((x) => ({ value: x }))}
            maxLength={limits.tier}
            aria-label={t('create.tier')}
            data-testid="new-customer-tier"
            onChange={(tier: string) => onChange({ tier: tier.slice(0, limits.tier) })}
          />
        </label>
      </div>
      {field('address', limits.address, 'text')}
      {twins.length > 0 && (
        <div className="warnbox" role="status" data-testid="new-customer-twins">
          <Icon name="tri" />
          <div>
            <b>{t('create.twin')}</b>
            <ul>
              {twins.map((twin) => (
                <li key={`${twin.id} ${twin.contact}`}>
                  <span className="el">
                    {twin.name} · {twin.contact}
                  </span>
                  <span className="t2 el">
                    {twin.ownerName === '' ? t('create.twinFree') : t('create.twinOwned', { name: twin.ownerName })}
                  </span>
                  <span className="grow" />
                  <button
                    type="button"
                    className="btn sm"
                    data-testid={`use-twin-${twin.id}`}
                    onClick={() => onChange({ customer: { id: twin.id, name: twin.name, phone: twin.contact }, adding: false })}
                  >
                    {t('create.useTwin')}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <button type="button" className="acc meta start" onClick={() => onChange({ adding: false })}>
        {t('create.chooseExisting')}
      </button>
    </>
  );
}
