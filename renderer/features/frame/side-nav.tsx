import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type BucketCode, bucketCodes } from '../../../shared/domain/reminders/buckets.ts';
import { type ListName, ticketLists } from '../../../shared/domain/ticket-state.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import { type Place, useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-sprite.tsx';
import { Segments } from '../../ui/segments.tsx';
import { SearchEntries } from '../saved-searches/search-entries.tsx';
import { listIcons } from '../tickets/list-icons.ts';

const axisIcons: Readonly<Record<BucketCode, IconName>> = {
  past30: 'axis-past',
  past7: 'axis-past',
  yesterday: 'axis-past',
  today: 'axis-today',
  next3: 'axis-next',
  next7: 'axis-next',
};

export function SideNav(): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  const office = session?.seesOthers === true;
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      <div className="scroll">
        <Reminders />
        <section aria-labelledby="nav-tickets">
          <h2 id="nav-tickets">{t('nav.tickets')}</h2>
          {ticketLists.map((list) => (
            <ListEntry key={list} list={list} />
          ))}
        </section>
        <section aria-label={t('nav.list.pool')}>
          <ListEntry list="pool" />
          <CustomerEntries />
        </section>
        {office && (
          <section aria-labelledby="nav-office">
            <h2 id="nav-office">{t('places.office')}</h2>
            <ListEntry list="all" />
            <ListEntry list="review" />
            <ListEntry list="expired" />
            <Entry place={{ kind: 'team' }} icon="users" name={t('places.team')} testId="nav-team" />
          </section>
        )}
        <SearchEntries />
      </div>
      <div className="navfoot">
        <AttentionEntry />
        <Entry place={{ kind: 'settings', page: 'general' }} icon="gear" name={t('places.settings')} testId="nav-settings" />
        <SheetEntry />
      </div>
    </nav>
  );
}

interface EntryProps {
  readonly place: Place;
  readonly icon: IconName;
  readonly name: string;
  readonly testId: string;
  readonly sub?: boolean;
  readonly children?: ReactNode;
}

/** Whether two places are the same entry of the nav; the pages of the settings are one. */
function isAt(here: Place, there: Place): boolean {
  if (here.kind === 'settings' && there.kind === 'settings') return true;
  return JSON.stringify(here) === JSON.stringify(there);
}

function Entry({ place, icon, name, testId, sub, children }: EntryProps): ReactElement {
  const here = useView((s) => s.place);
  const go = useView((s) => s.go);
  const on = isAt(here, place);
  return (
    <button
      type="button"
      className={`nv${sub === true ? ' sub' : ''}${on ? ' on' : ''}`}
      aria-current={on ? 'page' : undefined}
      title={name}
      data-testid={testId}
      onClick={() => go(place)}
    >
      <Icon name={icon} />
      <span className="el">{name}</span>
      {children}
    </button>
  );
}

function ListEntry({ list }: { readonly list: ListName }): ReactElement {
  const { t } = useTranslation();
  const count = useQuery('tickets.counts', {}).value?.[list];
  return (
    <Entry place={{ kind: 'list', list, searchId: null }} icon={listIcons[list]} name={t(`nav.list.${list}`)} testId={`nav-${list}`}>
      <span className="n" data-testid={`count-${list}`}>
        {count ?? ''}
      </span>
    </Entry>
  );
}

function CustomerEntries(): ReactElement {
  const { t } = useTranslation();
  const counts = useQuery('customers.counts', {}).value;
  return (
    <>
      <Entry place={{ kind: 'customers', view: 'mine' }} icon="user" name={t('places.customers')} testId="nav-customers">
        <span className="n" data-testid="count-customers">
          {counts?.mine ?? ''}
        </span>
      </Entry>
      <Entry place={{ kind: 'customers', view: 'invalid' }} icon="suspended" name={t('places.invalid')} testId="nav-invalid" sub>
        <span className="n" data-testid="count-invalid">
          {counts?.invalid ?? ''}
        </span>
      </Entry>
    </>
  );
}

function Reminders(): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  const place = useView((s) => s.place);
  const go = useView((s) => s.go);
  const scope = useView((s) => s.scope);
  const setScope = useView((s) => s.setScope);
  const buckets = useQuery('reminders.counts', { scope }).value;
  return (
    <section aria-labelledby="nav-reminders">
      <h2 id="nav-reminders">
        {t('nav.reminders')}
        {session?.mayWiden === true && (
          <Segments
            mini
            label={t('nav.scope')}
            value={scope}
            onChange={setScope}
            options={[
              { value: 'mine', label: t('nav.mine'), testId: 'scope-mine' },
              { value: 'team', label: t('nav.team'), testId: 'scope-team' },
            ]}
          />
        )}
      </h2>
      <div className="axis">
        {bucketCodes.map((bucket) => {
          const on = place.kind === 'bucket' && place.bucket === bucket;
          const count = buckets?.[bucket];
          const overdue = bucket === 'today' && count !== undefined && count.overdue > 0 ? count.overdue : null;
          return (
            <button
              key={bucket}
              type="button"
              className={`nv${bucket === 'today' ? ' today' : ''}${on ? ' on' : ''}`}
              aria-current={on ? 'page' : undefined}
              title={t(`nav.bucket.${bucket}`)}
              data-testid={`nav-bucket-${bucket}`}
              onClick={() => go({ kind: 'bucket', bucket })}
            >
              <Icon name={axisIcons[bucket]} />
              <span>{t(`nav.bucket.${bucket}`)}</span>
              {overdue !== null && (
                <span className="od" title={t('nav.overdue', { n: overdue })}>
                  <Icon name="over" />
                  {overdue}
                  <span className="sr">{t('nav.overdue', { n: overdue })}</span>
                </span>
              )}
              <span className="n" data-testid={`count-bucket-${bucket}`}>
                {count?.total ?? ''}
              </span>
            </button>
          );
        })}
      </div>
    </section>
  );
}

function SheetEntry(): ReactElement {
  const { t } = useTranslation();
  const setSheet = useView((s) => s.setSheet);
  return (
    <button
      type="button"
      className="nv"
      title={t('nav.shortcuts')}
      aria-keyshortcuts="?"
      data-testid="nav-shortcuts"
      onClick={() => setSheet(true)}
    >
      <Icon name="help" />
      <span>{t('nav.shortcuts')}</span>
      <kbd>?</kbd>
    </button>
  );
}

function AttentionEntry(): ReactElement | null {
  const { t } = useTranslation();
  const attention = useQuery('sync.state', {}).value?.attention ?? 0;
  const setSyncOpen = useView((s) => s.setSyncOpen);
  if (attention === 0) return null;
  return (
    <button type="button" className="nv alert" title={t('attention.title')} data-testid="attention" onClick={() => setSyncOpen(true)}>
      <Icon name="tri" />
      <span>{t('attention.title')}</span>
      <span className="n" data-testid="count-attention">
        {attention}
      </span>
    </button>
  );
}
