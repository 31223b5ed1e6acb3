import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CoreContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import type { ListName } from '../../../shared/domain/ticket-state.ts';
import { useFormat } from '../../hooks/use-format.ts';
import type { ListView } from '../../hooks/use-list-view.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useSession } from '../../hooks/use-session.ts';
import { type DuePart, useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { upTo } from '../../format/up-to.ts';
import { Segments } from '../../ui/segments.tsx';
import { ChipsRow } from '../filters/chips-row.tsx';
import type { Column } from './columns.ts';

export interface ListHeadProps {
  readonly list: ListName;
  readonly view: ListView;
  readonly page: OutputOf<CoreContract['queries']['tickets.list']> | undefined;
  /** Rows that came in above what is in sight. */
  readonly above: number;
  /** Rows are ticked: what can be done with them stands in the place of the name. */
  readonly hidden: boolean;
  readonly shown: readonly Column[];
  onShowAbove(): void;
}

const parts: readonly DuePart[] = ['all', 'overdue', 'soon', 'today', 'later'];
/** Lists of what is still to be done by a time. */
const split: readonly ListName[] = ['pending', 'processing', 'all'];

/** Name, counts, the due split as a filter, and what is filtered by. */
export function ListHead({ list, view, page, above, hidden, shown, onShowAbove }: ListHeadProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const due = useView((s) => s.due);
  const setDue = useView((s) => s.setDue);
  const filterOpen = useView((s) => s.filterOpen);
  const setFilterOpen = useView((s) => s.setFilterOpen);
  const columnsOpen = useView((s) => s.columnsOpen);
  const setColumnsOpen = useView((s) => s.setColumnsOpen);
  const sync = useQuery('sync.state', {}).value;
  const asOf = sync?.connection === 'offline' ? sync.lastSyncedAt : null;
  const whole = useQuery('tickets.counts', {}).value?.[list];
  const narrowed = view.text !== '' || view.filter.length > 0;
  const label = (part: DuePart): ReactNode => (
    <>
      {part === 'overdue' && <Icon name="over" />}
      {part === 'soon' && <Icon name="soon" />}
      {t(`list.due.${part}`)} {part !== 'all' && (page?.due?.[part] ?? '')}
    </>
  );
  const of = narrowed ? whole : page?.due?.all;
  const found = page === undefined ? '' : upTo(page);
  return (
    <>
      {!hidden && (
        <div className="lh">
          <h1 className="el" title={view.search?.name}>
            {view.search?.name ?? t(`nav.list.${list}`)}
          </h1>
          <span className="t3 el" data-testid="list-total">
            {page !== undefined &&
              (due === 'all' && !narrowed
                ? t('list.count', { n: page.total })
                : `${found}${of === undefined ? '' : ` / ${t('list.count', { n: of })}`}`)}
            {page !== undefined && asOf !== null && ` · ${t('list.asOf', { time: format.stamp(asOf, now) })}`}
          </span>
          {split.includes(list) && (
            <Segments
              label={t('list.dueSplit')}
              value={due}
              onChange={setDue}
              options={parts.map((part) => ({
                value: part,
                label: label(part),
                tone:
                  part === 'overdue' && (page?.due?.overdue ?? 0) > 0
                    ? 'danger'
                    : part === 'soon' && (page?.due?.soon ?? 0) > 0
                      ? 'warn'
                      : undefined,
                testId: `due-${part}`,
              }))}
            />
          )}
          <span className="grow" />
          <button
            type="button"
            className={`btn icon${filterOpen !== null || narrowed ? ' on' : ''}`}
            title={`${t('filter.open')} F`}
            aria-label={t('filter.open')}
            aria-keyshortcuts="F"
            aria-expanded={filterOpen !== null}
            data-testid="filter-open"
            onClick={() => setFilterOpen(filterOpen === null ? '' : null)}
          >
            <Icon name="funnel" />
          </button>
          <button
            type="button"
            className={`btn icon${columnsOpen ? ' on' : ''}`}
            title={`${t('layout.open')} C`}
            aria-label={t('layout.open')}
            aria-keyshortcuts="C"
            aria-expanded={columnsOpen}
            data-testid="columns-open"
            onClick={() => setColumnsOpen(!columnsOpen)}
          >
            <Icon name="columns" />
          </button>
          <NewTicketButton />
        </div>
      )}
      <ChipsRow list={list} view={view} shown={shown}>
        {above > 0 && (
          <button type="button" className="btn sm link" data-testid="show-updates" onClick={onShowAbove}>
            <Icon name="up" small />
            {t('list.updates', { n: above })}
          </button>
        )}
      </ChipsRow>
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
