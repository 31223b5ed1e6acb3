import { Modal } from 'antd';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Icon } from '../../ui/icon.tsx';
import { ProgressBar } from '../exports/progress-bar.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';
import { ImportChecked } from './import-checked.tsx';
import { ImportDone } from './import-done.tsx';
import { ImportFile } from './import-file.tsx';
import { ImportMapping } from './import-mapping.tsx';
import type { Ask, ImportState } from './import-state.ts';

export interface ImportWizardProps {
  readonly open: boolean;
  onClose(): void;
}

const steps = ['file', 'columns', 'check', 'done'] as const;
const stepOf: Readonly<Record<ImportState['phase'], number>> = {
  none: 0,
  reading: 0,
  unreadable: 0,
  mapping: 1,
  checking: 2,
  checked: 2,
  committing: 2,
  done: 3,
  failed: 3,
};

/** Customers from a file (X06): file, columns, check, result. Where it stands is the core's; closing the dialog changes nothing. */
export function ImportWizard({ open, onClose }: ImportWizardProps): ReactElement {
  const { t } = useTranslation();
  const state = useQuery('imports.state', {}).value ?? { phase: 'none' };
  const bridge = useBridgeSentence();
  const [failure, setFailure] = useState<string | null>(null);
  const at = stepOf[state.phase];
  const ask: Ask = async (what) => {
    setFailure(null);
    try {
      await what();
    } catch (error) {
      setFailure(bridge(error));
    }
  };
  const busy = state.phase === 'reading' || state.phase === 'checking' || state.phase === 'committing';
  const cancellable = state.phase !== 'none' && state.phase !== 'done' && state.phase !== 'failed' && state.phase !== 'unreadable';
  return (
    <Modal
      open={open}
      title={t('imports.title')}
      width={800}
      centered
      footer={null}
      mask={{ closable: false }}
      onCancel={onClose}
      destroyOnHidden
    >
      <div className="dlg" data-testid="import-wizard" aria-busy={busy}>
        <div className="row">
          <ol className="steps">
            {steps.map((step, i) => (
              <li key={step} className={i === at ? 'at' : i < at ? 'past' : ''} aria-current={i === at ? 'step' : undefined}>
                <span className="n" aria-hidden="true">
                  {i < at ? '✓' : i + 1}
                </span>
                {t(`imports.steps.${step}`)}
              </li>
            ))}
          </ol>
          <span className="grow" />
          {cancellable && (
            <button
              type="button"
              className="btn sm"
              title={t('imports.cancelNote')}
              data-testid="import-cancel"
              onClick={() => void ask(() => core.call('imports.cancel', {}))}
            >
              {t('imports.cancel')}
            </button>
          )}
        </div>
        {failure !== null && (
          <p className="fail" role="alert">
            <Icon name="tri" small />
            {failure}
          </p>
        )}
        <Step state={state} ask={ask} onClose={onClose} />
      </div>
    </Modal>
  );
}

function Step({ state, ask, onClose }: { readonly state: ImportState; readonly ask: Ask; onClose(): void }): ReactElement {
  const { t } = useTranslation();
  switch (state.phase) {
    case 'none':
    case 'unreadable':
      return <ImportFile state={state} ask={ask} />;
    case 'reading':
      return (
        <ProgressBar
          label={t('imports.title')}
          done={state.done}
          total={state.total}
          words={`${Math.round(state.done / 1024).toLocaleString()} / ${Math.round(state.total / 1024).toLocaleString()} KB`}
        />
      );
    case 'mapping':
      return <ImportMapping key={`${state.fileName} ${state.encoding}`} state={state} ask={ask} />;
    case 'checking':
      return (
        <div data-testid="import-checking">
          <ProgressBar
            label={t('imports.steps.check')}
            done={state.done}
            total={state.total}
            words={t('imports.checking', { done: state.done.toLocaleString(), total: state.total.toLocaleString() })}
          />
          <p className="t2">{t('imports.checkingNote')}</p>
        </div>
      );
    case 'checked':
      return <ImportChecked state={state} ask={ask} />;
    case 'committing':
      return (
        <p className="row" role="status" data-testid="import-committing">
          <Icon name="wait" />
          {t('imports.committing')}
        </p>
      );
    case 'done':
    case 'failed':
      return <ImportDone state={state} ask={ask} onClose={onClose} />;
  }
}
