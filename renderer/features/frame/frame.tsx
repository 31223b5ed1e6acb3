import { type ReactElement, useEffect, useRef } from 'react';
import { core } from '../../bridge.ts';
import { useShellQuery } from '../../hooks/use-query.ts';
import type { Session } from '../../hooks/use-session.ts';
import { useView } from '../../stores/view-store.ts';
import { ToastLine } from '../../ui/toast-line.tsx';
import { Panel } from '../handling/panel.tsx';
import { BucketList } from '../reminders/bucket-list.tsx';
import { ShortcutSheet } from '../shortcuts/shortcut-sheet.tsx';
import { useShortcuts } from '../shortcuts/use-shortcuts.ts';
import { TicketListView } from '../tickets/ticket-list.tsx';
import { SideNav } from './side-nav.tsx';
import { TopBar } from './top-bar.tsx';

/** The signed-in window: bar, navigation, list, ticket. */
export function Frame({ account }: { readonly account: NonNullable<Session['account']> }): ReactElement {
  const place = useView((s) => s.place);
  useShortcuts();
  useNavigation();
  useEffect(() => {
    useView.getState().reset();
    return () => useView.getState().reset();
  }, [account.id]);
  useEffect(() => {
    // The core counts the first one of the day only; without it the next entry asks again.
    if (place.kind === 'list') core.call('reminders.enterMyTickets', {}).catch(() => undefined);
  }, [place]);
  return (
    <div className="win">
      <TopBar />
      <SideNav />
      {place.kind === 'list' ? <TicketListView list={place.list} /> : <BucketList bucket={place.bucket} />}
      <Panel account={account} />
      <ToastLine />
      <ShortcutSheet />
    </div>
  );
}

/** Opens what a notification or the tray asked for, each asking once. */
function useNavigation(): void {
  const asked = useShellQuery('navigation', {}).value;
  const done = useRef(0);
  const openTicket = useView((s) => s.openTicket);
  useEffect(() => {
    if (asked === undefined || asked.serial <= done.current) return;
    done.current = asked.serial;
    if (asked.ticketId !== null) openTicket({ ticketId: asked.ticketId, transferId: asked.transferId });
  }, [asked, openTicket]);
}
