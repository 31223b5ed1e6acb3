import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ShellContract } from '../../../shared/bridge/contract.ts';
import type { OutputOf } from '../../../shared/bridge/define.ts';
import { core, shell } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useToast } from '../../stores/toast-store.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Ask, ImportPhase } from './import-state.ts';

export interface ImportFileProps {
  readonly state: ImportPhase<'none' | 'unreadable'>;
  readonly ask: Ask;
}

type Picked = OutputOf<ShellContract['calls']['files.pick']>['files'][number];
let lastFile: Picked | null = null;

/** The agent picks a file; nothing but its content crosses to the core. */
export const pickImport = async (): Promise<void> => {
  const { files } = await shell.call('files.pick', { several: false, kind: 'table' });
  const file = files[0];
  if (file === undefined) return;
  lastFile = file;
  await core.call('imports.open', { file });
};

/** The same file once more, to choose its columns anew. Null: it was picked before the window was reloaded. */
export const reopenImport = (): (() => Promise<unknown>) | null => {
  const file = lastFile;
  return file === null ? null : () => core.call('imports.open', { file });
};

export function ImportFile({ state, ask }: ImportFileProps): ReactElement {
  const { t } = useTranslation();
  const show = useToast((s) => s.show);
  const offline = useQuery('sync.state', {}).value?.connection !== 'online';
  const template = async (): Promise<void> => {
    const { file } = await shell.call('files.save', { suggested: t('imports.templateName') });
    if (file === null) return;
    const { ok } = await core.call('imports.template', { handle: file.handle });
    show(
      ok ? { tone: 'ok', text: t('imports.templateSaved', { name: file.name }) } : { tone: 'danger', text: t('imports.templateFailed') },
    );
  };
  return (
    <>
      {state.phase === 'unreadable' && (
        <p className="notebox bad" role="alert" data-testid="import-unreadable">
          <Icon name="tri" small />
          {t(`imports.unreadable.${state.why}`, { line: state.line ?? '?' })}
        </p>
      )}
      <div className="drop">
        <p>{t('imports.lead')}</p>
        <p className="t2">{t('imports.leadTicket')}</p>
        <div className="row">
          <button type="button" className="btn act primary" autoFocus data-testid="import-pick" onClick={() => void ask(pickImport)}>
            {t(state.phase === 'unreadable' ? 'imports.another' : 'imports.choose')}
          </button>
          <button type="button" className="btn act" data-testid="import-template" onClick={() => void ask(template)}>
            {t('imports.template')}
          </button>
        </div>
      </div>
      {offline && (
        <p className="notebox plain" role="status">
          <Icon name="off" small />
          {t('imports.notOffline')}
        </p>
      )}
    </>
  );
}
