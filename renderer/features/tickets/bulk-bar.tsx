import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowAct } from '../../stores/list-cursor.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-sprite.tsx';

/** Keys of what can be done to rows; pinyin initials, as on the composer's buttons. */
export const rowActKeys: Readonly<Record<RowAct, string>> = {
  claim: 'L',
  assign: 'P',
  withdraw: 'Q',
  reviewClose: 'Y',
  reviewBack: 'T',
  export: 'E',
};
const icons: Readonly<Record<RowAct, IconName>> = {
  claim: 'hand',
  assign: 'give',
  withdraw: 'back',
  reviewClose: 'check',
  reviewBack: 'back',
  export: 'export',
};

export interface BulkBarProps {
  readonly acts: readonly RowAct[];
  onAct(act: RowAct): void;
}

/** What can be done with the ticked rows, in the place of the list's head: nothing moves. */
export function BulkBar({ acts, onAct }: BulkBarProps): ReactElement {
  const { t } = useTranslation();
  const n = useView((s) => s.selected.size);
  const select = useView((s) => s.select);
  return (
    <div className="lh bulk" role="toolbar" aria-label={t('bulk.selected', { n })} data-testid="bulk-bar">
      <h1 aria-live="polite">{t('bulk.selected', { n })}</h1>
      {acts.map((act, i) => (
        <button
          key={act}
          type="button"
          className={i === 0 ? 'btn primary' : 'btn'}
          aria-keyshortcuts={rowActKeys[act]}
          data-testid={`bulk-${act}`}
          onClick={() => onAct(act)}
        >
          <Icon name={icons[act]} small />
          {t(`bulk.${act}`)} <kbd>{rowActKeys[act]}</kbd>
        </button>
      ))}
      <span className="grow" />
      <button type="button" className="btn text" data-testid="bulk-clear" onClick={() => select(new Map())}>
        {t('bulk.clear')} <kbd>Esc</kbd>
      </button>
    </div>
  );
}
