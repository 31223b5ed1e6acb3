import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import { useNow } from '../../hooks/use-now.ts';
import { Icon } from '../../ui/icon.tsx';
import type { TicketDetail } from './composer-draft.ts';
import { useAct } from './use-act.ts';

/** The customer has answered before the callback was due: it stands as it was, and one click lets the ticket wait for it again. */
export function ReplyNote({ ticket }: { readonly ticket: TicketDetail }): ReactElement | null {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const act = useAct();
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const reply = ticket.events[0];
  if (reply?.command !== 'customerReply' || !ticket.allowed.includes('update')) return null;
  const next = ticket.callbacks.find((c) => c.outcome === null && c.dueAt > now);
  const waitAgain = async (dueAt: number): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const note = t('reply.waitNote', { time: format.exact(dueAt) });
    setFailure(await act(ticket.id, 'update', { note, changes: [], waiting: true }, t('reply.waits')));
    setBusy(false);
  };
  return (
    <div className="notebox plain" role="status" data-testid="customer-replied">
      <Icon name="inbox" />
      <div>
        <p>{t('reply.came', { time: format.short(reply.occurredAt, now), text: reply.note })}</p>
        {failure !== null && (
          <p className="danger" role="alert">
            {failure}
          </p>
        )}
        {next !== undefined && (
          <p className="row">
            <span className="t2 grow">{t('reply.kept', { time: format.short(next.dueAt, now) })}</span>
            <button
              type="button"
              className="btn sm"
              aria-disabled={busy}
              aria-keyshortcuts="R"
              data-testid="reply-wait"
              onClick={() => void waitAgain(next.dueAt)}
            >
              {t('reply.wait')} <kbd>R</kbd>
            </button>
          </p>
        )}
      </div>
    </div>
  );
}
