import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import { type DuePart, useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';

export interface ListHeadProps {
  readonly list: ListName;
  readonly page: OutputOf<CoreContract['queries']['tickets.list']> | undefined;
  /** Rows that came in above what is in sight. */
  readonly above: number;
  onShowAbove(): void;
}

const parts: readonly DuePart[] = ['all', 'overdue', 'soon', 'today', 'later'];

/** Name, counts, the due split as a filter, and what is filtered by. Always the same height. */
export function ListHead({ list, page, above, onShowAbove }: ListHeadProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const due = useView((s) => s.due);
  const setDue = useView((s) => s.setDue);
  const offline = useQuery('sync.state', {}).value?.connection === 'offline';
  const split = list === 'pending' || list === 'processing' || list === 'all';
  const label = (part: DuePart): ReactNode => (
    <>
      {part === 'overdue' && <Icon name="over" />}
      {part === 'soon' && <Icon name="soon" />}
      {t(`list.due.${part}`)} {part !== 'all' && (page?.due[part] ?? '')}
    </>
  );
  return (
    <>
      <div className="lh">
        <h1>{t(`nav.list.${list}`)}</h1>
        <span className="t3 el" data-testid="list-total">
          {page !== undefined &&
            (due === 'all' ? t('list.count', { n: page.total }) : `${page.total} / ${t('list.count', { n: page.due.all })}`)}
          {offline && page?.asOf != null && ` · ${t('list.asOf', { time: format.stamp(page.asOf, now) })}`}
        </span>
        {split && (
          <Segments
            label={t('list.dueSplit')}
            value={due}
            onChange={setDue}
            options={parts.map((part) => ({
              value: part,
              label: label(part),
              tone:
                part === 'overdue' && (page?.due.overdue ?? 0) > 0
                  ? 'danger'
                  : part === 'soon' && (page?.due.soon ?? 0) > 0
                    ? 'warn'
                    : undefined,
              testId: `due-${part}`,
            }))}
          />
        )}
        <span className="grow" />
        <NewTicketButton />
      </div>
      <div className="chips">
        {due === 'all' ? (
          <span className="t3 meta">{t('list.noFilter')}</span>
        ) : (
          <span className="chip" data-testid="chip-due">
            <span className="k">{t('list.filterChip')}</span> {t(`list.due.${due}`)}
            <button type="button" aria-label={t('list.clearFilter', { what: t(`list.due.${due}`) })} onClick={() => setDue('all')}>
              <Icon name="x" />
            </button>
          </span>
        )}
        <span className="grow" />
        {above > 0 && (
          <button type="button" className="btn sm link" data-testid="show-updates" onClick={onShowAbove}>
            <Icon name="up" small />
            {t('list.updates', { n: above })}
          </button>
        )}
      </div>
    </>
  );
}

export function NewTicketButton(): ReactElement | null {
  const { t } = useTranslation();
  const mayCreate = useSession()?.mayCreate === true;
  const setCreating = useView((s) => s.setCreating);
  if (!mayCreate) return null;
  return (
    <button type="button" className="btn" aria-keyshortcuts="N" data-testid="new-ticket" onClick={() => setCreating(true)}>
      <Icon name="plus" />
      {t('list.create')} <kbd>N</kbd>
    </button>
  );
}
