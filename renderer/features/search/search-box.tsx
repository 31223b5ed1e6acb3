import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useShellQuery } from '../../hooks/use-query.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';

/** The one search box of the window; what is typed goes into the palette that it opens. */
export function SearchBox(): ReactElement {
  const { t } = useTranslation();
  const setPalette = useView((s) => s.setPalette);
  const mac = useShellQuery('app.info', {}).value?.platform === 'darwin';
  return (
    <button
      type="button"
      className="searchbox"
      aria-haspopup="dialog"
      aria-keyshortcuts="Control+K Meta+K /"
      data-testid="search-box"
      onClick={() => setPalette(true)}
    >
      <Icon name="search" />
      <span className="el grow">{t('palette.open')}</span>
      <kbd>{mac ? '⌘ K' : 'Ctrl K'}</kbd>
    </button>
  );
}
