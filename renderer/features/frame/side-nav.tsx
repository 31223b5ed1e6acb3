import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { type BucketCode, bucketCodes } from '../../../shared/domain/reminders/buckets.ts';
import { type ListName, listNames } from '../../../shared/domain/ticket-state.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-sprite.tsx';
import { Segments } from '../../ui/segments.tsx';

const axisIcons: Readonly<Record<BucketCode, IconName>> = {
  past30: 'axis-past',
  past7: 'axis-past',
  yesterday: 'axis-past',
  today: 'axis-today',
  next3: 'axis-next',
  next7: 'axis-next',
};
const listIcons: Readonly<Record<ListName, IconName>> = {
  pending: 'pending',
  processing: 'processing',
  resolved: 'resolved',
  transferred: 'swap',
  all: 'note',
  pool: 'note',
  review: 'note',
  expired: 'note',
};

export function SideNav(): ReactElement {
  const { t } = useTranslation();
  const session = useSession();
  const place = useView((s) => s.place);
  const go = useView((s) => s.go);
  const scope = useView((s) => s.scope);
  const setScope = useView((s) => s.setScope);
  const setSheet = useView((s) => s.setSheet);
  const counts = useQuery('tickets.counts', {}).value;
  const buckets = useQuery('reminders.counts', { scope }).value;
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      <div className="scroll">
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
        <section aria-labelledby="nav-tickets">
          <h2 id="nav-tickets">{t('nav.tickets')}</h2>
          {listNames
            .filter((list) => !['all', 'review', 'expired'].includes(list) || session?.seesOthers === true)
            .map((list) => {
              const on = place.kind === 'list' && place.list === list;
              return (
                <button
                  key={list}
                  type="button"
                  className={on ? 'nv on' : 'nv'}
                  aria-current={on ? 'page' : undefined}
                  title={t(`nav.list.${list}`)}
                  data-testid={`nav-${list}`}
                  onClick={() => go({ kind: 'list', list, searchId: null })}
                >
                  <Icon name={listIcons[list]} />
                  <span>{t(`nav.list.${list}`)}</span>
                  <span className="n" data-testid={`count-${list}`}>
                    {counts?.[list] ?? ''}
                  </span>
                </button>
              );
            })}
        </section>
      </div>
      <div className="navfoot">
        <AttentionEntry />
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
      </div>
    </nav>
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
