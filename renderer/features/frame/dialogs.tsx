import type { ReactElement } from 'react';
import type { Session } from '../../hooks/use-session.ts';
import { useView } from '../../stores/view-store.ts';
import { AssignDialog } from '../assign/assign-dialog.tsx';
import { OutcomeDialog } from '../assign/outcome-dialog.tsx';
import { ReasonDialog } from '../assign/reason-dialog.tsx';
import { ConflictDialog } from '../attention/conflict-dialog.tsx';
import { CallSheet } from '../calls/call-sheet.tsx';
import { ExportDialog } from '../exports/export-dialog.tsx';
import { SaveDialog } from '../saved-searches/save-dialog.tsx';
import { Palette } from '../search/palette.tsx';
import { ShortcutSheet } from '../shortcuts/shortcut-sheet.tsx';

/** What comes over the window. All of it is there, closed, until something asks for it. */
export function Dialogs({ account }: { readonly account: NonNullable<Session['account']> }): ReactElement {
  return (
    <>
      <CallSheet />
      <ShortcutSheet />
      <ExportEntry />
      <SaveDialog />
      <AssignDialog />
      <ReasonDialog />
      <OutcomeDialog />
      <ConflictDialog />
      <Palette account={account} />
    </>
  );
}

/** The export dialog, about what a list handed to it. */
function ExportEntry(): ReactElement | null {
  const exporting = useView((s) => s.exporting);
  const setExporting = useView((s) => s.setExporting);
  if (exporting === null) return null;
  return <ExportDialog open select={exporting} onClose={() => setExporting(null)} />;
}
