import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../hooks/use-query.ts';
import { Icon } from '../../ui/icon.tsx';
import { FileRows } from './file-row.tsx';

/** Files of a refused command: to be saved elsewhere before it is discarded. */
export function RefusedFiles({ commandId }: { readonly commandId: string }): ReactElement | null {
  const files = useQuery('attachments.list', { of: 'command', id: commandId }).value ?? [];
  return <FileRows files={files} ticketId={null} bare />;
}

/** Files that were never sent and whose ticket has left this device. */
export function KeptFiles(): ReactElement | null {
  const { t } = useTranslation();
  const files = useQuery('attachments.list', { of: 'kept', id: '' }).value ?? [];
  if (files.length === 0) return null;
  return (
    <section className="bad" data-testid="kept-files">
      <div className="row">
        <Icon name="clip" />
        <b>{t('files.keptTitle')}</b>
      </div>
      <p>{t('files.kept')}</p>
      <FileRows files={files} ticketId={null} />
    </section>
  );
}
