import { type KeyboardEvent, type ReactElement, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDraft } from '../../hooks/use-draft.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { listCursor } from '../../stores/list-cursor.ts';
import { topPopup } from '../../stores/top-popup.ts';
import { useView } from '../../stores/view-store.ts';
import { Blank } from '../../ui/blank.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PopupStack } from '../popups/popup-stack.tsx';
import type { CustomerCardData } from './card-data.ts';
import { CustomerActions } from './customer-actions.tsx';
import { customerEditDraft } from './customer-draft.ts';
import { baseOf, CustomerEditForm } from './customer-edit.tsx';
import { CustomerFactsList } from './customer-facts.tsx';
import { CustomerHistory } from './customer-history.tsx';
import { NewCustomer } from './new-customer.tsx';

/** Opens the form of a new customer where a card would stand. */
export const NEW_CUSTOMER = 'new';

/** The right column: a customer's card, the form of a new one, or (null) what to do to see one. */
export function CustomerPanel({ customerId }: { readonly customerId: string | null }): ReactElement {
  const { t } = useTranslation();
  const showCustomer = useView((s) => s.showCustomer);
  const adding = customerId === NEW_CUSTOMER;
  const { value: card, fresh } = useQuery('customers.get', adding || customerId === null ? null : { customerId });
  const onKeyDown = (event: KeyboardEvent): void => {
    // A popup lies above the card.
    if (event.code !== 'Escape' || event.nativeEvent.isComposing || event.defaultPrevented || topPopup() !== null || customerId === null)
      return;
    event.preventDefault();
    showCustomer(null);
    listCursor().focus();
  };
  return (
    <aside
      className="panel cust"
      aria-label={adding ? t('customers.create.title') : t('customers.card.label')}
      data-testid="customer-panel"
      onKeyDown={onKeyDown}
    >
      {customerId === null ? (
        <Blank icon="user" words={[t('customers.card.choose'), t('panel.noneHint')]} />
      ) : adding ? (
        <NewCustomer />
      ) : card === undefined ? null : card === null ? (
        fresh ? (
          <Blank icon="lock" words={[t('customers.card.gone'), t('customers.card.goneHint')]} />
        ) : null
      ) : (
        <Card key={card.id} card={card} />
      )}
      <PopupStack />
    </aside>
  );
}

function Card({ card }: { readonly card: CustomerCardData }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const showCustomer = useView((s) => s.showCustomer);
  const form = `customer:${card.id}`;
  const draft = useDraft(form, customerEditDraft);
  const [editing, setEditing] = useState(false);
  // What was typed before a restart goes on where it was.
  const kept = draft.value.base !== null && card.mayEdit;
  useEffect(() => {
    if (kept) setEditing(true);
  }, [kept]);
  const start = (): void => {
    draft.change({ ...baseOf(card), base: baseOf(card) });
    setEditing(true);
  };
  return (
    <div className="tv" data-testid={`customer-card-${card.id}`}>
      <header className="ph">
        <div className="l1">
          <h2 className="el" title={card.name}>
            {card.name}
          </h2>
          {card.tier !== '' && <span className="tag el">{card.tier}</span>}
          {card.invalidAt !== null && <span className="tag danger">{t('customers.card.invalid')}</span>}
          {card.pending && <span className="pend">{t('list.unsynced')}</span>}
          <span className="grow" />
          {card.mayEdit && !editing && (
            <button type="button" className="btn sm" data-testid="customer-edit" onClick={start}>
              <Icon name="pencil" small />
              {t('customers.card.edit')}
            </button>
          )}
          <button
            type="button"
            className="btn icon"
            title={`${t('customers.card.close')} Esc`}
            aria-label={t('customers.card.close')}
            data-testid="customer-close"
            onClick={() => showCustomer(null)}
          >
            <Icon name="x" />
          </button>
        </div>
      </header>
      {card.invalidAt !== null && (
        <p className="ro" data-testid="customer-invalid">
          <Icon name="released" small />
          {card.invalidByName === ''
            ? t('customers.card.invalidSystem', { time: format.short(card.invalidAt, now) })
            : t('customers.card.invalidBy', { name: card.invalidByName, time: format.short(card.invalidAt, now) })}
        </p>
      )}
      {editing ? (
        <CustomerEditForm card={card} draft={draft} form={form} onDone={() => setEditing(false)} />
      ) : (
        <>
          <div className="mid" tabIndex={-1}>
            <CustomerFactsList card={card} />
            <CustomerHistory card={card} />
          </div>
          <CustomerActions card={card} />
        </>
      )}
    </div>
  );
}
