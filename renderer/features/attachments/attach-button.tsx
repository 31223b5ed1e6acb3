import type { ClipboardEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon.tsx';
import type { FileTake } from './use-file-take.ts';

/** The paper clip. */
export function AttachButton({ take }: { readonly take: FileTake }): ReactElement {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="btn icon"
      title={t('files.addHint')}
      aria-label={t('files.add')}
      data-testid="attach"
      onClick={() => take.pick()}
    >
      <Icon name="clip" />
    </button>
  );
}

/** Every picture of the clipboard is called that. */
const NAMELESS = 'image.png';

/**
 * Takes what was pasted if it is files and no words: a program that copies both means the words.
 * @param screenshot what a picture without a name is called
 */
export function takePasted(event: ClipboardEvent, take: FileTake | null, screenshot: string): void {
  const { files, types } = event.clipboardData;
  if (take === null || files.length === 0 || types.includes('text/plain')) return;
  event.preventDefault();
  take.take([...files].map((file) => (file.name === NAMELESS ? new File([file], `${screenshot}.png`, { type: file.type }) : file)));
}
