import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { fileView } from '../../../shared/bridge/attachment-entries.ts';
import { core } from '../../bridge.ts';
import { fileSize } from '../../format/file-size.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { useAct } from '../handling/use-act.ts';
import { useBridgeSentence, useRefusalSentence } from '../handling/use-sentences.ts';
import { useThumbnail } from './picture.ts';
import { Preview } from './preview.tsx';
import { useSaveFile } from './use-save-file.ts';

export type FileView = z.infer<typeof fileView>;

export const percent = (done: number, size: number): number => (size === 0 ? 0 : Math.floor((done / size) * 100));

export interface FileRowProps {
  readonly file: FileView;
  /** Where it can be taken away; null: not here. */
  readonly ticketId: string | null;
  /** What else can be done is offered elsewhere: only to look at it and to save it. */
  readonly bare?: boolean | undefined;
  /** What it was to go along with has left: it is sent no more. */
  readonly kept?: boolean | undefined;
}

const THUMB = 64;

/** One file: what it is, where it has got to, and what can be done with it. */
export function FileRow({ file, ticketId, bare = false, kept = false }: FileRowProps): ReactElement {
  const { t } = useTranslation();
  const act = useAct();
  const bridge = useBridgeSentence();
  const refusal = useRefusalSentence();
  const show = useToast((s) => s.show);
  const save = useSaveFile();
  const [open, setOpen] = useState(false);
  const [sure, setSure] = useState(false);
  const canvas = useThumbnail(file.picture ? file.id : null, THUMB * Math.ceil(window.devicePixelRatio));
  const failed = (error: unknown): void => show({ tone: 'danger', text: bridge(error) });
  const { id, name, size, commandId } = file;
  const synced = file.state === 'synced';

  const retry = (): void => {
    if (commandId === null) return;
    core.call('attention.retry', { commandId }).then((answer) => {
      if (!answer.ok) show({ tone: 'danger', text: refusal(answer.refusal) });
    }, failed);
  };
  const remove = (): void => {
    if (!sure) return setSure(true);
    if (file.form !== null) core.call('attachments.discard', { id }).catch(failed);
    else if (file.state === 'failed' && commandId !== null) core.call('attention.discard', { commandId }).catch(failed);
    else if (ticketId !== null)
      void act(ticketId, 'removeAttachment', { attachmentId: id }, t('files.deleted', { name })).then((why) => {
        if (why !== null) show({ tone: 'danger', text: why });
      });
  };
  const removable = !bare && (file.form !== null || file.state === 'failed' || (file.mayRemove && synced && ticketId !== null));
  const [ask, confirm] =
    file.form !== null || file.state === 'failed'
      ? (['files.discard', 'files.discardSure'] as const)
      : (['files.delete', 'files.deleteSure'] as const);
  return (
    <li className="filerow" data-testid="file" data-state={file.state}>
      {file.picture ? (
        <button
          type="button"
          className="thumb"
          aria-label={t('files.preview', { name })}
          data-testid="file-thumb"
          onClick={() => setOpen(true)}
        >
          <canvas ref={canvas} height={THUMB} aria-hidden="true" />
        </button>
      ) : (
        <span className="thumb none" aria-hidden="true">
          <Icon name="clip" />
        </span>
      )}
      <div className="filewords">
        <p className="el" title={name}>
          {name}
        </p>
        <p className="t3 meta" role="status" data-testid="file-state">
          {fileSize(size)} · {stateWords()}
        </p>
        {file.refusal !== null && !bare && <p className="danger meta">{refusal(file.refusal)}</p>}
        {file.loadFailure !== null && <p className="danger meta">{t(`files.loadFailure.${file.loadFailure}`)}</p>}
      </div>
      <div className="fileacts">
        {file.state === 'failed' && !bare && (
          <button type="button" className="btn sm" data-testid="file-retry" onClick={retry}>
            {t('files.retry')}
          </button>
        )}
        {file.here && (
          <button type="button" className="btn sm" data-testid="file-save" onClick={() => save(id, name)}>
            {t('files.saveAs')}
          </button>
        )}
        {synced && !file.here && !file.loading && (
          <button
            type="button"
            className="btn sm"
            data-testid="file-load"
            onClick={() => void core.call('attachments.load', { id }).catch(failed)}
          >
            {t(file.partly ? 'files.goOn' : 'files.download')}
          </button>
        )}
        {(file.loading || (file.partly && !file.here)) && (
          <button
            type="button"
            className="btn sm text"
            data-testid="file-cancel"
            onClick={() => void core.call('attachments.cancelLoad', { id }).catch(failed)}
          >
            {t('files.cancel')}
          </button>
        )}
        {removable && (
          <button
            type="button"
            className={sure ? 'btn sm solid-danger' : 'btn icon'}
            aria-label={sure ? undefined : `${t(ask)} ${name}`}
            title={t(ask)}
            data-testid={sure ? 'file-delete-sure' : 'file-delete'}
            onClick={remove}
            onBlur={() => setSure(false)}
          >
            {sure ? t(confirm) : <Icon name="x" small />}
          </button>
        )}
      </div>
      {open && <Preview id={id} name={name} onClose={() => setOpen(false)} />}
    </li>
  );

  function stateWords(): string {
    if (file.loading) return t('files.downloading', { percent: percent(file.done, size) });
    if (file.state === 'copying') return t('files.copying', { percent: percent(file.done, size) });
    return t(`files.state.${kept ? 'failed' : file.state}`, { percent: percent(file.done, size) });
  }
}

export interface FileRowsProps {
  readonly files: readonly FileView[];
  readonly ticketId: string | null;
  readonly bare?: boolean;
  readonly kept?: boolean;
}

/** Several of them. */
export function FileRows({ files, ticketId, bare, kept }: FileRowsProps): ReactElement | null {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <ul className="filerows" aria-label={t('files.title')}>
      {files.map((file) => (
        <FileRow key={file.id} file={file} ticketId={ticketId} bare={bare} kept={kept} />
      ))}
    </ul>
  );
}
