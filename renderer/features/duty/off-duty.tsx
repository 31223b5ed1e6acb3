import { Modal } from 'antd';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import type { Refusal } from '../../../shared/domain/commands/refusal.ts';
import { core } from '../../bridge.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';
import { PersonSelect } from '../people/person-select.tsx';
import { DueCell } from '../tickets/due-cell.tsx';
import { StatusWord } from '../tickets/status-word.tsx';
import { type OpenWork, useOpenWork } from './open-work.ts';

export interface OffDutyProps {
  readonly open: boolean;
  readonly accountId: string;
  onClose(): void;
  /** @returns null when it is saved, else why not */
  onOff(): Promise<string | null>;
}

/** 下班: what is left, whether it stays or goes to a colleague, and what becomes of reminders. */
export function OffDuty({ open, onClose, ...rest }: OffDutyProps): ReactElement {
  const { t } = useTranslation();
  return (
    <Modal open={open} title={t('duty.title')} width={640} centered footer={null} onCancel={onClose} destroyOnHidden>
      <Body {...rest} onClose={onClose} />
    </Modal>
  );
}

interface Refused {
  readonly ticketId: string;
  readonly refusal: Refusal;
}

function Body({ accountId, onClose, onOff }: Omit<OffDutyProps, 'open'>): ReactElement {
  const { t } = useTranslation();
  const work = useOpenWork(true);
  const show = useToast((s) => s.show);
  const directory = useQuery('directory.list', {}).value;
  const refusalSentence = useRefusalSentence();
  const bridge = useBridgeSentence();
  const [give, setGive] = useState(false);
  const [toId, setToId] = useState<string | null>(null);
  const [reason, setReason] = useState(() => t('duty.reasonDefault'));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const given = (work?.tickets ?? []).filter((row) => !left.has(row.id));

  const leave = async (): Promise<void> => {
    const why = await onOff();
    if (why === null) onClose();
    else setFailure(why);
  };
  const confirm = async (): Promise<void> => {
    setFailure(null);
    if (give && given.length > 0 && toId === null) return setFailure(t('duty.needPerson'));
    setBusy(true);
    try {
      if (give && toId !== null && given.length > 0) {
        const failed: Refused[] = [];
        let saved = 0;
        for (let at = 0; at < given.length; at += 1000) {
          const ticketIds = given.slice(at, at + 1000).map(({ id }) => id);
          const answer = await core.call('tickets.actMany', { ticketIds, kind: 'transfer', args: { toId, reason: reason.trim() } });
          saved += answer.saved;
          failed.push(...answer.refused);
        }
        const name = directory?.accounts.find((a) => a.id === toId)?.name ?? '';
        if (saved > 0) show({ tone: 'ok', text: t('duty.given', { n: saved, name }) });
        if (failed.length > 0) return setRefused(failed);
      }
      await leave();
    } catch (error) {
      setFailure(bridge(error));
    } finally {
      setBusy(false);
    }
  };
  const alert = failure !== null && (
    <p className="fail" role="alert" data-testid="duty-failure">
      <Icon name="tri" small />
      {failure}
    </p>
  );

  if (refused.length > 0) {
    return (
      <div className="dlg" data-testid="duty-refused">
        <p>{t('duty.refused', { n: refused.length })}</p>
        <ul className="restlist">
          {refused.map(({ ticketId, refusal }) => (
            <li key={ticketId}>
              <span className="el">{work?.tickets.find((row) => row.id === ticketId)?.subject}</span>
              <span className="danger el grow">{refusalSentence(refusal)}</span>
            </li>
          ))}
        </ul>
        {alert}
        <div className="dlgfoot">
          <span className="grow" />
          <button type="button" className="btn act" onClick={onClose}>
            {t('duty.stay')}
          </button>
          <button type="button" className="btn act primary" data-testid="duty-confirm" onClick={() => void leave()}>
            {t('duty.offAnyway')}
          </button>
        </div>
      </div>
    );
  }
  const nothing = work != null && work.tickets.length === 0 && work.callbacks.length === 0;
  return (
    <div className="dlg" data-testid="duty-off">
      {work === undefined && <p className="t3">{t('common.loading')}</p>}
      {work != null && <Work work={work} give={give} left={left} onLeft={setLeft} />}
      {work != null && work.tickets.length > 0 && (
        <fieldset className="picks across">
          <legend className="sr">{t('duty.tickets')}</legend>
          {([false, true] as const).map((value) => (
            <label key={String(value)} className="choice">
              <input
                type="radio"
                name="duty-what"
                checked={give === value}
                data-testid={value ? 'duty-give' : 'duty-keep'}
                onChange={() => setGive(value)}
              />
              <span>
                {t(value ? 'duty.give' : 'duty.keep')}
                <span className="t3">{t(value ? 'duty.giveNote' : 'duty.keepNote')}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {give && (
        <div className="nfgrid">
          <label className="nf half">
            <span>{t('duty.person')}</span>
            <PersonSelect value={toId} label={t('duty.person')} exceptId={accountId} testId="duty-person" onChange={setToId} />
          </label>
          <label className="nf half">
            <span>{t('duty.reason')}</span>
            <input
              className="fld"
              value={reason}
              maxLength={limits.text}
              data-testid="duty-reason"
              onChange={(e) => setReason(e.target.value)}
            />
          </label>
        </div>
      )}
      <p className="notebox plain">
        <Icon name="clock" small />
        {t('duty.reminders')}
      </p>
      {alert}
      <div className="dlgfoot">
        <span className="grow" />
        <button type="button" className="btn act" onClick={onClose}>
          {t('common.cancel')}
        </button>
        <button
          type="button"
          className="btn act primary"
          aria-disabled={busy}
          autoFocus={nothing}
          data-testid="duty-confirm"
          onClick={() => {
            if (!busy) void confirm();
          }}
        >
          {give && given.length > 0 ? t('duty.confirmGive', { n: given.length }) : t('duty.confirm')}
        </button>
      </div>
    </div>
  );
}

interface WorkProps {
  readonly work: OpenWork;
  /** Tickets can be ticked for the hand-over. */
  readonly give: boolean;
  /** Those that stay. */
  readonly left: ReadonlySet<string>;
  onLeft(left: ReadonlySet<string>): void;
}

function Work({ work, give, left, onLeft }: WorkProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (work.tickets.length === 0 && work.callbacks.length === 0) return <p data-testid="duty-nothing">{t('duty.nothing')}</p>;
  const toggle = (id: string, on: boolean): void => {
    const next = new Set(left);
    if (on) next.delete(id);
    else next.add(id);
    onLeft(next);
  };
  return (
    <>
      <p>{t('duty.lead')}</p>
      {work.tickets.length > 0 && (
        <section aria-label={t('duty.tickets')}>
          <div className="row">
            <h3>{t('duty.tickets')}</h3>
            <span className="t3" data-testid="duty-tickets">
              {work.tickets.length}
            </span>
            <span className="grow" />
            {give && (
              <label className="cbx">
                <input
                  type="checkbox"
                  checked={left.size === 0}
                  onChange={(e) => onLeft(e.target.checked ? new Set() : new Set(work.tickets.map(({ id }) => id)))}
                />
                {t('duty.selectAll')}
              </label>
            )}
          </div>
          <ul className="restlist">
            {work.tickets.map((row) => (
              <li key={row.id}>
                {give && (
                  <input
                    type="checkbox"
                    aria-label={row.subject}
                    checked={!left.has(row.id)}
                    data-testid={`duty-ticket-${row.id}`}
                    onChange={(e) => toggle(row.id, e.target.checked)}
                  />
                )}
                {row.number === null ? <span className="pend">{t('list.unnumbered')}</span> : <span className="no">{row.number}</span>}
                <span className="el grow" title={row.subject}>
                  {row.subject}
                </span>
                <DueCell at={row.nextAt} kind={row.nextKind} now={now} format={format} />
                <StatusWord status={row.status} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {work.callbacks.length > 0 && (
        <section aria-label={t('duty.callbacks')}>
          <div className="row">
            <h3>{t('duty.callbacks')}</h3>
            <span className="t3" data-testid="duty-callbacks">
              {work.callbacks.length}
            </span>
          </div>
          <ul className="restlist">
            {work.callbacks.map((c) => (
              <li key={c.key}>
                <Icon name={c.at <= now ? 'over' : 'phone'} small className={c.at <= now ? 'danger' : 't3'} />
                <span className={c.at <= now ? 'danger' : 't2'}>{format.short(c.at, now)}</span>
                <span className="el grow">{c.subject}</span>
                <span className="t3 el">{c.customerName}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
