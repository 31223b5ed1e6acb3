import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { eventView } from '../../../shared/bridge/views.ts';
import { zhCN } from '../../i18n/zh-CN.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useLabels } from '../../hooks/use-labels.ts';
import { useNow } from '../../hooks/use-now.ts';
import { FileRows, type FileView } from '../attachments/file-row.tsx';
import type { TicketDetail } from './composer-draft.ts';

type Event = z.infer<typeof eventView>;

/** Follows from the command's own word, or is of no use to a reader. */
const quiet = new Set(['dueAt', 'customer.ownerId', 'assigneeId', 'groupId', 'callback', 'resolvedAt']);
interface Told {
  readonly from: unknown;
  readonly to: unknown;
}
type Values = Readonly<Record<string, unknown>>;
const valuesOf = (of: unknown): Values => (typeof of === 'object' && of !== null ? (of as Values) : {});

/** The custom values come as one: what of them changed, each for itself. */
function customTold({ from, to }: Told): [string, Told][] {
  const [before, after] = [valuesOf(from), valuesOf(to)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((id) => JSON.stringify(before[id] ?? null) !== JSON.stringify(after[id] ?? null))
    .map((id) => [`custom.${id}`, { from: before[id], to: after[id] }]);
}

/** @param shown files of this line are shown, so their names need not be said again */
const told = (event: Event, shown: boolean): [string, Told][] =>
  Object.entries(event.changes).flatMap(([field, change]) =>
    shown && field === 'attachment'
      ? []
      : field === 'custom'
        ? customTold(change as Told)
        : field in zhCN.event.field && !quiet.has(field)
          ? [[field, change as Told]]
          : [],
  );

/** Device and server clocks further apart than this are both shown. */
const APART = 60_000;

/** 操作记录, newest first. */
export function Timeline({ ticket, me }: { readonly ticket: TicketDetail; readonly me: string }): ReactElement {
  const { t } = useTranslation();
  // Of a ticket that was given away, its names are all that stays to be seen.
  const files = useQuery('attachments.list', ticket.transfer === null ? { of: 'ticket', id: ticket.id } : null).value ?? [];
  return (
    <section className="hist" aria-label={t('panel.history')}>
      <h3>
        {t('panel.history')} <span className="t3">{ticket.events.length}</span>
      </h3>
      {/* Refused ones have no line yet. */}
      <FileRows files={files.filter((f) => f.state === 'failed')} ticketId={null} />
      <ol className="tl" data-testid="timeline">
        {ticket.events.map((event) => (
          <Entry
            key={event.id}
            event={event}
            ticketId={ticket.id}
            me={me}
            customer={ticket.customer?.name ?? ''}
            files={files.filter((f) => f.eventId === event.id)}
          />
        ))}
      </ol>
    </section>
  );
}

interface EntryProps {
  readonly event: Event;
  readonly me: string;
  readonly customer: string;
  readonly ticketId: string;
  /** Those that came with it and are still there. */
  readonly files: readonly FileView[];
}

function Entry({ event, me, customer, ticketId, files }: EntryProps): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  const now = useNow();
  const { changes, receivedAt, occurredAt } = event;
  const actor = event.actorName === '' ? t('panel.system') : event.actorName === '~' ? customer || t('panel.customer') : event.actorName;
  const apart = receivedAt !== null && Math.abs(receivedAt - occurredAt) > APART;
  const hands = changes['assigneeId'];
  const given = hands !== undefined && typeof hands.to === 'string' && hands.to !== actor;
  const taken = hands !== undefined && hands.to === null && typeof hands.from === 'string' && hands.from !== actor;
  const callback = changes['callback'];
  return (
    <li className={event.pending ? 'wait' : event.actorName === me ? 'me' : ''} data-testid={`event-${event.command}`}>
      <div className="h">
        <b>{actor}</b>
        <span className="t2 el">
          {labels.command(event.command)}
          {given && ` ${typeof hands.from === 'string' && hands.from !== actor ? `${hands.from} ` : ''}→ ${String(hands.to)}`}
          {taken && ` ${String(hands.from)} → ${t('history.nobody')}`}
          {callback !== undefined &&
            ` ${callback.from === null ? '' : `${labels.value('callback', callback.from)} → `}${labels.value('callback', callback.to)}`}
        </span>
        {event.pending && <span className="pend">{t('list.unsynced')}</span>}
        <time title={format.exact(occurredAt)}>{format.stamp(occurredAt, now)}</time>
      </div>
      {event.note !== '' && <p>{event.note}</p>}
      {told(event, files.length > 0).map(([field, { from, to }]) => (
        <p key={field} className="chg">
          <span className="t3">{labels.field(field)}</span> <del>{labels.value(field, from)}</del> → <ins>{labels.value(field, to)}</ins>
        </p>
      ))}
      <FileRows files={files} ticketId={ticketId} />
      {apart && (
        <p className="t3 meta" data-testid="event-times">
          {receivedAt > occurredAt && <span className="tag">{t('history.offline')}</span>}{' '}
          {t('panel.device', { time: format.short(occurredAt, now) })} · {t('panel.server', { time: format.short(receivedAt, now) })}
        </p>
      )}
    </li>
  );
}
