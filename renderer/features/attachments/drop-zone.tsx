import { type DragEvent, type ReactElement, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon.tsx';
import type { FileTake } from './use-file-take.ts';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/** A place where files can be dropped. `take` null: not now; what is in it stays as it is. */
export function DropZone({ take, children }: { readonly take: FileTake | null; readonly children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  return (
    <div
      className="dropzone"
      data-testid="drop-zone"
      onDragOver={(event) => {
        if (take === null || !carriesFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (take === null || !carriesFiles(event)) return;
        event.preventDefault();
        take.take([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over && (
        <div className="dropover" role="status">
          <Icon name="clip" />
          {t('files.drop')}
        </div>
      )}
    </div>
  );
}
