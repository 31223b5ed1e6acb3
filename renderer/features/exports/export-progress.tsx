import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { exportState } from '../../../shared/bridge/views.ts';
import { core, shell } from '../../bridge.ts';
import { useToast } from '../../stores/toast-store.ts';
import { ProgressBar } from './progress-bar.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useBridgeSentence } from '../handling/use-sentences.ts';

export interface ExportProgressProps {
  readonly state: Exclude<z.infer<typeof exportState>, { phase: 'none' }>;
  /** Not another dialog's. */
  readonly own: boolean;
  onAgain(): void;
  onClose(): void;
}

/** How far an export has got, and how it ended. */
export function ExportProgress({ state, own, onAgain, onClose }: ExportProgressProps): ReactElement {
  const { t } = useTranslation();
  const bridge = useBridgeSentence();
  const show = useToast((s) => s.show);
  const failed = (error: unknown): void => show({ tone: 'danger', text: bridge(error) });
  const close = (
    <button type="button" className="btn act" data-testid="export-close" onClick={onClose}>
      {t('common.close')}
    </button>
  );
  const again = (
    <button type="button" className="btn act" data-testid="export-again" onClick={onAgain}>
      {t('exports.again')}
    </button>
  );
  switch (state.phase) {
    case 'running':
      return (
        <div className="dlg" data-testid="export-running">
          <p>{!own ? t('exports.other') : t('exports.running', { name: state.fileName })}</p>
          <ProgressBar
            label={t('exports.title')}
            done={state.rows}
            total={state.total}
            words={
              state.total === null
                ? t('exports.progressUnknown', { rows: state.rows.toLocaleString() })
                : t('exports.progress', { rows: state.rows.toLocaleString(), total: state.total.toLocaleString() })
            }
          />
          <div className="dlgfoot">
            <span className="grow" />
            <button
              type="button"
              className="btn act"
              data-testid="export-cancel"
              onClick={() => void core.call('exports.cancel', {}).catch(failed)}
            >
              {t('exports.cancel')}
            </button>
          </div>
        </div>
      );
    case 'done':
      return (
        <div className="dlg" data-testid="export-done">
          <p className="row" role="status">
            <Icon name="resolved" className="ok" />
            <b>{t('exports.done', { n: state.rows.toLocaleString(), name: state.fileName })}</b>
          </p>
          <div className="dlgfoot">
            {again}
            <span className="grow" />
            {close}
            {own && (
              <button
                type="button"
                className="btn act primary"
                autoFocus
                data-testid="export-reveal"
                onClick={() => void shell.call('files.reveal', { handle: state.handle }).catch(failed)}
              >
                {t('exports.reveal')}
              </button>
            )}
          </div>
        </div>
      );
    case 'cancelled':
    case 'failed':
      return (
        <div className="dlg" data-testid={`export-${state.phase}`}>
          <p className={state.phase === 'failed' ? 'notebox bad' : 'notebox plain'} role="alert">
            <Icon name="tri" small />
            {state.phase === 'failed' ? t(`exports.failed.${state.reason}`) : t('exports.cancelled')}
          </p>
          <div className="dlgfoot">
            {again}
            <span className="grow" />
            {close}
          </div>
        </div>
      );
  }
}
