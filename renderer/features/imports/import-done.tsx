import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { core } from '../../bridge.ts';
import { zhCN } from '../../i18n/zh-CN.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import { BackToColumns } from './back-to-columns.tsx';
import type { Ask, ImportPhase } from './import-state.ts';

export interface ImportDoneProps {
  readonly state: ImportPhase<'done' | 'failed'>;
  readonly ask: Ask;
  onClose(): void;
}

type FailedWhy = keyof typeof zhCN.imports.failedWhy;
const isFailedWhy = (why: string): why is FailedWhy => Object.hasOwn(zhCN.imports.failedWhy, why);

/** How it ended. */
export function ImportDone({ state, ask, onClose }: ImportDoneProps): ReactElement {
  const { t } = useTranslation();
  const go = useView((s) => s.go);
  const again = (
    <button type="button" className="btn act" data-testid="import-again" onClick={() => void ask(() => core.call('imports.cancel', {}))}>
      {t('imports.again')}
    </button>
  );
  if (state.phase === 'failed') {
    return (
      <>
        <div className="notebox bad" role="alert" data-testid="import-failed">
          <Icon name="tri" small />
          <div>
            <b>{t('imports.failed')}</b>
            <p>{t(`imports.failedWhy.${isFailedWhy(state.reason) ? state.reason : 'other'}`)}</p>
          </div>
        </div>
        <div className="dlgfoot">
          {again}
          <span className="grow" />
          <button type="button" className="btn act" onClick={onClose}>
            {t('common.close')}
          </button>
          <BackToColumns ask={ask} />
        </div>
      </>
    );
  }
  const lines = [
    state.tickets > 0 ? t('imports.doneTickets', { n: state.tickets.toLocaleString() }) : null,
    state.known > 0 ? t('imports.doneKnown', { n: state.known.toLocaleString() }) : null,
    state.left > 0 ? t('imports.doneLeft', { n: state.left.toLocaleString() }) : null,
  ].filter((line) => line !== null);
  const finish = async (): Promise<void> => {
    await core.call('imports.cancel', {});
    onClose();
    go({ kind: 'customers', view: 'all' });
  };
  return (
    <>
      <div role="status" data-testid="import-done">
        <p className="row">
          <Icon name="resolved" className="ok" />
          <b>{t('imports.done', { n: state.customers.toLocaleString() })}</b>
        </p>
        {lines.map((line) => (
          <p key={line} className="t2">
            {line}
          </p>
        ))}
      </div>
      <div className="dlgfoot">
        {again}
        <span className="grow" />
        <button type="button" className="btn act primary" autoFocus data-testid="import-see" onClick={() => void ask(finish)}>
          {t('imports.see')}
        </button>
      </div>
    </>
  );
}
