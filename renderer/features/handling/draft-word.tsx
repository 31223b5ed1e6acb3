import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../../shared/domain/commands/command.ts';
import type { DraftState } from '../../hooks/use-draft.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { Icon } from '../../ui/icon.tsx';

/** Says 已保存 only of what has been answered for. */
export function DraftWord({ state, length = 0 }: { readonly state: DraftState; readonly length?: number }): ReactElement {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <span className={`saved ${state.kind}`} role="status" data-testid="draft-state">
      {state.kind === 'saved' && (
        <>
          <Icon name="check" small />
          {t('composer.draftSaved', { time: format.clock(state.at) })}
        </>
      )}
      {state.kind === 'saving' && t('composer.draftSaving')}
      {state.kind === 'failed' && t('composer.draftFailed')}
      {length > limits.text * 0.9 && <span className="t3">{t('composer.limit', { n: length, max: limits.text })}</span>}
    </span>
  );
}
