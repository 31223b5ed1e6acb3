import { type ReactElement, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useDraft } from '../../hooks/use-draft.ts';
import { useFormat } from '../../hooks/use-format.ts';
import type { Session } from '../../hooks/use-session.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { DropZone } from '../attachments/drop-zone.tsx';
import { useFileTake } from '../attachments/use-file-take.ts';
import { CallbackList } from './callback-list.tsx';
import { Composer, type ComposerUse } from './composer.tsx';
import { composerDraft, type TicketDetail } from './composer-draft.ts';
import { CustomerCard } from './customer-card.tsx';
import { officeActs } from './office-acts.ts';
import { PanelHead } from './panel-head.tsx';
import { ReplyNote } from './reply-note.tsx';
import { TicketFields } from './ticket-fields.tsx';
import { Timeline } from './timeline.tsx';

export interface TicketViewProps {
  readonly ticket: TicketDetail;
  readonly account: NonNullable<Session['account']>;
  /** Another ticket is on its way: show, but take no input. */
  readonly frozen: boolean;
}

export function TicketView({ ticket, account, frozen }: TicketViewProps): ReactElement {
  const draft = useDraft(`ticket:${ticket.id}`, composerDraft);
  const files = useFileTake(`ticket:${ticket.id}`);
  const transferId = useView((s) => s.open?.transferId ?? null);
  const handling = ticket.allowed.includes('update');
  const office = transferId === null ? officeActs(ticket) : [];
  const leading = office.some((act) => act !== 'claim');
  const noting = (ticket.readOnly === 'other-assignee' || leading) && ticket.allowed.includes('note');
  const use: ComposerUse | null = handling
    ? 'handling'
    : noting
      ? 'note'
      : ticket.allowed.includes('scheduleCallback')
        ? 'callback'
        : office.length > 0
          ? 'office'
          : null;
  useEffect(() => {
    // The mark of 有新动态 is only a convenience; without an answer it goes the next time.
    if (transferId === null) core.call('tickets.seen', { ticketId: ticket.id }).catch(() => undefined);
  }, [ticket.id, ticket.version, transferId]);
  return (
    <DropZone take={ticket.allowed.includes('attach') && !frozen ? files : null}>
      <div className="tv" inert={frozen}>
        <PanelHead ticket={ticket} draft={handling ? draft : null} />
        <div className="mid">
          <ReadOnlyNote ticket={ticket} mayNote={noting} />
          <ReplyNote key={ticket.events[0]?.id} ticket={ticket} />
          <CallbackList ticket={ticket} />
          <CustomerCard ticket={ticket} />
          <TicketFields ticket={ticket} draft={handling ? draft : null} />
          <Timeline ticket={ticket} me={account.name} />
        </div>
        {use !== null && <Composer ticket={ticket} account={account} draft={draft} use={use} files={files} />}
      </div>
    </DropZone>
  );
}

function ReadOnlyNote({ ticket, mayNote }: { readonly ticket: TicketDetail; readonly mayNote: boolean }): ReactElement | null {
  const { t } = useTranslation();
  const format = useFormat();
  if (ticket.readOnly === null) return null;
  // Of what lies in the pool: that it can be claimed, or why not.
  const poolWords = (): string => {
    if (ticket.allowed.includes('claim')) return t('leader.inPool');
    if (ticket.customer !== null && ticket.customer.invalidAt !== null) return t('leader.cannotInvalid');
    return t('leader.cannotReclaim');
  };
  const name = ticket.transfer?.toName ?? ticket.assigneeName;
  const time = ticket.transfer === null ? '' : format.short(ticket.transfer.at, Date.now());
  const words =
    ticket.readOnly === 'other-assignee' && !mayNote
      ? t('panel.readOnlyOther', { name })
      : ticket.readOnly === 'released'
        ? poolWords()
        : ticket.allowed.includes('review')
          ? t('panel.readOnly.resolvedOffice')
          : t(`panel.readOnly.${ticket.readOnly}`, { name, time });
  return (
    <div className="ro" role="note" data-testid="read-only">
      <Icon name={ticket.readOnly === 'transferred' ? 'swap' : 'lock'} />
      <div>
        <p>{words}</p>
        {ticket.transfer !== null && ticket.transfer.reason !== '' && (
          <p className="t2">{t('panel.transferReason', { text: ticket.transfer.reason })}</p>
        )}
      </div>
    </div>
  );
}
