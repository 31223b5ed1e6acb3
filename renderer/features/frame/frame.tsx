import { type ReactElement, useEffect } from 'react';
import { core } from '../../bridge.ts';
import type { Session } from '../../hooks/use-session.ts';
import { useCalls } from '../../stores/calls-store.ts';
import { type Place, useView } from '../../stores/view-store.ts';
import { ToastLine } from '../../ui/toast-line.tsx';
import { CallSheet } from '../calls/call-sheet.tsx';
import { CustomerPanel } from '../customers/customer-panel.tsx';
import { CustomersView } from '../customers/customers-view.tsx';
import { ConflictDialog } from '../attention/conflict-dialog.tsx';
import { ExportDialog } from '../exports/export-dialog.tsx';
import { SettingsView } from '../settings/settings-view.tsx';
import { TeamView } from '../team/team-view.tsx';
import { Panel } from '../handling/panel.tsx';
import { BucketList } from '../reminders/bucket-list.tsx';
import { AssignDialog } from '../assign/assign-dialog.tsx';
import { OutcomeDialog } from '../assign/outcome-dialog.tsx';
import { ReasonDialog } from '../assign/reason-dialog.tsx';
import { SaveDialog } from '../saved-searches/save-dialog.tsx';
import { Palette } from '../search/palette.tsx';
import { ShortcutSheet } from '../shortcuts/shortcut-sheet.tsx';
import { useShortcuts } from '../shortcuts/use-shortcuts.ts';
import { TicketListView } from '../tickets/ticket-list.tsx';
import { Notices } from './notices.tsx';
import { SideNav } from './side-nav.tsx';
import { TopBar } from './top-bar.tsx';
import { useNavigation } from './use-navigation.ts';

/** The signed-in window: bar, navigation, list, ticket. */
export function Frame({ account }: { readonly account: NonNullable<Session['account']> }): ReactElement {
  const place = useView((s) => s.place);
  const customerId = useView((s) => s.openCustomer);
  /** The panel has a ticket, or the form of one. */
  const busy = useView((s) => s.open !== null || s.creating);
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
      <CallSheet />
      <ToastLine />
      <ShortcutSheet />
      <ExportEntry />
      <SaveDialog />
      <AssignDialog />
      <ReasonDialog />
      <OutcomeDialog />
      <ConflictDialog />
      <Palette account={account} />
    </div>
  );
}

/** The export dialog, about what a list handed to it. */
function ExportEntry(): ReactElement | null {
  const exporting = useView((s) => s.exporting);
  const setExporting = useView((s) => s.setExporting);
  if (exporting === null) return null;
  return <ExportDialog open select={exporting} onClose={() => setExporting(null)} />;
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
