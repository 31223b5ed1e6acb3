import { type KeyboardEvent, type ReactElement, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../hooks/use-query.ts';
import { Icon } from '../../ui/icon.tsx';
import { maskPhone } from '../../../shared/domain/contacts.ts';
import { type Need, NewCustomerFacts } from './new-customer-facts.tsx';
import type { NewTicketText } from './new-ticket-draft.ts';

export interface CustomerPickerProps {
  readonly value: NewTicketText;
  readonly need: Need | null;
  onChange(patch: Partial<NewTicketText>): void;
}

/** An existing customer, found by name or phone, or a new one. */
export function CustomerPicker({ value, need, onChange }: CustomerPickerProps): ReactElement {
  const { t } = useTranslation();
  const listId = useId();
  const mask = useQuery('directory.list', {}).value?.parameters.maskPhones !== false;
  const [search, setSearch] = useState('');
  const [composing, setComposing] = useState(false);
  const [asked, setAsked] = useState('');
  const [at, setAt] = useState(0);
  // An unfinished composition is no search.
  useEffect(() => {
    if (!composing) setAsked(search.trim());
  }, [search, composing]);
  const found = useQuery('customers.find', asked === '' ? null : { text: asked });
  const people = asked === '' ? [] : (found.value ?? []);
  const choose = (index: number): void => {
    const p = people[index];
    if (p === undefined) return;
    onChange({ customer: { id: p.id, name: p.name, phone: p.phone }, adding: false });
    setSearch('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.code === 'ArrowDown') setAt(Math.min(people.length - 1, at + 1));
    else if (event.code === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.code === 'Enter' && !event.ctrlKey && !event.metaKey) choose(at);
    else return;
    event.preventDefault();
  };

  if (value.adding) return <NewCustomerFacts value={value} need={need} onChange={onChange} />;
  if (value.customer !== null) {
    return (
      <div className="nf">
        <span>{t('create.customer')}</span>
        <div className="chosen" data-testid="new-customer-chosen">
          <Icon name="user" className="t3" />
          <b>{value.customer.name}</b>
          <span className="t3">{mask ? maskPhone(value.customer.phone) : value.customer.phone}</span>
          <span className="grow" />
          <button type="button" className="btn sm text" onClick={() => onChange({ customer: null })}>
            {t('create.change')}
          </button>
        </div>
      </div>
    );
  }
  return (
    <div className="nf">
      <label htmlFor={`${listId}-find`}>{t('create.customer')}</label>
      <input
        id={`${listId}-find`}
        className={need === 'customer' ? 'fld err' : 'fld'}
        role="combobox"
        aria-expanded={people.length > 0}
        aria-controls={listId}
        aria-activedescendant={people.length > 0 ? `${listId}-${at}` : undefined}
        placeholder={t('create.customerFind')}
        value={search}
        autoFocus
        data-testid="new-customer-find"
        onChange={(e) => {
          setSearch(e.target.value);
          setAt(0);
        }}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={onKeyDown}
      />
      {need === 'customer' && <span className="danger meta">{t('create.need.customer')}</span>}
      <ul id={listId} role="listbox" aria-label={t('create.customer')} className="people-found">
        {people.map((p, i) => (
          <li
            key={p.id}
            id={`${listId}-${i}`}
            role="option"
            aria-selected={i === at}
            className={i === at ? 'at' : ''}
            data-testid={`customer-${p.id}`}
            onClick={() => choose(i)}
          >
            <b>{p.name}</b>
            <span className="t3">{mask ? maskPhone(p.phone) : p.phone}</span>
            <span className="t2 el grow">{p.address}</span>
            {p.tier !== '' && <span className="tag">{p.tier}</span>}
          </li>
        ))}
      </ul>
      <div className="row">
        {asked !== '' && found.fresh && people.length === 0 && <span className="t3 meta">{t('create.customerNone')}</span>}
        <button
          type="button"
          className="btn sm"
          data-testid="new-customer"
          onClick={() =>
            onChange({ adding: true, ...(/^[\d\s+-]+$/.test(asked) ? { phone: asked } : asked === '' ? {} : { name: asked }) })
          }
        >
          <Icon name="plus" small />
          {t('create.newCustomer')}
        </button>
      </div>
    </div>
  );
}
