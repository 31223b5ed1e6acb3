import { useEffect } from 'react';
import { shell } from '../../bridge.ts';
import { useShellQuery } from '../../hooks/use-query.ts';
import { useCalls } from '../../stores/calls-store.ts';
import { useView } from '../../stores/view-store.ts';

/** The last that was gone to; outlives the frame, so that the next account is not led where the last one was asked to. */
let done = 0;

/** Goes where a notification, the tray, a menu or a link asked, each asking once. */
export function useNavigation(): void {
  const asked = useShellQuery('navigation', {}).value;
  useEffect(() => {
    if (asked === undefined || asked.serial <= done) return;
    done = asked.serial;
    const view = useView.getState();
    if (asked.ticketId !== null) view.openTicket({ ticketId: asked.ticketId, transferId: asked.transferId });
    if (asked.settings) view.go({ kind: 'settings', page: 'desktop' });
    if (asked.call !== null) useCalls.getState().ring(asked.call.phone, Date.now());
    // A page that is loaded again has forgotten `done`; the shell has not.
    shell.call('navigation.taken', { serial: asked.serial }).catch(() => undefined);
  }, [asked]);
}
