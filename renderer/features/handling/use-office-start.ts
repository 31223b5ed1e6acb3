import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useOffice } from '../../stores/office-store.ts';
import { useToast } from '../../stores/toast-store.ts';
import { useView } from '../../stores/view-store.ts';
import type { TicketDetail } from './composer-draft.ts';
import { isOfficeMode, type OfficeAct, officeActs } from './office-acts.ts';
import { useAct } from './use-act.ts';

/** Begins one of the acts that need no hands of one's own: at once, through a dialog, or in the composer. */
export function useOfficeStart(ticket: TicketDetail): (act: string) => boolean {
  const { t } = useTranslation();
  const act = useAct();
  const give = useOffice((s) => s.give);
  const show = useToast((s) => s.show);
  const setMode = useView((s) => s.setMode);
  return useCallback(
    (name) => {
      const possible = officeActs(ticket);
      // One key stands for both: what is open is assigned, what is finished is handed over.
      const wanted = (name === 'assign' && !possible.includes('assign') ? 'handOver' : name) as OfficeAct;
      if (!possible.includes(wanted)) return false;
      const ticked = { id: ticket.id, number: ticket.number, subject: ticket.subject, assigneeId: ticket.assigneeId };
      if (wanted === 'claim') {
        const said = t('leader.claimedDone', { number: ticket.number ?? t('list.unnumbered') });
        void act(ticket.id, 'claim', {}, said).then((failed) => {
          if (failed !== null) show({ tone: 'danger', text: failed });
        });
      } else if (wanted === 'assign') give({ open: [ticked], finished: [] });
      else if (wanted === 'handOver') give({ open: [], finished: [ticked] });
      else if (isOfficeMode(wanted)) setMode({ kind: wanted });
      return true;
    },
    [ticket, act, give, show, setMode, t],
  );
}
