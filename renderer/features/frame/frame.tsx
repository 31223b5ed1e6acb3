import { type ReactElement, useEffect } from 'react';
import { core } from '../../bridge.ts';
import type { Session } from '../../hooks/use-session.ts';
import { useCalls } from '../../stores/calls-store.ts';
import { type Place, useView } from '../../stores/view-store.ts';
import { later, settle, useSettled } from '../../ui/later.tsx';
import { ToastLine } from '../../ui/toast-line.tsx';
import { Panel } from '../handling/panel.tsx';
import { useShortcuts } from '../shortcuts/use-shortcuts.ts';
import { TicketListView } from '../tickets/ticket-list.tsx';
import { Notices } from './notices.tsx';
import { SideNav } from './side-nav.tsx';
import { TopBar } from './top-bar.tsx';
import { useNavigation } from './use-navigation.ts';

const BucketList = later(() => import('../reminders/bucket-list.tsx').then((m) => m.BucketList));
const CustomerPanel = later(() => import('../customers/customer-panel.tsx').then((m) => m.CustomerPanel));
const CustomersView = later(() => import('../customers/customers-view.tsx').then((m) => m.CustomersView));
const Dialogs = later(() => import('./dialogs.tsx').then((m) => m.Dialogs));
const SettingsView = later(() => import('../settings/settings-view.tsx').then((m) => m.SettingsView));
const TeamView = later(() => import('../team/team-view.tsx').then((m) => m.TeamView));

/** For whoever begins elsewhere than in a list, or has none yet, ms. */
const SETTLED_AT_THE_LATEST = 1_000;

/** The signed-in window: bar, navigation, list, ticket. */
export function Frame({ account }: { readonly account: NonNullable<Session['account']> }): ReactElement {
  const place = useView((s) => s.place);
  const customerId = useView((s) => s.openCustomer);
  /** The panel has a ticket, or the form of one. */
  const busy = useView((s) => s.open !== null || s.creating);
  const settled = useSettled();
  useEffect(() => {
    const timer = setTimeout(() => void settle(), SETTLED_AT_THE_LATEST);
    return () => clearTimeout(timer);
  }, []);
  useShortcuts();
  useNavigation();
  useEffect(() => {
    const reset = (): void => {
      useView.getState().reset();
      useCalls.getState().close();
    };
    reset();
    return reset;
  }, [account.id]);
  useEffect(() => {
    // The core counts the first one of the day only; without it the next entry asks again.
    if (place.kind === 'list') core.call('reminders.enterMyTickets', {}).catch(() => undefined);
  }, [place]);
  return (
    <div className="win">
      <TopBar />
      <Notices />
      <SideNav />
      <Middle place={place} />
      {place.kind === 'settings' ? null : customerId !== null || (place.kind === 'customers' && !busy) ? (
        <CustomerPanel customerId={customerId} />
      ) : (
        <Panel account={account} />
      )}
      <ToastLine />
      {settled && <Dialogs account={account} />}
    </div>
  );
}

function Middle({ place }: { readonly place: Place }): ReactElement {
  switch (place.kind) {
    case 'list':
      return <TicketListView list={place.list} searchId={place.searchId} />;
    case 'bucket':
      return <BucketList bucket={place.bucket} />;
    case 'customers':
      return <CustomersView view={place.view} />;
    case 'team':
      return <TeamView />;
    case 'settings':
      return <SettingsView page={place.page} />;
  }
}
