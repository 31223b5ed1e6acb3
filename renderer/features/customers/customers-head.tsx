import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import { type CustomerView, useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { ImportWizard } from '../imports/import-wizard.tsx';
import { NEW_CUSTOMER } from './customer-panel.tsx';

export interface CustomersHeadProps {
  readonly view: CustomerView;
  readonly page: OutputOf<CoreContract['queries']['customers.list']> | undefined;
  readonly text: string;
  onText(text: string): void;
  /** To the rows. */
  onLeave(): void;
}

const views: readonly CustomerView[] = ['mine', 'free', 'invalid', 'all'];

/** Name, parts with their counts, the search, and what can be added. */
export function CustomersHead({ view, page, text, onText, onLeave }: CustomersHeadProps): ReactElement {
  const { t } = useTranslation();
  const go = useView((s) => s.go);
  const showCustomer = useView((s) => s.showCustomer);
  const mayImport = useSession()?.mayAssign === true;
  const importing = useQuery('imports.state', mayImport ? {} : null).value?.phase ?? 'none';
  const [wizard, setWizard] = useState(false);
  return (
    <>
      <div className="lh custhead">
        <h1>{t('customers.title')}</h1>
        <Segments
          label={t('customers.viewLabel')}
          value={view}
          onChange={(to) => go({ kind: 'customers', view: to })}
          options={views.map((v) => ({
            value: v,
            label: (
              <>
                {t(`customers.view.${v}`)} <span data-testid={`count-customers-${v}`}>{page?.counts[v] ?? ''}</span>
              </>
            ),
            testId: `customers-view-${v}`,
          }))}
        />
        <span className="grow" />
        {mayImport && (
          <button
            type="button"
            className="btn"
            title={t(importing === 'none' ? 'customers.import' : 'customers.importing')}
            data-testid="import-open"
            onClick={() => setWizard(true)}
          >
            <Icon name="import" />
            <span className="word">{t(importing === 'none' ? 'customers.import' : 'customers.importing')}</span>
          </button>
        )}
        <button
          type="button"
          className="btn"
          title={t('customers.add')}
          aria-keyshortcuts="N"
          data-testid="customer-new"
          onClick={() => showCustomer(NEW_CUSTOMER)}
        >
          <Icon name="plus" />
          <span className="word">{t('customers.add')}</span> <kbd>N</kbd>
        </button>
      </div>
      <div className="tools">
        <SearchBox text={text} onText={onText} onLeave={onLeave} />
        <span className="t3 el" data-testid="customers-total">
          {page !== undefined && t('customers.count', { n: page.total })}
        </span>
      </div>
      {mayImport && <ImportWizard open={wizard} onClose={() => setWizard(false)} />}
    </>
  );
}

const PAUSE = 120;

function SearchBox({ text, onText, onLeave }: Pick<CustomersHeadProps, 'text' | 'onText' | 'onLeave'>): ReactElement {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  const [composing, setComposing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // An unfinished composition is no search.
    if (composing) return undefined;
    const timer = setTimeout(() => onText(typed.trim()), typed === '' ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [typed, composing, onText]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.code === 'Escape' && typed !== '') {
      event.preventDefault();
      setTyped('');
    } else if (event.code === 'ArrowDown' || event.code === 'Enter') {
      event.preventDefault();
      onLeave();
    }
  };
  return (
    <div className="findbox">
      <Icon name="search" small />
      <input
        ref={input}
        className="fld"
        type="text"
        role="searchbox"
        value={typed}
        maxLength={100}
        placeholder={t('customers.search')}
        aria-label={t('customers.search')}
        data-testid="customer-search"
        onChange={(e) => setTyped(e.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={onKeyDown}
      />
      {typed !== '' && (
        <button
          type="button"
          aria-label={t('customers.clearSearch')}
          title={t('customers.clearSearch')}
          onClick={() => {
            setTyped('');
            input.current?.focus();
          }}
        >
          <Icon name="x" />
        </button>
      )}
    </div>
  );
}
