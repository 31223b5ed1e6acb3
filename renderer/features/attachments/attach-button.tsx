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

/** The time of this computer, in characters that every file system takes. */
const localStamp = (now = new Date()): string =>
  new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '-');

/** Every picture of the clipboard is called that. */
const NAMELESS = 'image.png';

/**
 * Takes what was pasted if it is files and no words: a program that copies both means the words.
 * @param screenshot the word for a picture without a name, before the time
 */
export function takePasted(event: ClipboardEvent, take: FileTake | null, screenshot: string): void {
  const { files, types } = event.clipboardData;
  if (take === null || files.length === 0 || types.includes('text/plain')) return;
  event.preventDefault();
  take.take(
    [...files].map((file) => (file.name === NAMELESS ? new File([file], `${screenshot} ${localStamp()}.png`, { type: file.type }) : file)),
  );
}
