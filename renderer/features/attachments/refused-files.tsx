import type { ReactElement } from 'react';
import { useQuery } from '../../hooks/use-query.ts';
import { FileRows } from './file-row.tsx';

/** Files of a refused command: to be saved elsewhere before it is discarded. */
export function RefusedFiles({ commandId }: { readonly commandId: string }): ReactElement {
  const files = useQuery('attachments.list', { of: 'command', id: commandId }).value ?? [];
  return <FileRows files={files} ticketId={null} bare />;
}
