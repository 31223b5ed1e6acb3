import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { person } from '../../../shared/bridge/views.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useOffice } from '../../stores/office-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { DueCell, urgencyOf } from '../tickets/due-cell.tsx';
import { StatusWord } from '../tickets/status-word.tsx';
import type { TicketRowData } from '../tickets/ticket-row.tsx';
import { tickedOf } from '../tickets/use-ticking.ts';

export interface PersonWorkProps {
  readonly account: z.infer<typeof person>;
  onClose(): void;
}

/** What one person has in hand: ticked or as a whole it goes to a colleague, to several evenly, or to the pool. */
export function PersonWork({ account, onClose }: PersonWorkProps): ReactElement {
  const { t } = useTranslation();
  const { value: work } = useQuery('team.work', { accountId: account.id });
  const open = useView((s) => s.open);
  const openTicket = useView((s) => s.openTicket);
  const give = useOffice((s) => s.give);
  const ask = useOffice((s) => s.ask);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const opens = work?.open ?? [];
  const finished = work?.callbacks ?? [];
  const all = [...opens, ...finished];
  const some = all.some((row) => ticked.has(row.id));
  const chosen = (rows: readonly TicketRowData[]) => rows.filter((row) => !some || ticked.has(row.id)).map((row) => tickedOf(row));
  const toggle = (ids: readonly string[], on: boolean): void => {
    const next = new Set(ticked);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    setTicked(next);
  };
  const section = (name: string, rows: readonly TicketRowData[], testId: string): ReactElement | null =>
    rows.length === 0 ? null : (
      <section aria-label={name}>
        <h3 className="wh">
          <label className="check">
            <input
              type="checkbox"
              checked={rows.every((row) => ticked.has(row.id))}
              data-testid={`${testId}-all`}
              onChange={(e) =>
                toggle(
                  rows.map((row) => row.id),
                  e.target.checked,
                )
              }
            />
            {name}
          </label>
        </h3>
        <ul className="worklist" data-testid={testId}>
          {rows.map((row) => (
            <WorkRow
              key={row.id}
              row={row}
              ticked={ticked.has(row.id)}
              open={open?.ticketId === row.id}
              onTick={(on) => toggle([row.id], on)}
              onOpen={() => openTicket({ ticketId: row.id, transferId: null })}
            />
          ))}
        </ul>
      </section>
    );
  return (
    <section className="work" aria-label={t('team.work', { name: account.name })} data-testid="person-work">
      <header className="lh">
        <h2 className="el">{t('team.work', { name: account.name })}</h2>
        <span className="grow" />
        {all.length > 0 && (
          <>
            <button
              type="button"
              className="btn primary"
              data-testid="hand-over"
              onClick={() => give({ open: chosen(opens), finished: chosen(finished) })}
            >
              <Icon name="give" small />
              {some ? `${t('team.handOver')} ${all.filter((row) => ticked.has(row.id)).length}` : t('team.handOverAll')}
            </button>
            {chosen(opens).length > 0 && (
              <button
                type="button"
                className="btn"
                title={finished.length > 0 ? t('team.poolKept') : undefined}
                data-testid="hand-to-pool"
                onClick={() => ask({ kind: 'withdraw', tickets: chosen(opens) })}
              >
                <Icon name="inbox" small />
                {t('team.toPool')}
              </button>
            )}
          </>
        )}
        <button type="button" className="btn icon" aria-label={t('common.close')} title={t('common.close')} onClick={onClose}>
          <Icon name="x" />
        </button>
      </header>
      <div className="scrolls">
        {section(t('team.openTickets', { n: opens.length }), opens, 'work-open')}
        {section(t('team.callbacks', { n: finished.length }), finished, 'work-callbacks')}
        {work !== undefined && all.length === 0 && <p className="t3 nothing">{t(work === null ? 'team.gone' : 'team.workNone')}</p>}
      </div>
    </section>
  );
}

interface WorkRowProps {
  readonly row: TicketRowData;
  readonly ticked: boolean;
  readonly open: boolean;
  onTick(on: boolean): void;
  onOpen(): void;
}

function WorkRow({ row, ticked, open, onTick, onOpen }: WorkRowProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const urgency = urgencyOf(row.nextAt, now);
  return (
    <li className={`r${urgency === 'over' || urgency === 'soon' ? ` ${urgency}` : ''}${open ? ' sel' : ''}`} data-testid={`work-${row.id}`}>
      <input
        type="checkbox"
        className="tick on"
        checked={ticked}
        aria-label={t('bulk.select', { what: row.number ?? row.subject })}
        data-testid={`work-tick-${row.id}`}
        onChange={(e) => onTick(e.target.checked)}
      />
      <button type="button" className="open" onClick={onOpen}>
        <DueCell at={row.nextAt} kind={row.nextKind} now={now} format={format} />
        <span className="no">{row.number ?? t('list.unnumbered')}</span>
        <span className="su el">{row.subject}</span>
        <span className="cu el">{row.customerName}</span>
        <StatusWord status={row.status} />
        {row.pending ? <span className="pend">{t('list.unsynced')}</span> : <span />}
      </button>
    </li>
  );
}
