import { Select } from 'antd';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { ledgerRow } from '../../../shared/bridge/reminder-entries.ts';
import { LATE_MS, outcomes, reminderKinds, stepReasons } from '../../../shared/domain/reminders/reminder.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useView } from '../../stores/view-store.ts';
import { Segments } from '../../ui/segments.tsx';
import { PageHead } from './page-head.tsx';

type Row = z.infer<typeof ledgerRow>;
const PAGE = 50;
const kinds = ['all', ...reminderKinds] as const;
const results = ['all', ...outcomes] as const;

/** F10: what became of each reminder on this computer, newest first. */
export function LedgerPage(): ReactElement {
  const { t } = useTranslation();
  const [kind, setKind] = useState<(typeof kinds)[number]>('all');
  const [outcome, setOutcome] = useState<(typeof results)[number]>('all');
  const [pages, setPages] = useState(1);
  const answer = useQuery('reminders.ledger', { kind, outcome, offset: 0, limit: Math.min(200, pages * PAGE) }).value;
  const rows = answer?.rows ?? [];
  return (
    <>
      <PageHead title={t('settings.page.ledger')} lead={t('ledger.lead')} />
      <div className="row gap ledgerbar">
        <Segments
          label={t('ledger.column.kind')}
          value={kind}
          onChange={(next) => (setKind(next), setPages(1))}
          options={kinds.map((value) => ({ value, label: t(`ledger.kind.${value}`), testId: `ledger-kind-${value}` }))}
        />
        <Select
          aria-label={t('ledger.column.outcome')}
          value={outcome}
          onChange={(next) => (setOutcome(next), setPages(1))}
          options={results.map((value) => ({ value, label: t(`ledger.outcome.${value}`) }))}
          data-testid="ledger-outcome"
        />
      </div>
      <div className="setscroll" tabIndex={0} role="region" aria-label={t('settings.page.ledger')}>
        <table className="settable ledger" data-testid="ledger">
          <thead>
            <tr>
              {(['at', 'kind', 'ticket', 'outcome', 'steps'] as const).map((column) => (
                <th key={column} scope="col" className={`c-${column}`}>
                  {t(`ledger.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Line key={row.id} row={row} />
            ))}
          </tbody>
        </table>
        <p className="setmore">
          {rows.length < (answer?.total ?? 0) && rows.length < 200 ? (
            <button type="button" className="btn sm" data-testid="ledger-more" onClick={() => setPages(pages + 1)}>
              {t('ledger.more')}
            </button>
          ) : (
            <span className="t3">{t(rows.length === 0 ? 'ledger.empty' : 'ledger.end', { n: answer?.total ?? 0 })}</span>
          )}
        </p>
      </div>
    </>
  );
}

function Line({ row }: { readonly row: Row }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const openTicket = useView((s) => s.openTicket);
  const { lateMs, ticketId } = row;
  const late = lateMs !== null && lateMs > LATE_MS;
  return (
    <tr data-testid="ledger-row">
      <td className="t2" title={format.exact(row.showAt)}>
        {row.kind === 'expiry' ? format.date(row.showAt) : format.short(row.showAt, now)}
      </td>
      <td className="t2">{t(`ledger.kind.${row.kind}`)}</td>
      <td>
        {ticketId === null ? (
          <span className="t3">{t('ledger.several')}</span>
        ) : (
          <button type="button" className="link el" onClick={() => openTicket({ ticketId, transferId: null })}>
            <span className="t3">{row.number ?? t('list.unnumbered')}</span> {row.subject === '' ? t('ledger.gone') : row.subject}
          </button>
        )}
        {row.customerName !== '' && <span className="t3 el cust">{row.customerName}</span>}
      </td>
      <td>
        <span className={row.outcome === 'missed' ? 'danger' : row.outcome === 'held' ? 'warn' : ''}>
          {t(`ledger.outcome.${row.outcome}`)}
        </span>
        {late && <span className="warn late">{t('ledger.late', { span: format.span(lateMs) })}</span>}
      </td>
      <td>
        <ol className="trail">
          {row.steps.map((step, i) => (
            <li key={`${step.at} ${step.step} ${i}`} title={format.exact(step.at)}>
              <span className="t3">{format.stamp(step.at, now)}</span> {t(`ledger.step.${step.step}`)}
              <Reasons why={step.why} />
            </li>
          ))}
        </ol>
      </td>
    </tr>
  );
}

/** Words of the ledger; those that an older version left are passed over. */
function Reasons({ why }: { readonly why: string }): ReactElement {
  const { t } = useTranslation();
  const words = stepReasons.filter((reason) => why.split(' ').includes(reason)).map((reason) => t(`ledger.why.${reason}`));
  return words.length === 0 ? <></> : <span className="t2">{t('ledger.because', { why: words.join(t('ledger.and')) })}</span>;
}
