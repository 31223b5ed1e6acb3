import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import type { BucketCode } from '../../../shared/domain/reminders/buckets.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { type ReminderFilter, useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { NewTicketButton } from '../tickets/list-head.tsx';

export interface BucketHeadProps {
  readonly bucket: BucketCode;
  readonly page: OutputOf<CoreContract['queries']['reminders.bucket']> | undefined;
}

const kinds: readonly ReminderFilter[] = ['all', 'callback', 'expiry'];

export function BucketHead({ bucket, page }: BucketHeadProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const scope = useView((s) => s.scope);
  const filter = useView((s) => s.reminderFilter);
  const setFilter = useView((s) => s.setReminderFilter);
  const personId = useView((s) => s.personId);
  const setPerson = useView((s) => s.setPerson);
  const team = scope === 'team';
  const days =
    page === undefined
      ? ''
      : page.to - page.from < 36 * 3_600_000
        ? format.date(page.from)
        : `${format.date(page.from)} – ${format.date(page.to - 1)}`;
  return (
    <>
      <div className="lh">
        <h1>{t(`nav.bucket.${bucket}`)}</h1>
        <span className="t3 el">
          {days}
          {team && page !== undefined && ` · ${t('bucket.teamSize', { n: page.people.length })}`}
        </span>
        <span className="grow" />
        <Segments
          label={t('bucket.kindLabel')}
          value={filter}
          onChange={setFilter}
          options={kinds.map((k) => ({
            value: k,
            label: (
              <>
                {k === 'callback' && <Icon name="phone" />}
                {k === 'expiry' && <Icon name="flag" />}
                {t(`bucket.kind.${k}`)} {page?.counts[k] ?? ''}
              </>
            ),
            testId: `kind-${k}`,
          }))}
        />
        <NewTicketButton />
      </div>
      <div className="people" role="group" aria-label={t('bucket.people')}>
        {team && (
          <>
            <button
              type="button"
              className={personId === null ? 'on' : ''}
              aria-pressed={personId === null}
              data-testid="person-all"
              onClick={() => setPerson(null)}
            >
              {t('common.all')}
            </button>
            {page?.people.map((p) => (
              <button
                key={p.accountId}
                type="button"
                className={personId === p.accountId ? 'on' : ''}
                aria-pressed={personId === p.accountId}
                data-testid={`person-chip-${p.accountId}`}
                onClick={() => setPerson(personId === p.accountId ? null : p.accountId)}
              >
                {p.name} {p.total}
                {p.overdue > 0 && (
                  <span className="danger" title={t('bucket.overdueItems', { n: p.overdue })}>
                    <Icon name="over" />
                    {p.overdue}
                    <span className="sr">{t('bucket.overdueItems', { n: p.overdue })}</span>
                  </span>
                )}
              </button>
            ))}
          </>
        )}
        {!team && <span className="t3 meta">{t('list.noFilter')}</span>}
      </div>
    </>
  );
}
