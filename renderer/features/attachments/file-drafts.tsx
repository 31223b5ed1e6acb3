import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { attachmentLimits } from '../../../shared/domain/attachments.ts';
import { core } from '../../bridge.ts';
import { fileSize } from '../../format/file-size.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { percent } from './file-row.tsx';
import type { FileTake } from './use-file-take.ts';

/** What waits in a form, and what was not taken into it. */
export function FileDrafts({ take }: { readonly take: FileTake }): ReactElement | null {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const bridge = useBridgeSentence();
  const files = useQuery('attachments.list', { of: 'form', id: take.form }).value ?? [];
  if (files.length === 0 && take.refused.length === 0) return null;
  return (
    <div className="filedrafts">
      {take.refused.length > 0 && (
        <div className="fail" role="alert" data-testid="file-refused">
          <Icon name="tri" small />
          <div>
            {take.refused.map(({ name, why }, i) => (
              <p key={i}>{t(`files.refused.${why}`, { name, n: attachmentLimits.files, size: fileSize(attachmentLimits.size) })}</p>
            ))}
          </div>
          <button type="button" className="btn icon" aria-label={t('common.close')} onClick={take.clear}>
            <Icon name="x" small />
          </button>
        </div>
      )}
      {files.length > 0 && (
        <ul className="filechips" aria-label={t('files.title')}>
          {files.map((file) => (
            <li key={file.id} className="filechip" data-testid="file-draft" title={file.name}>
              <Icon name="clip" small />
              <span className="el">{file.name}</span>
              <span className="t3 meta">
                {file.state === 'copying' ? t('files.copying', { percent: percent(file.done, file.size) }) : fileSize(file.size)}
              </span>
              <button
                type="button"
                className="btn icon"
                aria-label={t('files.remove', { name: file.name })}
                data-testid="file-remove"
                onClick={() => {
                  core
                    .call('attachments.discard', { id: file.id })
                    .catch((error: unknown) => show({ tone: 'danger', text: bridge(error) }));
                }}
              >
                <Icon name="x" small />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
